package kv.store;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The bound of what a storage may hold, and how much it holds: keys, values and names, with what
 * the heap takes to keep them. It is an account, kept as things come and go, and not a measurement.
 * What a request or a reply takes while it is under way is not in it.
 *
 * <p>What has no room is refused with a {@link StorageFullException}. Each thread that writes may
 * pass the bound by one entry, as it looks first and writes then. Safe for use by any thread.
 */
public final class Memory {
  private final long limit;
  private final LongAdder refused = new LongAdder();

  /** Read at every write, and so written to rarely: see {@link Account}. */
  private final AtomicLong held = new AtomicLong();

  private Memory(long limit) {
    if (limit < 1) throw new IllegalArgumentException("not a limit: " + limit + " bytes");
    this.limit = limit;
  }

  /**
   * Room for {@code limitBytes}, for one storage.
   *
   * @param limitBytes 1 or more
   */
  public static Memory of(long limitBytes) {
    return new Memory(limitBytes);
  }

  /** Room without end: what is held is counted, and nothing is refused. */
  public static Memory unlimited() {
    return new Memory(Long.MAX_VALUE);
  }

  /**
   * How many bytes are held, rounded: for each bucket by a sixteenth at the most, and by no more
   * than 2 KiB, or, if threads have met in it, upwards by up to 4 KiB for each processor.
   */
  public long held() {
    return Math.max(0, held.get()); // what is taken out may be told before it is told to be in
  }

  /** How many bytes may be held; {@link Long#MAX_VALUE} if there is no limit. */
  public long limit() {
    return limit;
  }

  /** How many writes have been refused. */
  public long refused() {
    return refused.sum();
  }

  boolean hasRoomFor(long bytes) {
    return held.get() <= limit - bytes;
  }

  /** To be thrown by whoever has found no room. */
  StorageFullException refuse() {
    refused.increment();
    return new StorageFullException(held(), limit);
  }

  /** Of an account: {@code bytes} more, or less. */
  void add(long bytes) {
    held.getAndAdd(bytes);
  }
}
