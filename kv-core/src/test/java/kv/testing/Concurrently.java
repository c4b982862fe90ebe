package kv.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;

/** Runs one thing on many threads that start together. */
public final class Concurrently {
  /** What each thread runs. */
  @FunctionalInterface
  public interface Job<T> {
    /** Runs as thread {@code index}, from 0. */
    T run(int index) throws Exception;
  }

  private Concurrently() {}

  /** Runs {@code job} on {@code threads} threads; answers what they returned, in their order. */
  public static <T> List<T> run(int threads, Job<T> job) throws Exception {
    CountDownLatch gate = new CountDownLatch(threads);
    List<FutureTask<T>> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int index = i;
      FutureTask<T> task =
          new FutureTask<>(
              () -> {
                gate.countDown();
                gate.await();
                return job.run(index);
              });
      running.add(task);
      new Thread(task, "concurrently-" + i).start();
    }
    List<T> results = new ArrayList<>();
    for (FutureTask<T> task : running) results.add(task.get());
    return results;
  }
}
