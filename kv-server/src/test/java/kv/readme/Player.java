package kv.readme;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kv.server.testing.RealClients;
import kv.testing.Example;

/** Runs the blocks of one section, one after another, as a reader does who follows it. */
final class Player {
  private static final String JAR = "java -jar " + Stage.JAR;
  private static final Pattern PROGRAM =
      Pattern.compile("java -cp kv-\\S+\\.jar Example\\.java( 2>/dev/null)?");
  private static final Pattern KILL = Pattern.compile("pkill (?:-9 )?-f (\\S+)");
  private static final Pattern FILES = Pattern.compile("(cp|mv) [^;&|<>]+");

  private final Section section;
  private final Stage stage;
  private final Shell shell;
  private final Session sessions;
  private final List<ShellCommand> starts = new ArrayList<>();
  private final Set<String> skipped = new LinkedHashSet<>();
  private Block program;

  Player(Section section, Stage stage) {
    this.section = section;
    this.stage = stage;
    shell = new Shell(stage);
    sessions = new Session(stage, shell);
  }

  /** Runs them; answers what it left out, and why. */
  Set<String> play() throws Exception {
    for (Block block : section.blocks()) play(block);
    startNodes();
    if (program != null) throw new AssertionError(program + ": no console runs this program");
    return skipped;
  }

  private void play(Block block) throws Exception {
    Kind kind = Kind.of(block);
    if (kind == Kind.SHELL) shell.run(block);
    else if (kind == Kind.JAVA) know(block);
    else if (kind == Kind.BUILD) build(block);
    else if (kind == Kind.CONSOLE)
      for (ShellCommand command : ShellCommand.of(block)) play(command);
  }

  private void know(Block block) {
    if (program != null) throw new AssertionError(program + ": no console runs this program");
    program = block;
  }

  /** Builds nothing: that has been done. Starts the node that is started once that is done. */
  private void build(Block block) {
    List<String> said =
        List.of(
            "Accepting connections on port 4040", "Keeping 0 buckets, 0 keys in data/kv");
    for (int i = 0; i < block.lines().size(); i++)
      if (block.lines().get(i).endsWith(" && " + JAR))
        starts.add(new ShellCommand(block, i, JAR, said));
  }

  private void play(ShellCommand command) throws Exception {
    String text = command.text();
    if (text.startsWith(JAR + " user ")) sessions.user(command, section.text());
    else if (text.startsWith(JAR + " check ")) check(command);
    else if (text.equals(JAR) || text.startsWith(JAR + " ")) starts.add(command);
    else {
      startNodes();
      client(command);
    }
  }

  /** Starts the nodes that one follows the other: each may know all of them. */
  private void startNodes() throws Exception {
    stage.start(starts);
    starts.clear();
  }

  private void client(ShellCommand command) throws Exception {
    String text = command.text();
    Matcher kill = KILL.matcher(text);
    if (text.startsWith("telnet ")) sessions.telnet(command);
    else if (text.contains("telnet-ssl ")) needs(command, "telnet-ssl", sessions::afterGreeting);
    else if (text.startsWith("openssl ")) sessions.openssl(command);
    else if (text.startsWith("redis-cli ")) needs(command, "redis-cli", sessions::redisCli);
    else if (PROGRAM.matcher(text).matches()) runProgram(command);
    else if (FILES.matcher(text).matches()) command.expectAll(shell.run(text));
    else if (kill.matches()) stage.stop(kill.group(1));
    else throw new AssertionError(command + ": no test knows how to run this");
  }

  private interface Way {
    void play(ShellCommand command) throws Exception;
  }

  private void needs(ShellCommand command, String tool, Way way) throws Exception {
    if (RealClients.isInstalled(tool)) way.play(command);
    else skipped.add(tool + " is not installed, for " + command);
  }

  /** Compares all but what depends on how far the node has got with its files by then. */
  private void check(ShellCommand command) throws Exception {
    startNodes();
    List<String> said = new ArrayList<>(shell.run(command.text()));
    said.removeIf(line -> line.endsWith("  0 bytes of the log")); // made ahead
    for (int i = 0; i < Math.max(said.size(), command.shown().size()); i++) {
      String line = i < said.size() ? said.get(i) : "nothing more";
      String shown = i < command.shown().size() ? command.shown().get(i) : "nothing more";
      if (!withoutPosition(line).equals(withoutPosition(shown)))
        command.expect(i, command.text(), line);
    }
  }

  private static String withoutPosition(String line) {
    return line
        .replaceAll("-[0-9a-f]{16}  \\d+", "-POSITION  SOME")
        .replaceAll("^last mark: .*", "last mark: SOME");
  }

  private void runProgram(ShellCommand command) throws Exception {
    if (program == null) throw new AssertionError(command + ": there is no program before it");
    Path empty = Files.createTempDirectory(stage.folder(), "example");
    command.expectAll(Example.of(program.text()).run(empty));
    program = null;
  }
}
