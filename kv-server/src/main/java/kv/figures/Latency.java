package kv.figures;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long requests took: how many ended within each of some bounds, ten for each power of ten from
 * 1 us to 10 s. Never goes down. Safe for use by any thread.
 */
public final class Latency {
  private static final int[] HUNDREDTHS = {100, 125, 160, 200, 250, 320, 400, 500, 630, 800};
  private static final long LEAST_NANOS = TimeUnit.MICROSECONDS.toNanos(1);
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** The bounds in rising order; there is one count more, for what is beyond the last of them. */
  private static final long[] BOUNDS = bounds();

  private final LongAdder[] counts = new LongAdder[BOUNDS.length + 1];

  /** Not in nanoseconds: many long waits at a time would soon be more than a long holds. */
  private final DoubleAdder seconds = new DoubleAdder();

  /** Nothing yet. */
  public Latency() {
    Arrays.setAll(counts, i -> new LongAdder());
  }

  private static long[] bounds() {
    long[] bounds = new long[7 * HUNDREDTHS.length + 1];
    int count = 0;
    for (long power = LEAST_NANOS; power < MOST_NANOS; power *= 10)
      for (int hundredths : HUNDREDTHS) bounds[count++] = power / 100 * hundredths;
    bounds[count] = MOST_NANOS;
    return bounds;
  }

  /** The bounds of the counts of a {@link Snapshot}, in nanoseconds, in rising order. */
  public static long[] boundsInNanos() {
    return BOUNDS.clone();
  }

  /** Counts {@code requests} that took {@code nanos} each. Allocates nothing. */
  void record(long nanos, int requests) {
    int at = Arrays.binarySearch(BOUNDS, nanos);
    counts[at >= 0 ? at : -at - 1].add(requests);
    seconds.add(nanos / 1e9 * requests);
  }

  /** All that was counted until now. */
  public Snapshot snapshot() {
    long[] now = new long[counts.length];
    Arrays.setAll(now, i -> counts[i].sum());
    return new Snapshot(now, seconds.sum());
  }

  /**
   * What was counted until some time, or between two.
   *
   * @param counts how many requests took longer than the bound before and no longer than this one;
   *     the last count is that of those beyond all bounds. Nobody writes to it.
   * @param seconds how long all took together
   */
  public record Snapshot(long[] counts, double seconds) {
    /** What was counted since {@code former}. */
    public Snapshot minus(Snapshot former) {
      long[] since = new long[counts.length];
      Arrays.setAll(since, i -> counts[i] - former.counts[i]);
      return new Snapshot(since, seconds - former.seconds);
    }

    /** How many requests there were. */
    public long total() {
      return Arrays.stream(counts).sum();
    }

    /** How many took no longer than {@code boundNanos}, which is one of the bounds. */
    public long within(long boundNanos) {
      int at = Arrays.binarySearch(BOUNDS, boundNanos);
      if (at < 0) throw new IllegalArgumentException(boundNanos + " ns is not one of the bounds");
      return Arrays.stream(counts, 0, at + 1).sum();
    }

    /**
     * A time in seconds that {@code percent}, 0 to 100, of all requests did not exceed, as if those
     * between two bounds lay evenly between them; the last bound for what is beyond it, and 0 if
     * there was none.
     */
    public double percentile(double percent) {
      double rank = total() * percent / 100;
      double seen = 0;
      for (int i = 0; i < BOUNDS.length; i++) {
        if (counts[i] > 0 && seen + counts[i] >= rank) {
          long least = i == 0 ? 0 : BOUNDS[i - 1];
          return (least + (BOUNDS[i] - least) * (rank - seen) / counts[i]) / 1e9;
        }
        seen += counts[i];
      }
      return total() == 0 ? 0 : MOST_NANOS / 1e9;
    }
  }
}
