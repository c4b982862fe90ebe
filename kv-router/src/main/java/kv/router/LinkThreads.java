package kv.router;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;

/**
 * Threads for what the links of this JVM wait for on behalf of several clients, and which must not
 * end with one of these: nobody interrupts them. There are as many as are waiting, a few for each
 * link; one that has nothing to do ends soon. They keep no JVM from its end.
 */
final class LinkThreads {
  /** Shorter than most waits between two look-ups, longer than one between two calls in a row. */
  private static final long IDLE_MILLIS = 100;

  private static final Executor POOL =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_MILLIS,
          MILLISECONDS,
          new SynchronousQueue<>(),
          LinkThreads::newThread);

  private LinkThreads() {}

  private static Thread newThread(Runnable work) {
    Thread made = new Thread(work, "router link");
    made.setDaemon(true);
    return made;
  }

  /**
   * Runs {@code task} on one of them; does not wait for that.
   *
   * @throws OutOfMemoryError if the machine has no thread left
   */
  static void start(Runnable task) {
    POOL.execute(task);
  }
}
