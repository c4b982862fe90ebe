package kv.readme;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kv.server.testing.ClientProgram;
import kv.server.testing.RealClients;
import kv.server.testing.TestClient;
import kv.server.verbs.Commands;

/** What is shown below a command that starts a client: requests, and what came of them. */
final class Session {
  private static final Pattern TELNET = Pattern.compile("telnet 127\\.0\\.0\\.1 (\\d+)");
  private static final Pattern OPENSSL =
      Pattern.compile("openssl s_client .*-CAfile (\\S+) -connect 127\\.0\\.0\\.1:(\\d+)");
  private static final Pattern GREETING = Pattern.compile("Trying .*|Connected to .*|Escape .*");
  private static final Pattern REDIS_PROMPT = Pattern.compile("127\\.0\\.0\\.1:\\d+> (.*)");
  private static final Pattern ASKS = Pattern.compile("Password for (.*):");

  /** What is another one each time, with the blanks that make up for its length. */
  private static final Pattern CLIENT = Pattern.compile("127\\.0\\.0\\.1:\\d+ +worker");

  /** What no reply begins with. */
  private static final Set<String> VERBS =
      Stream.concat(
              Commands.manual().stream()
                  .map(command -> command.usage().split(" ")[0]),
              Stream.of("HELLO")) // which is unknown
          .collect(Collectors.toSet());

  private final Stage stage;
  private final Shell shell;

  Session(Stage stage, Shell shell) {
    this.stage = stage;
    this.shell = shell;
  }

  /** With telnet or, where that is not installed, over a socket that says the same. */
  void telnet(ShellCommand command) throws IOException {
    Matcher connect = TELNET.matcher(command.text());
    if (!connect.matches()) throw new AssertionError(command + ": not a call of telnet");
    if (RealClients.isInstalled("telnet")) afterGreeting(command);
    else
      try (TestClient client = new TestClient(stage.port(Integer.parseInt(connect.group(1))))) {
        play(command, Talk.with(client));
      }
  }

  /** With a program that greets as telnet does. */
  void afterGreeting(ShellCommand command) throws IOException {
    try (ClientProgram program = shell.start(command.text())) {
      program.skipTo("Escape character");
      play(command, Talk.with(program));
    }
  }

  /** With openssl or, where that is not installed, with a client that trusts the same file. */
  void openssl(ShellCommand command) throws Exception {
    Matcher connect = OPENSSL.matcher(command.text());
    if (!connect.matches()) throw new AssertionError(command + ": not a call of openssl");
    int port = stage.port(Integer.parseInt(connect.group(2)));
    Path trusted = stage.folder().resolve(connect.group(1));
    if (RealClients.isInstalled("openssl"))
      try (ClientProgram program = shell.start(command.text() + " 2>/dev/null")) {
        play(command, Talk.with(program));
      }
    else
      try (TestClient client = TlsClient.connect(port, trusted)) {
        play(command, Talk.with(client));
      }
  }

  private void play(ShellCommand command, Talk talk) {
    String typed = command.text();
    for (int i = 0; i < command.shown().size(); i++) {
      String line = command.shown().get(i);
      if (GREETING.matcher(line).matches()) continue;
      if (VERBS.contains(line.split(" ")[0])) {
        typed = line;
        type(line, talk);
      } else {
        String came = stage.shown(next(talk));
        if (!withoutClient(line).equals(withoutClient(came))) command.expect(i, typed, came);
      }
    }
  }

  private static void type(String line, Talk talk) {
    try {
      talk.type(line);
    } catch (IOException e) {
      throw new AssertionError("'" + line + "' could not be typed any more", e);
    }
  }

  private static String next(Talk talk) {
    try {
      return talk.line();
    } catch (IOException e) {
      return "nothing more (" + e.getMessage() + ")";
    }
  }

  private static String withoutClient(String line) {
    return CLIENT.matcher(line).replaceAll("CLIENT worker");
  }

  /** With redis-cli, which shows replies in its own way. */
  void redisCli(ShellCommand command) throws IOException {
    List<String> shown = command.shown();
    StringBuilder input = new StringBuilder();
    for (String line : shown) {
      Matcher typed = REDIS_PROMPT.matcher(line);
      if (typed.matches()) input.append(typed.group(1)).append('\n');
    }
    String asIfOnATerminal = command.text().replace("redis-cli", "redis-cli --no-raw");
    List<String> came = new ArrayList<>();
    try (ClientProgram program = shell.start(asIfOnATerminal)) {
      program.type(input.toString());
      program.endOfInput();
      program.rest().forEach(line -> came.add(stage.shown(line)));
    }
    String typed = command.text();
    for (int i = 0; i < shown.size(); i++) {
      Matcher prompt = REDIS_PROMPT.matcher(shown.get(i));
      if (prompt.matches()) typed = prompt.group(1);
      else command.expect(i, typed, came.isEmpty() ? "nothing more" : came.remove(0));
    }
    if (!came.isEmpty()) command.expect(shown.size(), typed, came.get(0));
  }

  /**
   * With the command {@code user}, which asks for a password twice on a terminal. Where there is no
   * program that makes one, it asks nothing and takes the first line that comes.
   */
  void user(ShellCommand command, String section) throws IOException {
    List<String> questions = command.shown().subList(0, 2);
    String password = password(command, section);
    List<String> said;
    if (RealClients.isInstalled("script"))
      try (ClientProgram program = shell.startOnTerminal(command.text())) {
        for (String question : questions) {
          program.skipPast(question);
          program.type(password);
        }
        said = program.rest().stream().filter(line -> !line.isBlank()).toList();
      }
    else
      try (ClientProgram program = shell.start(command.text())) {
        program.type(password);
        program.endOfInput();
        said = program.rest();
      }
    List<String> all = new ArrayList<>(questions);
    all.addAll(said);
    command.expectAll(all);
  }

  /** The password that the user says in {@code section} when logging in, as a line. */
  private static String password(ShellCommand command, String section) {
    Matcher asks = ASKS.matcher(command.shown().get(0));
    if (!asks.matches()) throw new AssertionError(command + ": asks for no password");
    Matcher login = Pattern.compile("(?m)^AUTH " + asks.group(1) + " (.*)$").matcher(section);
    if (!login.find()) throw new AssertionError(command + ": nobody logs in with the password");
    return login.group(1).replace("\"", "") + "\n";
  }
}
