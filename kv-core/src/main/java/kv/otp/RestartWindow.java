package kv.otp;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * The restarts of the last period, all children together. A restart counts for exactly one period,
 * its last nanosecond included; OTP, whose clock has whole seconds here, counts it up to a second
 * longer. Used by the supervisor's thread only.
 */
final class RestartWindow {
  private final int intensity;
  private final long periodNanos;
  private final Clock clock;
  private final ArrayDeque<Long> restarts = new ArrayDeque<>();

  RestartWindow(Flags flags) {
    intensity = flags.intensity();
    periodNanos = TimeUnit.NANOSECONDS.convert(flags.period());
    clock = flags.clock();
  }

  /** Counts a restart now; false if it is one too many. */
  boolean add() {
    long now = clock.nanoTime();
    restarts.add(now);
    return countAt(now) <= intensity;
  }

  /** How many restarts count now. */
  int count() {
    return countAt(clock.nanoTime());
  }

  private int countAt(long now) {
    while (!restarts.isEmpty() && now - restarts.peek() > periodNanos) restarts.remove();
    return restarts.size();
  }
}
