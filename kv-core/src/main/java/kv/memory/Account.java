package kv.memory;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/**
 * How many bytes one bucket holds, of which a {@link Memory} is told the rounded figure. Safe for
 * use by any thread, and made so that threads, of one bucket or of several, do not meet here: the
 * figure is one number until two threads meet at it and it is large, and is spread over a cell for
 * each processor from then on; and the memory hears only of a number that has come to another
 * rounded one. The one number is rounded to an eighth of the power of two below it, as there may be
 * many buckets that are small; a cell, to 4 KiB, and to nothing around zero, where it stays if what
 * comes goes again. What the cells may leave untold is told once, when they are made: else it could
 * be made to be much, by many buckets with a little in each of their cells.
 *
 * <p>The rounded figure of a number follows from that number alone, so there is nothing more to
 * keep, and it does not matter in which order threads tell of their changes. Closed, the account
 * takes back all that it has told, and what is added after that is not told any more, so that it
 * comes out at nothing whatever the threads that still wrote have been doing.
 */
public final class Account implements AutoCloseable {
  /** Where a number ends that counts no longer; a late addition does not bring it back. */
  private static final long CLOSED = Long.MIN_VALUE / 2;

  private static final long MAX_GRANULE = 4096;

  /** As many cells as processors, but no more than 16: a power of two. */
  private static final int CELLS = cells(Runtime.getRuntime().availableProcessors());

  /** From cell to cell, and from the array's length, which is read with each: a cache line. */
  private static final int STRIDE = 8;

  /** What cells take, and what they may leave untold. */
  public static final long SPREAD_BYTES =
      CELLS * MAX_GRANULE / 2 + Footprint.array((1 + CELLS) * STRIDE * Long.BYTES);

  /** The number from which on that is little. */
  private static final long SPREAD_FROM = 16 * SPREAD_BYTES;

  /** How many slots a table has at the most. */
  private static final int MAX_SLOTS = 1 << 30;

  /** The cells of a closed account. */
  private static final AtomicLongArray NO_CELLS = new AtomicLongArray(0);

  private static final AtomicLongFieldUpdater<Account> BASE =
      AtomicLongFieldUpdater.newUpdater(Account.class, "base");
  private static final AtomicIntegerFieldUpdater<Account> SLOTS =
      AtomicIntegerFieldUpdater.newUpdater(Account.class, "slots");
  private static final AtomicReferenceFieldUpdater<Account, AtomicLongArray> SPREAD =
      AtomicReferenceFieldUpdater.newUpdater(Account.class, AtomicLongArray.class, "spread");

  private final Memory memory;

  /** The number, or what was in it when it was spread. */
  private volatile long base;

  /** The cells; null if two threads have never met here. */
  private volatile AtomicLongArray spread;

  /** How many slots the table of the bucket's map has; those of the first table are not here. */
  private volatile int slots = Footprint.FIRST_SLOTS;

  /** Nothing is held as yet. */
  public Account(Memory memory) {
    this.memory = memory;
  }

  private static int cells(int processors) {
    int cells = Integer.highestOneBit(processors);
    return Math.min(16, cells < processors ? 2 * cells : cells);
  }

  /**
   * Adds {@code delta} bytes, or takes them off if it is negative.
   *
   * @return whether the memory was told of growth, as it is now and then
   */
  public boolean add(long delta) {
    if (delta == 0) return false;
    AtomicLongArray cells;
    while ((cells = spread) == null) {
      long before = base;
      if (isClosed(before)) return false;
      if (BASE.compareAndSet(this, before, before + delta))
        return tell(fine(before + delta) - fine(before));
      if (before >= SPREAD_FROM) spread();
    }
    if (cells == NO_CELLS) return false;
    long before = cells.getAndAdd(place(Thread.currentThread().getId()), delta);
    return !isClosed(before) && tell(coarse(before + delta) - coarse(before));
  }

  /**
   * Adds what the table of the bucket's map has grown by, if it has: it doubles when {@code
   * entries} fill three quarters of it, and stays as it is when they are taken out.
   */
  public void grow(long entries) {
    for (int now; entries >= (now = slots) - now / 4 && now < MAX_SLOTS; )
      if (SLOTS.compareAndSet(this, now, 2 * now)) add(Footprint.SLOT * now);
  }

  /**
   * How much was added and not taken off: exactly, if nobody is about it just now, and never less
   * than nothing. Nothing once it is closed.
   */
  public long held() {
    long sum = base;
    if (isClosed(sum)) return 0;
    AtomicLongArray cells = spread;
    for (int i = STRIDE; cells != null && i < cells.length(); i += STRIDE) {
      long cell = cells.get(i);
      if (isClosed(cell)) return 0;
      sum += cell;
    }
    return Math.max(0, sum);
  }

  /** Takes all back that was added, and all that will be. */
  @Override
  public void close() {
    long number = BASE.getAndSet(this, CLOSED);
    if (!isClosed(number)) tell(-fine(number));
    AtomicLongArray cells = SPREAD.getAndSet(this, NO_CELLS);
    if (cells == null || cells == NO_CELLS) return;
    tell(-SPREAD_BYTES);
    for (int i = STRIDE; i < cells.length(); i += STRIDE) tell(-coarse(cells.getAndSet(i, CLOSED)));
  }

  /** Makes the cells, unless there are some; to be called when two threads have met. */
  void spread() {
    if (SPREAD.compareAndSet(this, null, new AtomicLongArray((1 + CELLS) * STRIDE)))
      tell(SPREAD_BYTES);
  }

  private static int place(long thread) {
    return (1 + ((int) thread & CELLS - 1)) * STRIDE;
  }

  private boolean tell(long change) {
    if (change != 0) memory.add(change);
    return change > 0;
  }

  private static boolean isClosed(long number) {
    return number < CLOSED / 2;
  }

  private static long fine(long number) {
    long part = Long.highestOneBit(Math.abs(number)) / 8;
    return rounded(number, Math.max(1, Math.min(MAX_GRANULE, part)));
  }

  private static long coarse(long number) {
    return rounded(number, MAX_GRANULE);
  }

  /** The multiple of {@code granule}, a power of two, that is the nearest. */
  private static long rounded(long number, long granule) {
    return number + granule / 2 & -granule;
  }
}
