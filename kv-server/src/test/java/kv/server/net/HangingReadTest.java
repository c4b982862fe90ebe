package kv.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import kv.figures.Traffic;
import kv.otp.ExitReason;
import kv.otp.Proc;
import kv.store.Storage;
import kv.testing.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A read that an end of the input does not end, as one of TLS that has to write in between. */
class HangingReadTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final long OVER = LIMIT.toNanos();
  private static final long CLOSED = OVER + Reaper.END_TIMEOUT.toNanos();

  private final HeldSocket client = new HeldSocket();
  private Storage storage;
  private Clients clients;
  private Traffic traffic;
  private Reaper reaper;
  private Proc connection;

  @BeforeEach
  void hang() throws Exception {
    storage = Storage.start();
    Session.Service service = Services.of(storage);
    traffic = service.traffic();
    clients = new Clients(service, 10, true);
    reaper = new Reaper(clients, LIMIT, Duration.ZERO, new ManualClock());
    client.hangInReads();
    connection = client.start(clients);
    client.awaitRead();
  }

  @AfterEach
  void stop() throws Exception {
    connection.kill();
    storage.close();
  }

  private long closed() {
    return traffic.total(Traffic.Event.IDLE_CONNECTIONS_CLOSED);
  }

  @Test
  void isEndedByACloseOfTheSocket() throws Exception {
    for (long time : new long[] {0, OVER, OVER, CLOSED}) reaper.look(time);
    assertThat(connection.awaitExit()).isEqualTo(ExitReason.NORMAL);
    assertThat(client.isInputShut()).isTrue();
    assertThat(clients.live()).isEmpty();
    assertThat(closed()).isEqualTo(1);
  }

  @Test
  void mayTakeAWhileToComeToItsEndByItself() {
    for (long time : new long[] {0, OVER, OVER, CLOSED - 1}) reaper.look(time);
    assertThat(client.isInputShut()).isTrue();
    assertThat(client.isClosed()).isFalse();
  }

  @Test
  void isNotCountedAsEndedWhileItHangs() {
    for (long time : new long[] {0, OVER, OVER, CLOSED - 1}) reaper.look(time);
    assertThat(closed()).isZero();
    assertThat(traffic.connections()).isEqualTo(1);
  }
}
