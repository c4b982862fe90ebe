import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/**
 * Where the programs are that are run.
 *
 * @param work the folder with what has been compiled; also for temporary files
 * @param java the home of the JDK that this runs on
 * @param others the homes of the JDKs of this machine, the newest first
 */
record Tools(Path work, Path java, List<Path> others) {
  private static final Path JDKS = Path.of("/usr/lib/jvm");
  static final Path GUIDE = Path.of(".ci", "bench", "guide.exs");

  static Tools find(Path work) {
    return new Tools(work, Path.of(System.getProperty("java.home")), jdks());
  }

  private static List<Path> jdks() {
    try (Stream<Path> homes = Files.list(JDKS)) {
      return homes
          .filter(home -> Files.isExecutable(home.resolve("bin/jcmd")))
          .sorted(Comparator.comparing(Tools::version).reversed())
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** The feature version of a JDK, as 17; 0 if it does not say. */
  private static int version(Path home) {
    try (Stream<String> lines = Files.lines(home.resolve("release"))) {
      return lines
          .filter(line -> line.startsWith("JAVA_VERSION=\""))
          .map(line -> line.replaceAll("[^\"]*\"([0-9]+).*", "$1"))
          .mapToInt(Integer::parseInt)
          .findFirst()
          .orElse(0);
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }

  /** The JDK that this runs on, if its version is one of those, or else another that is. */
  Optional<Path> jdk(IntPredicate versions) {
    return Stream.concat(Stream.of(java), others.stream())
        .filter(home -> versions.test(version(home)))
        .findFirst();
  }

  /** Whether there is a program of that name on the PATH. */
  static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** The path of something that has been compiled. */
  String compiled(String name) {
    return work.resolve(name).toString();
  }
}
