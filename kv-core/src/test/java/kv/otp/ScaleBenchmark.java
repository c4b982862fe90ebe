package kv.otp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How the cost of a child grows with the number of its siblings: not at all, if all is well. To be
 * run by hand, after {@code mvn test-compile}:
 *
 * <pre>
 * java -cp kv-core/target/classes:kv-core/target/test-classes kv.otp.ScaleBenchmark
 * </pre>
 */
public final class ScaleBenchmark {
  private static final int ROUNDS = 7;
  private static final int TERMINATED = 500;
  private static final int[] SIZES = {1_000, 10_000, 100_000};

  private ScaleBenchmark() {}

  /** Nanoseconds for each child. */
  private record Cost(double start, double terminate, double stop) {}

  /**
   * Prints, for each kind of supervisor and each size, the median cost of a child in microseconds.
   */
  public static void main(String[] arguments) throws InterruptedException {
    System.out.printf("%-20s %9s %10s %14s %10s%n", "us per child", "children", "start",
        "terminate one", "stop");
    for (boolean simple : new boolean[] {true, false})
      for (int size : SIZES) {
        Cost[] costs = new Cost[ROUNDS];
        for (int i = -ROUNDS; i < ROUNDS; i++) // the first half warms up
          costs[Math.max(i, 0)] = simple ? simple(size) : fixed(size);
        System.out.printf("%-20s %9d %10.2f %14.2f %10.2f%n",
            simple ? "simple_one_for_one" : "one_for_one", size,
            median(costs, Cost::start), median(costs, Cost::terminate), median(costs, Cost::stop));
      }
  }

  private interface Part {
    double of(Cost cost);
  }

  private static double median(Cost[] costs, Part part) {
    return Arrays.stream(costs).mapToDouble(part::of).sorted().toArray()[ROUNDS / 2] / 1000;
  }

  private static Cost simple(int size) throws InterruptedException {
    ChildSpec spec =
        ChildSpec.worker("child", args -> StartResult.ok(Proc.passive("child")))
            .restart(Restart.TEMPORARY);
    long start = System.nanoTime();
    Supervisor supervisor =
        Supervisor.start("simple", Flags.of(Strategy.SIMPLE_ONE_FOR_ONE), spec);
    List<Proc> children = new ArrayList<>(size);
    for (int i = 0; i < size; i++)
      children.add(((ChildResult.Started) supervisor.startChild(List.of(i))).proc());
    long started = System.nanoTime();
    for (int i = 0; i < TERMINATED; i++)
      supervisor.terminateChild(children.get((int) ((long) i * size / TERMINATED)));
    long terminated = System.nanoTime();
    supervisor.stop();
    return cost(size, start, started, terminated, System.nanoTime());
  }

  private static Cost fixed(int size) throws InterruptedException {
    List<ChildSpec> specs = new ArrayList<>(size);
    for (int i = 0; i < size; i++)
      specs.add(ChildSpec.worker(i, () -> StartResult.ok(Proc.passive("child"))));
    long start = System.nanoTime();
    Supervisor supervisor = Supervisor.start("fixed", Flags.of(Strategy.ONE_FOR_ONE), specs);
    long started = System.nanoTime();
    for (int i = 0; i < TERMINATED; i++)
      supervisor.terminateChild((Object) (int) ((long) i * size / TERMINATED));
    long terminated = System.nanoTime();
    supervisor.stop();
    return cost(size, start, started, terminated, System.nanoTime());
  }

  private static Cost cost(int size, long start, long started, long terminated, long stopped) {
    return new Cost(
        (double) (started - start) / size,
        (double) (terminated - started) / TERMINATED,
        (double) (stopped - terminated) / size);
  }
}
