package kv.otp;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;

/** Work that behaves, work that does not, a clock of no use, and a thread to wait on. */
final class Doubles {
  private Doubles() {}

  /** Waits until it is interrupted. */
  static final class WaitsForInterrupt implements Task.Work {
    final CountDownLatch running = new CountDownLatch(1);

    @Override
    public void run(Proc self) throws InterruptedException {
      running.countDown();
      new CountDownLatch(1).await();
    }
  }

  /** Hangs where no interrupt reaches it, until it is released; then it runs into the fence. */
  static final class IgnoresInterrupt implements Task.Work {
    final CountDownLatch running = new CountDownLatch(1);
    final CompletableFuture<RuntimeException> fenced = new CompletableFuture<>();
    private final Semaphore gate = new Semaphore(0);

    @Override
    public void run(Proc self) {
      running.countDown();
      gate.acquireUninterruptibly();
      try {
        self.ensureAlive();
        fenced.complete(null);
      } catch (RuntimeException e) {
        fenced.complete(e);
        throw e;
      }
    }

    void release() {
      gate.release();
    }
  }

  /** Stands still and then, once it is removed, crashes whoever asks it for the time. */
  static final class NoClock implements Clock {
    private volatile boolean isRemoved;

    void remove() {
      isRemoved = true;
    }

    @Override
    public long nanoTime() {
      if (isRemoved) throw new AssertionError("there is no clock");
      return 0;
    }

    @Override
    public void parkUntil(long deadlineNanos) {
      throw new AssertionError("there is no clock");
    }
  }

  /** Throws whatever it is given, errors included. */
  static Task.Work dies(Throwable cause) {
    return self -> Doubles.<RuntimeException>sneak(cause);
  }

  /** Runs {@code call} on a thread of its own. */
  static <T> FutureTask<T> inBackground(Callable<T> call) {
    FutureTask<T> task = new FutureTask<>(call);
    new Thread(task, "in background").start();
    return task;
  }

  @SuppressWarnings("unchecked")
  static <E extends Throwable> void sneak(Throwable cause) throws E {
    throw (E) cause;
  }
}
