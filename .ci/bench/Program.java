import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A program that was started here; closing it ends it, with all that it started itself. */
final class Program implements AutoCloseable {
  private static final int START_SECONDS = 60;
  private static final int END_SECONDS = 15;

  private final String name;
  private final Process process;

  /** What it has printed and nobody has read; empty for the end of its output. */
  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

  Program(String name, Process process) {
    this.name = Path.of(name).getFileName().toString();
    this.process = process;
    Thread reader = new Thread(this::read, "output of " + name);
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try (BufferedReader output = process.inputReader()) {
      for (String line; (line = output.readLine()) != null; ) lines.add(Optional.of(line));
    } catch (IOException e) {
      // closed, as the program is
    } finally {
      lines.add(Optional.empty());
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isRunning() {
    return process.isAlive();
  }

  /**
   * Waits for a line in which {@code pattern} is found, and skips those before it.
   *
   * @throws IOException if there is none within a minute, or before the program ends
   */
  Matcher awaitLine(Pattern pattern) throws IOException, InterruptedException {
    List<String> skipped = new ArrayList<>();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (true) {
      Optional<String> line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (line == null || line.isEmpty())
        throw new IOException(name + " did not say '" + pattern + "': " + skipped);
      Matcher found = pattern.matcher(line.get());
      if (found.find()) return found;
      skipped.add(line.get());
    }
  }

  /** All that it prints until it ends; {@code IOException} if its status is not 0 then. */
  String awaitEnd() throws IOException, InterruptedException {
    StringBuilder output = new StringBuilder();
    for (Optional<String> line; (line = lines.take()).isPresent(); )
      output.append(line.get()).append('\n');
    int status = process.waitFor();
    if (status != 0) throw new IOException(name + " ended with " + status + ": " + output);
    return output.toString();
  }

  /** Asks it to end, and makes it end if it does not. */
  @Override
  public void close() {
    List<ProcessHandle> family =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    process.destroy();
    try {
      process.waitFor(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    family.forEach(ProcessHandle::destroyForcibly);
    Programs.ended(this);
  }
}
