package kv.router.peer;

import kv.otp.ExitReason;
import kv.otp.Proc;
import kv.otp.Task;

/**
 * The work of a {@link PeerServer}: to wait, and to tidy up now and then. Asked to stop, it lets no
 * call in any more and comes to its end when those that run have come to theirs, so that nothing
 * that they need is stopped before.
 */
final class CallsInFlight implements Task.Work {
  private final Runnable tidy;
  private final long everyMillis;

  // Guarded by this.
  private int running;
  private boolean isStopping;

  /** None yet; {@code tidy} is run every {@code everyMillis}, 1 or more. */
  CallsInFlight(Runnable tidy, long everyMillis) {
    this.tidy = tidy;
    this.everyMillis = everyMillis;
  }

  /** Lets a call in, which must {@link #leave}; false if it must not run. */
  synchronized boolean enter() {
    if (isStopping) return false;
    running++;
    return true;
  }

  synchronized void leave() {
    running--;
    if (isStopping) notifyAll();
  }

  @Override
  public void run(Proc self) throws InterruptedException {
    while (!isOver()) tidy.run();
  }

  /** Whether it has come to its end, after a while if not. */
  private synchronized boolean isOver() throws InterruptedException {
    if (!isStopping || running > 0) wait(everyMillis);
    return isStopping && running == 0;
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
