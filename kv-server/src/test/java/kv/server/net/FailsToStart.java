package kv.server.net;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** A factory on a machine that has no thread left, for the first {@code failures} threads. */
final class FailsToStart implements ThreadFactory {
  private final AtomicInteger failures;

  FailsToStart(int failures) {
    this.failures = new AtomicInteger(failures);
  }

  @Override
  public Thread newThread(Runnable task) {
    return new Thread(task) {
      @Override
      public synchronized void start() {
        if (failures.getAndDecrement() > 0)
          throw new OutOfMemoryError("unable to create native thread");
        super.start();
      }
    };
  }
}
