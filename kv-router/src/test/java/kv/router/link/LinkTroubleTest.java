package kv.router.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.rmi.ConnectException;
import java.rmi.NoSuchObjectException;
import java.rmi.RemoteException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import kv.router.table.NodeAddress;
import kv.router.testing.PeerDouble;
import kv.router.testing.Routing;
import kv.router.testing.TestNode;
import kv.router.testing.UnrulyListener;
import kv.router.testing.UnrulyListener.Manners;
import kv.router.testing.Wire;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each test has a thread of its own, for nothing else ends one that hangs at a socket, and less
 * time than the minute that RMI by itself would give a peer.
 */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class LinkTroubleTest {
  /** Runs out in a test that uses it. */
  private static final Duration SHORT = Duration.ofMillis(200);

  private static final byte[] CALL = Wire.call(List.of("foo"), "PUT shopping milk 1");
  private static final String IN_DOUBT = "; the command may have been carried out";

  @Nested
  class APeerThatIsNone {
    @ParameterizedTest
    @EnumSource
    void isUnreachableWhateverItsManners(Manners manners) throws Exception {
      try (UnrulyListener bar = UnrulyListener.start(manners)) {
        Link link = Links.to(bar.address(), SHORT, SHORT);
        assertUnreachable(link, bar.address());
      }
    }

    @Test
    void isUnreachableIfItNeverAcceptsAConnection() throws Exception {
      List<Socket> waiting = new ArrayList<>();
      try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        fill(full, waiting);
        NodeAddress bar = new NodeAddress("bar", "127.0.0.1", full.getLocalPort());
        assertFails(
            Links.to(bar, SHORT, Routing.LONG), "node " + bar + " is unreachable: timed out");
      } finally {
        for (Socket socket : waiting) socket.close();
      }
    }

    /** Connects until the system lets no more wait to be accepted. */
    private void fill(ServerSocket listener, List<Socket> waiting) throws IOException {
      while (true) {
        Socket socket = new Socket();
        waiting.add(socket);
        try {
          socket.connect(listener.getLocalSocketAddress(), (int) SHORT.toMillis());
        } catch (SocketTimeoutException e) {
          return;
        }
      }
    }

    @Test
    void isWaitedForNoLongerThanForAConnectionIfItDoesNotGreet() throws Exception {
      try (UnrulyListener bar = UnrulyListener.start(Manners.SAYS_NOTHING)) {
        Link link = Links.to(bar.address(), SHORT, Duration.ofHours(1));
        assertFails(link, "node " + bar.address() + " is unreachable: timed out");
      }
    }

    @Test
    void isWaitedForNoLongerThanForAnAnswerIfItGreetsAndSaysNoMore() throws Exception {
      Manners manners = Manners.SAYS_NOTHING_AFTER_THE_HANDSHAKE;
      try (UnrulyListener bar = UnrulyListener.start(manners)) {
        Link link = Links.to(bar.address(), Duration.ofHours(1), SHORT);
        assertFails(link, "node " + bar.address() + " is unreachable: timed out");
      }
    }

    @Test
    void isToldOfAsNoNodeIfItSpeaksSomethingElse() throws Exception {
      try (UnrulyListener bar = UnrulyListener.start(Manners.SPEAKS_HTTP)) {
        assertFails(
            Links.to(bar.address(), Routing.LONG, Routing.LONG),
            "node " + bar.address()
                + " is unreachable: no node listens there; is it the port for clients?");
      }
    }
  }

  @Nested
  class APeerInWhosePlaceIsNone {
    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_NONE, names = ".*AFTER.*|ANSWERS.*|THROWS.*")
    void isUnreachableIfNobodyGreets(Manners manners) throws Exception {
      PeerDouble bar = PeerDouble.start("bar", PeerDouble::failsRemotely);
      Link link = linkWithoutConnection(bar);
      try (UnrulyListener unruly = UnrulyListener.startAt(bar.address(), manners)) {
        assertUnreachable(link, unruly.address());
      }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_ANY, names = "CLOSES_AFTER.*|SENDS.*AFTER.*|ANSWERS.*|THROWS.*")
    void mayHaveCarriedOutACommandOnceItHasGreeted(Manners manners) throws Exception {
      assertBreaksOff(manners);
    }

    @Test
    void isUnreachableIfNobodyListens() throws Exception {
      PeerDouble bar = PeerDouble.start("bar", PeerDouble::failsRemotely);
      assertFails(
          linkWithoutConnection(bar),
          "node " + bar.address() + " is unreachable: connection refused");
    }

    private void assertBreaksOff(Manners manners) throws Exception {
      PeerDouble bar = PeerDouble.start("bar", PeerDouble::failsRemotely);
      Link link = linkWithoutConnection(bar);
      try (UnrulyListener unruly = UnrulyListener.startAt(bar.address(), manners)) {
        assertFails(link, "node " + unruly.address() + " broke off the call" + IN_DOUBT);
      }
    }

    /** A link that knows its peer, which has just stopped. */
    private Link linkWithoutConnection(PeerDouble bar) throws Exception {
      try (bar) {
        Link link = Links.to(bar.address(), Duration.ofSeconds(3), Duration.ofSeconds(3));
        assertThatThrownBy(() -> link.call(CALL)).isInstanceOf(CallFailedException.class);
        return link;
      }
    }
  }

  @Nested
  class APeerWithAnotherName {
    @Test
    void isUnreachableAndSaidToBeAnother() throws Exception {
      try (TestNode baz = TestNode.start("baz")) {
        NodeAddress bar = new NodeAddress("bar", "127.0.0.1", baz.address().port());
        assertFails(
            Links.to(bar, Routing.LONG, Routing.LONG),
            "node " + bar + " is unreachable: there is another node at that address");
      }
    }

    @Test
    void isNeverCalled() throws Exception {
      try (PeerDouble baz = PeerDouble.start("baz", Wire::okToAll)) {
        NodeAddress bar = new NodeAddress("bar", "127.0.0.1", baz.address().port());
        assertThatThrownBy(() -> Links.to(bar, Routing.LONG, Routing.LONG).call(CALL))
            .isInstanceOf(CallFailedException.class);
        assertThat(baz.calls()).isEmpty();
      }
    }
  }

  @Nested
  class ACommand {
    @Test
    void isNotRetriedWhenThereIsNoAnswerInTime() throws Exception {
      CountDownLatch over = new CountDownLatch(1);
      try (PeerDouble bar = PeerDouble.start("bar", call -> answerAfter(over))) {
        Link link = Links.to(bar.address(), Routing.LONG, Duration.ofSeconds(1));
        assertFails(link, "node " + bar.address() + " gave no answer in 1000 ms" + IN_DOUBT);
        over.countDown();
        assertThat(bar.calls()).hasSize(1);
      }
    }

    @Test
    void thatTookTooLongLeavesTheLinkAsGoodAsNew() throws Exception {
      CountDownLatch over = new CountDownLatch(1);
      try (PeerDouble bar = PeerDouble.start("bar", call -> answerAfter(over))) {
        Link link = Links.to(bar.address(), Routing.LONG, Duration.ofSeconds(1));
        assertThatThrownBy(() -> link.call(CALL)).isInstanceOf(CallFailedException.class);
        over.countDown();
        Routing.probe(link);
        assertThat(link.call(CALL)).isEqualTo(Wire.oks(1));
      }
    }

    private byte[] answerAfter(CountDownLatch over) {
      try {
        over.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return Wire.oks(1);
    }

    @Test
    void isNotRetriedWhenTheConnectionBreaksBeforeTheAnswer() throws Exception {
      AtomicReference<PeerDouble> self = new AtomicReference<>();
      PeerDouble.Behaviour cutsItsConnections =
          call -> {
            self.get().cutConnections();
            return Wire.oks(1);
          };
      try (PeerDouble bar = PeerDouble.start("bar", cutsItsConnections)) {
        self.set(bar);
        Link link = Links.to(bar.address(), Routing.LONG, Routing.LONG);
        assertFails(link, "node " + bar.address() + " broke off the call" + IN_DOUBT);
        assertThat(bar.calls()).hasSize(1);
      }
    }

    @ParameterizedTest
    @MethodSource("kv.router.link.LinkTroubleTest#failures")
    void isNotRetriedWhateverThePeerThrows(Throwable failure) throws Exception {
      PeerDouble.Behaviour fails =
          call -> {
            throw LinkTroubleTest.<RuntimeException>sneaky(failure);
          };
      try (PeerDouble bar = PeerDouble.start("bar", fails)) {
        Link link = Links.to(bar.address(), Routing.LONG, Routing.LONG);
        assertFails(link, "node " + bar.address() + " broke off the call" + IN_DOUBT);
        assertThat(bar.calls()).hasSize(1);
      }
    }

    @Test
    void isMadeAgainOnceIfThePeerHasBegunANewLife() throws Exception {
      PeerDouble former = PeerDouble.start("bar", Wire::okToAll);
      Link link = Links.to(former.address(), Routing.LONG, Routing.LONG);
      try (former) {
        link.call(CALL);
      }
      try (PeerDouble bar = PeerDouble.startAt(former.address(), Wire::okToAll)) {
        assertThat(link.call(CALL)).isEqualTo(Wire.oks(1));
        assertThat(former.calls()).hasSize(1);
        assertThat(bar.calls()).hasSize(1);
      }
    }

    @Test
    void isGivenUpIfThePeerGivesOutAnObjectOfAFormerLife() throws Exception {
      try (PeerDouble bar = PeerDouble.start("bar", Wire::okToAll)) {
        bar.forgetPeer();
        assertFails(
            Links.to(bar.address(), Routing.LONG, Routing.LONG),
            "node " + bar.address() + " is unreachable");
        assertThat(bar.calls()).isEmpty();
      }
    }
  }

  static Stream<Throwable> failures() {
    return Stream.of(
        new RuntimeException("made to fail"),
        new IllegalStateException("made to fail"),
        new IOException("made to fail"),
        new RemoteException("made to fail"),
        new NoSuchObjectException("made to fail"),
        new ConnectException("made to fail"),
        new OutOfMemoryError("made to fail"));
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> T sneaky(Throwable failure) throws T {
    throw (T) failure;
  }

  private static void assertUnreachable(Link link, NodeAddress node) {
    assertThatThrownBy(() -> link.call(CALL))
        .isInstanceOf(CallFailedException.class)
        .hasMessageStartingWith("node " + node + " is unreachable");
  }

  private static void assertFails(Link link, String message) {
    assertThatThrownBy(() -> link.call(CALL))
        .isInstanceOf(CallFailedException.class)
        .hasMessage(message);
  }
}
