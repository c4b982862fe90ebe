package kv.server.net;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a connection is doing, and how often that has changed, in one word: who looks twice and sees
 * the same word knows that nothing has changed in between. So nobody need read a clock but the one
 * who looks. The connection's own thread says what it does; any thread may look.
 */
final class Activity {
  /** At work for its client; also before the first byte and after the last. */
  static final int SERVING = 0;

  /** Waits for its client to send. */
  static final int WAITING = 1;

  /** Waits for its client to read, if only for a moment. */
  static final int WRITING = 2;

  /** Was ended in the middle of what it was doing, and has not come out of it yet. */
  static final int OVER = 3;

  private static final int KIND = 3;

  private final AtomicInteger word = new AtomicInteger();

  /** The word as it is now, for {@link #kind} and {@link #end}. */
  int word() {
    return word.get();
  }

  /** What {@code word} says: one of the constants. */
  static int kind(int word) {
    return word & KIND;
  }

  /** Whether the connection's thread may be hanging in a read. */
  boolean maybeReading() {
    int kind = kind(word.get());
    return kind == WAITING || kind == OVER;
  }

  /**
   * Says that the connection's thread, which calls it, does something else now.
   *
   * @return false if what it did until now has been ended
   */
  boolean begin(int kind) {
    int next = (word.getPlain() | KIND) + 1 + kind;
    return kind(word.getAndSet(next)) != OVER;
  }

  /** Ends what the connection is doing; false if it does something else than was {@code seen}. */
  boolean end(int seen) {
    return word.compareAndSet(seen, seen | OVER);
  }
}
