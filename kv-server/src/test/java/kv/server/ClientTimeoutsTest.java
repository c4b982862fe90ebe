package kv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import kv.figures.Traffic;
import kv.otp.ChildInfo;
import kv.otp.Proc;
import kv.server.net.Clients;
import kv.server.net.ConnectionThreads;
import kv.server.testing.TestClient;
import kv.store.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients on real sockets that send, or read, nothing for longer than they may. */
class ClientTimeoutsTest {
  private Node node;

  private void start(ConnectionThreads threads, String key, String value) throws Exception {
    if (threads == ConnectionThreads.VIRTUAL)
      assumeTrue(
          Runtime.version().feature() >= ConnectionThreads.FIRST_JDK_FOR_VIRTUAL,
          "this JDK has no virtual threads");
    node =
        Node.start(
            Config.defaults()
                .with("server.port", "0")
                .with("server.threads", threads.name().toLowerCase(Locale.ROOT))
                .with(key, value));
  }

  @AfterEach
  void stop() {
    if (node != null) node.close();
  }

  private TestClient client() throws Exception {
    return new TestClient(node.serverPort().getAsInt());
  }

  @ParameterizedTest
  @EnumSource
  void oneThatSendsNothingIsToldSoAndClosed(ConnectionThreads threads) throws Exception {
    start(threads, "server.idle-timeout", "40ms");
    try (TestClient one = client();
        TestClient other = client()) {
      assertThat(one.rest()).isEqualTo("ERROR idle for 40 ms (server.idle-timeout)\r\n");
      assertThat(other.rest()).isEqualTo("ERROR idle for 40 ms (server.idle-timeout)\r\n");
    }
    assertThat(traffic().total(Traffic.Event.IDLE_CONNECTIONS_CLOSED)).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void oneThatReadsNothingIsReadNoFurtherAndClosedInTheEnd(ConnectionThreads threads)
      throws Exception {
    start(threads, "server.write-timeout", "200ms");
    node.storage().create(Bytes.of("b")).put(Bytes.of("k"), Bytes.of("v".repeat(60_000)));
    try (TestClient reader = client();
        TestClient client = client()) {
      assertThat(client.ask("PING")).isEqualTo("PONG"); // so it is the newest
      Proc connection = connections().get(0).proc().orElseThrow();
      sendUntilItIsClosed(client);
      assertThat(connection.awaitExit().toString())
          .isEqualTo("shutdown(none of a reply was read for 200 ms (server.write-timeout))");
      assertThat(reader.ask("PING")).isEqualTo("PONG");
    }
    assertThat(traffic().total(Traffic.Event.STUCK_CONNECTIONS_CLOSED)).isEqualTo(1);
  }

  private static void sendUntilItIsClosed(TestClient client) {
    String some = "GET b k\r\n".repeat(100);
    try {
      while (true) client.send(some);
    } catch (IOException e) {
      return; // it was
    }
  }

  private List<ChildInfo> connections() throws InterruptedException {
    return node.serverTree().orElseThrow().pool().get().whichChildren();
  }

  private Traffic traffic() {
    return node.serverTree().orElseThrow().traffic();
  }
}
