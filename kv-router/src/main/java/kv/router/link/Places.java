package kv.router.link;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.util.concurrent.Semaphore;
import kv.router.table.NodeAddress;

/** The places for calls that may be under way to one peer. Safe for use by any thread. */
final class Places {
  private final NodeAddress node;
  private final int count;
  private final Semaphore free;

  Places(NodeAddress node, int count) {
    this.node = node;
    this.count = count;
    free = new Semaphore(count);
  }

  /**
   * Takes a place, which must be given back; waits for it until {@code deadline}, which is no
   * whole one any more then.
   *
   * @param relief what a client must know if there is none in time
   * @throws Link.FailedException if there is none in time, or the thread is interrupted
   */
  void take(Deadline deadline, String relief) throws Link.FailedException {
    if (free.tryAcquire()) return;
    deadline.cut();
    Exception cause = null;
    try {
      if (free.tryAcquire(deadline.nanosLeft(), NANOSECONDS)) {
        if (deadline.nanosLeft() > 0) return;
        giveBack(); // too late to begin
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cause = e;
    }
    String under = " has " + count + " calls under way (router.max-calls)";
    throw new Link.FailedException("node " + node + under + relief, cause);
  }

  void giveBack() {
    free.release();
  }
}
