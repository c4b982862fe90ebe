package kv.server.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import kv.otp.ChildInfo;
import kv.otp.ExitReason;
import kv.otp.Proc;
import kv.otp.Supervisor;
import kv.server.Config;
import kv.server.Node;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import kv.server.testing.Typed;
import kv.store.Bucket;
import kv.store.Bytes;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Drills: a part of the node is crashed by a client. */
class KillTest {
  private static final String NOT_FOUND = "-NOTFOUND there is nothing of that name\r\n";

  private Node node;
  private TestClient client;

  @BeforeEach
  void start() throws Exception {
    node = node("true");
    client = client();
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    node.close();
  }

  private static Node node(String drills) throws Exception {
    return Node.start(
        Config.defaults()
            .with("server.port", "0")
            .with("router.port", "0")
            .with("server.drills", drills));
  }

  private TestClient client() throws Exception {
    return new TestClient(node.serverPort().getAsInt());
  }

  private static List<String> tree(TestClient client) throws Exception {
    return client.listing("TREE").stream()
        .map(line -> line.strip().replaceAll(" +", " "))
        .toList();
  }

  /** The path of the connection of a client that is the only one. */
  private static String own(TestClient client) throws Exception {
    return tree(client).stream()
        .map(line -> line.split(" ")[0])
        .filter(path -> path.startsWith("server/pool/"))
        .findFirst()
        .orElseThrow();
  }

  private static ChildInfo child(Supervisor supervisor, String id) throws InterruptedException {
    return supervisor.whichChildren().stream()
        .filter(child -> child.id().equals(Optional.of(id)))
        .findFirst()
        .orElseThrow();
  }

