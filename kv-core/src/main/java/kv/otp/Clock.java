package kv.otp;

import java.util.concurrent.locks.LockSupport;

/**
 * The one seam through which time reaches supervision: the restart window and every wait of a
 * shutdown go by it, so that a test can drive both by hand.
 */
public interface Clock {
  /** The machine's monotonic clock. */
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
