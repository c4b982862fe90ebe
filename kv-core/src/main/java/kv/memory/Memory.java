package kv.memory;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * A bound of what may be held in the heap, and how much is held. It is an account, kept as things
 * come and go, and not a measurement. A node has two: one for what its buckets hold (keys, values
 * and names, with what the heap takes to keep them), and one for what it holds while it serves its
 * clients.
 *
 * <p>What has no room is refused with a {@link MemoryFullException}. A storage looks first and
 * writes then, so each thread that writes may pass its bound by one entry. Safe for use by any
 * thread.
 */
public final class Memory {
  private final long limit;
  private final String remedy;
  private final LongAdder refused = new LongAdder();

  /** Read at every write, and so written to rarely: see {@link Account}. */
  private final AtomicLong held = new AtomicLong();

  private Memory(long limit, String remedy) {
    if (limit < 1) throw new IllegalArgumentException("not a limit: " + limit + " bytes");
    this.limit = limit;
    this.remedy = remedy;
  }

  /**
   * Room for {@code limitBytes}, for one storage.
   *
   * @param limitBytes 1 or more
   */
  public static Memory of(long limitBytes) {
    return of(limitBytes, "; delete something, or drop a bucket");
  }

  /**
   * Room for {@code limitBytes}.
   *
   * @param limitBytes 1 or more
   * @param remedy what who is refused is told behind the figures; begins with what separates it
   *     from them
   */
  public static Memory of(long limitBytes, String remedy) {
    return new Memory(limitBytes, remedy);
  }

  /** Room without end: what is held is counted, and nothing is refused. */
  public static Memory unlimited() {
    return of(Long.MAX_VALUE);
  }

  /** How many bytes of the heap an array of {@code length} bytes takes. */
  public static long ofArray(int length) {
    return Footprint.array(length);
  }

  /**
   * How many bytes are held; of a storage, rounded: for each bucket by a sixteenth at the most, and
   * by no more than 2 KiB, or, if threads have met in it, upwards by up to 4 KiB for each
   * processor.
   */
  public long held() {
    return Math.max(0, held.get()); // what is taken out may be told before it is told to be in
  }

  /** How many bytes may be held; {@link Long#MAX_VALUE} if there is no limit. */
  public long limit() {
    return limit;
  }

  /** How often there was no room for what somebody wanted to hold. */
  public long refused() {
    return refused.sum();
  }

  /**
   * Takes room for {@code bytes}, for as long as they are not given back.
   *
   * @throws MemoryFullException if there is no room; then nothing is taken
   */
  public void take(long bytes) {
    if (!tryTake(bytes)) throw refuse();
  }

  /** As {@link #take}; false if there is no room, which is not counted as refused. */
  public boolean tryTake(long bytes) {
    for (long before; (before = held.get()) <= limit - bytes; )
      if (held.compareAndSet(before, before + bytes)) return true;
    return false;
  }

  /**
   * Has {@code bytes} taken while {@code action} runs.
   *
   * @throws MemoryFullException if there is no room; then the action does not run
   */
  public <T> T holding(long bytes, Supplier<T> action) {
    take(bytes);
    try {
      return action.get();
    } finally {
      give(bytes);
    }
  }

  /** Gives back what was taken, or a part of it. */
  public void give(long bytes) {
    add(-bytes);
  }

  /** Takes {@code bytes} more, or less, whether there is room or not. */
  public void add(long bytes) {
    held.getAndAdd(bytes);
  }

  /** Whether more than half of it is taken, so that nobody should keep what is not in use. */
  public boolean isScarce() {
    return held.get() > limit / 2;
  }

  /** Whether there is room for {@code bytes}, which may be gone the next moment. */
  public boolean hasRoomFor(long bytes) {
    return held.get() <= limit - bytes;
  }

  /** To be thrown by a caller that has found no room, which is counted. */
  public MemoryFullException refuse() {
    refused.increment();
    return new MemoryFullException(held(), limit, remedy);
  }
}
