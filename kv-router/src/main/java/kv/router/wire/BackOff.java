package kv.router.wire;

import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import kv.otp.Clock;

/**
 * How those who accept connections bear with what has run out: they wait, longer from failure to
 * failure, and the log is told as by a {@link RareWarning}, and of the end of what it was warned
 * of. For one thread.
 */
public final class BackOff {
  private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LAST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final System.Logger log;
  private final String over;
  private final RareWarning warning;

  /** How long the last wait was; 0 if nothing has failed since the last success. */
  private long pauseNanos;

  /** Whether the log was warned since the last success. */
  private boolean isTold;

  /** One that says {@code over} at the end of a series of failures. */
  public BackOff(System.Logger log, Clock clock, String over) {
    this.log = log;
    this.over = over;
    warning = new RareWarning(log, clock, "failures so far:");
  }

  /**
   * How long to wait for things to get better, in nanoseconds.
   *
   * @param what what has failed, and {@code why}, for the log
   */
  public long failed(String what, Throwable why) {
    isTold |= warning.tell(() -> what, why);
    pauseNanos = pauseNanos == 0 ? FIRST_NANOS : Math.min(2 * pauseNanos, LAST_NANOS);
    return pauseNanos;
  }

  /** Ends a series of failures, if there is one. */
  public void succeeded() {
    if (isTold) log.log(Level.INFO, over);
    isTold = false;
    pauseNanos = 0;
  }
}
