import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What {@code .ci/bench/run} starts, in the root of the project, once everything is compiled. */
final class Bench {
  private static final int NOT_MEASURED = 1;
  private static final int BAD_USAGE = 2;

  private Bench() {}

  /** The first argument is the work folder, which is removed at the end; the others, the user's. */
  public static void main(String[] arguments) throws InterruptedException {
    Locale.setDefault(Locale.ROOT); // figures are written the same everywhere
    Path work = Path.of(arguments[0]);
    Programs.endAllAtExit(work);
    Options options;
    try {
      options = Options.parse(Arrays.asList(arguments).subList(1, arguments.length));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(BAD_USAGE);
      return;
    }
    Tools tools = Tools.find(work);
    BenchReport report = new BenchReport();
    Machine.describe(tools, options, report);
    Lab lab = new Lab(options, tools, new Launcher(tools), new Lineload(tools), report);
    List<String> failed = Plan.measure(lab);
    if (failed.isEmpty()) return;
    report.progress("Not measured to the end: " + String.join("; ", failed));
    System.exit(NOT_MEASURED);
  }
}
