package kv.server.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.logging.Level;
import kv.server.Config;
import kv.server.Node;
import kv.server.net.Session;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import kv.server.testing.Typed;
import kv.server.UsersNode;
import kv.store.Bytes;
import kv.testing.LogCapture;
import kv.user.KnownUsers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How clients say who they are, in both framings, to the byte. */
class AuthTest {
  private static final String FIRST = "ERROR not authenticated; AUTH name password comes first";
  private static final String NOAUTH = "-NOAUTH Authentication required.\r\n";
  private static final String WRONG = "ERROR wrong name or password";
  private static final String WRONGPASS =
      "-WRONGPASS invalid username-password pair or user is disabled.";
  private static final String CLOSES = " (failure 5 of 5 on one connection, which closes)";

  @TempDir Path folder;
  private UsersNode node;
  private TestClient client;

  @BeforeEach
  void start() throws Exception {
    node = new UsersNode(folder);
    client = node.client();
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    node.close();
  }

  /** All that a connection of its own gets for {@code requests}. */
  private String answer(String requests) throws Exception {
    try (TestClient other = node.client()) {
      return other.send(requests).endOfInput().rest();
    }
  }

  private String figure(String name) throws Exception {
    try (TestClient alice = node.alice()) {
      return alice.listing("INFO").stream()
          .filter(line -> line.startsWith(name + " "))
          .findFirst()
          .orElseThrow()
          .substring(name.length() + 1);
    }
  }

  @Nested
  class BeforeIt {
    @ParameterizedTest
    @ValueSource(strings = {
      "CREATE a", "GET a k", "BUCKETS", "INFO", "TREE", "KILL storage", "FOO", "GET", "AUTH",
      "AUTH secret", "AUTH alice secret 1", "auth alice secret", "get a k", "", "HELLO", "HELLO 3",
      "PING 1", "\"\""
    })
    void nothingIsToldInTheLineProtocol(String request) throws Exception {
      assertThat(client.ask(request)).isEqualTo(FIRST);
      assertThat(client.ask("PING")).isEqualTo("PONG");
    }

    @ParameterizedTest
    @ValueSource(strings = {
      "CREATE a", "GET a k", "BUCKETS", "INFO", "TREE", "KILL storage", "FOO", "get a k", "\"\"",
      "CLIENT SETINFO lib-name x", "CLIENT LIST", "SELECT 0", "ECHO x", "TIME", "COMMAND",
      "COMMAND DOCS", "CONFIG GET save", "HELLOO"
    })
    void nothingIsToldInResp(String request) throws Exception {
      assertThat(Resp.ask(client, request.split(" "))).isEqualTo(NOAUTH);
      assertThat(Resp.ask(client, "PING")).isEqualTo("+PONG\r\n");
    }

    @ParameterizedTest
    @CsvSource({"AUTH, auth", "GET, get", "AUTH alice secret 1, auth", "CREATE a b, create"})
    void aWrongNumberOfWordsIsToldAsRedisTellsIt(String request, String verb) throws Exception {
      assertThat(Resp.ask(client, request.split(" ")))
          .isEqualTo("-ERR wrong number of arguments for '" + verb + "' command\r\n");
      assertThat(Resp.ask(client, "GET", "a", "k")).isEqualTo(NOAUTH);
    }

    @Test
    void pingHelpAndQuitAreAnswered() throws Exception {
      assertThat(client.ask("PING")).isEqualTo("PONG");
      assertThat(client.listing("HELP")).anyMatch(line -> line.contains("AUTH name password"));
      assertThat(client.send("QUIT\r\n").rest()).isEqualTo("OK\r\n");
    }

    @Test
    void whatIsNoRequestIsAnsweredAsEver() throws Exception {
      assertThat(client.ask("GET a \"k")).startsWith("ERROR a quote is never closed");
      assertThat(client.send("*x\r\n").rest()).startsWith("-ERR protocol error: ");
    }

    @Test
    void nothingIsCarriedOut() throws Exception {
      client.ask("CREATE a");
      Resp.ask(client, "CREATE", "b");
      assertThat(node.node().storage().lookup(Bytes.of("a"))).isEmpty();
      assertThat(node.node().storage().lookup(Bytes.of("b"))).isEmpty();
      assertThat(figure("refused_commands")).isEqualTo("2");
      assertThat(figure("failed_logins")).isEqualTo("0");
    }
  }

  @Nested
  class TheRightPassword {
    @Test
    void letsInInEitherFraming() throws Exception {
      assertThat(client.ask("AUTH alice secret")).isEqualTo("OK");
      assertThat(client.ask("CREATE a")).isEqualTo("OK");
      assertThat(Resp.ask(client, "CREATE", "b")).isEqualTo("+OK\r\n");
      try (TestClient other = node.client()) {
        assertThat(Resp.ask(other, "AUTH", "alice", "secret")).isEqualTo("+OK\r\n");
        assertThat(Resp.ask(other, "CREATE", "c")).isEqualTo("+OK\r\n");
        assertThat(other.ask("CREATE d")).isEqualTo("OK");
      }
      assertThat(figure("refused_commands")).isEqualTo("0");
    }

