package kv.readme;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import kv.server.testing.ClientProgram;

/** Runs commands in the folder of a stage, with its ports and the tools of this JDK. */
final class Shell {
  private static final String TOOLS = Path.of(System.getProperty("java.home"), "bin").toString();

  private final Stage stage;

  Shell(Stage stage) {
    this.stage = stage;
  }

  /** Starts a command of a console. */
  ClientProgram start(String command) throws IOException {
    return new ClientProgram("sh", "-c", here() + stage.real(command));
  }

  /** Starts a command of a console that talks to a person. */
  ClientProgram startOnTerminal(String command) throws IOException {
    return new ClientProgram("script", "-qec", here() + stage.real(command), "/dev/null");
  }

  private String here() {
    return "cd '" + stage.folder() + "'; PATH='" + TOOLS + "':$PATH; ";
  }

  /** Runs the commands of {@code block} to their end; fails if one of them does. */
  void run(Block block) throws IOException, InterruptedException {
    run(block.text(), block.toString());
  }

  /** Runs a command of a console to its end; answers what it said. */
  List<String> run(String command) throws IOException, InterruptedException {
    return run(command, command).lines().toList();
  }

  private String run(String commands, String whose) throws IOException, InterruptedException {
    ProcessBuilder shell =
        new ProcessBuilder(List.of("sh", "-e", "-c", here() + stage.real(commands)));
    Process run = shell.redirectErrorStream(true).start();
    run.getOutputStream().close();
    String said = new String(run.getInputStream().readAllBytes(), UTF_8);
    if (run.waitFor() != 0) throw new AssertionError(whose + ": failed and said: " + said);
    return said;
  }
}
