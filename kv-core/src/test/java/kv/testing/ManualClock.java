package kv.testing;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import kv.otp.Clock;

/** A clock that stands still until a test moves it. */
public final class ManualClock implements Clock {
  private final Set<Thread> parked = new HashSet<>();
  private long now = 1_000_000_000_000L;
  private long systemMillis = 1_800_000_000_000L;

  @Override
  public synchronized long nanoTime() {
    return now;
  }

  @Override
  public synchronized long systemMillis() {
    return systemMillis;
  }

  /** Sets the wall clock forward, or back; nobody waits for that. */
  public synchronized void setSystem(long millis) {
    systemMillis = millis;
  }

  @Override
  public void parkUntil(long deadlineNanos) {
    synchronized (this) {
      if (deadlineNanos - now <= 0) return;
      parked.add(Thread.currentThread());
      notifyAll();
    }
    LockSupport.park(this);
    synchronized (this) {
      parked.remove(Thread.currentThread());
    }
  }

  /** Moves time on, and wakes whoever waits for it. */
  public synchronized void advance(Duration by) {
    now += by.toNanos();
    systemMillis += by.toMillis();
    parked.forEach(LockSupport::unpark);
    parked.clear(); // whoever has still to wait parks again
  }

  /** Waits until some thread waits for this clock: then time can be moved on. */
  public synchronized void awaitParked() throws InterruptedException {
    while (parked.isEmpty()) wait();
  }
}
