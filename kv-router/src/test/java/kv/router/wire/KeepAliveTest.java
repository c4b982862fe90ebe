package kv.router.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import kv.memory.Memory;
import kv.otp.Clock;
import kv.router.link.LinkRules;
import kv.router.link.Links;
import kv.router.peer.PeerConnections;
import kv.router.peer.PeerLimits;
import kv.router.peer.PeerListener;
import kv.router.table.NodeAddress;
import kv.router.testing.Routing;
import kv.testing.KeepAliveOptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the system is told to do about connections that bring nothing, read back from sockets. */
class KeepAliveTest {
  @Nested
  class ASocket {
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "3, 1", "5, 1", "300, 100", "32400, 10800"})
    void isProbedThreeTimesInAsMuchTimeAsBeforeTheFirst(int idle, int interval) throws Exception {
      try (Socket socket = new Socket()) {
        new KeepAlive(Duration.ofSeconds(idle)).applyTo(socket);
        KeepAliveOptions.assertThat(socket).isProbed(idle, interval, 3);
      }
    }

    @Test
    void isLeftAsItIsIfNobodyIsToBeProbed() throws Exception {
      try (Socket socket = new Socket()) {
        KeepAlive.OFF.applyTo(socket);
        assertThat(socket.getKeepAlive()).isFalse();
      }
    }
  }

  @Nested
  class BetweenNodes {
    private void assertBothAre(KeepAlive keepAlive, boolean isProbed) throws Exception {
      PeerConnections connections =
          new PeerConnections(
              new PeerLimits(1, Routing.LONG, keepAlive), Optional.empty(), new Figures(),
              Memory.unlimited(), Clock.SYSTEM);
      LinkRules rules =
          new LinkRules(Routing.LONG, Routing.LONG, 1, Optional.empty(), keepAlive);
      PeerListener listener = new PeerListener("127.0.0.1", connections);
      try (ServerSocket server = listener.createServerSocket(0);
          Socket near = connect(server.getLocalPort(), rules);
          Socket far = server.accept()) {
        near.setKeepAlive(true); // as RMI does
        far.getInputStream(); // as well
        if (isProbed) {
          KeepAliveOptions.assertThat(near).isProbed(42, 14, 3);
          KeepAliveOptions.assertThat(far).isProbed(42, 14, 3);
        } else {
          assertThat(near.getKeepAlive()).isFalse();
          assertThat(far.getKeepAlive()).isFalse();
        }
      }
    }

    private static Socket connect(int port, LinkRules rules) throws IOException {
      String host = InetAddress.getLoopbackAddress().getHostAddress();
      return Links.sockets(new NodeAddress("bar", host, port), rules).createSocket(host, port);
    }

    @Test
    void bothSidesProbe() throws Exception {
      assertBothAre(new KeepAlive(Duration.ofSeconds(42)), true);
    }

    @Test
    void neitherSideProbesIfNobodyIsToBeWhateverRmiWants() throws Exception {
      assertBothAre(KeepAlive.OFF, false);
    }
  }

  @Nested
  class TheTime {
    @ParameterizedTest
    @ValueSource(strings = {"PT-1S", "PT0.5S", "PT1.5S", "PT9H1S"})
    void isRefusedIfTheSystemCannotTakeIt(Duration idle) {
      assertThatThrownBy(() -> new KeepAlive(idle))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("not whole seconds from 0 s to PT9H: " + idle);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "0ms", "1s", "2000ms", "5m", "540m", "32400s"})
    void isWholeSecondsInAConfiguration(String text) {
      assertThat(KeepAlive.rule().allows().test(text)).isTrue();
    }
  }
}
