package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import kv.server.testing.TestClient;
import kv.server.verbs.Commands;
import kv.store.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a client sees on the wire, to the byte. */
class ServerInteractionTest {
  private static final int MAX_LINE = 1000;

  private Node node;
  private TestClient client;

  @BeforeEach
  void start() throws Exception {
    node =
        Node.start(
            Config.defaults()
                .with("server.port", "0")
                .with("server.max-line-bytes", Integer.toString(MAX_LINE)));
    client = client();
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    node.close();
  }

  private TestClient client() throws Exception {
    return new TestClient(node.serverPort().getAsInt());
  }

  /** The guide's own test. */
  @Test
  void serverInteraction() throws Exception {
    assertThat(client.send("UNKNOWN shopping\r\n").line()).isEqualTo("UNKNOWN COMMAND\r\n");
    assertThat(client.send("GET shopping eggs\r\n").line()).isEqualTo("NOT FOUND\r\n");
    assertThat(client.send("CREATE shopping\r\n").line()).isEqualTo("OK\r\n");
    assertThat(client.send("PUT shopping eggs 3\r\n").line()).isEqualTo("OK\r\n");
    // GET returns two lines
    assertThat(client.send("GET shopping eggs\r\n").line()).isEqualTo("3\r\n");
    assertThat(client.line()).isEqualTo("OK\r\n");
    assertThat(client.send("DELETE shopping eggs\r\n").line()).isEqualTo("OK\r\n");
    // GET returns two lines
    assertThat(client.send("GET shopping eggs\r\n").line()).isEqualTo("\r\n");
    assertThat(client.line()).isEqualTo("OK\r\n");
  }

  @Nested
  class Commands {
    @Test
    void createAnswersOkAlsoWhenTheBucketExists() throws Exception {
      client.ask("CREATE shopping");
      client.ask("PUT shopping milk 1");
      assertThat(client.ask("CREATE shopping")).isEqualTo("OK");
      assertThat(client.get("shopping", "milk")).isEqualTo("1");
    }

    @Test
    void putGetAndDeleteAnswerNotFoundWithoutABucket() throws Exception {
      assertThat(client.ask("PUT shopping milk 1")).isEqualTo("NOT FOUND");
      assertThat(client.ask("GET shopping milk")).isEqualTo("NOT FOUND");
      assertThat(client.ask("DELETE shopping milk")).isEqualTo("NOT FOUND");
    }

    @Test
    void putReplacesAValue() throws Exception {
      client.ask("CREATE shopping");
      client.ask("PUT shopping milk 1");
      client.ask("PUT shopping milk 2");
      assertThat(client.get("shopping", "milk")).isEqualTo("2");
    }

    @Test
    void deleteAnswersOkWhetherOrNotTheKeyWasThere() throws Exception {
      client.ask("CREATE shopping");
      assertThat(client.ask("DELETE shopping milk")).isEqualTo("OK");
    }

    @Test
    void aBucketThatHasExitedIsNotFound() throws Exception {
      client.ask("CREATE shopping");
      node.storage().lookup(Bytes.of("shopping")).orElseThrow().stop();
      assertThat(client.ask("PUT shopping milk 1")).isEqualTo("NOT FOUND");
    }

    @Test
    void verbsAreUpperCase() throws Exception {
      assertThat(client.ask("create shopping")).isEqualTo("UNKNOWN COMMAND");
    }

    @Test
    void aWrongNumberOfWordsIsAnUnknownCommand() throws Exception {
      for (String line :
          List.of("", " ", "CREATE", "CREATE a b", "PUT a b", "PUT a b c d", "GET a", "DELETE a"))
        assertThat(client.ask(line)).as("'%s'", line).isEqualTo("UNKNOWN COMMAND");
    }

    @Test
    void aNameOf4096BytesIsFineAndALongerOneIsRefusedWithTheBound() throws Exception {
      try (Node wide = Node.start(Config.defaults().with("server.port", "0"));
          TestClient other = new TestClient(wide.serverPort().getAsInt())) {
        assertThat(other.ask("CREATE " + "n".repeat(4096))).isEqualTo("OK");
        assertThat(other.ask("CREATE " + "n".repeat(4097)))
            .isEqualTo("ERROR a bucket's name has 1 to 4096 bytes, not 4097");
        assertThat(other.ask("GET " + "n".repeat(4096) + " k")).isEmpty();
      }
    }
  }

  @Nested
  class Lines {
    @Test
    void mayEndWithLfCrLfOrCrNul() throws Exception {
      client.send("CREATE a\nCREATE b\r\nCREATE c\r\0GET c k\n");
      assertThat(client.lines(5))
          .containsExactly("OK\r\n", "OK\r\n", "OK\r\n", "\r\n", "OK\r\n");
    }

