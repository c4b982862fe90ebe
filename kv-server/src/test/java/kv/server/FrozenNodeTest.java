package kv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kv.server.testing.NodeProcess;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import kv.testing.Concurrently;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that is frozen, or killed, and comes back; and what it costs the clients of another. */
@Tag("distributed")
class FrozenNodeTest {
  @TempDir Path folder;
  private NodeProcess bar;
  private int barPeers;
  private Node foo;
  private TestClient atFoo;

  @BeforeEach
  void start() throws Exception {
    bar = startBar(0);
    barPeers = bar.peerPort();
    Path table = folder.resolve("routing.properties");
    Files.writeString(table, "a-m=foo@127.0.0.1:1\nn-z=" + address(), US_ASCII);
    foo =
        Node.start(
            Config.defaults()
                .with("node.name", "foo")
                .with("server.port", "0")
                .with("router.call-timeout", "3s") // the other node may be slow at first
                .with("router.connect-timeout", "3s")
                .with("router.table", table.toString()));
    atFoo = client();
    assertThat(atFoo.ask("CREATE world")).isEqualTo("OK");
  }

  @AfterEach
  void stop() throws Exception {
    atFoo.close();
    foo.close();
    bar.close();
  }

  private static NodeProcess startBar(int peerPort) throws Exception {
    return NodeProcess.start("node.name=bar", "server.port=0", "router.port=" + peerPort);
  }

  private String address() {
    return "bar@127.0.0.1:" + barPeers;
  }

  private TestClient client() throws Exception {
    return new TestClient(foo.serverPort().getAsInt());
  }

  /** A connection that was idle is tried before it is used: then nothing has been sent. */
  private String noAnswer() {
    return "node " + address()
        + "( is unreachable: timed out"
        + "| gave no answer in 3000 ms; the command may have been carried out)";
  }

  private void assertUnreachable(TestClient client) throws Exception {
    assertThat(client.ask("GET world hello"))
        .startsWith("ERROR node " + address() + " is unreachable: ");
  }

  @Nested
  class ANodeThatIsFrozen {
    @Test
    void costsEachClientOneCallAtTheMostAndIsUsedAgainOnceItGoesOn() throws Exception {
      bar.freeze();
      assertThat(atFoo.ask("PUT world hello 1")).matches("ERROR " + noAnswer());
      long start = System.nanoTime();
      for (int i = 0; i < 1_000; i++) assertUnreachable(atFoo); // or it would take a quarter hour
      assertThat(System.nanoTime() - start).isLessThan(100_000_000_000L);
      assertThat(atFoo.ask("CREATE apple")).isEqualTo("OK");
      assertThat(atFoo.listing("INFO")).contains("unreachable_peers 1", "failed_calls 1001");
      bar.signal("CONT");
      assertThat(atFoo.askOnceReachable("PUT world hello 2")).isEqualTo("OK");
      assertThat(atFoo.get("world", "hello")).isEqualTo("2");
      assertThat(atFoo.listing("INFO")).contains("unreachable_peers 0");
    }

    @Test
    void costsManyClientsNoMoreThanOne() throws Exception {
      bar.freeze();
      List<String> answers =
          Concurrently.run(
              20,
              i -> {
                try (TestClient client = client()) {
                  client.ask("GET world hello");
                  return client.ask("GET world hello");
                }
              });
      assertThat(answers).containsOnly("ERROR node " + address() + " is unreachable: timed out");
      bar.signal("CONT");
    }

    @Test
    void doesNotHoldOneWhoSendsMoreThanItTakes() throws Exception {
      bar.freeze();
      assertThat(Resp.ask(atFoo, "PUT", "world", "hello", "v".repeat(1024 * 1024)))
          .matches("-ERR " + noAnswer() + "\r\n");
      bar.signal("CONT");
      assertThat(atFoo.askOnceReachable("CREATE world")).isEqualTo("OK");
    }
  }

  @Nested
  class ANodeThatIsKilled {
    @Test
    void isUsedAgainOnceItWasStartedAgain() throws Exception {
      bar.kill();
      assertThat(atFoo.ask("PUT world hello 1")).startsWith("ERROR node " + address());
      assertUnreachable(atFoo);
      try (NodeProcess again = startBar(barPeers)) {
        assertThat(again.peerPort()).isEqualTo(barPeers);
        assertThat(atFoo.askOnceReachable("PUT world hello 1")).isEqualTo("NOT FOUND");
        assertThat(atFoo.ask("CREATE world")).isEqualTo("OK");
      }
    }
  }

  @Nested
  class ATableThatChanges {
    @Test
    void holdsWithoutARestart(LogCapture log) throws Exception {
      Path table = folder.resolve("routing.properties");
      assertThat(atFoo.ask("CREATE 7up")).isEqualTo("ERROR no route for bucket \"7up\"");
      Files.writeString(table, "a-m=foo@127.0.0.1:1\n0-9=foo@127.0.0.1:1\nn-z=" + address());
      log.await("the routing table was read again");
      assertThat(atFoo.ask("CREATE 7up")).isEqualTo("OK");
      assertThat(atFoo.listing("INFO")).contains("table_reloads 1", "refused_table_reloads 0");
    }
  }
}
