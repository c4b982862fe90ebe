package kv.server.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import kv.figures.Traffic;
import kv.memory.Memory;
import kv.otp.ExitReason;
import kv.otp.Proc;
import kv.server.redis.RedisClient;
import kv.server.testing.Resp;
import kv.server.verbs.StopSign;
import kv.server.wire.Written;
import kv.store.Storage;
import kv.testing.ManualClock;
import kv.user.Derivation;
import kv.user.FliesBy;
import kv.user.KnownUsers;
import kv.user.Logins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients of a node with users that do not say who they are. The test says what time it is. */
class LoginTimeoutTest {
  private static final long NANOS = Reaper.LOGIN_TIMEOUT.toNanos();
  private static final long T = Long.MAX_VALUE - NANOS / 2; // it may overflow
  private static final String LATE =
      "not logged in within 30 s; AUTH name password comes first\r\n";

  @TempDir Path folder;
  private final HeldSocket client = new HeldSocket();
  private Storage storage;
  private Clients clients;
  private Traffic traffic;
  private Reaper reaper;

  @BeforeEach
  void start() throws Exception {
    storage = Storage.start();
    Path file = KnownUsers.write(folder, "alice admin secret");
    start(Logins.of(file, Derivation.PBKDF2, new FliesBy()));
  }

  private void start(Logins logins) {
    Session.Service service = Services.of(storage, Memory.unlimited(), logins);
    traffic = service.traffic();
    clients = new Clients(service, 10, true);
    reaper = new Reaper(clients, Duration.ZERO, Duration.ZERO, new ManualClock());
  }

  @AfterEach
  void stop() {
    storage.close();
  }

  /** Each is read, and dealt with, by itself. */
  private void send(String... texts) throws Exception {
    for (String text : texts) {
      client.send(text);
      client.awaitRead();
    }
  }

  private Proc connect() throws Exception {
    Proc connection = client.start(clients);
    client.awaitRead();
    return connection;
  }

  private void assertLives(Proc connection) throws Exception {
    send("PING\r\n");
    assertThat(client.written()).endsWith("PONG\r\n");
    assertThat(traffic.total(Traffic.Event.ANONYMOUS_CONNECTIONS_CLOSED)).isZero();
    client.send("QUIT\r\n");
    assertThat(connection.awaitExit()).isEqualTo(ExitReason.NORMAL);
  }

  private void assertIsClosed(Proc connection, String written) throws Exception {
    assertThat(connection.awaitExit()).isEqualTo(ExitReason.NORMAL);
    assertThat(client.written()).isEqualTo(written);
    assertThat(client.isClosed()).isTrue();
    assertThat(traffic.total(Traffic.Event.ANONYMOUS_CONNECTIONS_CLOSED)).isEqualTo(1);
    assertThat(traffic.total(Traffic.Event.IDLE_CONNECTIONS_CLOSED)).isZero();
    assertThat(clients.live()).isEmpty();
  }

  @Test
  void oneThatSendsNothingIsToldSoAndClosed() throws Exception {
    Proc connection = connect();
    reaper.look(T);
    reaper.look(T + NANOS);
    assertIsClosed(connection, "ERROR " + LATE);
  }

  @Test
  void oneThatSendsAllTheTimeIsNoBetter() throws Exception {
    Proc connection = connect();
    for (int i = 0; i < 4; i++) {
      reaper.look(T + i * (NANOS / 4));
      send("P", "ING\r\n");
    }
    reaper.look(T + NANOS);
    assertIsClosed(connection, "PONG\r\n".repeat(4) + "ERROR " + LATE);
  }

  @Test
  void oneThatMerelyFailedToLogInIsNoBetter() throws Exception {
    Proc connection = connect();
    send("AUTH alice wrong\r\n");
    reaper.look(T);
    reaper.look(T + NANOS);
    assertIsClosed(connection, "ERROR wrong name or password\r\nERROR " + LATE);
  }

  @Test
  void oneThatSpeaksRespIsToldNothingThatItHasNotAskedFor() throws Exception {
    Proc connection = connect();
    send(Resp.array("PING"));
    reaper.look(T);
    reaper.look(T + NANOS);
    assertIsClosed(connection, "+PONG\r\n");
  }

  @Test
  void oneThatHasHadItsLoginForgottenHasAllTheTimeAgain() throws Exception {
    Proc connection = connect();
    send(Resp.array("AUTH", "alice", "secret"));
    reaper.look(T);
    reaper.look(T + NANOS);
    send(Resp.array("RESET"));
    reaper.look(T + 2 * NANOS - 1);
    assertThat(traffic.total(Traffic.Event.ANONYMOUS_CONNECTIONS_CLOSED)).isZero();
    reaper.look(T + 2 * NANOS);
    assertIsClosed(connection, "+OK\r\n+RESET\r\n");
  }

  @Test
  void oneThatReadsRepliesAllTheTimeIsClosedWithoutAWord() throws Exception {
    Proc connection = connect();
    reaper.look(T);
    client.holdWrites();
    client.send("HELP\r\n".repeat(80));
    for (int i = 1; i < 4; i++) {
      client.awaitWrite();
      reaper.look(T + i * (NANOS / 4));
      client.letWrite();
    }
    client.awaitWrite();
    reaper.look(T + NANOS);
    assertThat(connection.awaitExit().toString())
        .isEqualTo("shutdown(not logged in within 30 s; AUTH name password comes first)");
    assertThat(client.isClosed()).isTrue();
    assertThat(traffic.total(Traffic.Event.ANONYMOUS_CONNECTIONS_CLOSED)).isEqualTo(1);
    assertThat(traffic.total(Traffic.Event.STUCK_CONNECTIONS_CLOSED)).isZero();
  }

  @Test
  void oneThatHasNotLoggedInHasNoMoreOfItsRepliesKeptThanIsFree() throws Exception {
    Memory memory = Memory.of(1_000_000);
    Logins logins = Logins.of(KnownUsers.write(folder, "alice admin secret"));
    Session.Service service = Services.of(storage, memory, logins);
    Written written = new Written(memory);
    StopSign stop = new StopSign();
    RedisClient client = Services.client(service, stop);
    Session session =
        new Session(
            service, Proc.passive("connection"), written, stop, client, isResp -> {});
    byte[] requests = "HELP\r\n".repeat(1000).getBytes(US_ASCII);
    InputStream in = new ByteArrayInputStream(requests);
    while (session.read(in)) assertThat(session.serve()).isTrue();
    assertThat(written.sizes()).hasSizeGreaterThan(100).allMatch(bytes -> bytes <= 8 * 1024);
    assertThat(written.heldMost()).isZero();
    session.close();
  }

  @Test
  void oneWithTimeLeftMayStay() throws Exception {
    Proc connection = connect();
    reaper.look(T);
    reaper.look(T + NANOS - 1);
    assertLives(connection);
  }

  @Test
  void oneThatHasLoggedInMayStay() throws Exception {
    Proc connection = connect();
    reaper.look(T);
    send("AUTH alice secret\r\n", "AUTH alice wrong\r\n");
    for (int i = 1; i < 5; i++) reaper.look(T + i * NANOS);
    assertLives(connection);
  }

  @Test
  void everybodyMayStayWhereThereAreNoUsers() throws Exception {
    start(Logins.ofEverybody());
    Proc connection = connect();
    for (int i = 0; i < 5; i++) reaper.look(T + i * NANOS);
    assertLives(connection);
  }
}
