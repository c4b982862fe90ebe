package kv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import kv.config.ConfigException;
import kv.otp.ExitReason;
import kv.otp.Proc;
import kv.otp.Supervisor;
import kv.server.net.ConnectionThreads;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import kv.testing.LogCapture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What connections run on. */
class ConnectionThreadsTest {
  private static final int JDK = Runtime.version().feature();
  private static final int FIRST = ConnectionThreads.FIRST_JDK_FOR_VIRTUAL;
  private static final Config CONFIG =
      Config.defaults().with("server.port", "0").with("supervisor.max-restarts", "1000");

  /** By reflection: the code is compiled for JDK 17, where no thread is. */
  private static boolean isVirtual(Thread thread) throws ReflectiveOperationException {
    if (JDK < 21) return false;
    return (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
  }

  private static TestClient client(Node node) throws Exception {
    return new TestClient(node.serverPort().getAsInt());
  }

  /** The thread that has served the only client there was: what it owns, it closes itself. */
  private static Thread threadOfAConnection(Node node) throws Exception {
    List<Thread> seen = new CopyOnWriteArrayList<>();
    Proc connection;
    try (TestClient client = client(node)) {
      assertThat(client.ask("CREATE shopping")).isEqualTo("OK");
      Supervisor pool = node.serverTree().orElseThrow().pool().get();
      connection = pool.whichChildren().get(0).proc().orElseThrow();
      connection.owns(() -> seen.add(Thread.currentThread()));
    }
    assertThat(connection.awaitExit()).isEqualTo(ExitReason.NORMAL);
    assertThat(seen).hasSize(1);
    assertThat(seen.get(0).getName()).startsWith("connection 127.0.0.1:");
    return seen.get(0);
  }

  @Nested
  class TheKey {
    @Test
    void isPlatformUnlessSetOtherwise() {
      assertThat(Config.defaults().threads()).isEqualTo(ConnectionThreads.PLATFORM);
      assertThat(CONFIG.with("server.threads", "virtual").threads())
          .isEqualTo(ConnectionThreads.VIRTUAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Virtual", "PLATFORM", "both", "1", "true", "green"})
    void isRefusedIfItIsNeither(String value) {
      assertThatThrownBy(() -> Config.defaults().with("server.threads", value))
          .isInstanceOf(ConfigException.class)
          .hasMessage(
              "argument 'server.threads=%s': server.threads is '%s'; use platform or virtual",
              value, value);
    }

    @Test
    void isRefusedWhereTheJdkIsTooOldForVirtualThreads() {
      assumeTrue(JDK < FIRST, "this JDK has virtual threads");
      assertThatThrownBy(() -> Node.start(CONFIG.with("server.threads", "virtual")))
          .isInstanceOf(ConfigException.class)
          .hasMessage(
              "argument 'server.threads=virtual': server.threads is 'virtual', which needs JDK 24"
                  + " or newer, and this is JDK " + JDK
                  + "; use 'platform', or start the node with a newer one");
    }

    @Test
    void isInTheHelp() {
      assertThat(Config.help())
          .contains(
              "  server.threads=platform\n      what connections run on; virtual, for many idle"
                  + " ones, needs JDK 24:\n      platform or virtual\n");
    }
  }

  @Nested
  class PlatformThreads {
    @Test
    void serveClientsUnlessSetOtherwise() throws Exception {
      try (Node node = Node.start(CONFIG)) {
        assertThat(isVirtual(threadOfAConnection(node))).isFalse();
      }
    }
  }

  @Nested
  class VirtualThreads {
    private final Config config = CONFIG.with("server.threads", "virtual");

    @BeforeEach
    void assumeThereAreSome() {
      assumeTrue(JDK >= FIRST, "this JDK has no virtual threads");
    }

    @Test
    void serveClients() throws Exception {
      try (Node node = Node.start(config)) {
        assertThat(isVirtual(threadOfAConnection(node))).isTrue();
        try (TestClient client = client(node);
            TestClient other = client(node)) {
          assertThat(client.ask("PUT shopping milk 1")).isEqualTo("OK");
          assertThat(other.get("shopping", "milk")).isEqualTo("1");
          assertThat(Resp.ask(other, "GET", "shopping", "milk")).isEqualTo("$1\r\n1\r\n");
        }
      }
    }

    @Test
    void areStoppedInOrderBehindTheLastReply() throws Exception {
      Node node = Node.start(config);
      try (TestClient idle = client(node);
          TestClient client = client(node)) {
        idle.ask("PING");
        assertThat(client.ask("CREATE shopping")).isEqualTo("OK");
        node.close();
        assertThat(node.awaitExit()).isEqualTo(ExitReason.NORMAL);
        assertThat(client.rest()).isEmpty();
        assertThat(idle.rest()).isEmpty();
      }
    }

    @Test
    void endWithAKillWhileTheyWaitForTheirClientAndOthersAreServed(LogCapture log)
        throws Exception {
      log.allow("reason=killed");
      try (Node node = Node.start(config.with("server.drills", "true"));
          TestClient victim = client(node);
          TestClient client = client(node)) {
        victim.ask("CREATE shopping");
        String id = "server/pool/" + victim.address();
        assertThat(client.ask("KILL " + id)).isEqualTo("OK");
        assertThat(victim.rest()).isEmpty();
        assertThat(client.listing("TREE")).noneMatch(line -> line.contains(victim.address()));
        assertThat(client.ask("PUT shopping milk 1")).isEqualTo("OK");
        try (TestClient again = client(node)) {
          assertThat(again.get("shopping", "milk")).isEqualTo("1");
        }
      }
    }

    @Test
    void comeBackWithTheWholeServer(LogCapture log) throws Exception {
      log.allow("server|pool|connection");
      try (Node node = Node.start(config)) {
        try (TestClient victim = client(node)) {
          victim.ask("CREATE shopping");
          node.serverTree().orElseThrow().pool().get().proc().kill();
          assertThat(victim.rest()).isEmpty();
        }
        try (TestClient client = client(node)) {
          assertThat(client.ask("PUT shopping milk 1")).isEqualTo("OK");
        }
      }
    }
  }
}