    @Test
    void areSplitOnRunsOfBlanksAndTabs() throws Exception {
      assertThat(client.ask(" \tCREATE \t shopping\t ")).isEqualTo("OK");
      assertThat(client.ask("GET\tshopping\tmilk")).isEmpty();
    }

    @Test
    void mayArriveByteByByte() throws Exception {
      for (char c : "CREATE shopping\r\nGET shopping x\r\n".toCharArray())
        client.send(Character.toString(c));
      assertThat(client.lines(3)).containsExactly("OK\r\n", "\r\n", "OK\r\n");
    }

    @Test
    void mayArriveAllAtOnceAndAreAnsweredInOrder() throws Exception {
      client.send("CREATE s\r\nPUT s milk 1\r\nGET s milk\r\nFOO\r\n");
      client.send("DELETE s milk\r\nGET s milk\r\n");
      assertThat(client.lines(8))
          .containsExactly(
              "OK\r\n", "OK\r\n", "1\r\n", "OK\r\n", "UNKNOWN COMMAND\r\n", "OK\r\n", "\r\n",
              "OK\r\n");
    }

    @Test
    void aLastLineThatIsCutOffIsNotExecutedAndGetsNoReply() throws Exception {
      client.ask("CREATE shopping");
      assertThat(client.send("PUT shopping milk 1").endOfInput().rest()).isEmpty();
      try (TestClient other = client()) {
        assertThat(other.get("shopping", "milk")).isEmpty();
      }
    }

    @Test
    void requestsBeforeTheEndOfInputAreAnswered() throws Exception {
      assertThat(client.send("CREATE shopping\r\nGET shopping a\r\n").endOfInput().rest())
          .isEqualTo("OK\r\n\r\nOK\r\n");
    }

    @Test
    void ofTheLimitAreFineWhateverTheirEnd() throws Exception {
      String longest = "CREATE " + "n".repeat(MAX_LINE - 7);
      for (String end : List.of("\n", "\r\n", "\r\0"))
        assertThat(client.send(longest + end).line()).isEqualTo("OK\r\n");
    }

    @Test
    void overTheLimitGetAnErrorAndTheConnectionCloses() throws Exception {
      for (String end : List.of("\n", "\r\n", "\r\0", "", "n".repeat(100_000) + "\r\nCREATE x\r\n"))
        try (TestClient other = client()) {
          other.send("CREATE a\r\nCREATE " + "n".repeat(MAX_LINE - 6) + end);
          if (end.isEmpty()) other.send("nn");
          assertThat(other.rest()).isEqualTo("OK\r\nERROR line longer than 1000 bytes\r\n");
        }
      assertThat(client.ask("GET x k")).isEqualTo("NOT FOUND");
    }

    @Test
    void aQuoteThatIsNeverClosedIsAnErrorAndTheConnectionStaysOpen() throws Exception {
      assertThat(client.ask("PUT shopping milk \"two litres"))
          .isEqualTo("ERROR a quote is never closed at column 19");
      assertThat(client.ask("CREATE a\"b")).isEqualTo("OK");
    }
  }

  @Nested
  class BytesOnTheWire {
    @Test
    void comeBackAsTheyCameWhateverTheyMean() throws Exception {
      client.ask("CREATE b");
      Random random = new Random(42);
      for (int i = 0; i < 500; i++) {
        String key = word(random);
        String value = word(random);
        assertThat(client.ask("PUT b " + key + " " + value)).isEqualTo("OK");
        assertThat(client.get("b", key)).isEqualTo(value);
      }
    }

    private static String word(Random random) {
      StringBuilder word = new StringBuilder();
      int length = 1 + random.nextInt(60);
      while (word.length() < length) {
        char c = (char) random.nextInt(256);
        boolean needsQuotes = c <= ' ' || c == 0x7f || c == 0xff || c == '"' && word.length() == 0;
        if (!needsQuotes) word.append(c);
      }
      return word.toString();
    }
  }

  @Nested
  class Clients {
    @Test
    void thatHangUpCostNothing() throws Exception {
      for (int i = 0; i < 50; i++)
        try (TestClient gone = client()) {
          if (i % 2 == 0) gone.send("CREATE shop");
        }
      assertThat(client.ask("CREATE shopping")).isEqualTo("OK");
    }

    @Test
    void thatReadLateGetEveryReply() throws Exception {
      client.ask("CREATE b");
      client.ask("PUT b k " + "v".repeat(900));
      Thread sender = new Thread(() -> sendMany(client), "sender");
      sender.start();
      for (int i = 0; i < 20_000; i++) {
        assertThat(client.line()).hasSize(902);
        assertThat(client.line()).isEqualTo("OK\r\n");
      }
      sender.join();
    }

    private static void sendMany(TestClient client) {
      try {
        client.send("GET b k\n".repeat(20_000));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
