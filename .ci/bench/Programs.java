import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Starts programs, and ends them when the JVM ends before they do. For all threads. */
final class Programs {
  private static final Set<Program> RUNNING = new LinkedHashSet<>();
  private static boolean ending;

  private Programs() {}

  /** Has a shutdown hook end what is running, and remove {@code folder} then. */
  static void endAllAtExit(Path folder) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      endAll();
      remove(folder);
    }, "end"));
  }

  /**
   * Starts a program whose output can be read as it comes.
   *
   * @throws IOException if it cannot be started, as when the JVM is about to end
   */
  static Program start(Map<String, String> environment, List<String> command) throws IOException {
    synchronized (RUNNING) {
      if (ending) throw new IOException("about to end");
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(environment);
      Program program = new Program(command.get(0), builder.start());
      RUNNING.add(program);
      return program;
    }
  }

  /** All that a program prints, once it has ended with status 0. */
  static String outputOf(String... command) throws IOException, InterruptedException {
    try (Program program = start(Map.of(), List.of(command))) {
      return program.awaitEnd();
    }
  }

  static void ended(Program program) {
    synchronized (RUNNING) {
      RUNNING.remove(program);
    }
  }

  private static void endAll() {
    List<Program> left;
    synchronized (RUNNING) {
      ending = true;
      left = List.copyOf(RUNNING);
    }
    left.forEach(Program::close);
  }

  private static void remove(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
    } catch (IOException e) {
      System.err.println("could not remove " + folder + ": " + e);
    }
  }
}
