package kv.router.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import kv.router.table.NodeAddress;
import kv.router.testing.PeerDouble;
import kv.router.testing.Routing;
import kv.router.testing.UnrulyListener;
import kv.router.testing.UnrulyListener.Manners;
import kv.router.wire.Call;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** For which failures it opens, and for which it does not. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class BreakerTest {
  private static final byte[] CALL = {4, 7, 1, 1};
  private static final Breaker.Question QUESTION = peer -> peer.call(CALL);

  /** Runs out in a test that uses it; at what does not matter there. */
  private static final Duration SHORT = Duration.ofMillis(200);

  /** Runs out, too, but only at what is waited for, however busy the machine is. */
  private static final Duration ENOUGH = Duration.ofSeconds(3);

  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean isFrozen;

  @AfterEach
  void endCalls() {
    over.countDown();
  }

  /** The answer of a peer that can be frozen. */
  private byte[] answer(byte[] call) {
    try {
      if (isFrozen) over.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return call;
  }

  private static Breaker breaker(NodeAddress to, Duration callTimeout) {
    LinkRules rules = new LinkRules(Routing.LONG, callTimeout, 1);
    return new Breaker(to, rules, Links.search(to, rules));
  }

  private static byte[] ask(Breaker breaker) throws CallFailedException {
    try (Deadline deadline = Deadline.start(Routing.LONG)) {
      return breaker.ask(QUESTION, 0, deadline, true);
    }
  }

  private static CallFailedException failure(
      Breaker of, Duration time, boolean isWhole, boolean isAnsweredThere) {
    try (Deadline deadline = Deadline.start(time)) {
      if (!isWhole) deadline.cut();
      return catchThrowableOfType(
          CallFailedException.class, () -> of.ask(QUESTION, 0, deadline, isAnsweredThere));
    }
  }

  private static void assertDoubted(Breaker breaker) {
    assertThat(breaker.isOpen()).isFalse();
    assertThat(breaker.awaitsProbe()).isTrue();
  }

  private static String lacksTime(NodeAddress node) {
    return "node " + node
        + " could not be connected to in what was left of 60000 ms (router.call-timeout)"
        + "; the command was not carried out";
  }

  @Nested
  class APeerThatGivesNoAnswer {
    private PeerDouble bar;
    private Breaker breaker;

    @BeforeEach
    void freeze() throws Exception {
      bar = PeerDouble.start("bar", call -> answer(call));
      breaker = breaker(bar.address(), Routing.LONG);
      assertThat(ask(breaker)).isEqualTo(CALL); // so it is known, and connected
      isFrozen = true;
    }

    @AfterEach
    void stop() throws Exception {
      bar.close();
    }

    @Test
    void isUnreachableIfItHadAllTheTimeAndNeedsNobodyElse() {
      failure(breaker, ENOUGH, true, true);
      assertThat(breaker.isOpen()).isTrue();
    }

    @Test
    void isNoMoreThanDoubtedIfItMayWaitForAnother() {
      assertThat(failure(breaker, ENOUGH, true, false).isOutOfTime()).isTrue();
      assertDoubted(breaker);
    }

    @Test
    void isNoMoreThanDoubtedIfAPartOfTheTimeWasSpentBefore() {
      assertThat(failure(breaker, SHORT, false, true).isOutOfTime()).isTrue();
      assertDoubted(breaker);
    }

    @Test
    void isDoubtedNoMoreOnceItAnswersAProbe() throws Exception {
      failure(breaker, SHORT, false, true);
      isFrozen = false;
      breaker.probe();
      assertThat(breaker.awaitsProbe()).isFalse();
      assertThat(bar.calls()).contains(Call.OF_NOTHING);
      assertThat(ask(breaker)).isEqualTo(CALL);
    }
  }

  @Nested
  class APeerThatIsConnectedToInVain {
    private UnrulyListener silent;
    private Breaker breaker;

    /** Its peer is known, and somebody else, who does not greet, is where it was. */
    @BeforeEach
    void replace() throws Exception {
      PeerDouble bar = PeerDouble.start("bar", PeerDouble::failsRemotely);
      try (bar) {
        breaker = breaker(bar.address(), Routing.LONG);
        assertThat(failure(breaker, Routing.LONG, true, true)).hasMessageContaining("broke off");
      }
      silent = UnrulyListener.startAt(bar.address(), Manners.SAYS_NOTHING);
    }

    @AfterEach
    void stop() throws Exception {
      silent.close();
    }

    @Test
    void isUnreachableIfThatHadAllTheTime() {
      assertThat(failure(breaker, SHORT, true, false))
          .hasMessageEndingWith(" is unreachable: timed out");
      assertThat(breaker.isOpen()).isTrue();
    }

    @Test
    void isNoMoreThanDoubtedIfAPartOfTheTimeWasSpentBefore() {
      assertThat(failure(breaker, SHORT, false, true)).hasMessage(lacksTime(silent.address()));
      assertDoubted(breaker);
    }

    @Test
    void isUnreachableToNobodyElseIfWhoAskedWasInterrupted() throws Exception {
      silent.close();
      Thread.currentThread().interrupt();
      assertThat(failure(breaker, Routing.LONG, true, true).isUnreachable()).isTrue();
      assertThat(Thread.interrupted()).isTrue();
      assertThat(breaker.awaitsProbe()).isFalse();
    }
  }

  @Nested
  class APeerThatIsLookedUp {
    @Test
    void isNoMoreThanDoubtedIfWhoWaitsForThatHadNotAllTheTime() throws Exception {
      try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
        NodeAddress bar = new NodeAddress("bar", "127.0.0.1", silent.getLocalPort());
        Breaker breaker = breaker(bar, Routing.LONG);
        assertThat(failure(breaker, SHORT, false, true)).hasMessage(lacksTime(bar));
        assertDoubted(breaker);
        silent.accept().close(); // the look-up went on, and ends now
      }
    }

    @Test
    void takesItsPartOfTheTime() throws Exception {
      try (PeerDouble bar = PeerDouble.start("bar", call -> answer(call));
          Deadline deadline = Deadline.start(Routing.LONG)) {
        Breaker breaker = breaker(bar.address(), Routing.LONG);
        breaker.ask(QUESTION, 0, deadline, true);
        assertThat(deadline.isWhole()).isFalse();
      }
    }

    @Test
    void isUnreachableIfTheLookUpFailsHoweverLittleTimeWhoWaitsForItHad() throws Exception {
      PeerDouble bar = PeerDouble.start("bar", call -> answer(call));
      bar.close();
      Breaker breaker = breaker(bar.address(), Routing.LONG);
      assertThat(failure(breaker, Routing.LONG, false, false).isUnreachable()).isTrue();
      assertThat(breaker.isOpen()).isTrue();
    }
  }

  @Test
  void opensIfAPeerThatIsDoubtedDoesNotAnswerAProbe() throws Exception {
    try (PeerDouble bar = PeerDouble.start("bar", call -> answer(call))) {
      Breaker breaker = breaker(bar.address(), ENOUGH);
      ask(breaker);
      isFrozen = true;
      failure(breaker, SHORT, false, false);
      assertDoubted(breaker);
      breaker.probe();
      assertThat(breaker.isOpen()).isTrue();
    }
  }
}
