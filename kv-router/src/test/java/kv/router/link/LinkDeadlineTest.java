package kv.router.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.rmi.server.RMIClientSocketFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import kv.router.table.NodeAddress;
import kv.router.testing.PeerDouble;
import kv.router.testing.Routing;
import kv.router.testing.UnrulyListener;
import kv.router.testing.UnrulyListener.Manners;
import kv.router.testing.Wire;
import kv.router.wire.Call;
import kv.testing.Concurrently;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** As in {@link LinkTroubleTest}: whoever waits for longer than it may fails by the timeout. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class LinkDeadlineTest {
  private static final byte[] CALL = Wire.call(List.of("foo"), "GET shopping milk");

  /** Runs out in a test that uses it. */
  private static final Duration SHORT = Duration.ofMillis(200);

  private static final Duration HOUR = Duration.ofHours(1);

  private ServerSocket silent;
  private NodeAddress address;

  @BeforeEach
  void listen() throws Exception {
    silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    address = new NodeAddress("bar", "127.0.0.1", silent.getLocalPort());
  }

  @AfterEach
  void close() throws Exception {
    silent.close();
  }

  @Nested
  class ASocket {
    @Test
    void isNotConnectedOnceTheCallHasNoTimeLeft() {
      RMIClientSocketFactory sockets = Links.sockets(address, HOUR, HOUR);
      try (Deadline over = Deadline.start(Duration.ZERO)) {
        assertThat(over.nanosLeft()).isNotPositive();
        assertThatThrownBy(() -> sockets.createSocket("bar", 1))
            .isInstanceOf(SocketTimeoutException.class);
      }
    }

    @Test
    void waitsForNoByteOnceTheCallHasNoTimeLeft() throws Exception {
      try (Socket socket = Links.sockets(address, HOUR, HOUR).createSocket("bar", 1);
          Deadline over = Deadline.start(Duration.ZERO)) {
        assertThat(over.nanosLeft()).isNotPositive();
        assertWaitsInVain(socket);
      }
    }

    @Test
    void waitsNoLongerThanWhatIsLeftOfTheCall() throws Exception {
      try (Socket socket = Links.sockets(address, HOUR, HOUR).createSocket("bar", 1);
          Deadline near = Deadline.start(SHORT)) {
        assertWaitsInVain(socket);
        assertThat(near.nanosLeft()).isNotPositive();
      }
    }

    @Test
    void waitsAsLongAsACallMayOnAThreadThatIsInNone() throws Exception {
      try (Socket socket = Links.sockets(address, HOUR, SHORT).createSocket("bar", 1)) {
        assertWaitsInVain(socket);
      }
    }

    @Test
    void isOfACallThatEndedNoMore() throws Exception {
      Deadline.start(Duration.ZERO).close();
      try (Socket socket = Links.sockets(address, HOUR, HOUR).createSocket("bar", 1);
          Socket peer = silent.accept()) {
        peer.getOutputStream().write(1);
        assertThat(socket.getInputStream().read()).isEqualTo(1);
      }
    }

    private void assertWaitsInVain(Socket socket) throws Exception {
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      assertThatThrownBy(() -> socket.getInputStream().read(new byte[8], 0, 8))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Nested
  class ACall {
    @Test
    void hasADeadlineForTheLookUpToo() throws Exception {
      Manners manners = Manners.SAYS_NOTHING_AFTER_THE_HANDSHAKE;
      try (UnrulyListener bar = UnrulyListener.start(manners)) {
        assertUnreachable(Links.to(bar.address(), HOUR, SHORT));
      }
    }

    @Test
    void waitsForTheGreetingNoLongerThanItMayConnectThoughItMayTakeAMinute() throws Exception {
      assertUnreachable(Links.to(address, SHORT, Duration.ofSeconds(60)));
    }

    @Test
    void waitsForTheGreetingNoLongerThanTheCallMayTake() throws Exception {
      assertUnreachable(Links.to(address, HOUR, SHORT));
    }

    @Test
    void leavesItsThreadWithoutADeadline() throws Exception {
      assertUnreachable(Links.to(address, SHORT, SHORT));
      assertThat(Deadline.millisLeft(4711)).isEqualTo(4711);
    }
  }

  @Nested
  class ALookUp {
    @Test
    void isOneForAllWhoWait() throws Exception {
      Link link = Links.to(address, Routing.LONG, Routing.LONG);
      FutureTask<byte[]> first = new FutureTask<>(() -> link.call(CALL));
      new Thread(first, "first").start();
      Socket lookUp = silent.accept();
      Thread.currentThread().interrupt(); // who waits for another is thrown out, not at a socket
      assertThatThrownBy(() -> link.call(CALL)).hasMessageContaining(" could not be looked up;");
      assertThat(Thread.interrupted()).isTrue();
      lookUp.close();
      silent.close();
      assertThatThrownBy(first::get).hasCauseInstanceOf(CallFailedException.class);
    }

    @Test
    void bringsEachOfThemItsAnswer() throws Exception {
      try (PeerDouble bar = PeerDouble.start("bar", Wire::okToAll)) {
        Link link = Links.to(bar.address(), Routing.LONG, Routing.LONG);
        assertThat(Concurrently.run(8, i -> link.call(CALL))).containsOnly(Wire.oks(1));
      }
    }

    @Test
    void isMadeAnewAfterOneThatFailed() throws Exception {
      Link link = Links.to(address, Routing.LONG, Routing.LONG);
      silent.close();
      assertUnreachable(link);
      try (PeerDouble bar = PeerDouble.startAt(address, Wire::okToAll)) {
        Routing.probe(link);
        assertThat(link.call(CALL)).isEqualTo(Wire.oks(1));
        assertThat(bar.calls()).containsExactly(Call.OF_NOTHING, CALL);
      }
    }
  }

  private static void assertUnreachable(Link link) {
    assertThatThrownBy(() -> link.call(CALL))
        .isInstanceOf(CallFailedException.class)
        .hasMessageStartingWith("node bar@127.0.0.1:")
        .hasMessageContaining(" is unreachable: ");
  }
}
