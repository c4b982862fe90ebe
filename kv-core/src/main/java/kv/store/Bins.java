package kv.store;

import java.util.Set;
import java.util.Spliterator;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The bins of a {@link java.util.concurrent.ConcurrentHashMap}, in an order that holds while its
 * table grows: each can be reached alone, at the price of a few splits. Of one call; for one
 * thread.
 *
 * <p>How OpenJDK has that map, from 17 to 25, is not in its documentation, but a test holds it. The
 * table has a power of two of bins, and never shrinks. The lowest bits of a key's hash are the
 * number of its bin. A spliterator of the keys splits off the upper half of its bins, and cannot be
 * split when it has a single one; it finds also what has moved on to a larger table.
 *
 * <p>So a bin of a table is cut in two, by the next bit, when the table doubles. Written the other
 * way round, with the lowest bit first, hashes are places on a line, and each bin is an interval of
 * it: those before a place stay before it in every larger table, and the start of an interval is a
 * cursor that needs nobody to remember it. Redis goes through its own tables in the same order.
 */
final class Bins {
  /** A table has no more than two to the power of that, and so the line has as many places. */
  private static final int MAX_BITS = 30;

  private static final long END = 1L << MAX_BITS;

  /** How many bins may be passed for each key that is wanted. */
  private static final int BINS_FOR_A_KEY = 10;

  /** From so many empty bins on, others are not tried one by one any more. */
  private static final int MANY_EMPTY = 1000;

  /** One of so many keys is chosen, where there are as many. */
  private static final int SAMPLE = 32;

  private final Set<Bytes> keys;

  /** The table has two to the power of that, as far as is known, or more. */
  private int bits;

  private int seen;
  private Bytes last;
  private int empty;

  /** The bins that have {@code keys}, the view of a map that lives on. */
  Bins(Set<Bytes> keys) {
    this.keys = keys;
  }

  /** As {@link Bucket#isCursor}. */
  static boolean isCursor(long cursor) {
    return 0 <= cursor && cursor < END;
  }

  /** As {@link Bucket#scan}. */
  long scan(long cursor, int count, Consumer<Bytes> action) {
    if (!isCursor(cursor)) throw new IllegalArgumentException("not a cursor: " + cursor);
    if (count < 1) throw new IllegalArgumentException("a page of " + count + " keys");
    long next = cursor;
    long bins = (long) count * BINS_FOR_A_KEY;
    do next = visit(next, action);
    while (next != 0 && seen < count && --bins > 0);
    return next;
  }

  /** Gives all keys of the bin at {@code cursor} away; answers where the next bin begins. */
  private long visit(long cursor, Consumer<Bytes> action) {
    bin(cursor)
        .forEachRemaining(
            key -> {
              seen++;
              action.accept(key);
            });
    long places = END >> bits;
    long next = (cursor / places + 1) * places;
    return next == END ? 0 : next;
  }

  private Spliterator<Bytes> bin(long cursor) {
    while (true) {
      Spliterator<Bytes> bin = keys.spliterator();
      int number = Integer.reverse((int) cursor << Integer.SIZE - MAX_BITS);
      for (int bit = 1 << bits >>> 1; bit != 0; bit >>>= 1) {
        Spliterator<Bytes> upper = bin.trySplit();
        if ((number & bit) != 0) bin = upper;
      }
      int missing = 0;
      while (bin.trySplit() != null) missing++;
      if (missing == 0) return bin;
      bits += missing;
    }
  }

  /**
   * Any key of those that {@code isThere}; null if there is none. Begins somewhere, and looks into
   * ever larger parts of the table around it.
   */
  Bytes any(Predicate<Bytes> isThere) {
    return any(keys.spliterator(), isThere);
  }

  private Bytes any(Spliterator<Bytes> lower, Predicate<Bytes> isThere) {
    Spliterator<Bytes> upper = empty < MANY_EMPTY ? lower.trySplit() : null;
    if (upper == null) return oneOf(lower, isThere);
    boolean isUpperFirst = ThreadLocalRandom.current().nextBoolean();
    Bytes found = any(isUpperFirst ? upper : lower, isThere);
    return found != null ? found : any(isUpperFirst ? lower : upper, isThere);
  }

  /** One of the first keys there. */
  private Bytes oneOf(Spliterator<Bytes> bins, Predicate<Bytes> isThere) {
    Bytes chosen = null;
    for (int found = 0; found < SAMPLE && bins.tryAdvance(key -> last = key); )
      if (isThere.test(last) && ThreadLocalRandom.current().nextInt(++found) == 0) chosen = last;
    if (chosen == null) empty++;
    return chosen;
  }
}
