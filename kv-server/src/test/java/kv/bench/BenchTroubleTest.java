package kv.bench;

import static kv.bench.Impostor.asNode;
import static kv.bench.Impostor.isFirstWord;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import kv.server.Config;
import kv.server.Node;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A load on what does not answer as a node should, or not at all. */
class BenchTroubleTest {
  private static final String REMEDY = "set host and port to a node's for clients";

  private static void assertFails(BenchRun run, String error) {
    assertThat(run.errors()).containsExactly(error);
    assertThat(run.status()).isEqualTo(1);
  }

  /** A run with a single connection against a server that answers with {@code answer}. */
  private static BenchRun against(UnaryOperator<String> answer, String... settings)
      throws Exception {
    try (Impostor impostor = new Impostor(line -> isFirstWord(line) ? asNode(line)
        : answer.apply(line))) {
      String[] more = new String[settings.length + 1];
      System.arraycopy(settings, 0, more, 1, settings.length);
      more[0] = "connections=1";
      return BenchRun.of(1, impostor.port(), more);
    }
  }

  @Nested
  class ReplyChecker {
    @Test
    void thatAreWrongAreCountedAndTheFirstIsShown() throws Exception {
      AtomicInteger count = new AtomicInteger();
      BenchRun run = against(
          line -> count.incrementAndGet() % 100 == 42 ? "NOT FOUND\r\n" : "OK\r\n", "mix=0");
      assertFails(run, run.result("errors")
          + " errors, first: connection 1: a PUT was answered with \"NOT FOUND\\r\\n\"");
      assertThat(run.result("errors")).isEqualTo(Integer.toString((count.get() + 58) / 100));
      assertThat(run.result("requests")).isEqualTo(count.toString());
    }

    @Test
    void thatAreWrongToAGetHaveTheirOwnWords() throws Exception {
      AtomicInteger gets = new AtomicInteger();
      BenchRun run = against(
          line -> line.startsWith("PUT") ? "OK\r\n"
              : gets.incrementAndGet() == 7 ? "short\r\nOK\r\n" : "xxxxxxxx\r\nOK\r\n",
          "mix=100", "keys=1");
      assertFails(run, "1 error: connection 1: a GET was answered with \"short\\r\\nOK\\r\\n\"");
    }

    @Test
    void thatAreWrongWhenKeysArePutFirstAreTheEnd() throws Exception {
      BenchRun run = against(line -> "ERROR full\r\n", "mix=100", "keys=3");
      assertFails(run,
          "3 errors, first: connection 1: a PUT was answered with \"ERROR full\\r\\n\"");
      assertThat(run.out()).endsWith("putting every key first");
    }

    @Test
    void thatNobodyAskedForAreTheEndOfAConnection() throws Exception {
      BenchRun run = against(line -> "OK\r\nOK\r\n", "mix=0");
      assertFails(run, "1 error: connection 1: the node sent more than it was asked for,"
          + " with 0 replies missing");
    }

    @Test
    void thatDoNotComeAreNotWaitedForLongerThanTheTimeout() throws Exception {
      AtomicInteger count = new AtomicInteger();
      BenchRun run = against(line -> count.incrementAndGet() % 5 == 0 ? "" : "OK\r\n",
          "mix=0", "pipeline=5", "timeout=100ms");
      assertFails(run, "1 error: connection 1: nothing came from the node within the timeout of"
          + " 100 ms, with 1 replies missing");
      assertThat(run.result("requests")).isEqualTo("0");
    }
  }

  @Nested
  class Connections {
    @Test
    void thatAreClosedAreErrors() throws Exception {
      AtomicInteger count = new AtomicInteger();
      BenchRun run =
          against(line -> count.incrementAndGet() == 23 ? null : "OK\r\n", "mix=0", "pipeline=5");
      assertThat(run.errors()).singleElement().asString()
          .matches("1 error: connection 1: (closed by the node|Connection reset|Broken pipe),"
              + " with [3-5] replies missing");
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.result("requests")).isEqualTo("20");
    }

