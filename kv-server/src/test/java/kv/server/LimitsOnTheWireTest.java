package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bounds of requests, at their defaults and as configured, and what is beyond them. */
class LimitsOnTheWireTest {
  private static final String PING = Resp.array("PING");

  private Node node;

  @BeforeEach
  void start() throws Exception {
    node = Node.start(Config.defaults().with("server.port", "0"));
    assertThat(answer("CREATE b\r\n")).isEqualTo("OK\r\n");
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private TestClient client() throws Exception {
    return new TestClient(node.serverPort().getAsInt());
  }

  /** All that a connection of its own gets that says when it has sent all. */
  private String answer(String requests) throws Exception {
    try (TestClient client = client()) {
      return client.send(requests).endOfInput().rest();
    }
  }

  /** All that a connection gets until the server closes it of its own accord. */
  private static String answerAndClose(Node node, String requests) throws Exception {
    try (TestClient client = new TestClient(node.serverPort().getAsInt())) {
      return client.send(requests).rest();
    }
  }

  @Nested
  class OfALine {
    @Test
    void are65536BytesWithoutItsEnd() throws Exception {
      String put = "PUT b k ";
      String value = "v".repeat(65_536 - put.length());
      for (String end : new String[] {"\n", "\r\n", "\r\0"})
        assertThat(answer(put + value + end + "PING\n")).isEqualTo("OK\r\nPONG\r\n");
      assertThat(answerAndClose(node, "PING\n" + put + value + "v\r\nDROP b\r\n"))
          .isEqualTo("PONG\r\nERROR line longer than 65536 bytes\r\n");
      assertThat(answer("SIZE b\n")).isEqualTo("1\r\nOK\r\n");
    }
  }

  @Nested
  class OfAWordInResp {
    @Test
    void areOneMebibyte() throws Exception {
      String value = "v".repeat(1_048_576);
      assertThat(answer(Resp.array("PUT", "b", "k", value) + Resp.array("GET", "b", "k")))
          .isEqualTo("+OK\r\n" + Resp.bulk(value));
      assertThat(answerAndClose(node, PING + "*2\r\n$4\r\nSIZE\r\n$1048577\r\n"))
          .isEqualTo(
              "+PONG\r\n"
                  + "-ERR protocol error: a word of 1048577 bytes; it may have 1048576\r\n");
    }

    @Test
    void areThoseOfTheConfiguration() throws Exception {
      Config config = Config.defaults().with("server.port", "0");
      try (Node small = Node.start(config.with("server.max-word-bytes", "64"))) {
        String longest = "n".repeat(64);
        assertThat(answerAndClose(small, Resp.array("CREATE", longest) + Resp.array("QUIT")))
            .isEqualTo("+OK\r\n+OK\r\n");
        assertThat(answerAndClose(small, Resp.array("CREATE", longest + "n") + PING))
            .isEqualTo("-ERR protocol error: a word of 65 bytes; it may have 64\r\n");
        assertThat(answerAndClose(small, "CREATE " + longest + "n\r\nQUIT\r\n"))
            .isEqualTo("OK\r\nOK\r\n");
      }
    }
  }

  @Nested
  class OfARequestInResp {
    @Test
    void areAMillionWords() throws Exception {
      String words = "*1048576\r\n" + "$4\r\nWORD\r\n".repeat(1_048_576);
      assertThat(answer(words + PING)).isEqualTo("-ERR unknown command 'WORD'\r\n+PONG\r\n");
      assertThat(answerAndClose(node, "*1048577\r\n"))
          .isEqualTo(
              "-ERR protocol error: a request of 1048577 words; it may have 1048576\r\n");
    }
  }

  @Nested
  class AMalformedFrame {
    @ParameterizedTest
    @CsvSource({
      "*x, a length that is no number",
      "*-x, a length that is no number",
      "*2|$4|PING|x, expected '$'",
      "*1|$-1, a length that is no number",
      "*1|$3|PING, a word of 3 bytes without CR LF behind it",
      "*1|$9|PING|PING, a word of 9 bytes without CR LF behind it"
    })
    void isAnErrorBehindTheRepliesBeforeItAndTheEndOfTheConnection(String frame, String fault)
        throws Exception {
      String malformed = frame.replace("|", "\r\n") + "\r\n";
      assertThat(answerAndClose(node, PING + "PING\r\n" + malformed + Resp.array("DROP", "b")))
          .isEqualTo("+PONG\r\nPONG\r\n-ERR protocol error: " + fault + "\r\n");
      assertThat(answer("SIZE b\n")).isEqualTo("0\r\nOK\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*1", "*1\r", "*1\r\n", "*1\r\n$4\r\nPIN", "*1\r\n$4\r\nPING\r"})
    void isNoneThatIsOnlyCutOffByTheEndOfTheStream(String frame) throws Exception {
      assertThat(answer(PING + frame)).isEqualTo("+PONG\r\n");
    }
  }

  /** A socket that is closed with bytes unread is reset, and the last reply may be lost by that. */
  @Nested
  class AConnectionThatCloses {
    static Object[][] lastRequests() {
      return new Object[][] {
        {"QUIT\r\n", "OK\r\n"},
        {Resp.array("QUIT"), "+OK\r\n"},
        {"*x\r\n", "-ERR protocol error: a length that is no number\r\n"},
        {"x".repeat(65_537), "ERROR line longer than 65536 bytes\r\n"},
        {"GET / HTTP/1.1\r\n",
            "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"},
      };
    }

    @ParameterizedTest
    @MethodSource("lastRequests")
    void hasItsLastReplyReadHoweverMuchFollowsTheRequest(String request, String reply)
        throws Exception {
      assertThat(answerAndClose(node, request + "DROP b\r\n".repeat(100_000))).isEqualTo(reply);
      assertThat(answer("SIZE b\n")).isEqualTo("0\r\nOK\r\n");
    }
  }

  @Nested
  class AFaultInQuotes {
    @ParameterizedTest
    @CsvSource(
        quoteCharacter = '\'',
        delimiter = '=',
        value = {
          "GET b \"k = a quote is never closed at column 7",
          "GET \"b\"k = a quote is closed in the middle of a word at column 7",
          "GET b \"\\xZZ\" = \\x without two hex digits at column 8",
          "\"\\q\" = an unknown escape at column 2; there are \\\" \\\\ \\n \\r \\t \\xHH"
        })
    void isAnErrorWithItsColumnAndTheConnectionLivesOn(String line, String fault)
        throws Exception {
      assertThat(answer("PING\r\n" + line + "\r\nPING\r\n"))
          .isEqualTo("PONG\r\nERROR " + fault + "\r\nPONG\r\n");
    }
  }
}
