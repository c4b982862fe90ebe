package kv.user;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Derives only when it is let go, whatever interrupts it, as one does that is in the middle. */
public final class HoldsOn implements Derivation {
  private static final long GUARD_SECONDS = 60;

  private final Counts counts = new Counts();
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch gone = new CountDownLatch(1);

  @Override
  public byte[] derive(byte[] password, byte[] salt, int cost) {
    entered.countDown();
    boolean interrupted = false;
    while (gone.getCount() > 0)
      try {
        if (!gone.await(GUARD_SECONDS, TimeUnit.SECONDS)) throw new AssertionError("held for ever");
      } catch (InterruptedException e) {
        interrupted = true;
      }
    if (interrupted) Thread.currentThread().interrupt();
    return counts.derive(password, salt, cost);
  }

  /** Waits until somebody is in the middle. */
  public void awaitEntered() throws InterruptedException {
    entered.await();
  }

  public void letGo() {
    gone.countDown();
  }

  public Counts counts() {
    return counts;
  }
}
