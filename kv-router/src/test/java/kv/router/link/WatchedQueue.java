package kv.router.link;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/** A queue that tells when a call has been added, can hold whoever has added one, and
 * lets others come when it has been found empty. */
final class WatchedQueue extends ConcurrentLinkedQueue<SharedCalls.Waiting> {
  private static final long serialVersionUID = 1;

  private final transient Semaphore added = new Semaphore(0);
  private transient volatile CountDownLatch gate = new CountDownLatch(0);
  private transient volatile Runnable whenFoundEmpty;

  /** Waits for a further call to be added. */
  void awaitAdded() throws InterruptedException {
    added.acquire();
  }

  /** Holds whoever adds a call from now on, until {@code gate} is open. */
  void holdAt(CountDownLatch gate) {
    this.gate = gate;
  }

  /** Has {@code action} run when the head is next looked for and there is none. */
  void whenFoundEmpty(Runnable action) {
    whenFoundEmpty = action;
  }

  @Override
  public SharedCalls.Waiting peek() {
    SharedCalls.Waiting head = super.peek();
    Runnable action = whenFoundEmpty;
    if (head != null || action == null) return head;
    whenFoundEmpty = null;
    action.run();
    return null;
  }

  @Override
  public boolean add(SharedCalls.Waiting call) {
    CountDownLatch mine = gate;
    super.add(call);
    added.release();
    try {
      mine.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return true;
  }
}
