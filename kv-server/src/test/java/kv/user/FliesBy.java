package kv.user;

import kv.otp.Clock;

/** A clock on which whatever is waited for has come. */
public final class FliesBy implements Clock {
  private long now;

  @Override
  public synchronized long nanoTime() {
    return now;
  }

  @Override
  public synchronized void parkUntil(long deadlineNanos) {
    now = Math.max(now, deadlineNanos);
  }
}
