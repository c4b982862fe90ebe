package kv.server.net;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import kv.otp.Clock;

/** A clock on which nobody waits: it leaps to whenever somebody waits for, and notes how far. */
final class LeapingClock implements Clock {
  private final List<Long> leapsMillis = new ArrayList<>();
  private long now = -1;

  @Override
  public synchronized long nanoTime() {
    return now;
  }

  @Override
  public synchronized void parkUntil(long deadlineNanos) {
    leapsMillis.add(TimeUnit.NANOSECONDS.toMillis(deadlineNanos - now));
    now = deadlineNanos;
  }

  /** How long each wait would have been, in milliseconds. */
  synchronized List<Long> leapsMillis() {
    return List.copyOf(leapsMillis);
  }
}
