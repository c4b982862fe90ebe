package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import kv.otp.ChildInfo;
import kv.otp.Name;
import kv.otp.Proc;
import kv.otp.Supervisor;
import kv.server.testing.TestClient;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Parts are killed while clients are at work: what was acknowledged stays, and service goes on. */
class CrashTest {
  private static final int CLIENTS = 8;
  private static final int KILLS = 5;
  private static final int SOME = 50;

  private Node node;
  private ServerTree server;
  private NodeLoad load;

  @BeforeEach
  void start() throws Exception {
    node =
        Node.start(
            Config.defaults()
                .with("server.port", "0")
                .with("supervisor.max-restarts", "1000"));
    server = node.serverTree().orElseThrow();
    load = new NodeLoad(node, CLIENTS);
  }

  @AfterEach
  void stop() throws Exception {
    load.stop();
    node.close();
  }

  /** How a test gets hold of the present incarnation of what it kills. */
  private interface Part {
    Proc find() throws InterruptedException;
  }

  private void killRepeatedly(Part part) throws InterruptedException {
    AtomicReference<Proc> last = new AtomicReference<>();
    for (int i = 0; i < KILLS; i++) {
      load.awaitProgress(SOME);
      Proc victim = part.find();
      assertThat(victim).as("a new incarnation").isNotSameAs(last.getAndSet(victim));
      victim.kill();
      victim.awaitExit();
    }
    load.awaitProgress(SOME);
  }

  @Test
  void ofTheRegistryLosesNoAcknowledgedWriteAndCutsNobodyOff(LogCapture log) throws Exception {
    log.allow("registry");
    killRepeatedly(() -> node.storage().registry().await().proc());
    assertThat(load.lost()).isEmpty();
    assertThat(load.keysWritten()).isGreaterThan(CLIENTS);
    assertThat(load.cuts()).isZero();
    assertThat(load.refusals())
        .isSubsetOf("ERROR the registry is being restarted; try again", "NOT FOUND");
  }

  @Test
  void ofTheAcceptorLosesNoAcknowledgedWriteAndCutsNobodyOff(LogCapture log) throws Exception {
    log.allow("acceptor");
    int port = server.port();
    killRepeatedly(() -> server.acceptor().await());
    try (TestClient client = new TestClient(port)) {
      assertThat(client.ask("CREATE new")).isEqualTo("OK");
    }
    assertThat(load.lost()).isEmpty();
    assertThat(load.cuts()).isZero();
    assertThat(load.refusals()).isEmpty();
  }

  @Test
  void ofThePoolLosesNoAcknowledgedWriteAndTheNextConnectionsAreServed(LogCapture log)
      throws Exception {
    log.allow("pool");
    Proc acceptor = server.acceptor().get();
    Name<Supervisor> pool = server.pool();
    killRepeatedly(() -> pool.await().proc());
    assertThat(load.lost()).isEmpty();
    assertThat(load.cuts()).isGreaterThanOrEqualTo(CLIENTS * KILLS);
    assertThat(load.refusals()).isEmpty();
    assertThat(server.acceptor().get()).isSameAs(acceptor);
  }

  @Test
  void ofAConnectionLosesNoAcknowledgedWriteAndCutsOffNobodyElse(LogCapture log)
      throws Exception {
    log.allow("connection");
    killRepeatedly(
        () -> {
          List<ChildInfo> connections = server.pool().get().whichChildren();
          return connections.get(0).proc().orElseThrow();
        });
    assertThat(load.lost()).isEmpty();
    assertThat(load.cuts()).isEqualTo(KILLS);
    assertThat(load.refusals()).isEmpty();
  }

  @Test
  void ofTheEventManagerLosesNoAcknowledgedWriteAndNobodyNotices(LogCapture log)
      throws Exception {
    log.allow("events");
    killRepeatedly(() -> node.storage().events().await().proc());
    assertThat(load.lost()).isEmpty();
    assertThat(load.cuts()).isZero();
    assertThat(load.refusals()).isEmpty();
  }
}
