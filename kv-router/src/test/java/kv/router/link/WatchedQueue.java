package kv.router.link;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/** A queue that tells when a call has been added, and can hold who adds one, before or after. */
final class WatchedQueue extends ConcurrentLinkedQueue<SharedCalls.Waiting> {
  private static final long serialVersionUID = 1;
  private static final CountDownLatch OPEN = new CountDownLatch(0);

  private final transient Semaphore come = new Semaphore(0);
  private final transient Semaphore added = new Semaphore(0);
  private transient volatile CountDownLatch before = OPEN;
  private transient volatile CountDownLatch after = OPEN;

  /** Waits for a further call to be added. */
  void awaitAdded() throws InterruptedException {
    added.acquire();
  }

  /** Waits for a further client to come with a call. */
  void awaitCome() throws InterruptedException {
    come.acquire();
  }

  /** Holds who comes with a call from now on, until {@code gate} is open. */
  void holdBefore(CountDownLatch gate) {
    before = gate;
  }

  /** Holds who has added a call from now on, until {@code gate} is open. */
  void holdAfter(CountDownLatch gate) {
    after = gate;
  }

  @Override
  public boolean add(SharedCalls.Waiting call) {
    CountDownLatch mine = after;
    come.release();
    await(before);
    super.add(call);
    added.release();
    await(mine);
    return true;
  }

  private static void await(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
