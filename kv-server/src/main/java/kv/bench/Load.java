package kv.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/** All connections, and the threads that they are shared among while something runs. */
final class Load implements AutoCloseable {
  private final Settings settings;
  private final LongSupplier clock;
  private final Progress progress;
  private final List<Worker> workers = new ArrayList<>();

  /**
   * What came of it.
   *
   * @param nanos how long it took, from the start to the last reply
   */
  record Result(Tally tally, long nanos) {}

  private Load(Settings settings, LongSupplier clock, Progress progress) {
    this.settings = settings;
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * Opens all connections.
   *
   * @throws BenchException if one of them cannot be opened
   */
  static Load open(Settings settings, LongSupplier clock, Progress progress) {
    Load load = new Load(settings, clock, progress);
    try {
      for (int i = 0; i < settings.threads(); i++) load.addWorker(i);
      return load;
    } catch (IOException e) {
      load.close();
      throw new BenchException("cannot open " + settings.connections() + " connections ("
          + e.getMessage() + "); set connections lower, or allow more open files", e);
    } catch (BenchException e) {
      load.close();
      throw e;
    }
  }

  private void addWorker(int index) throws IOException {
    Worker worker = new Worker(settings, clock);
    workers.add(worker);
    int first = share(settings.connections(), index);
    for (int i = first; i < share(settings.connections(), index + 1); i++)
      worker.add(i + 1, Target.connect(settings));
  }

  /** Where the share of worker {@code index} in {@code all} begins. */
  private int share(int all, int index) {
    return (int) ((long) all * index / settings.threads());
  }

  /** Puts every key once. Blocks until that is done or no connection is left. */
  Result fill() throws InterruptedException {
    List<Plan> plans = new ArrayList<>();
    for (int i = 0; i < settings.threads(); i++)
      plans.add(Plan.putEach(share(settings.keys(), i), share(settings.keys(), i + 1)));
    return run(plans, Long.MAX_VALUE);
  }

  /** Asks at random for as long as the settings say, which it blocks for. */
  Result measure() throws InterruptedException {
    List<Plan> plans = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(settings.seed());
    for (int i = 0; i < settings.threads(); i++)
      plans.add(Plan.random(settings.keys(), settings.mix(), random.split()));
    return run(plans, settings.time().toNanos());
  }

  private Result run(List<Plan> plans, long nanos) throws InterruptedException {
    List<Tally> tallies = new ArrayList<>();
    List<FutureTask<Void>> tasks = new ArrayList<>();
    long start = clock.getAsLong();
    for (int i = 0; i < workers.size(); i++) {
      Worker worker = workers.get(i);
      Plan plan = plans.get(i);
      Tally tally = new Tally();
      tallies.add(tally);
      tasks.add(new FutureTask<>(() -> worker.run(plan, nanos, tally), null));
      new Thread(tasks.get(i), "bench " + i).start();
    }
    progress.begin(start);
    for (FutureTask<Void> task : tasks) await(task, tallies);
    progress.end();
    Tally all = new Tally();
    tallies.forEach(all::add);
    return new Result(all, clock.getAsLong() - start);
  }

  private void await(FutureTask<Void> task, List<Tally> tallies) throws InterruptedException {
    while (true) {
      try {
        task.get(1, TimeUnit.SECONDS);
        return;
      } catch (TimeoutException e) {
        progress.tell(clock.getAsLong(), tallies);
      } catch (ExecutionException e) {
        throw new IllegalStateException("a worker failed", e.getCause());
      }
    }
  }

  @Override
  public void close() {
    for (Worker worker : workers) worker.close();
  }
}
