package kv.otp;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.ITERABLE;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import kv.testing.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that a server gets at their time. */
class GenServerTimerTest {
  private final List<Object> told = Collections.synchronizedList(new ArrayList<>());
  private final ManualClock clock = new ManualClock();
  private final GenServer server = GenServer.start("server", clock);

  @AfterEach
  void kill() {
    server.proc().kill();
  }

  private GenServer.Timer tellAfter(Duration delay, Object what) {
    return server.sendAfter(delay, () -> told.add(what));
  }

  private List<Object> told() throws InterruptedException {
    return server.call(() -> List.copyOf(told));
  }

  @Nested
  class ATimedMessage {
    @Test
    void comesWhenItsTimeHasComeAndNotBefore() throws Exception {
      CountDownLatch come = new CountDownLatch(1);
      server.sendAfter(ofSeconds(5), come::countDown);
      clock.advance(ofMillis(4_999));
      server.call(() -> null);
      assertThat(come.getCount()).isOne();
      clock.awaitParked();
      clock.advance(ofMillis(1));

      come.await();
    }

    @Test
    void comesAtOnceWithoutADelay() throws Exception {
      tellAfter(Duration.ZERO, "now");

      assertThat(told()).containsExactly("now");
    }

    @Test
    void comesOnTheServersThread() throws Exception {
      server.sendAfter(Duration.ZERO, () -> told.add(Thread.currentThread()));

      assertThat(told()).containsExactly(server.call(Thread::currentThread));
    }

    @Test
    void comesBeforeThoseOfALaterTimeWhoeverWasSentFirst() throws Exception {
      tellAfter(ofSeconds(2), "second");
      tellAfter(ofSeconds(3), "third");
      tellAfter(ofSeconds(1), "first");
      clock.advance(ofSeconds(3));

      assertThat(told()).containsExactly("first", "second", "third");
    }

    @Test
    void comesInTheOrderOfSendingAmongThoseOfTheSameTime() throws Exception {
      for (int i = 0; i < 10; i++) tellAfter(ofSeconds(1), i);
      clock.advance(ofSeconds(1));

      assertThat(told()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void comesBehindWhatWaitsByThen() throws Exception {
      CountDownLatch go = new CountDownLatch(1);
      server.cast(go::await);
      server.cast(() -> told.add("waits"));
      tellAfter(ofSeconds(1), "timed");
      clock.advance(ofSeconds(1));
      go.countDown();

      assertThat(told()).containsExactly("waits", "timed");
    }

    @Test
    void isNotHeldUpByAnother() throws Exception {
      CountDownLatch soon = new CountDownLatch(1);
      tellAfter(ofSeconds(100), "late");
      clock.awaitParked();
      server.sendAfter(ofSeconds(1), soon::countDown);
      server.call(() -> null);
      clock.awaitParked();
      clock.advance(ofSeconds(1));

      soon.await();
      assertThat(told()).isEmpty();
    }

    @Test
    void thatThrowsCrashesTheServer() throws Exception {
      IllegalStateException failure = new IllegalStateException("boom");
      server.sendAfter(
          Duration.ZERO,
          () -> {
            throw failure;
          });

      assertThat(server.proc().awaitExit()).isEqualTo(ExitReason.crash(failure));
    }

    @Test
    void mayHaveAllTheTimeThereIs() throws Exception {
      tellAfter(ofSeconds(Long.MAX_VALUE), "never");
      tellAfter(ofSeconds(1), "soon");
      clock.advance(ofSeconds(1));

      assertThat(told()).containsExactly("soon");
    }

    @Test
    void goesWithTheServer() throws Exception {
      tellAfter(ofSeconds(1), "late");
      server.proc().kill();
      tellAfter(ofSeconds(1), "later");

      assertThat(server)
          .extracting("mailbox.timers")
          .asInstanceOf(ITERABLE)
          .isEmpty();
    }

    @Test
    void isNotKeptByItsTimerOnceItHasCome() throws Exception {
      GenServer.Timer timer = tellAfter(Duration.ZERO, "come");
      told();

      assertThat(timer).extracting("message").isNull();
    }

    @Test
    void isNotKeptByItsTimerOnceTheServerHasEnded() {
      GenServer.Timer timer = tellAfter(ofSeconds(1), "late");
      server.proc().kill();

      assertThat(timer).extracting("message").isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-0.000000001S", "PT-1H"})
    void hasADelayThatIsNotNegative(Duration delay) {
      assertThatThrownBy(() -> tellAfter(delay, "before"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("not a delay: " + delay);
    }
  }

  @Nested
  class ACancelledMessage {
    @Test
    void doesNotCome() throws Exception {
      GenServer.Timer timer = tellAfter(ofSeconds(1), "cancelled");
      tellAfter(ofSeconds(1), "other");
      assertThat(timer.cancel()).isTrue();
      clock.advance(ofSeconds(1));

      assertThat(told()).containsExactly("other");
    }

    @Test
    void leavesThoseOfTheSameTime() throws Exception {
      List<GenServer.Timer> timers = new ArrayList<>();
      for (int i = 0; i < 10; i++) timers.add(tellAfter(ofSeconds(1), i));
      for (int i = 0; i < 10; i += 2) assertThat(timers.get(i).cancel()).isTrue();
      clock.advance(ofSeconds(1));

      assertThat(told()).containsExactly(1, 3, 5, 7, 9);
    }

    @Test
    void isNotKeptByItsTimer() {
      GenServer.Timer timer = tellAfter(ofSeconds(1), "cancelled");
      timer.cancel();

      assertThat(timer).extracting("message").isNull();
    }

    @Test
    void canBeCancelledOnce() {
      GenServer.Timer timer = tellAfter(ofSeconds(1), "cancelled");

      assertThat(timer.cancel()).isTrue();
      assertThat(timer.cancel()).isFalse();
    }

    @Test
    void wasTooLateIfItHadCome() throws Exception {
      GenServer.Timer timer = tellAfter(Duration.ZERO, "come");
      told();

      assertThat(timer.cancel()).isFalse();
    }

    @Test
    void wasTooLateIfTheServerHadEnded() {
      GenServer.Timer timer = tellAfter(ofSeconds(1), "cancelled");
      server.proc().kill();

      assertThat(timer.cancel()).isFalse();
    }
  }
}
