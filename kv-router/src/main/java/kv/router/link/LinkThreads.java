package kv.router.link;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeoutException;
import kv.otp.OutOfHeap;

/**
 * Threads for what the links of this JVM wait for on behalf of several clients, and which must not
 * end with one of these: nobody interrupts them. There are as many as are waiting, a few for each
 * link; one that has nothing to do ends soon. They keep no JVM from its end.
 */
final class LinkThreads {
  /** What is done on one of them while somebody waits for it. */
  interface Job<T> {
    T run() throws Link.FailedException;
  }

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

  /**
   * Does {@code job} so that an interrupt of this thread does not end it, and is set afterwards. A
   * platform thread does it itself: what it waits for at a socket goes on in spite of that, and
   * {@code job} must see to it that what else it waits for does. With a virtual one the JDK closes
   * the socket, so that one of ours has to do it.
   */
  static <T> T uninterrupted(Job<T> job) throws Link.FailedException {
    // JDK 17 knows no virtual threads; they are of a class of their own.
    return Thread.currentThread().getClass() == Thread.class ? job.run() : elsewhere(job);
  }

  /** Does {@code job} on one of them, or here if there is none to be had. */
  static <T> T elsewhere(Job<T> job) throws Link.FailedException {
    FutureTask<T> task = new FutureTask<>(job::run);
    try {
      start(task);
    } catch (OutOfMemoryError e) {
      OutOfHeap.tell(e);
      task.run();
    }
    try {
      return outcome(task, Long.MAX_VALUE);
    } catch (TimeoutException e) {
      throw new AssertionError("waited for 292 years", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Link.FailedException failure) throw failure;
      if (e.getCause() instanceof Error error) throw error;
      throw (RuntimeException) e.getCause();
    }
  }

  /**
   * What {@code task} comes to. An interrupt of this thread does not end the wait, and is set
   * afterwards.
   *
   * @param nanos how long to wait for it
   */
  static <T> T outcome(Future<T> task, long nanos) throws ExecutionException, TimeoutException {
    long end = System.nanoTime() + nanos;
    boolean isInterrupted = false;
    try {
      while (true) {
        try {
          return task.get(end - System.nanoTime(), NANOSECONDS);
        } catch (InterruptedException e) {
          isInterrupted = true;
        }
      }
    } finally {
      if (isInterrupted) Thread.currentThread().interrupt();
    }
  }
}