    @Test
    void thatAreLeftGoOnWithoutTheOneThatWasClosed() throws Exception {
      AtomicInteger count = new AtomicInteger();
      try (Impostor impostor = new Impostor(
          line -> isFirstWord(line) ? asNode(line)
              : count.incrementAndGet() == 1 ? null : "OK\r\n")) {
        BenchRun run = BenchRun.of(1, impostor.port(), "connections=2", "mix=0");
        assertThat(run.result("errors")).isEqualTo("1");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.number("requests")).isEqualTo(count.get() - 1).isGreaterThan(400);
      }
    }

    @Test
    void thatTheNodeCutsForALineThatIsTooLongTellWhatItSaid() throws Exception {
      try (Node node = Node.start(
          Config.defaults().with("server.port", "0").with("server.max-line-bytes", "64"))) {
        BenchRun run = BenchRun.of(node.serverPort().getAsInt(), "connections=1",
            "value-bytes=100", "mix=0");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.errors()).singleElement().asString()
            .startsWith("2 errors, first: connection 1: a PUT was answered with"
                + " \"ERROR line longer than 64 bytes\\r\\n\"");
      }
    }
  }

  @Nested
  class Nodes {
    @Test
    void thatAreNotThereAreSaidNotToBe() throws Exception {
      int free;
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        free = socket.getLocalPort();
      }
      BenchRun run = BenchRun.of(free);
      assertFails(run, "cannot connect to 127.0.0.1:" + free + " (Connection refused);"
          + " start a node there, or set host and port to those of one");
      assertThat(run.out()).isEmpty();
    }

    @Test
    void ofAnUnknownHostAreSaidToBe() throws Exception {
      BenchRun run = BenchRun.ofArguments("host=no-such-host.invalid");
      assertFails(run, "cannot connect to no-such-host.invalid:4040 (unknown host);"
          + " start a node there, or set host and port to those of one");
    }

    @Test
    void thatSayNothingAreNotWaitedForLongerThanTheTimeout() throws Exception {
      try (Impostor silent = new Impostor(line -> "")) {
        assertFails(BenchRun.of(silent.port(), "timeout=50ms"),
            "127.0.0.1:" + silent.port() + " accepts connections, but no answer came within 50 ms;"
                + " " + REMEDY + ", or timeout higher");
      }
    }

    @Test
    void thatHangUpAreNone() throws Exception {
      try (Impostor rude = new Impostor(line -> null)) {
        assertFails(BenchRun.of(rude.port()), "the connection to 127.0.0.1:" + rude.port()
            + " broke (closed by the other side); " + REMEDY);
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ERROR no", "UNKNOWN COMMAND", "-ERR no"})
    void thatRefuseToSayWhoTheyAreAreNone(String answer) throws Exception {
      try (Impostor stranger = new Impostor(line -> answer + "\r\n")) {
        assertFails(BenchRun.of(stranger.port()), "127.0.0.1:" + stranger.port()
            + " answers INFO with '" + answer + "'; " + REMEDY
            + ", and bucket to a name that it can route to a node that runs");
      }
    }

    @Test
    void thatTalkWithoutEndAreNone() throws Exception {
      try (Impostor chatty = new Impostor(line -> "bla\r\n".repeat(5000))) {
        assertThat(BenchRun.of(chatty.port()).errors()).singleElement().asString()
            .startsWith("127.0.0.1:" + chatty.port() + " answers INFO with 'bla'; " + REMEDY);
      }
    }
  }

  @Test
  void aBadSettingIsRefusedBeforeAnythingIsAsked() throws Exception {
    BenchRun run = BenchRun.ofArguments("prot=1");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.errors()).containsExactly("argument 'prot=1': unknown key 'prot';"
        + " did you mean 'port'? bench --help lists the keys");
  }
}
