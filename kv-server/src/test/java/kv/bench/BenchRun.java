package kv.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * What the command has printed and answered.
 *
 * @param out the lines of standard output
 * @param err the lines of standard error
 */
record BenchRun(int status, List<String> out, List<String> err) {
  /** For a second of a clock that goes on when somebody looks: for about 100 batches. */
  static BenchRun of(int port, String... more) throws InterruptedException {
    return of(5, port, more);
  }

  /** For a second of a clock that goes on by so many milliseconds when somebody looks. */
  static BenchRun of(int stepMillis, int port, String... more) throws InterruptedException {
    AtomicLong now = new AtomicLong();
    return of(() -> now.addAndGet(stepMillis * 1_000_000L), false,
        Stream.concat(Stream.of("port=" + port, "seconds=1"), Stream.of(more)).toList());
  }

  /** In real time, with these arguments and no others. */
  static BenchRun ofArguments(String... arguments) throws InterruptedException {
    return of(System::nanoTime, false, List.of(arguments));
  }

  private static BenchRun of(LongSupplier clock, boolean overwrites, List<String> arguments)
      throws InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Bench bench =
        new Bench(
            new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), overwrites,
            clock);
    int status = bench.main(arguments);
    return new BenchRun(
        status, out.toString(UTF_8).lines().toList(), err.toString(UTF_8).lines().toList());
  }

  /** Standard error without lines of progress, which depend on how fast the machine is. */
  List<String> errors() {
    return err.stream().filter(line -> !line.matches("[0-9]+ s: .* errors")).toList();
  }

  /** The result called {@code name}. */
  String result(String name) {
    return out.stream()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length()).strip())
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name + " in " + this));
  }

  double number(String name) {
    return Double.parseDouble(result(name));
  }
}
