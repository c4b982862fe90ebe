package kv.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import kv.config.ConfigException;

/** The command {@code bench}: puts load on a node that runs, and measures how it bears it. */
public final class Bench {
  private static final int TROUBLE = 1;
  private static final int BAD_SETTING = 2;
  private static final List<String> PERCENTILES = List.of("50", "90", "99", "99.9");

  private final PrintStream out;
  private final PrintStream err;
  private final Progress progress;
  private final LongSupplier clock;

  /**
   * Prints results to {@code out}, progress and errors to {@code err}.
   *
   * @param overwrites whether a line of progress takes the place of the one before
   * @param clock tells nanoseconds, to any thread
   */
  Bench(PrintStream out, PrintStream err, boolean overwrites, LongSupplier clock) {
    this.out = out;
    this.err = err;
    this.clock = clock;
    progress = new Progress(err, overwrites);
  }

  /**
   * Runs the command with what follows {@code bench} on the command line; see {@code --help}.
   * Blocks until it is over, and leaves no thread behind.
   *
   * @return the exit status
   */
  public static int run(List<String> arguments) throws InterruptedException {
    boolean isTerminal = System.console() != null;
    return new Bench(System.out, System.err, isTerminal, System::nanoTime).main(arguments);
  }

  /** As {@link #run}. */
  int main(List<String> arguments) throws InterruptedException {
    if (arguments.contains("--help")) {
      out.print(Manual.text());
      return 0;
    }
    try {
      return load(Settings.of(arguments));
    } catch (ConfigException e) {
      err.println(e.getMessage());
      return BAD_SETTING;
    } catch (BenchException e) {
      err.println(e.getMessage());
      return TROUBLE;
    }
  }

  private int load(Settings settings) throws InterruptedException {
    Target target = Target.prepare(settings);
    try (Load load = Load.open(settings, clock, progress)) {
      out.print(heading(settings, target));
      if (settings.mix() > 0) {
        out.println("putting every key first");
        Load.Result filled = load.fill();
        if (filled.tally().errors() > 0) return failed(filled.tally());
      }
      Load.Result result = load.measure();
      print(result);
      return result.tally().errors() == 0 ? 0 : failed(result.tally());
    }
  }

  private static String heading(Settings settings, Target target) {
    String quoted = settings.bucket().quoted(); // one char for each byte
    String bucket = new String(quoted.getBytes(ISO_8859_1), UTF_8);
    return String.format("node %s, version %s, at %s%nbucket %s is held %s%n%s%n",
        target.node(), target.version(), settings.endpoint(), bucket,
        target.isPassedOn() ? "by " + target.holder() + ", over RMI" : "there", settings);
  }

  private void print(Load.Result result) {
    Tally tally = result.tally();
    double seconds = result.nanos() / 1e9;
    figure("requests", tally.answered());
    figure("seconds", String.format(Locale.ROOT, "%.3f", seconds));
    figure("requests_per_second", Math.round(tally.answered() / seconds));
    for (String percent : PERCENTILES)
      figure("batch_us_p" + percent,
          micros(tally.latency().percentile(Double.parseDouble(percent))));
    figure("batch_us_max", micros(tally.latency().max()));
    figure("errors", tally.errors());
  }

  private static String micros(long nanos) {
    return String.format(Locale.ROOT, "%.1f", nanos / 1e3);
  }

  private void figure(String name, Object value) {
    out.printf("%-20s %s%n", name, value);
  }

  private int failed(Tally tally) {
    err.println(tally.errors() + (tally.errors() == 1 ? " error: " : " errors, first: ")
        + tally.firstError());
    return TROUBLE;
  }
}
