package kv.router.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import kv.command.ByteBuilder;
import kv.otp.Proc;
import kv.router.table.NodeAddress;
import kv.router.testing.PeerDouble;
import kv.router.testing.Routing;
import kv.router.testing.TestNode;
import kv.router.testing.UnrulyListener;
import kv.router.testing.UnrulyListener.Manners;
import kv.router.testing.Wire;
import kv.router.wire.Call;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What a peer that does not answer costs those who call it, and how it is found again. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class LinkBreakerTest {
  private static final byte[] CALL = Wire.call(List.of("foo"), "PUT shopping milk 1");
  private static final String DOUBT = "; the command may have been carried out";

  /** Runs out in a test that uses it. */
  private static final Duration SHORT = Duration.ofMillis(200);

  private final CountDownLatch running = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);

  private byte[] answerOnceItIsOver(byte[] call) {
    running.countDown();
    try {
      over.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return Wire.okToAll(call);
  }

  private static Link link(NodeAddress to) {
    return Links.to(to, Routing.LONG, Routing.LONG);
  }

  private static CallFailedException failure(Link of) {
    return catchThrowableOfType(CallFailedException.class, () -> of.call(CALL));
  }

  private static void assertUnreachable(Link link) {
    assertThat(failure(link))
        .hasMessageStartingWith("node " + link.node() + " is unreachable");
    assertThat(link.isUnreachable()).isTrue();
  }

  @Nested
  class APeerThatWasUnreachable {
    private NodeAddress bar;
    private Link link;

    @BeforeEach
    void callInVain() throws Exception {
      try (PeerDouble once = PeerDouble.start("bar", Wire::okToAll)) {
        bar = once.address();
      }
      link = link(bar);
      assertThat(link.isUnreachable()).isFalse();
      assertUnreachable(link);
    }

    @Test
    void isNotEvenConnectedToWhateverItIsAsked() throws Exception {
      try (ServerSocket there =
          new ServerSocket(bar.port(), 1, InetAddress.getLoopbackAddress())) {
        String unreachable = "node " + bar + " is unreachable: connection refused";
        assertUnreachable(link);
        assertThatThrownBy(() -> link.share(CALL, 1)).hasMessage(unreachable);
        assertThatThrownBy(() -> link.next(1)).hasMessage(unreachable);
        assertThatThrownBy(() -> link.drop(1)).hasMessage(unreachable);
        assertThatThrownBy(() -> link.callTogether(Proc.passive("x"), new ByteBuilder(0)))
            .hasMessage(unreachable);
        there.setSoTimeout(1);
        assertThatThrownBy(there::accept).isInstanceOf(SocketTimeoutException.class);
      }
    }

    @Test
    void staysSoAfterAProbeThatFails() {
      Routing.probe(link);
      assertUnreachable(link);
    }

    @Test
    void isCalledAgainOnceAProbeHasAnAnswer() throws Exception {
      try (PeerDouble back = PeerDouble.startAt(bar, Wire::okToAll)) {
        Routing.probe(link);
        assertThat(link.isUnreachable()).isFalse();
        assertThat(link.call(CALL)).isEqualTo(Wire.oks(1));
        assertThat(back.calls()).containsExactly(Call.OF_NOTHING, CALL);
      }
    }

    @Test
    void carriesOutNothingOfAProbe() throws Exception {
      try (TestNode back = TestNode.startAt(bar)) {
        Routing.probe(link);
        assertThat(link.isUnreachable()).isFalse();
        assertThat(back.storage().all()).isEmpty();
      }
    }

    @Test
    void staysSoIfThereIsAnotherNodeInItsPlace() throws Exception {
      NodeAddress baz = new NodeAddress("baz", "127.0.0.1", bar.port());
      try (PeerDouble other = PeerDouble.startAt(baz, Wire::okToAll)) {
        Routing.probe(link);
        assertThat(failure(link))
            .hasMessage("node " + bar + " is unreachable: there is another node at that address");
        assertThat(link.isUnreachable()).isTrue();
        assertThat(other.calls()).isEmpty();
      }
      Routing.probe(link);
      assertUnreachable(link); // for what it is now
    }

    @Test
    void staysSoIfItGivesOutAnObjectThatIsGone() throws Exception {
      try (PeerDouble back = PeerDouble.startAt(bar, Wire::okToAll)) {
        back.forgetPeer();
        Routing.probe(link);
        assertUnreachable(link);
      }
    }

    @Test
    void staysSoIfItFailsToAnswer() throws Exception {
      try (PeerDouble back = PeerDouble.startAt(bar, PeerDouble::failsRemotely)) {
        Routing.probe(link);
        assertUnreachable(link);
        assertThat(back.calls()).containsExactly(Call.OF_NOTHING);
      }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_NONE, names = "SAYS_NOTHING.*|SENDS.*AFTER.*")
    void staysSoWhateverTheMannersOfWhoIsThere(Manners manners) throws Exception {
      try (UnrulyListener unruly = UnrulyListener.startAt(bar, manners)) {
        Routing.probe(link);
        assertThat(unruly.address()).isEqualTo(bar);
        assertUnreachable(link);
      }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_ALL, names = "SAYS_NOTHING.*")
    void isProbedNoLongerThanACallMayTake(Manners manners) throws Exception {
      Link hasty = Links.to(bar, Duration.ofHours(1), SHORT);
      assertUnreachable(hasty);
      try (UnrulyListener unruly = UnrulyListener.startAt(bar, manners)) {
        Routing.probe(hasty);
        assertThat(unruly.address()).isEqualTo(bar);
        assertUnreachable(hasty);
      }
    }
  }

  @Nested
  class APeerThatGaveNoAnswerInTime {
    @Test
    void isUnreachableForAllWhoComeLaterUntilItAnswers() throws Exception {
      try (PeerDouble bar = PeerDouble.start("bar", call -> answerOnceItIsOver(call))) {
        Link link = Links.to(bar.address(), Routing.LONG, Duration.ofSeconds(3));
        assertThat(failure(link))
            .hasMessage("node " + bar.address() + " gave no answer in 3000 ms" + DOUBT);
        Routing.probe(link);
        assertUnreachable(link);
        assertThat(bar.calls()).containsOnlyOnce(CALL);
        over.countDown();
        Routing.probe(link);
        assertThat(link.call(CALL)).isEqualTo(Wire.oks(1));
      }
    }

    @Test
    void stillHasTheTimeOfCallsThatWereUnderWay() throws Exception {
      PeerDouble bar = PeerDouble.start("bar", call -> answerOnceItIsOver(call));
      Link link = link(bar.address());
      FutureTask<byte[]> underWay = new FutureTask<>(() -> link.call(CALL));
      try (bar) {
        new Thread(underWay, "under way").start();
        running.await();
      }
      assertUnreachable(link); // for it is stopped, but for that call
      over.countDown();
      assertThat(underWay.get()).isEqualTo(Wire.oks(1));
      assertThat(link.isUnreachable()).isTrue();
    }
  }

  @Nested
  class APeerIsNotTakenForUnreachable {
    @Test
    void whateverItThrows() throws Exception {
      try (PeerDouble bar = PeerDouble.start("bar", PeerDouble::failsRemotely)) {
        Link link = link(bar.address());
        assertThat(failure(link)).hasMessageEndingWith(" broke off the call" + DOUBT);
        assertThat(link.isUnreachable()).isFalse();
      }
    }

    @Test
    void becauseACallerIsInterruptedWhileItIsLookedUp() throws Exception {
      try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
        Link link = link(new NodeAddress("bar", "127.0.0.1", silent.getLocalPort()));
        FutureTask<CallFailedException> first = new FutureTask<>(() -> failure(link));
        new Thread(first, "first").start();
        try (Socket lookUp = silent.accept()) {
          Thread.currentThread().interrupt();
          assertThat(failure(link)).hasMessageContaining(" could not be looked up");
          assertThat(Thread.interrupted()).isTrue();
          assertThat(link.isUnreachable()).isFalse();
          assertThat(lookUp.isConnected()).isTrue();
        }
        assertThat(first.get()).hasMessageEndingWith(" is unreachable");
        assertThat(link.isUnreachable()).isTrue();
      }
    }
  }
}
