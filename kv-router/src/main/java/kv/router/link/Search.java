package kv.router.link;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import kv.otp.OutOfHeap;

/**
 * A look-up that is made for all who need it at the same time, on a thread of its own: each of them
 * waits no longer than it may, and what becomes of one is nothing to the others. A look-up that
 * hangs holds that thread, and there is no second one until it is over. Safe for use by any thread.
 */
final class Search<T> {
  private final Callable<T> lookUp;

  /** Null if none is; guarded by this. */
  private FutureTask<T> underWay;

  Search(Callable<T> lookUp) {
    this.lookUp = lookUp;
  }

  /**
   * What the look-up finds that is under way, or a new one.
   *
   * @param nanos how long to wait for it
   * @throws ExecutionException if it fails, or there is no thread for it
   */
  T await(long nanos) throws ExecutionException, TimeoutException, InterruptedException {
    return underWay().get(nanos, NANOSECONDS);
  }

  /** The same, though this thread is interrupted, which is set afterwards. */
  T awaitInAnyCase(long nanos) throws ExecutionException, TimeoutException {
    return LinkThreads.outcome(underWay(), nanos);
  }

  private synchronized FutureTask<T> underWay() throws ExecutionException {
    if (underWay == null) underWay = begin();
    return underWay;
  }

  private FutureTask<T> begin() throws ExecutionException {
    FutureTask<T> begun = new FutureTask<>(this::run);
    try {
      LinkThreads.start(begun);
    } catch (OutOfMemoryError e) {
      OutOfHeap.tell(e);
      throw new ExecutionException(e);
    }
    return begun;
  }

  private T run() throws Exception {
    try {
      return lookUp.call();
    } catch (Error e) {
      OutOfHeap.tell(e);
      throw e;
    } finally {
      synchronized (this) {
        underWay = null;
      }
    }
  }
}
