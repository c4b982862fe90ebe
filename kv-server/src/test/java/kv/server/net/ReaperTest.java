package kv.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import kv.figures.Traffic;
import kv.otp.ExitReason;
import kv.otp.Proc;
import kv.otp.Task;
import kv.server.testing.Resp;
import kv.store.Bytes;
import kv.store.Storage;
import kv.testing.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections whose clients send, or read, nothing for too long. The test says what time it is. */
class ReaperTest {
  private static final Duration OFF = Duration.ZERO;
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final long NANOS = LIMIT.toNanos();
  private static final long T = Long.MAX_VALUE - NANOS / 2; // it may overflow
  private static final String IDLE = "idle for 30000 ms (server.idle-timeout)\r\n";

  private final ManualClock clock = new ManualClock();
  private final HeldSocket client = new HeldSocket();
  private Storage storage;
  private Clients clients;
  private Traffic traffic;
  private Proc connection;

  @BeforeEach
  void start() throws Exception {
    storage = Storage.start();
    Session.Service service = Services.of(storage);
    traffic = service.traffic();
    clients = new Clients(service, 10, true);
    connection = client.start(clients);
    client.awaitRead();
  }

  @AfterEach
  void stop() throws Exception {
    connection.kill();
    storage.close();
  }

  private Reaper reaper(Duration idleTimeout, Duration writeTimeout) {
    return new Reaper(clients, idleTimeout, writeTimeout, clock);
  }

  private void assertLives() {
    assertThat(client.isInputShut()).isFalse();
    assertThat(client.isClosed()).isFalse();
    assertThat(connection.isAlive()).isTrue();
    assertThat(traffic.connections()).isEqualTo(1);
    assertThat(traffic.total(Traffic.Event.IDLE_CONNECTIONS_CLOSED)).isZero();
    assertThat(traffic.total(Traffic.Event.STUCK_CONNECTIONS_CLOSED)).isZero();
  }

  @Nested
  class OneThatSendsNothing {
    private Reaper reaper;

    @BeforeEach
    void limit() {
      reaper = reaper(LIMIT, OFF);
    }

    private void assertEndsWith(String written) throws Exception {
      assertThat(connection.awaitExit()).isEqualTo(ExitReason.NORMAL);
      assertThat(client.written()).isEqualTo(written);
      assertThat(client.isClosed()).isTrue();
      assertThat(traffic.total(Traffic.Event.IDLE_CONNECTIONS_CLOSED)).isEqualTo(1);
      assertThat(traffic.connections()).isZero();
      assertThat(clients.live()).isEmpty();
    }

    @Test
    void isToldSoAndClosedOnceItHasBeenSeenForTheLimit() throws Exception {
      reaper.look(T);
      reaper.look(T + NANOS - 1);
      assertLives();
      reaper.look(T + NANOS);
      assertEndsWith("ERROR " + IDLE);
    }

    @Test
    void isListedWithTheTimeForWhichItHasBeenSeen() throws Exception {
      reaper.look(T);
      reaper.look(T + 7_000_000_000L);
      client.send(Resp.array("CLIENT", "INFO"));
      client.awaitRead();
      assertThat(client.written()).contains(" idle=7 ");
      reaper.look(T + 8_000_000_000L);
      client.send(Resp.array("CLIENT", "INFO"));
      client.awaitRead();
      assertThat(client.written()).contains(" idle=0 ");
    }

    @Test
    void isEndedOnceHoweverOftenItIsSeen() throws Exception {
      reaper.look(T);
      for (int i = 0; i < 4; i++) reaper.look(T + NANOS);
      assertEndsWith("ERROR " + IDLE);
    }

    @Test
    void isToldNothingIfItsLastRequestWasResp() throws Exception {
      client.send("PING\r\n" + Resp.array("PING"));
      client.awaitRead();
      reaper.look(T);
      reaper.look(T + NANOS);
      assertEndsWith("PONG\r\n+PONG\r\n");
    }

    @Test
    void isToldNothingIfTheRequestThatItHasBegunIsResp() throws Exception {
      client.send("PING\r\n*");
      client.awaitRead();
      reaper.look(T);
      reaper.look(T + NANOS);
      assertEndsWith("PONG\r\n");
    }

    @Test
    void isToldIfItHasGoneBackToTheLineProtocol() throws Exception {
      client.send(Resp.array("PING") + "PI");
      client.awaitRead();
      reaper.look(T);
      reaper.look(T + NANOS);
      assertEndsWith("+PONG\r\nERROR " + IDLE);
    }

    @Test
    void isOnlyAnsweredInRespWhatComesAtTheLastMoment() throws Exception {
      client.sendAtTheLastMoment(Resp.array("PING"));
      reaper.look(T);
      reaper.look(T + NANOS);
      assertEndsWith("+PONG\r\n");
    }

    @Test
    void isAnsweredFirstWhatComesAtTheLastMoment() throws Exception {
      client.sendAtTheLastMoment("PING\r\nPING\r\n");
      reaper.look(T);
      reaper.look(T + NANOS);
      assertEndsWith("PONG\r\nPONG\r\nERROR " + IDLE);
    }

    @Test
    void mayQuitAtTheLastMoment() throws Exception {
      client.sendAtTheLastMoment("QUIT\r\n");
      reaper.look(T);
      reaper.look(T + NANOS);
      assertEndsWith("OK\r\n");
    }

    @Test
    void hasAllTheTimeAgainAfterEachRequest() throws Exception {
      reaper.look(T);
      for (int i = 1; i < 5; i++) {
        client.send("PING\r\n");
        client.awaitRead();
        reaper.look(T + i * NANOS);
        assertLives();
      }
      reaper.look(T + 5 * NANOS);
      assertEndsWith("PONG\r\n".repeat(4) + "ERROR " + IDLE);
    }

