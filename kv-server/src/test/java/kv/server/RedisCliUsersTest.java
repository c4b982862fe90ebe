package kv.server;

import static kv.server.testing.RealClients.assumeInstalled;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import kv.server.testing.ClientProgram;
import kv.user.KnownUsers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redis' own client, as it comes, on a node with users. */
@Tag("clients")
class RedisCliUsersTest {
  private static final String WARNING = "Warning: Using a password ";

  @TempDir Path folder;
  private UsersNode node;
  private String port;

  @BeforeEach
  void start() throws Exception {
    assumeInstalled("redis-cli");
    node = new UsersNode(folder);
    port = Integer.toString(node.node().serverPort().getAsInt());
  }

  @AfterEach
  void stop() {
    if (node != null) node.close();
  }

  /** All that it prints to {@code input}, but for its own warning and empty lines. */
  private List<String> run(String input, String... arguments) throws Exception {
    String[] command = new String[1 + arguments.length];
    command[0] = "redis-cli";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    try (ClientProgram program = new ClientProgram(command)) {
      program.type(input);
      program.endOfInput();
      return program.rest().stream()
          .filter(line -> !line.isEmpty() && !line.startsWith(WARNING))
          .toList();
    }
  }

  @Test
  void logsInWithItsOptions() throws Exception {
    assertThat(run("", "-p", port, "--user", "alice", "--pass", "secret", "CREATE", "shopping"))
        .containsExactly("OK");
    assertThat(run("", "-p", port, "--user", "rita", "--pass", "r", "SIZE", "shopping"))
        .containsExactly("0");
    assertThat(run("", "-p", port, "--user", "rita", "--pass", "r", "DROP", "shopping"))
        .containsExactly(
            "NOPERM User rita has no permissions to run the 'DROP' command;"
                + " that needs the role admin");
  }

  @Test
  void logsInWithAnAddress() throws Exception {
    assertThat(run("", "-u", "redis://alice:secret@127.0.0.1:" + port, "CREATE", "shopping"))
        .containsExactly("OK");
  }

  @Test
  void logsInThoughItAsksForAnotherProtocol() throws Exception {
    assertThat(run("", "-3", "-p", port, "--user", "alice", "--pass", "secret", "CREATE", "shop"))
        .last()
        .isEqualTo("OK");
  }

  @Test
  void logsInAfterItHasConnected() throws Exception {
    String session =
        """
        CREATE shopping
        AUTH alice wrong
        AUTH
        AUTH secret
        AUTH alice secret
        CREATE shopping
        AUTH rita r
        DROP shopping
        FOO
        """;
    assertThat(run(session, "--no-raw", "-p", port))
        .containsExactly(
            "(error) NOAUTH Authentication required.",
            "(error) WRONGPASS invalid username-password pair or user is disabled.",
            "(error) ERR wrong number of arguments for 'auth' command",
            "(error) WRONGPASS invalid username-password pair or user is disabled.",
            "OK",
            "OK",
            "OK",
            "(error) NOPERM User rita has no permissions to run the 'DROP' command;"
                + " that needs the role admin",
            "(error) ERR unknown command 'FOO'");
  }

  @Test
  void saysThatItIsNotLetIn() throws Exception {
    assertThat(run("", "-p", port, "CREATE", "shopping"))
        .containsExactly("NOAUTH Authentication required.");
    assertThat(run("", "-p", port, "--user", "alice", "--pass", "x", "CREATE", "shopping"))
        .containsExactly(
            "AUTH failed: WRONGPASS invalid username-password pair or user is disabled.",
            "NOAUTH Authentication required.");
    assertThat(node.node().storage().all()).isEmpty();
  }

  @Test
  void isTheUserDefaultWithAPasswordAlone() throws Exception {
    assertThat(run("", "-p", port, "-a", "secret", "PING"))
        .containsExactly(
            "AUTH failed: WRONGPASS invalid username-password pair or user is disabled.", "PONG");
    KnownUsers.write(folder, "default read d");
    assertThat(run("", "-p", port, "-a", "d", "SIZE", "none"))
        .containsExactly("NOTFOUND there is nothing of that name");
  }

  /** In a terminal it first asks for the documentation of all commands. */
  @Test
  void worksInATerminal() throws Exception {
    assumeInstalled("script");
    String command = "TERM=dumb redis-cli -p " + port + " --user rita --pass r --no-auth-warning";
    try (ClientProgram terminal = new ClientProgram("script", "-qec", command, "/dev/null")) {
      terminal.type("SIZE none\n");
      terminal.skipPast("NOTFOUND");
      terminal.type("CREATE shopping\n");
      terminal.skipPast("needs the role write");
      terminal.type("exit\n");
      terminal.rest();
      assertThat(terminal.exitStatus()).isZero();
    }
  }
}
