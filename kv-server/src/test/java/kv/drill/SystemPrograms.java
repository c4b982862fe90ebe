package kv.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Programs of the system. */
final class SystemPrograms {
  private SystemPrograms() {}

  /**
   * Runs one to its end, and answers what it prints.
   *
   * @throws IOException if there is no such program, or it fails
   */
  static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) throw new IOException(List.of(command) + " failed: " + printed);
    return printed;
  }

  /** The path of one of the JDK's. */
  static String ofJdk(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }
}