    @Test
    void isNotSavedByHalfARequestButByEveryByteOfOne() throws Exception {
      reaper.look(T);
      client.send("PI");
      client.awaitRead();
      reaper.look(T + NANOS);
      assertLives();
      reaper.look(T + 2 * NANOS);
      assertEndsWith("ERROR " + IDLE);
    }

    @Test
    void staysIfThereIsNoLimit() {
      Reaper other = reaper(OFF, LIMIT);
      for (int i = 0; i < 5; i++) other.look(T + i * NANOS);
      assertLives();
    }

    @Test
    void isNoBusinessOfTheLimitIfItIsTheNodeThatIsAtWork() throws Exception {
      client.holdWrites();
      client.send("PING\r\n");
      client.awaitWrite();
      for (int i = 0; i < 5; i++) reaper.look(T + i * NANOS);
      assertLives();
      client.letWrite();
      client.awaitRead();
      assertThat(client.written()).isEqualTo("PONG\r\n");
    }
  }

  @Nested
  class OneThatReadsNothing {
    private Reaper reaper;

    @BeforeEach
    void hold() {
      reaper = reaper(OFF, LIMIT);
      client.holdWrites();
    }

    @Test
    void isClosedWithoutAWordOnceItHasBeenSeenForTheLimit() throws Exception {
      client.send("PING\r\n");
      client.awaitWrite();
      reaper.look(T);
      reaper.look(T + NANOS - 1);
      assertLives();
      reaper.look(T + NANOS);
      assertThat(connection.awaitExit().toString())
          .isEqualTo("shutdown(none of a reply was read for 30000 ms (server.write-timeout))");
      assertThat(client.isClosed()).isTrue();
      assertThat(client.written()).isEmpty();
      assertThat(clients.live()).isEmpty();
      reaper.look(T + 2 * NANOS);
      assertThat(traffic.total(Traffic.Event.STUCK_CONNECTIONS_CLOSED)).isEqualTo(1);
    }

    @Test
    void isNoneOfThemWhileItReadsAPieceAtATime() throws Exception {
      byte[] value = new byte[200_000];
      storage.create(Bytes.of("b")).put(Bytes.of("k"), Bytes.of(value));
      client.send("GET b k\r\n");
      for (int piece = 0; piece < 3; piece++) {
        client.awaitWrite();
        reaper.look(T + piece * NANOS);
        assertLives();
        client.letWrite();
      }
      client.awaitWrite();
      assertThat(client.written().length())
          .isBetween(2 * PiecewiseOutput.PIECE_BYTES, 3 * PiecewiseOutput.PIECE_BYTES);
      reaper.look(T + 3 * NANOS);
      assertLives();
      reaper.look(T + 4 * NANOS);
      assertThat(connection.awaitExit().isClean()).isTrue();
      assertThat(traffic.total(Traffic.Event.STUCK_CONNECTIONS_CLOSED)).isEqualTo(1);
    }

    @Test
    void staysIfThereIsNoLimit() throws Exception {
      client.send("PING\r\n");
      client.awaitWrite();
      Reaper other = reaper(LIMIT, OFF);
      for (int i = 0; i < 5; i++) other.look(T + i * NANOS);
      assertLives();
    }

    @Test
    void isNoneOfThemWhileItIsAskedNothing() {
      for (int i = 0; i < 5; i++) reaper.look(T + i * NANOS);
      assertLives();
    }
  }

  @Nested
  class TheReaper {
    @ParameterizedTest
    @CsvSource({
      "PT0S, PT0S, PT1S", "PT0S, PT60S, PT1S", "PT4S, PT60S, PT1S", "PT2S, PT60S, PT0.5S",
      "PT0S, PT0.1S, PT0.025S", "PT30S, PT0.1S, PT0.025S", "PT0.002S, PT0S, PT0.001S",
      "PT0.001S, PT0.001S, PT0.001S"
    })
    void looksFourTimesWithinTheShortestLimitAndEachSecond(
        Duration idleTimeout, Duration writeTimeout, Duration interval) {
      assertThat(reaper(idleTimeout, writeTimeout).interval()).isEqualTo(interval);
    }

    @Test
    void looksAgainAndAgainAndStopsInOrder() throws Exception {
      Proc reaper = Task.start("reaper", reaper(Duration.ofSeconds(4), OFF));
      for (int second = 0; second < 5; second++) {
        clock.awaitParked();
        clock.advance(Duration.ofSeconds(1));
      }
      assertThat(connection.awaitExit()).isEqualTo(ExitReason.NORMAL);
      assertThat(client.written()).isEqualTo("ERROR idle for 4000 ms (server.idle-timeout)\r\n");
      assertThat(reaper.stop(ExitReason.SHUTDOWN)).isEqualTo(ExitReason.SHUTDOWN);
    }

    @Test
    void losesTheTimesAndNothingElseWhenItCrashes() throws Exception {
      reaper(LIMIT, OFF).look(T);
      Reaper next = reaper(LIMIT, OFF);
      next.look(T + NANOS);
      assertLives();
      next.look(T + 2 * NANOS);
      assertThat(connection.awaitExit()).isEqualTo(ExitReason.NORMAL);
    }

    @Test
    void remembersNobodyWhoIsGone() throws Exception {
      Reaper reaper = reaper(LIMIT, LIMIT);
      HeldSocket other = new HeldSocket();
      Proc otherConnection = other.start(clients);
      reaper.look(T);
      assertThat(reaper.remembered()).isEqualTo(2);
      other.send("QUIT\r\n");
      otherConnection.awaitExit();
      reaper.look(T);
      assertThat(reaper.remembered()).isEqualTo(1);
    }
  }
}
