package kv.router.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import kv.router.table.NodeAddress;
import kv.router.testing.PeerDouble;
import kv.router.testing.Routing;
import kv.router.testing.Wire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** A peer whose host has two addresses, and which listens on the second alone. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class LinkAddressesTest {
  /** A half of it runs out in a test that uses it. */
  private static final Duration SHORT = Duration.ofSeconds(1);

  private static final byte[] CALL = Wire.call(List.of("foo"), "GET shopping milk");

  private final OpenSockets open = new OpenSockets();
  private final List<InetAddress> addresses = new ArrayList<>();
  private PeerDouble bar;
  private NodeAddress address;

  @BeforeEach
  void start() throws Exception {
    bar = PeerDouble.start("bar", Wire::okToAll);
    addresses.add(InetAddress.getByName("::1"));
    addresses.add(InetAddress.getByName("127.0.0.1"));
    address = new NodeAddress("bar", "bar.example", bar.address().port());
  }

  @AfterEach
  void stop() throws IOException {
    bar.close();
  }

  private Link link(Duration connectTimeout) {
    LinkRules rules = new LinkRules(connectTimeout, Routing.LONG, 1);
    HostSearch host =
        new HostSearch(address.host(), name -> addresses.toArray(new InetAddress[0]));
    return new Link(address, rules, open, new PeerSearch(address, rules, open, host));
  }

  private LinkSockets sockets() {
    return new LinkSockets(address, addresses, new LinkRules(Routing.LONG, Routing.LONG, 1), open);
  }

  /** Somebody at the first address, who accepts nothing. */
  private ServerSocket first() {
    try {
      return new ServerSocket(address.port(), 1, addresses.get(0));
    } catch (IOException e) {
      return abort("needs IPv6, and a port that is free there, too: " + e);
    }
  }

  @Test
  void isReachedThere() throws Exception {
    assertThat(link(Routing.LONG).call(CALL)).isEqualTo(Wire.oks(1));
  }

  @Test
  void isReachedThereInTimeIfNobodyAnswersAtTheFirst() throws Exception {
    List<Socket> waiting = new ArrayList<>();
    try (ServerSocket full = first()) {
      fill(full, waiting);
      assertThat(link(SHORT).call(CALL)).isEqualTo(Wire.oks(1));
    } finally {
      for (Socket socket : waiting) socket.close();
    }
  }

  /** Connects until the system lets no more wait to be accepted. */
  private static void fill(ServerSocket listener, List<Socket> waiting) throws IOException {
    while (true) {
      Socket socket = new Socket();
      waiting.add(socket);
      try {
        socket.connect(listener.getLocalSocketAddress(), 100);
      } catch (SocketTimeoutException e) {
        return;
      }
    }
  }

  @Test
  void isNotTakenForAnotherWhoComesToTheFirstLater() throws Exception {
    LinkSockets sockets = sockets();
    sockets.createSocket("", 0).close();
    try (ServerSocket other = first();
        Socket next = sockets.createSocket("", 0)) {
      assertThat(next.getInetAddress()).isNotEqualTo(other.getInetAddress());
    }
  }

  @Test
  void isNotThereIfNoneOfThemConnects() throws Exception {
    bar.close();
    assertThatThrownBy(() -> sockets().createSocket("", 0))
        .isInstanceOf(ConnectException.class)
        .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
    assertThat(open.count()).isZero();
  }
}
