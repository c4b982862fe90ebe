package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.time.Duration;
import kv.testing.KeepAliveOptions;
import kv.router.wire.KeepAlive;
import kv.server.net.ClientSockets;
import kv.server.testing.TestClient;
import org.junit.jupiter.api.Test;

/** Where the setting node.tcp-keepalive goes; ClientTlsTest has the clients that speak TLS. */
class TcpKeepaliveTest {
  private static final Config CONFIG =
      Config.defaults().with("server.port", "0").with("node.tcp-keepalive", "42s");

  /** What is to be seen of the socket of a client that the node has answered. */
  private interface Look {
    void at(Socket socket) throws Exception;
  }

  private static void serve(Config config, Look look) throws Exception {
    try (Node node = Node.start(config);
        TestClient client = new TestClient(node.serverPort().getAsInt())) {
      assertThat(client.ask("PING")).isEqualTo("PONG");
      look.at(ClientSockets.only(node.serverTree().orElseThrow().clients()));
    }
  }

  @Test
  void isToEachClient() throws Exception {
    serve(CONFIG, socket -> KeepAliveOptions.assertThat(socket).isProbed(42, 14, 3));
  }

  @Test
  void isToNobodyIfItIsZero() throws Exception {
    serve(
        CONFIG.with("node.tcp-keepalive", "0s"),
        socket -> assertThat(socket.getKeepAlive()).isFalse());
  }

  @Test
  void isToOtherNodesOnBothSides() {
    KeepAlive expected = new KeepAlive(Duration.ofSeconds(42));
    assertThat(Node.linkRules(CONFIG).keepAlive()).isEqualTo(expected);
    assertThat(Node.peerLimits(CONFIG).keepAlive()).isEqualTo(expected);
  }
}
