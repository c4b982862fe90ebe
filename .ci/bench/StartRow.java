import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How long a node takes from its command line to the line that says that it accepts clients. */
final class StartRow implements Row {
  private static final int STARTS = 10;
  private static final int JDK = 17;
  private static final double NANOS_PER_SECOND = 1e9;

  @Override
  public void measure(Lab lab) throws Exception {
    Optional<Path> jdk = lab.tools().jdk(version -> version == JDK);
    if (jdk.isEmpty())
      lab.report().note("No JDK " + JDK + ": measured on " + Runtime.version() + ".");
    List<Double> seconds = new ArrayList<>();
    for (int start = 0; start < STARTS; start++)
      seconds.add(seconds(lab, jdk.orElse(lab.tools().java())));
    lab.report().progress("  " + seconds.stream().map(Figures::digits).toList());
    double median = Figures.median(seconds);
    Table table = new Table("median of " + STARTS + " starts", "seconds");
    table.row(Peer.KV.toString(), Goal.atMost(0.4).withStretch(0.25).judge(median));
    lab.report().paragraph(table);
  }

  private static double seconds(Lab lab, Path jdk) throws IOException, InterruptedException {
    long began = System.nanoTime();
    try (Program node = Programs.start(Map.of(), lab.launcher().kvCommand(jdk))) {
      node.awaitLine(Launcher.ACCEPTING);
      return (System.nanoTime() - began) / NANOS_PER_SECOND;
    }
  }
}
