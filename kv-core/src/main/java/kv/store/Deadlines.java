package kv.store;

import java.util.Arrays;

/**
 * The entries of one bucket that have a deadline, the earliest first: a heap, in which each entry
 * knows its place, so that one that goes before its time leaves nothing behind. Safe for use by any
 * thread; its lock is held for a few steps up or down the heap.
 *
 * <p>The map of the bucket has the say: an entry is added after it has come into the map, and
 * removed after it has gone. As these are two steps, another thread may remove an entry before it
 * is added; then it is not added any more.
 */
final class Deadlines {
  /** The place of an entry that is to be added. */
  static final int NOT_YET = -1;

  /** The place of one that has been removed. */
  private static final int GONE = -2;

  private static final int FIRST_ROOM = 16;

  private Expiring[] heap = new Expiring[FIRST_ROOM];
  private int count;

  /** Adds {@code entry}, unless it has been removed already. */
  synchronized void add(Expiring entry) {
    if (entry.place == GONE) return;
    if (count == heap.length) heap = Arrays.copyOf(heap, 2 * count);
    rise(count++, entry);
  }

  /** Takes {@code entry} out; does nothing if it is not there any more. */
  synchronized void remove(Expiring entry) {
    int place = entry.place;
    entry.place = GONE;
    if (place < 0) return;
    Expiring last = heap[--count];
    heap[count] = null;
    if (last != entry) settle(place, last);
    if (count < heap.length / 4 && heap.length > FIRST_ROOM)
      heap = Arrays.copyOf(heap, heap.length / 2);
  }

  /** The entry whose deadline comes first; null if there is none. */
  synchronized Expiring first() {
    return count == 0 ? null : heap[0];
  }

  /** How many there are. */
  synchronized int count() {
    return count;
  }

  /** Puts {@code entry} where {@code place} has become free, or above or below. */
  private void settle(int place, Expiring entry) {
    if (place > 0 && isBefore(entry, heap[place - 1 >>> 1])) rise(place, entry);
    else sink(place, entry);
  }

  private void rise(int from, Expiring entry) {
    int place = from;
    while (place > 0) {
      int above = place - 1 >>> 1;
      if (!isBefore(entry, heap[above])) break;
      set(place, heap[above]);
      place = above;
    }
    set(place, entry);
  }

  private void sink(int from, Expiring entry) {
    int place = from;
    for (int below; (below = 2 * place + 1) < count; place = below) {
      if (below + 1 < count && isBefore(heap[below + 1], heap[below])) below++;
      if (!isBefore(heap[below], entry)) break;
      set(place, heap[below]);
    }
    set(place, entry);
  }

  private void set(int place, Expiring entry) {
    heap[place] = entry;
    entry.place = place;
  }

  private static boolean isBefore(Expiring one, Expiring other) {
    return one.deadlineMillis < other.deadlineMillis;
  }
}
