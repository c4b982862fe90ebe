package kv.tls;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.net.SocketTimeoutException;
import java.time.Duration;

/** The time that a handshake has, however many reads it takes. */
public final class TimeLimit {
  private final Duration time;
  private final long endNanos;

  private TimeLimit(Duration time) {
    this.time = time;
    endNanos = System.nanoTime() + time.toNanos();
  }

  /** One of which the time begins now. */
  public static TimeLimit of(Duration time) {
    return new TimeLimit(time);
  }

  /**
   * How long the next read may take, for {@code setSoTimeout}.
   *
   * @return 1 or more
   * @throws SocketTimeoutException if the time is over
   */
  public int millisLeft() throws SocketTimeoutException {
    long left = endNanos - System.nanoTime();
    if (left <= 0)
      throw new SocketTimeoutException("not over after " + time.toMillis() + " ms");
    return (int) Math.min(Integer.MAX_VALUE, NANOSECONDS.toMillis(left - 1) + 1);
  }
}
