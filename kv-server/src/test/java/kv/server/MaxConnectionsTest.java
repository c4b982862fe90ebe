package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kv.otp.ChildInfo;
import kv.otp.Proc;
import kv.server.net.RefusedClients;
import kv.server.testing.TestClient;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How many clients may be connected, and what those beyond that are told. */
class MaxConnectionsTest {
  private static final String TOO_MANY =
      "-ERR too many connections: this node takes 2 (server.max-connections)\r\n";

  private Node node;
  private ServerTree server;
  private TestClient one;
  private TestClient other;

  @BeforeEach
  void start() throws Exception {
    node =
        Node.start(
            Config.defaults()
                .with("server.port", "0")
                .with("server.max-connections", "2")
                .with("supervisor.max-restarts", "1000"));
    server = node.serverTree().orElseThrow();
    one = served();
    other = served();
  }

  @AfterEach
  void stop() throws Exception {
    one.close();
    other.close();
    node.close();
  }

  private TestClient client() throws Exception {
    return new TestClient(node.serverPort().getAsInt());
  }

  private TestClient served() throws Exception {
    TestClient client = client();
    assertThat(client.ask("PING")).isEqualTo("PONG");
    return client;
  }

  private void assertOneMoreIsRefused() throws Exception {
    try (TestClient third = client()) {
      assertThat(third.rest()).isEqualTo(TOO_MANY);
    }
  }

  private Proc connectionOf(TestClient client) throws Exception {
    for (ChildInfo child : server.pool().get().whichChildren())
      if (child.info().orElseThrow().toString().equals(client.address()))
        return child.proc().orElseThrow();
    throw new AssertionError("no connection of " + client.address());
  }

  @Nested
  class OneBeyond {
    @Test
    void isToldTheBoundAndItsKeyAndClosed() throws Exception {
      assertOneMoreIsRefused();
    }

    @Test
    void isToldAlsoIfItHasSentSomething() throws Exception {
      try (TestClient third = client()) {
        assertThat(third.send("PING\r\n".repeat(100)).rest()).isEqualTo(TOO_MANY);
      }
    }

    @Test
    void isCountedAndIsNoConnection() throws Exception {
      for (int i = 0; i < 3; i++) assertOneMoreIsRefused();
      List<String> info = one.listing("INFO");
      assertThat(info).contains("refused_connections 3", "connections 2", "commands 3");
      assertThat(server.pool().get().countChildren().active()).isEqualTo(2);
    }

    @Test
    void disturbsNobody() throws Exception {
      for (int i = 0; i < 2 * RefusedClients.MAX_KEPT; i++) assertOneMoreIsRefused();
      assertThat(one.ask("CREATE b")).isEqualTo("OK");
      assertThat(other.get("b", "k")).isEmpty();
    }
  }

  @Nested
  class APlace {
    @Test
    void isFreeAgainWhenAClientHasGone() throws Exception {
      for (int i = 0; i < 3; i++) {
        Proc gone = connectionOf(one);
        one.close();
        gone.awaitExit();
        one = served();
        assertOneMoreIsRefused();
      }
    }

    @Test
    void isFreeAgainWhenAConnectionIsKilled(LogCapture log) throws Exception {
      log.allow("child=connection .* event=child_terminated_for_good reason=killed");
      connectionOf(one).kill();
      assertThat(one.rest()).isEmpty();
      one = served();
      assertOneMoreIsRefused();
    }

    @Test
    void isFreeAgainForEachClientWhenThePoolIsKilled(LogCapture log) throws Exception {
      log.allow("child=pool");
      List<Proc> ended = List.of(connectionOf(one), connectionOf(other));
      server.pool().get().proc().kill();
      for (Proc connection : ended) connection.awaitExit();
      assertThat(server.clients().live()).isEmpty();
      one = served();
      other = served();
      assertOneMoreIsRefused();
    }

    @Test
    void isKeptByWhoHasItWhenTheAcceptorOrTheReaperIsKilled(LogCapture log) throws Exception {
      log.allow("child=(acceptor|reaper)");
      server.acceptor().get().kill();
      server.reaper().get().kill();
      assertOneMoreIsRefused();
      assertThat(one.ask("PING")).isEqualTo("PONG");
      assertThat(other.ask("PING")).isEqualTo("PONG");
    }

    @Test
    void isFreeAgainWhenTheWholeServerIsKilled(LogCapture log) throws Exception {
      log.allow("child=server");
      for (ChildInfo child : node.supervisor().whichChildren())
        if (child.id().orElseThrow().equals("server")) child.proc().orElseThrow().kill();
      assertThat(one.rest()).isEmpty();
      assertThat(other.rest()).isEmpty();
      server.acceptor().await();
      one = served();
      other = served();
      assertOneMoreIsRefused();
    }
  }
}