    @Test
    void mayHaveAnyBytes() throws Exception {
      assertThat(client.ask("AUTH walter \"w\\xff \\x00\"")).isEqualTo("OK");
      try (TestClient other = node.client()) {
        assertThat(Resp.ask(other, "AUTH", "walter", "w\u00ff \0")).isEqualTo("+OK\r\n");
      }
    }

    @Test
    void isForOneConnectionOnly() throws Exception {
      assertThat(client.ask("AUTH alice secret")).isEqualTo("OK");
      assertThat(answer("BUCKETS\r\n")).isEqualTo(FIRST + "\r\n");
    }

    @Test
    void letsInForWhatComesInTheSamePacket() throws Exception {
      assertThat(answer("GET a k\r\nAUTH alice secret\r\nCREATE a\r\nPUT a k 1\r\nGET a k\r\n"))
          .isEqualTo(FIRST + "\r\nOK\r\nOK\r\nOK\r\n1\r\nOK\r\n");
      String packet = Resp.array("AUTH", "alice", "secret") + Resp.array("GET", "a", "k");
      assertThat(answer(Resp.array("GET", "a", "k") + packet))
          .isEqualTo(NOAUTH + "+OK\r\n$1\r\n1\r\n");
      assertThat(answer("GET a k\r\n" + packet + "GET a k\r\n"))
          .isEqualTo(FIRST + "\r\n+OK\r\n$1\r\n1\r\n1\r\nOK\r\n");
    }

    @Test
    void makesAnUnknownCommandUnknownAgain() throws Exception {
      client.ask("AUTH rita r");
      assertThat(client.ask("FOO")).isEqualTo("UNKNOWN COMMAND");
      assertThat(client.ask("AUTH r")).isEqualTo("UNKNOWN COMMAND");
      assertThat(Resp.ask(client, "FOO")).isEqualTo("-ERR unknown command 'FOO'\r\n");
    }
  }

  @Nested
  class AWrongOne {
    @ParameterizedTest
    @CsvSource({
      "alice, Secret", "alice, r", "rita, secret", "carol, secret", "Alice, secret",
      "alice, '\"\"'", "'\"\"', secret", "'\"\"', '\"\"'", "'\"\\x00\"', '\"\\xff\"'"
    })
    void isNotToldFromAWrongName(String name, String password) throws Exception {
      assertThat(client.ask("AUTH " + name + " " + password)).isEqualTo(WRONG);
      assertThat(client.ask("BUCKETS")).isEqualTo(FIRST);
      String[] words = Typed.words("AUTH " + name + " " + password);
      assertThat(Resp.ask(client, words)).isEqualTo(WRONGPASS + "\r\n");
      assertThat(Resp.ask(client, "BUCKETS")).isEqualTo(NOAUTH);
      assertThat(figure("failed_logins")).isEqualTo("2");
      assertThat(figure("refused_commands")).isEqualTo("2");
    }

    @Test
    void mayBeLong() throws Exception {
      String large = "s".repeat(8000);
      assertThat(Resp.ask(client, "AUTH", "alice", large)).isEqualTo(WRONGPASS + "\r\n");
      assertThat(Resp.ask(client, "AUTH", large, "secret")).isEqualTo(WRONGPASS + "\r\n");
      assertThat(Resp.ask(client, "AUTH", "alice", "secret")).isEqualTo("+OK\r\n");
    }

    @Test
    void isNotWaitedForBeyond8KibAndSoIsNothingElse() throws Exception {
      String large = "s".repeat(Session.MAX_UNKNOWN_BYTES);
      String refused = "a request of 8192 bytes or more before AUTH name password\r\n";
      assertThat(client.send("AUTH alice " + large).rest()).isEqualTo("ERROR " + refused);
      try (TestClient other = node.client()) {
        String unfinished = "*3\r\n$4\r\nAUTH\r\n$1000000\r\n" + large;
        assertThat(other.send(unfinished).rest()).isEqualTo("-ERR " + refused);
      }
      assertThat(figure("requests_over_limit")).isEqualTo("2");
    }

    @Test
    void isNoBoundForWhoIsIn() throws Exception {
      String large = "s".repeat(60_000);
      assertThat(client.send("AUTH alice secret\r\nPUT a k " + large + "\r\n").lines(2))
          .containsExactly("OK\r\n", "NOT FOUND\r\n");
    }

