package kv.server;

import static kv.server.testing.RealClients.assumeInstalled;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import kv.server.testing.ClientProgram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs that people type lines to a node with. */
@Tag("clients")
class RealClientsTest {
  private static final String SESSION =
      "CREATE shopping\nPUT shopping milk 1\nGET shopping milk\nDELETE shopping milk\n"
          + "GET shopping milk\n";
  private static final List<String> REPLIES = List.of("OK", "OK", "1", "OK", "OK", "", "OK");

  private Node node;
  private String port;

  @BeforeEach
  void start() throws Exception {
    node = Node.start(Config.defaults().with("server.port", "0"));
    port = Integer.toString(node.serverPort().getAsInt());
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private ClientProgram connect(String program) throws Exception {
    ClientProgram started = new ClientProgram(program, "127.0.0.1", port);
    if (program.equals("telnet")) started.skipTo("Escape character");
    return started;
  }

  @ParameterizedTest
  @ValueSource(strings = {"telnet", "nc"})
  void areAnsweredLineByLine(String program) throws Exception {
    assumeInstalled(program);
    try (ClientProgram session = connect(program)) {
      List<String> replies = new ArrayList<>();
      for (String request : SESSION.split("\n")) {
        session.type(request + "\n");
        replies.addAll(session.lines(request.startsWith("GET") ? 2 : 1));
      }
      assertThat(replies).isEqualTo(REPLIES);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"telnet", "nc"})
  void areAnsweredInOrderIfTheySendAllAtOnce(String program) throws Exception {
    assumeInstalled(program);
    try (ClientProgram session = connect(program)) {
      session.type(SESSION);
      assertThat(session.lines(REPLIES.size())).isEqualTo(REPLIES);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"telnet", "nc"})
  void getBackWhatTheyTypeWithAndWithoutEscapes(String program) throws Exception {
    assumeInstalled(program);
    try (ClientProgram session = connect(program)) {
      session.type("CREATE b\nPUT b k \"\\x00\\xff\"\nGET b k\nPUT b k \u00c3\u00a9\nGET b k\n");
      assertThat(session.lines(7))
          .containsExactly("OK", "OK", "\"\\x00\\xFF\"", "OK", "OK", "\u00c3\u00a9", "OK");
    }
  }

  @Test
  void getAllRepliesIfTheySayThatNothingFollows() throws Exception {
    assumeInstalled("nc");
    try (ClientProgram session = new ClientProgram("nc", "-N", "127.0.0.1", port)) {
      session.type(SESSION);
      session.endOfInput();
      assertThat(session.rest()).isEqualTo(REPLIES);
      assertThat(session.exitStatus()).isZero();
    }
  }

  @Nested
  class TelnetInATerminal {
    private ClientProgram terminal() throws Exception {
      assumeInstalled("telnet");
      assumeInstalled("script");
      ClientProgram terminal =
          new ClientProgram("script", "-qec", "telnet 127.0.0.1 " + port, "/dev/null");
      terminal.skipTo("Escape character");
      return terminal;
    }

    /** The terminal echoes what is typed, and nobody types a reply. */
    @Test
    void isAnsweredLineByLine() throws Exception {
      try (ClientProgram terminal = terminal()) {
        terminal.type("CREATE shopping\n");
        terminal.skipTo("OK");
        terminal.type("PUT shopping milk \"two litres\"\n");
        terminal.skipTo("OK");
        terminal.type("GET shopping milk\n");
        terminal.skipTo("\"two litres\"");
        terminal.skipTo("OK");
      }
    }

    /** After which telnet shows nothing until the server has answered its question for a mark. */
    @Test
    void isAnsweredAlsoAfterCtrlC() throws Exception {
      try (ClientProgram terminal = terminal()) {
        terminal.type("CREATE shopping\n");
        terminal.skipTo("OK");
        for (int i = 0; i < 3; i++) {
          terminal.type("\u0003");
          terminal.skipPast("^C"); // it throws away what comes too early
          terminal.type("\nPUT shopping milk litres" + i + "\n");
          terminal.skipTo("OK");
          terminal.type("GET shopping milk\n");
          terminal.skipTo("litres" + i);
          terminal.skipTo("OK");
        }
      }
    }

    @Test
    void isToldThatTheNodeHasClosedAfterQuit() throws Exception {
      try (ClientProgram terminal = terminal()) {
        terminal.type("QUIT\n");
        terminal.skipTo("OK");
        assertThat(terminal.rest()).containsExactly("Connection closed by foreign host.");
      }
    }
  }
}
