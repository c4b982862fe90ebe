package kv.server;

import kv.otp.Clock;

/** A wait for time to pass. */
final class Pause {
  private Pause() {}

  /**
   * Returns when {@code clock} has reached {@code deadlineNanos}.
   *
   * @throws InterruptedException if the thread is interrupted
   */
  static void until(Clock clock, long deadlineNanos) throws InterruptedException {
    while (clock.nanoTime() - deadlineNanos < 0) {
      clock.parkUntil(deadlineNanos);
      if (Thread.interrupted()) throw new InterruptedException();
    }
  }
}
