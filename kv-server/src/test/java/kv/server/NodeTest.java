package kv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import kv.config.ConfigException;
import kv.otp.ChildInfo;
import kv.otp.ExitReason;
import kv.otp.Proc;
import kv.otp.StartException;
import kv.otp.Supervisor;
import kv.server.testing.TestClient;
import kv.store.Bytes;
import kv.testing.LogCapture;
import kv.testing.Supervisors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node as a whole: its three deployments, its start, its tree and its end. */
class NodeTest {
  private static final Config CONFIG = Config.defaults().with("server.port", "0");

  @TempDir Path folder;

  private Config routed(Config config, String table) throws Exception {
    Path file = Files.writeString(folder.resolve("routing.properties"), table, US_ASCII);
    return config.with("router.table", file.toString());
  }

  private static TestClient client(Node node) throws Exception {
    return new TestClient(node.serverPort().getAsInt());
  }

  private static Proc part(Node node, String id) throws InterruptedException {
    return node.supervisor().whichChildren().stream()
        .filter(child -> child.id().equals(Optional.of(id)))
        .map(ChildInfo::proc)
        .findFirst()
        .orElseThrow()
        .orElseThrow();
  }

  @Nested
  class Deployments {
    @Test
    void serverAndStorageInOne() throws Exception {
      try (Node node = Node.start(CONFIG);
          TestClient client = client(node)) {
        assertThat(client.ask("CREATE shopping")).isEqualTo("OK");
        assertThat(node.storage().lookup(Bytes.of("shopping"))).isPresent();
        assertThat(node.routerPort()).isEmpty();
      }
    }

    @Test
    void storageOnlyHasNoPortForClients() throws Exception {
      Config config = CONFIG.with("server.port", "none").with("router.port", "0");
      try (Node node = Node.start(config)) {
        assertThat(node.serverPort()).isEmpty();
        assertThat(node.routerPort().getAsInt()).isPositive();
        node.storage().create(Bytes.of("shopping"));
      }
    }

    @Test
    void serverOnlyKeepsNothingItself() throws Exception {
      Config storing =
          CONFIG.with("node.name", "bar").with("server.port", "none").with("router.port", "0");
      try (Node bar = Node.start(storing)) {
        String table = "0x00-0xff=bar@127.0.0.1:" + bar.routerPort().getAsInt();
        try (Node foo = Node.start(routed(CONFIG.with("node.name", "foo"), table));
            TestClient client = client(foo)) {
          assertThat(client.ask("CREATE zoo")).isEqualTo("OK");
          assertThat(client.ask("PUT zoo lion 2")).isEqualTo("OK");
          assertThat(client.get("zoo", "lion")).isEqualTo("2");
          assertThat(foo.storage().lookup(Bytes.of("zoo"))).isEmpty();
          assertThat(bar.storage().lookup(Bytes.of("zoo"))).isPresent();
        }
      }
    }
  }

  @Nested
  class Start {
    @Test
    void failsIfThePortForClientsIsTakenAndLeavesNothingRunning(LogCapture log) throws Exception {
      log.allow("acceptor");
      try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        Config config = CONFIG.with("server.port", Integer.toString(taken.getLocalPort()));
        assertThatThrownBy(() -> Node.start(config))
            .isInstanceOf(StartException.class)
            .rootCause()
            .hasMessageContaining("in use");
      }
    }