    @Test
    void letsNothingThrough() throws Exception {
      String refused = (FIRST + "\r\n").repeat(3);
      assertThat(answer("AUTH alice wrong\r\nCREATE a\r\nPUT a k 1\r\nGET a k\r\nPING\r\n"))
          .isEqualTo(WRONG + "\r\n" + refused + "PONG\r\n");
      String packet =
          Resp.array("AUTH", "alice", "wrong")
              + Resp.array("CREATE", "a")
              + Resp.array("SIZE", "a");
      assertThat(answer(packet)).isEqualTo(WRONGPASS + "\r\n" + NOAUTH + NOAUTH);
      assertThat(node.node().storage().all()).isEmpty();
    }

    @Test
    void leavesWhoWasInAsItWas() throws Exception {
      client.ask("AUTH rita r");
      assertThat(client.ask("AUTH alice r")).isEqualTo(WRONG);
      assertThat(client.ask("BUCKETS")).isEqualTo("OK");
      assertThat(client.ask("CREATE a")).startsWith("ERROR rita may not CREATE");
    }

    @Test
    void closesTheFifthTime() throws Exception {
      String wrong = "AUTH alice x\r\n";
      assertThat(client.send(wrong.repeat(9) + "PING\r\n").rest())
          .isEqualTo((WRONG + "\r\n").repeat(4) + WRONG + CLOSES + "\r\n");
      assertThat(figure("failed_logins")).isEqualTo("5");
    }

    @Test
    void closesTheFifthTimeWhateverSucceedsInBetween() throws Exception {
      String wrong = Resp.array("AUTH", "alice", "x");
      String right = Resp.array("AUTH", "alice", "secret");
      assertThat(client.send((wrong + wrong + right).repeat(3)).rest())
          .isEqualTo(
              ((WRONGPASS + "\r\n").repeat(2) + "+OK\r\n").repeat(2)
                  + WRONGPASS + CLOSES + "\r\n");
    }
  }

  @Nested
  class Again {
    @Test
    void isAnotherUserUpAndDown() throws Exception {
      client.ask("AUTH rita r");
      assertThat(client.ask("CREATE a")).startsWith("ERROR rita may not ");
      client.ask("AUTH alice secret");
      assertThat(client.ask("CREATE a")).isEqualTo("OK");
      client.ask("AUTH rita r");
      assertThat(client.ask("DROP a"))
          .isEqualTo("ERROR rita may not DROP; that needs the role admin");
      assertThat(client.listing("SIZE a")).containsExactly("0");
    }

    @Test
    void seesWhatHasBecomeOfTheFile(LogCapture log) throws Exception {
      client.ask("AUTH rita r");
      KnownUsers.write(folder, "rita admin other", "dora read d");
      assertThat(client.ask("CREATE a")).startsWith("ERROR rita may not ");
      assertThat(client.ask("AUTH rita r")).isEqualTo(WRONG);
      assertThat(client.ask("AUTH rita other")).isEqualTo("OK");
      assertThat(client.ask("CREATE a")).isEqualTo("OK");
      assertThat(client.ask("AUTH dora d")).isEqualTo("OK");
    }
  }

  @Nested
  class WhereThereAreNoUsers {
    private static final String NO_USERS =
        "this node has no users, so everybody may do everything; server.users would name them";

    @ParameterizedTest
    @CsvSource({"alice, secret", "'', ''"})
    void isAnError(String name, String password) throws Exception {
      try (Node open = Node.start(Config.defaults().with("server.port", "0"));
          TestClient other = new TestClient(open.serverPort().getAsInt())) {
        String inResp =
            "-ERR AUTH <password> called without any password configured for the default user: "
                + NO_USERS + "\r\n";
        assertThat(Resp.ask(other, "AUTH", name, password)).isEqualTo(inResp);
        assertThat(Resp.ask(other, "AUTH", password)).isEqualTo(inResp);
        assertThat(Resp.ask(other, "HELLO", "3", "AUTH", name, password)).isEqualTo(inResp);
        assertThat(Resp.ask(other, "AUTH", "default", password)).isEqualTo("+OK\r\n");
        assertThat(Resp.ask(other, "HELLO", "3", "AUTH", "default", password)).startsWith("%7");
        assertThat(other.ask("AUTH alice secret")).isEqualTo("ERROR " + NO_USERS);
        assertThat(other.ask("AUTH alice")).isEqualTo("UNKNOWN COMMAND");
        assertThat(other.ask("CREATE a")).isEqualTo("OK");
        assertThat(other.listing("INFO")).contains("failed_logins 0", "refused_commands 0");
      }
    }
  }

  @Nested
  class Nowhere {
    @Test
    void isAPasswordOrANameShown(LogCapture log) throws Exception {
      client.ask("AUTH alice hunter2");
      client.ask("AUTH hunter2 secret");
      try (TestClient alice = node.alice()) {
        assertThat(alice.listing("TREE")).noneMatch(line -> line.contains("hunter2"));
        assertThat(alice.listing("INFO")).noneMatch(line -> line.contains("hunter2"));
      }
      assertThat(log.messages(Level.ALL))
          .noneMatch(line -> line.contains("hunter2") || line.contains("secret"));
    }
  }
}
