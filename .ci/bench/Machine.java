import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the figures were measured on. */
final class Machine {
  private static final double KIB_PER_GIB = 1 << 20;

  private Machine() {}

  static void describe(Tools tools, Options options, BenchReport report)
      throws InterruptedException {
    report.paragraph("# Figures of " + LocalDate.now());
    report.paragraph(String.format(
        "Machine: %d cores of %s, %s, %s %s, JDK %s (%s).",
        Runtime.getRuntime().availableProcessors(),
        value("/proc/cpuinfo", "model name").orElse("an unknown model"),
        memory(), System.getProperty("os.name"), System.getProperty("os.version"),
        Runtime.version(), System.getProperty("java.vendor")));
    report.paragraph("Peers: " + String.join(", ", peers()) + ".");
    report.paragraph(String.format(
        "Each figure is the median of %d round(s) of %s s, the servers in turn within each round,"
            + " after a warm-up that does not count; %d connections, %,d keys and values"
            + " of 8 bytes, unless said otherwise. Figures that miss a target are bold.",
        options.rounds(), Figures.plain(options.seconds()), Lab.CONNECTIONS, Lab.KEYS));
  }

  private static String memory() {
    return value("/proc/meminfo", "MemTotal")
        .map(text -> Double.parseDouble(text.replaceAll("[^0-9]", "")) / KIB_PER_GIB)
        .map(gib -> String.format("%.1f GiB of memory", gib))
        .orElse("an unknown amount of memory");
  }

  /** The first value of a name in one of Linux' files of {@code name: value} lines. */
  private static Optional<String> value(String file, String name) {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static List<String> peers() throws InterruptedException {
    List<String> peers = new ArrayList<>();
    for (Peer peer : Peer.values())
      if (peer.isInstalled() && peer.hasVersion())
        peers.add(peer + " " + version(peer.program()));
    return peers.isEmpty() ? List.of("none") : peers;
  }

  private static String version(String program) throws InterruptedException {
    try {
      Matcher version =
          Pattern.compile("(?m)^(?!Erlang).*?([0-9]+\\.[0-9.]+)")
              .matcher(Programs.outputOf(program, "--version"));
      return version.find() ? version.group(1) : "of an unknown version";
    } catch (IOException e) {
      return "of an unknown version";
    }
  }
}
