package kv.store;

import java.util.concurrent.CountDownLatch;
import kv.event.EventHandler;

/** Keeps the event manager in its first event until it is let go, whoever interrupts it. */
final class HoldsOn implements EventHandler<BucketEvent> {
  private final CountDownLatch holding = new CountDownLatch(1);
  private final CountDownLatch free = new CountDownLatch(1);

  void awaitHolding() throws InterruptedException {
    holding.await();
  }

  void letGo() {
    free.countDown();
  }

  @Override
  public void handle(BucketEvent event) {
    holding.countDown();
    while (true) {
      try {
        free.await();
        return;
      } catch (InterruptedException e) {
        continue; // that is its fault
      }
    }
  }
}