    @Test
    void failsIfThePortForPeersIsTaken(LogCapture log) throws Exception {
      log.allow("peers");
      try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        Config config = CONFIG.with("router.port", Integer.toString(taken.getLocalPort()));
        assertThatThrownBy(() -> Node.start(config))
            .isInstanceOf(StartException.class)
            .rootCause()
            .hasMessageContaining("in use");
      }
    }

    @Test
    void refusesARoutingTableThatIsNotThere() {
      Config config = CONFIG.with("node.name", "foo").with("router.table", "nowhere.properties");
      assertThatThrownBy(() -> Node.start(config))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("nowhere.properties");
    }

    @Test
    void refusesARoutingTableWithoutANameOfItsOwn() throws Exception {
      Config config = routed(CONFIG, "a-m=foo@127.0.0.1:4050");
      assertThatThrownBy(() -> Node.start(config))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("set node.name");
    }
  }

  @Nested
  class Parts {
    @Test
    void startInOrderWithTheServerLast() throws Exception {
      try (Node node = Node.start(CONFIG)) {
        assertThat(node.supervisor().whichChildren())
            .extracting(child -> child.id().orElseThrow())
            .containsExactly("server", "router", "storage"); // the newest first
      }
    }

    @Test
    void aServerThatIsRestartedWholeIsBackOnTheSamePortWithAllData(LogCapture log)
        throws Exception {
      log.allow("server");
      try (Node node = Node.start(CONFIG)) {
        int port = node.serverPort().getAsInt();
        try (TestClient client = client(node)) {
          client.ask("CREATE shopping");
          client.ask("PUT shopping milk 1");
          part(node, "server").kill();
          node.supervisor().countChildren(); // answers when the restart is done
          assertThat(node.serverPort()).hasValue(port);
          assertThat(client.rest()).isEmpty();
        }
        try (TestClient client = client(node)) {
          assertThat(client.get("shopping", "milk")).isEqualTo("1");
        }
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"storage", "router", "server"})
    void areBackAtTheFirstAttemptHoweverOftenTheyAreKilled(String id, LogCapture log)
        throws Exception {
      log.allow("child=" + id + " event=child_terminated reason=killed");
      Config config = CONFIG.with("router.port", "0").with("supervisor.max-restarts", "1000");
      try (Node node = Node.start(config)) {
        for (int i = 0; i < 50; i++) {
          part(node, id).kill();
          node.supervisor().countChildren(); // answers when the restart is done
        }
        try (TestClient client = client(node)) {
          assertThat(client.ask("CREATE shopping")).isEqualTo("OK");
        }
      }
    }

    @Test
    void aStorageThatIsRestartedWholeIsEmptyAndServes(LogCapture log) throws Exception {
      log.allow("1 buckets have gone with their supervisor");
      log.allow("storage");
      try (Node node = Node.start(CONFIG);
          TestClient client = client(node)) {
        client.ask("CREATE shopping");
        part(node, "storage").kill();
        node.supervisor().countChildren(); // answers when the restart is done
        assertThat(client.ask("GET shopping milk")).isEqualTo("NOT FOUND");
        assertThat(client.ask("CREATE shopping")).isEqualTo("OK");
        assertThat(client.ask("PUT shopping milk 1")).isEqualTo("OK");
      }
    }
  }

  @Nested
  class Tree {
    @Test
    void hasOneIntensityInAllSupervisorsButThatOfDurableBuckets() throws Exception {
      Config config =
          CONFIG
              .with("node.name", "foo")
              .with("storage.folder", folder.resolve("data").toString())
              .with("router.port", "0")
              .with("supervisor.max-restarts", "7");
      try (Node node = Node.start(routed(config, "a-m=foo@127.0.0.1:1\nn-z=bar@127.0.0.1:2\n"))) {
        List<Supervisor> all = Supervisors.of(node.supervisor());
        assertThat(all)
            .extracting(each -> each.proc().name() + " " + each.flags().intensity())
            .containsExactlyInAnyOrder(
                "node 7",
                "storage 7",
                "log 7",
                "buckets " + Integer.MAX_VALUE,
                "router 7",
                "links 7",
                "server 7",
                "pool 7");
        assertThat(all)
            .extracting(each -> each.flags().reports())
            .containsOnly(node.supervisor().flags().reports());
      }
    }
  }

  @Nested
  class End {
    @Test
    void isNormalWhenItIsClosedAndTheDataGoes() throws Exception {
      Node node = Node.start(CONFIG);
      int port = node.serverPort().getAsInt();
      node.close();
      assertThat(node.awaitExit()).isEqualTo(ExitReason.NORMAL);
      assertThatThrownBy(() -> new TestClient(port)).isInstanceOf(ConnectException.class);
      node.close(); // and once more, for nothing
    }

    @Test
    void isAShutdownWhenItGivesUp(LogCapture log) throws Exception {
      log.allow("acceptor").allow("server").allow("node");
      try (Node node = Node.start(CONFIG.with("supervisor.max-restarts", "0"))) {
        node.serverTree().orElseThrow().acceptor().get().kill();
        assertThat(node.awaitExit()).isEqualTo(ExitReason.SHUTDOWN);
        assertThatThrownBy(() -> client(node)).isInstanceOf(ConnectException.class);
      }
    }

    @Test
    void stopsThePartsInReverseOrder() throws Exception {
      Node node = Node.start(CONFIG.with("router.port", "0"));
      List<String> ended = new CopyOnWriteArrayList<>();
      for (String id : List.of("storage", "router", "server"))
        part(node, id).owns(() -> ended.add(id)); // closed before its supervisor goes on
      node.close();
      assertThat(ended).containsExactly("server", "router", "storage");
    }
  }

  /** Supervisors of several nodes in one JVM never meet. */
  @Test
  void twoNodesInOneJvmKnowNothingOfEachOther() throws Exception {
    try (Node one = Node.start(CONFIG);
        Node other = Node.start(CONFIG);
        TestClient client = client(one)) {
      client.ask("CREATE shopping");
      assertThat(other.storage().lookup(Bytes.of("shopping"))).isEmpty();
      Supervisor root = other.supervisor();
      assertThat(root.proc()).isNotSameAs(one.supervisor().proc());
    }
  }
}
