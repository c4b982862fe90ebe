package kv.bench;

/**
 * How often each duration was measured, in a table of a fixed size: every power of two has 32
 * buckets of equal width, so that a duration is known to within 2 %. Not thread-safe.
 */
final class Histogram {
  private static final int BITS = 5;
  private static final int WIDTH = 1 << BITS;

  private final long[] counts = new long[(Long.SIZE - BITS) * WIDTH];
  private long total;
  private long max;

  /** Counts one of {@code nanos}; what is negative counts as 0. Allocates nothing. */
  void record(long nanos) {
    long value = Math.max(0, nanos);
    counts[index(value)]++;
    total++;
    max = Math.max(max, value);
  }

  /** Counts all that {@code other} has counted. */
  void add(Histogram other) {
    for (int i = 0; i < counts.length; i++) counts[i] += other.counts[i];
    total += other.total;
    max = Math.max(max, other.max);
  }

  /** The longest, exactly, in nanoseconds; 0 if there is none. */
  long max() {
    return max;
  }

  /**
   * A duration in nanoseconds that {@code percent}, 0 to 100, of all durations do not exceed;
   * 0 if there is none.
   */
  long percentile(double percent) {
    long rank = Math.max(1, (long) Math.ceil(total * (percent / 100)));
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= rank) return Math.min(max, middle(i));
    }
    return max;
  }

  /** Below 32 a bucket for each; then the five bits after the leading one choose the bucket. */
  private static int index(long value) {
    if (value < WIDTH) return (int) value;
    int shift = Long.SIZE - 1 - BITS - Long.numberOfLeadingZeros(value);
    return shift * WIDTH + (int) (value >>> shift);
  }

  private static long middle(int index) {
    if (index < WIDTH) return index;
    int shift = index / WIDTH - 1;
    long least = (long) (index % WIDTH + WIDTH) << shift;
    return least + ((1L << shift) >> 1);
  }
}
