package kv.server.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The programs that people talk to a node with, as far as they are installed. */
public final class RealClients {
  private RealClients() {}

  public static boolean isInstalled(String program) {
    return path(program).isPresent();
  }

  /** Where {@code program} is installed. */
  public static Optional<Path> path(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  public static void assumeInstalled(String program) {
    assumeThat(isInstalled(program)).as("skipped: %s is not installed", program).isTrue();
  }

  /** What {@code command} prints, line by line, to its end, when {@code input} is typed. */
  public static List<String> output(String input, String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(UTF_8));
    }
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      return out.lines().toList();
    }
  }
}
