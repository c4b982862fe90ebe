package kv.server.net;

import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import kv.otp.Clock;

/**
 * How the acceptor bears with what has run out: it waits, longer from failure to failure, and tells
 * the log of the first of a series and of its end. For one thread.
 */
final class BackOff {
  private static final System.Logger LOG = System.getLogger(Acceptor.class.getName());
  private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LAST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Clock clock;

  /** The last wait; 0 if nothing has failed since the last success. */
  private long pauseNanos;

  BackOff(Clock clock) {
    this.clock = clock;
  }

  /**
   * Waits for things to get better.
   *
   * @param what what has failed, and {@code why}, for the log
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  void failed(String what, Throwable why) throws InterruptedException {
    boolean isFirst = pauseNanos == 0;
    if (isFirst) LOG.log(Level.WARNING, what, why);
    pauseNanos = isFirst ? FIRST_NANOS : Math.min(2 * pauseNanos, LAST_NANOS);
    clock.await(clock.nanoTime() + pauseNanos);
  }

  /** Ends a series of failures, if there is one. */
  void succeeded() {
    if (pauseNanos == 0) return;
    pauseNanos = 0;
    LOG.log(Level.INFO, "connections are accepted again");
  }
}
