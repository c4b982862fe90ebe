package kv.otp;

import java.util.concurrent.locks.LockSupport;

/**
 * The one seam through which time reaches supervision: the restart window and every wait of a
 * shutdown go by it, so that a test can drive both by hand. As in Erlang, there are two: monotonic
 * time, for how long something takes, and system time, for when something is.
 */
public interface Clock {
  /** The machine's clocks. */
  Clock SYSTEM =
      new Clock() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public void parkUntil(long deadlineNanos) {
          LockSupport.parkNanos(this, deadlineNanos - System.nanoTime());
        }
      };

  /** Monotonic nanoseconds from an arbitrary origin; compare by difference, it may overflow. */
  long nanoTime();

  /** Milliseconds since 1970, by the wall clock: it may be set, forward and back. */
  default long systemMillis() {
    return System.currentTimeMillis();
  }

  /**
   * Blocks the calling thread until this clock reaches {@code deadlineNanos}, the thread is
   * unparked or interrupted, or for no reason, as {@link LockSupport#park} does: the caller checks
   * and parks again.
   */
  void parkUntil(long deadlineNanos);

  /**
   * Waits until this clock has reached {@code deadlineNanos}.
   *
   * @throws InterruptedException if the thread is interrupted before
   */
  default void await(long deadlineNanos) throws InterruptedException {
    while (nanoTime() - deadlineNanos < 0) {
      parkUntil(deadlineNanos);
      if (Thread.interrupted()) throw new InterruptedException("waiting for time to pass");
    }
  }
}