  /** Who restarts what has this path. */
  private Supervisor above(String path) throws InterruptedException {
    int slash = path.indexOf('/');
    if (slash < 0) return node.supervisor();
    return (Supervisor)
        child(node.supervisor(), path.substring(0, slash)).info().orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "storage", "storage/events", "storage/buckets", "storage/registry", "storage/sweeper",
        "router", "router/peers", "server", "server/pool", "server/reaper", "server/acceptor"})
  void aStaticPartComesBackInItsPlaceWithItsRestartCounted(String path, LogCapture log)
      throws Exception {
    String id = path.substring(path.indexOf('/') + 1);
    log.allow("child=" + id + " event=child_terminated reason=killed");
    log.allow("1 buckets have gone with their supervisor");
    Supervisor supervisor = above(path);
    Proc former = child(supervisor, id).proc().orElseThrow();
    assertThat(client.ask("KILL " + path)).isEqualTo("OK");
    assertThat(former.awaitExit()).isEqualTo(ExitReason.KILLED);
    assertThat(child(supervisor, id).proc().orElseThrow()).isNotSameAs(former);
    try (TestClient next = client()) {
      assertThat(tree(next)).filteredOn(line -> line.endsWith(" 1 restart"))
          .singleElement().asString().startsWith(path + " ").contains(" running ");
      assertThat(next.ask("CREATE shopping")).isEqualTo("OK");
      assertThat(next.listing("INFO")).contains("restarts 1");
    }
  }

  @Test
  void restartsAddUp(LogCapture log) throws Exception {
    log.allow("child=registry event=child_terminated reason=killed");
    for (int i = 0; i < 3; i++) {
      Proc former = node.storage().registry().await().proc();
      client.ask("KILL storage/registry");
      former.awaitExit();
      node.storage().supervisor().countChildren(); // answers when the restart is done
    }
    assertThat(tree(client)).contains("storage/registry worker running 3 restarts");
  }

  @Test
  void restartsStayCountedWhenTheirSupervisorIsRestarted(LogCapture log) throws Exception {
    log.allow("child=(registry|storage) event=child_terminated reason=killed");
    for (String path : List.of("storage/registry", "storage", "storage", "storage/registry")) {
      Supervisor supervisor = above(path);
      Proc former = child(supervisor, path.substring(path.indexOf('/') + 1)).proc().orElseThrow();
      client.ask("KILL " + path);
      former.awaitExit();
      supervisor.countChildren(); // answers when the restart is done
      client.listing("INFO");
    }
    assertThat(client.listing("INFO")).contains("restarts 4");
  }

  @Nested
  class OfABucket {
    @ParameterizedTest
    @ValueSource(strings = {"shopping", "\"two litres\"", "a/b", "\"\\r\\n\"", "caf\u00e9", "a\"b"})
    void isItsEndUnderThePathThatTreePrints(String name, LogCapture log) throws Exception {
      log.allow("child=bucket .* event=child_terminated_for_good reason=killed");
      client.ask("CREATE other");
      client.ask("CREATE " + name);
      String path = client.listing("TREE").get(4).replaceAll(" +worker.*", "").strip();
      assertThat(client.ask("KILL " + path)).isEqualTo("OK");
      assertThat(client.ask("GET " + name + " milk")).isEqualTo("NOT FOUND");
      assertThat(tree(client)).filteredOn(line -> line.contains("/buckets/")).hasSize(1);
      assertThat(client.ask("KILL " + path)).isEqualTo("NOT FOUND");
      assertThat(client.ask("CREATE " + name)).isEqualTo("OK");
    }

    @Test
    void isAskedForInRespByThePathAsItIs(LogCapture log) throws Exception {
      log.allow("child=bucket .* event=child_terminated_for_good reason=killed");
      Bucket bucket = node.storage().create(Bytes.of("two litres"));
      assertThat(Resp.ask(client, "KILL", "storage/buckets/two litres")).isEqualTo("+OK\r\n");
      assertThat(bucket.proc().awaitExit()).isEqualTo(ExitReason.KILLED);
    }
  }

  @Nested
  class OfAConnection {
    @Test
    void ofOnesOwnIsOkAndThenTheEnd(LogCapture log) throws Exception {
      log.allow("child=connection .* event=child_terminated_for_good reason=killed");
      assertThat(client.send("KILL " + own(client) + "\r\nCREATE after\r\n").rest())
          .isEqualTo("OK\r\n");
      try (TestClient next = client()) {
        assertThat(next.ask("GET after k")).isEqualTo("NOT FOUND");
      }
    }

    @Test
    void cutsOffNobodyElse(LogCapture log) throws Exception {
      log.allow("child=connection .* event=child_terminated_for_good reason=killed");
      String path = own(client);
      try (TestClient other = client()) {
        assertThat(Resp.ask(other, "KILL", path)).isEqualTo("+OK\r\n");
        assertThat(client.rest()).isEmpty();
        assertThat(other.ask("PING")).isEqualTo("PONG");
      }
    }
  }

  @Nested
  class NotFound {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "\"\"", "node", "Storage", "storage/", "/storage", "storage/event", "events",
          "storage/events/", "storage/events/x", "storage/buckets/none", "storage//events",
          "server/pool/127.0.0.1:1", "...", "storage/buckets/shoppin", "storage/buckets/shopping/x",
          "router/peers/storage", "\"storage \""})
    void isTheAnswerForAnyOtherPath(String path) throws Exception {
      client.ask("CREATE shopping");
      List<String> before = tree(client);
      assertThat(client.ask("KILL " + path)).isEqualTo("NOT FOUND");
      assertThat(Resp.ask(client, "KILL", Typed.meaning(path))).isEqualTo(NOT_FOUND);
      assertThat(tree(client)).isEqualTo(before);
    }

    @Test
    void isTheAnswerForAPartThatWasStopped() throws Exception {
      node.storage().supervisor().terminateChild("events");
      assertThat(client.ask("KILL storage/events")).isEqualTo("NOT FOUND");
    }
  }

  @Nested
  class WithoutDrills {
    @ParameterizedTest
    @ValueSource(strings = {"storage", "server/pool", "storage/buckets/shopping", "none", "\"\""})
    void isRefusedWithTheRemedy(String path) throws Exception {
      String refusal = "drills are off; start the node with server.drills=true";
      try (Node safe = node("false");
          TestClient other = new TestClient(safe.serverPort().getAsInt())) {
        other.ask("CREATE shopping");
        List<String> before = tree(other);
        assertThat(other.ask("KILL " + path)).isEqualTo("ERROR " + refusal);
        assertThat(Resp.ask(other, "KILL", Typed.meaning(path)))
            .isEqualTo("-ERR " + refusal + "\r\n");
        assertThat(tree(other)).isEqualTo(before);
      }
    }
  }
}
