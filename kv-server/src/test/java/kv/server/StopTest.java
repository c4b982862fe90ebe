package kv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import kv.otp.Proc;
import kv.server.testing.RawHttp;
import kv.server.testing.Road;
import kv.server.testing.TestClient;
import kv.store.Bytes;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that is stopped while a request, sent on to a peer, is waiting for its answer. */
class StopTest {
  @TempDir Path folder;
  private Road road;
  private Node peer;

  @BeforeEach
  void startPeer() throws Exception {
    road = new Road();
    peer =
        Node.start(
            Config.defaults()
                .with("node.name", "bar")
                .with("server.port", "none")
                .with("router.port", "0"));
  }

  @AfterEach
  void stopPeer() throws Exception {
    road.close();
    peer.close();
  }

  private Node node(String stopTimeout) throws Exception {
    Path table = folder.resolve("routing.properties");
    String text = "n-z=bar@127.0.0.1:" + road.port() + "\na-m=foo@127.0.0.1:1";
    Files.writeString(table, text, US_ASCII);
    return Node.start(
        Config.defaults()
            .with("node.name", "foo")
            .with("server.port", "0")
            .with("observer.port", "0")
            .with("server.stop-timeout", stopTimeout)
            .with("router.connect-timeout", "30s") // the handshake waits on the road
            .with("router.call-timeout", "4s") // less than a link has to stop
            .with("router.table", table.toString()));
  }

  private static TestClient client(Node node) throws Exception {
    return new TestClient(node.serverPort().getAsInt());
  }

  @Test
  void refusesNewClientsAndLetsTheRequestInFlightFinish() throws Exception {
    Node node = node("30s");
    try (TestClient client = client(node)) {
      Proc acceptor = node.serverTree().orElseThrow().acceptor().get();
      client.send("CREATE a\r\nCREATE zoo\r\nPUT zoo lion 1\r\n");
      road.awaitTaken();
      Thread stop = new Thread(node::close, "stop");
      stop.start();
      acceptor.awaitExit();
      assertThatThrownBy(() -> client(node)).isInstanceOf(ConnectException.class);
      road.leadTo(peer.routerPort().getAsInt());
      assertThat(client.rest()).isEqualTo("OK\r\nOK\r\nOK\r\n");
      stop.join();
      assertThat(peer.storage().lookup(Bytes.of("zoo")).orElseThrow().get(Bytes.of("lion")))
          .hasValue(Bytes.of("1"));
    }
  }

  @Test
  void tellsWhoeverWatchesOverItThatItIsNotReadyAnyMore() throws Exception {
    Node node = node("30s");
    int observer = node.observerPort().getAsInt();
    try (TestClient client = client(node)) {
      Proc acceptor = node.serverTree().orElseThrow().acceptor().get();
      client.send("CREATE zoo\r\n");
      road.awaitTaken();
      assertThat(RawHttp.get(observer, "/health/ready").body()).isEqualTo("ready\n");
      Thread stop = new Thread(node::close, "stop");
      stop.start();
      acceptor.awaitExit();
      RawHttp.Answer answer = RawHttp.get(observer, "/health/ready");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).isEqualTo("the node is stopping\n");
      assertThat(RawHttp.get(observer, "/health/live").body()).isEqualTo("live\n");
      road.leadTo(peer.routerPort().getAsInt());
      assertThat(client.rest()).isEqualTo("OK\r\n");
      stop.join();
      assertThatThrownBy(() -> RawHttp.get(observer, "/health/live"))
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void letsAClientThatReadsLateHaveTheRepliesToWhatWasRead() throws Exception {
    Node node = node("30s");
    try (TestClient client = client(node)) {
      client.ask("CREATE a");
      client.ask("PUT a k " + "v".repeat(60_000));
      Thread sender = new Thread(() -> sendGets(client), "sender");
      sender.start();
      assertThat(client.line()).hasSize(60_002); // so the server is at it, and soon stuck
      Proc acceptor = node.serverTree().orElseThrow().acceptor().get();
      Thread stop = new Thread(node::close, "stop");
      stop.start();
      acceptor.awaitExit();
      String rest = client.rest();
      sender.join();
      stop.join();
      assertThat(rest).endsWith("v\r\nOK\r\n");
    }
  }

  private static void sendGets(TestClient client) {
    try {
      for (int i = 0; i < 2000; i++) client.send("GET a k\r\n");
    } catch (IOException e) {
      return; // the server has closed
    }
  }

  @Test
  void closesIdleConnectionsAtOnce() throws Exception {
    Node node = node("30s");
    try (TestClient client = client(node)) {
      assertThat(client.ask("CREATE a")).isEqualTo("OK");
      node.close();
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void closesTheConnectionOfARequestThatTakesLongerThanTheStopTimeout(LogCapture log)
      throws Exception {
    log.allow("connection");
    Node node = node("50ms");
    try (TestClient client = client(node)) {
      client.send("CREATE zoo\r\n");
      road.awaitTaken();
      node.close();
      assertThat(client.rest()).isEmpty();
    }
  }
}
