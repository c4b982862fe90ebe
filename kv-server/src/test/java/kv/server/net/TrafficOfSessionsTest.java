package kv.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import kv.figures.Traffic;
import kv.memory.Memory;
import kv.otp.Proc;
import kv.otp.Task;
import kv.server.testing.Resp;
import kv.server.testing.ScriptedSocket;
import kv.store.Bytes;
import kv.store.Storage;
import kv.testing.ManualClock;
import kv.user.Derivation;
import kv.user.KnownUsers;
import kv.user.Logins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node counts and measures of all that its clients send: each request once. */
class TrafficOfSessionsTest {
  private Storage storage;
  private Session.Service service;
  private Traffic traffic;

  @BeforeEach
  void start() throws Exception {
    storage = Storage.start();
    storage.create(Bytes.of("b"));
    use(Services.of(storage));
  }

  private void use(Session.Service service) {
    this.service = service;
    traffic = service.traffic();
  }

  @AfterEach
  void stop() {
    storage.close();
  }

  private void send(String requests) throws Exception {
    try (ScriptedSocket socket = new ScriptedSocket(requests, () -> {})) {
      serve(socket);
    }
  }

  private void serve(ScriptedSocket socket) throws Exception {
    new Clients(service, 1, true).admit(socket).run(Proc.passive("connection"));
  }

  @AfterEach
  void hasTheSameSumEverywhere() {
    long sum = traffic.verbs().values().stream().mapToLong(Long::longValue).sum();
    assertThat(sum).isEqualTo(traffic.commands());
    assertThat(traffic.latency().snapshot().total()).isEqualTo(sum);
  }

  @Nested
  class ARequestCounts {
    @Test
    void underItsVerbInBothFramings() throws Exception {
      send("PUT b k v\r\nGET b k\r\nGET b k\r\nPING\r\n");
      send(Resp.array("PUT", "b", "k", "w") + Resp.array("pInG"));
      assertThat(traffic.verbs())
          .containsOnly(entry("PUT", 2L), entry("GET", 2L), entry("PING", 2L));
    }

    @Test
    void underTheVerbOfRedisAndOurOwnOfThatName() throws Exception {
      send(Resp.array("get", "k") + Resp.array("GET", "b", "k") + Resp.array("set", "k", "v"));
      assertThat(traffic.verbs()).containsOnly(entry("GET", 2L), entry("SET", 1L));
    }

    @Test
    void underBothVerbsIfOneIsBelowTheOther() throws Exception {
      send(Resp.array("client", "list") + Resp.array("CONFIG", "GET", "x") + Resp.array("COMMAND"));
      assertThat(traffic.verbs())
          .containsOnly(entry("CLIENT|LIST", 1L), entry("CONFIG|GET", 1L), entry("COMMAND", 1L));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "WHAT b k\r\n", "put b k v\r\n", "GET b\r\n", "PUT b k \"v\r\n", "*1\r\n$4\r\nWHAT\r\n",
          "*1\r\n$3\r\nGET\r\n", "*1\r\n:1\r\n", "*2\r\n$6\r\nCLIENT\r\n$4\r\nWHAT\r\n",
          "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
        })
    void asUnknownIfItIsNoCommand(String request) throws Exception {
      send(request);
      assertThat(traffic.verbs()).containsOnly(entry("(unknown)", 1L));
    }

    @Test
    void ifItIsRefusedForItsLength() throws Exception {
      send("PUT b k " + "v".repeat(2_000_000) + "\r\n");
      assertThat(traffic.verbs()).containsOnly(entry("(unknown)", 1L));
    }

    @Test
    void ifItIsRefusedBecauseOfWhoAsks(@TempDir Path folder) throws Exception {
      Path users = KnownUsers.write(folder, "alice admin secret");
      use(Services.of(storage, Memory.unlimited(), Logins.of(users)));
      send("PUT b k v\r\nWHAT\r\n");
      assertThat(traffic.verbs()).containsOnly(entry("PUT", 1L), entry("(unknown)", 1L));
    }

    @Test
    void ifItIsTheLastOfItsConnection() throws Exception {
      send("PUT b k v\r\nQUIT\r\nGET b k\r\n");
      assertThat(traffic.verbs()).containsOnly(entry("PUT", 1L), entry("QUIT", 1L));
    }

    @Test
    void notIfItIsEmptyInRespOrNotWhole() throws Exception {
      send("*0\r\n" + "PUT b k");
      assertThat(traffic.verbs()).isEmpty();
    }
  }

  @Test
  void theTimeOfABatchEndsWhenItsRepliesAreWritten() throws Exception {
    List<Long> whenFirstWritten = new ArrayList<>();
    String batch = "PUT b k v\r\n".repeat(20);
    try (ScriptedSocket socket =
        new ScriptedSocket(
            batch, () -> whenFirstWritten.add(traffic.latency().snapshot().total()))) {
      serve(socket);
    }
    assertThat(whenFirstWritten).containsExactly(0L);
    assertThat(traffic.latency().snapshot().total()).isEqualTo(20);
    assertThat(traffic.latency().snapshot().seconds()).isPositive();
  }

  @Test
  void theTimeOfALoginThatFailsEndsBeforeItsClientIsMadeToWait(@TempDir Path folder)
      throws Exception {
    Path users = KnownUsers.write(folder, "alice admin secret");
    ManualClock clock = new ManualClock();
    use(Services.of(storage, Memory.unlimited(), Logins.of(users, Derivation.PBKDF2, clock)));
    try (ScriptedSocket socket = new ScriptedSocket("AUTH alice wrong\r\n", () -> {})) {
      Connection connection = new Clients(service, 1, true).admit(socket);
      Proc client = Task.start("connection", connection);
      clock.awaitParked();
      assertThat(traffic.latency().snapshot().total()).isEqualTo(1);
      clock.advance(Duration.ofHours(1));
      client.awaitExit();
    }
  }
}
