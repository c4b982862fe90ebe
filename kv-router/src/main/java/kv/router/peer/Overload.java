package kv.router.peer;

import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import kv.otp.Clock;

/**
 * What is refused at a bound: each is counted, and the log is warned of them, but once a minute at
 * the most: whoever comes again and again must not fill it. Safe for use by any thread.
 */
final class Overload {
  private static final System.Logger LOG = System.getLogger(Overload.class.getName());
  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final String warning;
  private final Runnable count;
  private final Clock clock;

  /** When the log was last warned; guarded by this. */
  private long warnedNanos;

  /** None yet; {@code count} is run for each. */
  Overload(String warning, Runnable count, Clock clock) {
    this.warning = warning;
    this.count = count;
    this.clock = clock;
    warnedNanos = clock.nanoTime() - QUIET_NANOS;
  }

  /** Counts one more. */
  void add() {
    count.run();
    if (isDue()) LOG.log(Level.WARNING, warning);
  }

  private synchronized boolean isDue() {
    long nowNanos = clock.nanoTime();
    if (nowNanos - warnedNanos < QUIET_NANOS) return false;
    warnedNanos = nowNanos;
    return true;
  }
}
