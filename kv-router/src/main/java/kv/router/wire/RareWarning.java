package kv.router.wire;

import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import kv.otp.Clock;

/**
 * Warns of one thing that strangers can cause as often as they like: once a minute at the most, and
 * with how often it has happened, so that nobody can fill the log by it. Safe for use by any
 * thread.
 */
public final class RareWarning {
  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final System.Logger log;
  private final Clock clock;
  private final String counted;

  // Guarded by this.
  private long count;
  private long warnedNanos;

  /** One of what has not happened yet; {@code counted} is what to call how often it has. */
  public RareWarning(System.Logger log, Clock clock, String counted) {
    this.log = log;
    this.clock = clock;
    this.counted = counted;
    warnedNanos = clock.nanoTime() - QUIET_NANOS;
  }

  /**
   * Says {@code what} has happened once more: at WARNING if a minute has passed since that was done
   * last, or else at DEBUG.
   *
   * @param why for the log, or null
   * @return whether it was at WARNING
   */
  public boolean tell(Supplier<String> what, Throwable why) {
    Level level;
    String often;
    synchronized (this) {
      long nowNanos = clock.nanoTime();
      boolean isDue = nowNanos - warnedNanos >= QUIET_NANOS;
      if (isDue) warnedNanos = nowNanos;
      level = isDue ? Level.WARNING : Level.DEBUG;
      often = "; " + counted + " " + ++count;
    }
    log.log(level, () -> what.get() + often, why);
    return level == Level.WARNING;
  }
}
