package kv.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Tells people how it goes, a line each second. For one thread. */
final class Progress {
  private static final double SECOND = 1e9;

  private final PrintStream out;
  private final boolean overwrites;
  private long startNanos;
  private long lastNanos;
  private long lastAnswered;
  private boolean hasTold;

  /**
   * Tells it to {@code out}.
   *
   * @param overwrites whether each line takes the place of the one before, as on a terminal
   */
  Progress(PrintStream out, boolean overwrites) {
    this.out = out;
    this.overwrites = overwrites;
  }

  /** Something begins, at {@code nanos}. */
  void begin(long nanos) {
    startNanos = nanos;
    lastNanos = nanos;
    lastAnswered = 0;
    hasTold = false;
  }

  /** Tells how it has gone since this was called last. */
  void tell(long nanos, List<Tally> tallies) {
    long answered = tallies.stream().mapToLong(Tally::answered).sum();
    long errors = tallies.stream().mapToLong(Tally::errors).sum();
    String line = String.format(Locale.ROOT, "%.0f s: %.0f requests a second, %d errors",
        (nanos - startNanos) / SECOND,
        (answered - lastAnswered) / Math.max(1e-9, (nanos - lastNanos) / SECOND), errors);
    if (overwrites) out.printf("\r%-60s", line);
    else out.println(line);
    out.flush();
    lastNanos = nanos;
    lastAnswered = answered;
    hasTold = true;
  }

  /** It is over; what is printed next begins a line. */
  void end() {
    if (overwrites && hasTold) out.println();
  }
}
