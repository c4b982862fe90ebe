package kv.router.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import kv.router.table.NodeAddress;
import kv.router.testing.PeerDouble;
import kv.router.testing.Routing;
import kv.router.testing.Wire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** What a name service costs those who need it. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class HostSearchTest {
  /** Runs out in a test that uses it. */
  private static final Duration SHORT = Duration.ofMillis(200);

  private static final int LONG_MILLIS = 60_000;
  private static final byte[] CALL = Wire.call(List.of("foo"), "GET shopping milk");

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger asked = new AtomicInteger();
  private final HostSearch silent = new HostSearch("bar.example", this::answerOnceItIsOver);

  private InetAddress[] answerOnceItIsOver(String host) throws UnknownHostException {
    try {
      asked.incrementAndGet();
      begun.countDown();
      over.await();
      return InetAddress.getAllByName("127.0.0.1");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void answer() {
    over.countDown();
  }

  private static CallFailedException failure(Breaker of, Duration time) {
    try (Deadline deadline = Deadline.start(time)) {
      return catchThrowableOfType(
          CallFailedException.class,
          () -> of.ask(peer -> new byte[1], 0, deadline, true));
    }
  }

  private Breaker breaker(Duration connectTimeout) {
    NodeAddress bar = new NodeAddress("bar", "bar.example", 1);
    LinkRules rules = new LinkRules(connectTimeout, Routing.LONG, 1);
    return new Breaker(bar, rules, new PeerSearch(bar, rules, new OpenSockets(), silent));
  }

  @Nested
  class ANameServiceThatDoesNotAnswer {
    @Test
    void isWaitedForNoLongerThanTheTimeThatThereIs() {
      assertThatThrownBy(() -> silent.find(1))
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessage("no address of 'bar.example' in 1 ms");
    }

    @Test
    void isAskedOnceForAllWhoWait() throws Exception {
      for (int i = 0; i < 3; i++)
        assertThatThrownBy(() -> silent.find(1)).isInstanceOf(SocketTimeoutException.class);
      begun.await();
      assertThat(asked.get()).isEqualTo(1);
      over.countDown();
      assertThat(silent.find(LONG_MILLIS)).containsExactly(InetAddress.getByName("127.0.0.1"));
    }

    @Test
    void isWaitedForByNobodyWhoIsInterrupted() {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> silent.find(LONG_MILLIS))
          .isInstanceOf(InterruptedIOException.class)
          .isNotInstanceOf(SocketTimeoutException.class);
      assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void makesThePeerUnreachableAfterTheTimeForAConnection() {
      Breaker breaker = breaker(SHORT);
      assertThat(failure(breaker, Routing.LONG))
          .hasMessage("node bar@bar.example:1 is unreachable: timed out");
      assertThat(breaker.isOpen()).isTrue();
    }

    @Test
    void holdsNoCallerForLongerThanItsOwnTime() {
      Breaker breaker = breaker(Routing.LONG);
      assertThat(failure(breaker, SHORT).isUnreachable()).isTrue();
      over.countDown(); // the look-up ends in vain: nobody listens there
    }
  }

  @Nested
  class AHostThatIsNotKnown {
    private final HostSearch unknown =
        new HostSearch(
            "bar.example",
            host -> {
              asked.incrementAndGet();
              throw new UnknownHostException(host);
            });

    @Test
    void isSaidSoAndLookedUpAgainByTheNextWhoNeedsIt() {
      for (int i = 0; i < 2; i++)
        assertThatThrownBy(() -> unknown.find(LONG_MILLIS))
            .isInstanceOf(IOException.class)
            .hasMessage("the address of 'bar.example' is not to be had");
      assertThat(asked.get()).isEqualTo(2);
    }
  }

  @Nested
  class TheCallsToOneLifeOfAPeer {
    @Test
    void shareOneLookUpAndDoNotWaitForAnother() throws Exception {
      over.countDown();
      try (PeerDouble there = PeerDouble.start("bar", Wire::okToAll)) {
        NodeAddress bar = new NodeAddress("bar", "bar.example", there.address().port());
        LinkRules rules = new LinkRules(Routing.LONG, Routing.LONG, 1);
        OpenSockets open = new OpenSockets();
        Link link = new Link(bar, rules, open, new PeerSearch(bar, rules, open, silent));
        assertThat(link.call(CALL)).isEqualTo(Wire.oks(1));
        assertThat(link.call(CALL)).isEqualTo(Wire.oks(1));
        assertThat(asked.get()).isEqualTo(1);
      }
    }
  }
}
