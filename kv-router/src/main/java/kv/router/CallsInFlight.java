package kv.router;

import kv.otp.ExitReason;
import kv.otp.Proc;
import kv.otp.Task;

/**
 * The work of a {@link PeerServer}: to wait. Asked to stop, it lets no call in any more and comes
 * to its end when those that run have come to theirs, so that nothing that they need is stopped
 * before.
 */
final class CallsInFlight implements Task.Work {
  // Guarded by this.
  private int running;
  private boolean isStopping;

  /** Lets a call in, which must {@link #leave}; false if it must not run. */
  synchronized boolean enter() {
    if (isStopping) return false;
    running++;
    return true;
  }

  synchronized void leave() {
    running--;
    notifyAll();
  }

  @Override
  public synchronized void run(Proc self) throws InterruptedException {
    while (!isStopping || running > 0) wait();
  }

  @Override
  public synchronized void shutdown(Thread worker, ExitReason reason) {
    isStopping = true;
    notifyAll();
  }

  @Override
  public synchronized void close() {
    isStopping = true;
  }
}
