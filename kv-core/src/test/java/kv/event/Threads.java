package kv.event;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** Threads beside the test's own. */
final class Threads {
  private Threads() {}

  /** Runs {@code call} on a thread of its own. */
  static <T> FutureTask<T> inBackground(Callable<T> call) {
    FutureTask<T> task = new FutureTask<>(call);
    new Thread(task, "in background").start();
    return task;
  }

  /** The thread of {@code manager}, which must be the only one of its name. */
  static Thread of(EventManager<?> manager) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(manager.proc().name()))
        .findFirst()
        .orElseThrow();
  }

  /** Kills {@code manager}, runs {@code then}, and returns when its thread has ended, too. */
  static void killAndAwait(EventManager<?> manager, Runnable then) throws InterruptedException {
    Thread thread = of(manager);
    manager.proc().kill();
    then.run();
    thread.join();
  }
}
