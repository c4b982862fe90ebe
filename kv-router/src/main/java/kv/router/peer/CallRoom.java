package kv.router.peer;

import java.util.concurrent.atomic.AtomicLong;
import kv.otp.Clock;

/**
 * The memory that the calls of peers may take together: each from when its length is announced,
 * when RMI takes all the memory for it, to its answer. Safe for use by any thread.
 */
public final class CallRoom {
  /** The buckets have half of the heap, unless configured otherwise, and answers need some, too. */
  private static final int PART_OF_HEAP = 8;

  private final long maxBytes;
  private final Overload overload;
  private final AtomicLong taken = new AtomicLong();

  /** An eighth of this JVM's heap; {@code refused} is run for each call that is one too many. */
  public CallRoom(Runnable refused, Clock clock) {
    this(Runtime.getRuntime().maxMemory() / PART_OF_HEAP, refused, clock);
  }

  /** As above, for tests, of another size. */
  public CallRoom(long maxBytes, Runnable refused, Clock clock) {
    this.maxBytes = maxBytes;
    overload =
        new Overload(
            "calls of peers are refused: together they would take more than " + maxBytes
                + " bytes, an eighth of the heap (java -Xmx); INFO counts on (refused_peer_calls)",
            refused,
            clock);
  }

  /** Takes {@code bytes}, to be given back; false if there is not so much. */
  boolean take(long bytes) {
    if (taken.addAndGet(bytes) <= maxBytes) return true;
    taken.addAndGet(-bytes);
    overload.add();
    return false;
  }

  void giveBack(long bytes) {
    taken.addAndGet(-bytes);
  }

  /** How much is taken, in bytes. */
  long taken() {
    return taken.get();
  }
}
