package kv.otp;

import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static kv.otp.ExitReason.NORMAL;
import static kv.otp.ExitReason.SHUTDOWN;
import static kv.otp.Restart.TEMPORARY;
import static kv.otp.Restart.TRANSIENT;
import static kv.otp.Strategy.ONE_FOR_ONE;
import static kv.otp.Strategy.SIMPLE_ONE_FOR_ONE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestartIntensityTest {
  private final Tree tree = new Tree();

  @BeforeEach
  void allowReports(LogCapture log) {
    log.allow("event=(child_terminated|child_terminated_for_good|reached_max_restart_intensity) ");
  }

  @AfterEach
  void stop() {
    tree.close();
  }

  @Nested
  class TheNumber {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7})
    void ofRestartsWithinAPeriodIsMadeAndTheNextOneEndsTheSupervisor(int intensity)
        throws Exception {
      tree.given(tree.flags(ONE_FOR_ONE, intensity), tree.specs("a"));
      crash("a", intensity);
      assertThat(tree.hasEnded()).isFalse();
      tree.crash("a");
      assertThat(tree.hasEnded()).isTrue();
    }

    @Test
    void isThreeInFiveSecondsByDefault() throws Exception {
      tree.given(ONE_FOR_ONE, "a");
      crash("a", 3);
      tree.clock.advance(ofSeconds(5));
      assertThat(tree.hasEnded()).isFalse();
      tree.crash("a");
      assertThat(tree.hasEnded()).isTrue();
    }

    @Test
    void isThatOfTheWholeSupervisorNotOfEachChild() throws Exception {
      tree.given(tree.flags(ONE_FOR_ONE, 2), tree.specs("a", "b", "c"));
      crash("a", 1);
      crash("b", 1);
      tree.crash("c");
      assertThat(tree.hasEnded()).isTrue();
    }

    @Test
    void isThatOfAllInstancesUnderSimpleOneForOne() throws Exception {
      tree.given(tree.flags(SIMPLE_ONE_FOR_ONE, 1), tree.specs("a"));
      tree.supervisor().startChild(List.of(1));
      tree.supervisor().startChild(List.of(2));
      crash("a[1]", 1);
      tree.crash("a[2]");
      assertThat(tree.hasEnded()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"ONE_FOR_ALL", "REST_FOR_ONE"})
    void countsTheRestartOfAGroupOnce(Strategy strategy) throws Exception {
      tree.given(tree.flags(strategy, 2), tree.specs("a", "b", "c", "d"));
      crash("a", 2);
      assertThat(tree.hasEnded()).isFalse();
      tree.crash("a");
      assertThat(tree.hasEnded()).isTrue();
    }

    @Test
    void startsAtZeroForASupervisorThatIsStartedAgain() throws Exception {
      tree.given(tree.flags(ONE_FOR_ONE, 1), tree.specs("a"));
      crash("a", 2);
      assertThat(tree.hasEnded()).isTrue();
      tree.given(tree.flags(ONE_FOR_ONE, 1), tree.specs("a"));
      tree.crash("a");
      assertThat(tree.hasEnded()).isFalse();
    }
  }

  @Nested
  class GivingUp {
    @Test
    void stopsTheOtherChildrenInReverseAndDoesNotStartTheOneThatCrashed() throws Exception {
      tree.given(tree.flags(ONE_FOR_ONE, 0), tree.specs("a", "b", "c"));
      tree.crash("b");
      assertThat(tree.history()).containsExactly("stop c", "stop a");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SIMPLE_ONE_FOR_ONE")
    void endsTheSupervisorWithShutdownAndNotWithTheCrash(Strategy strategy) throws Exception {
      tree.given(tree.flags(strategy, 0), tree.specs("a", "b"));
      tree.crash("a");
      assertThat(tree.supervisor().proc().awaitExit()).isEqualTo(SHUTDOWN);
    }
  }

  @Nested
  class ThePeriod {
    @Test
    void forgetsARestartThatIsOlder() throws Exception {
      tree.given(tree.flags(ONE_FOR_ONE, 1), tree.specs("a"));
      crash("a", 1);
      tree.clock.advance(ofSeconds(5).plusNanos(1));
      tree.crash("a");
      assertThat(tree.hasEnded()).isFalse();
    }

    @Test
    void includesItsLastNanosecond() throws Exception {
      tree.given(tree.flags(ONE_FOR_ONE, 1), tree.specs("a"));
      crash("a", 1);
      tree.clock.advance(ofSeconds(5));
      tree.crash("a");
      assertThat(tree.hasEnded()).isTrue();
    }

    @Test
    void slidesWithTheRestartsRatherThanStartingAnew() throws Exception {
      tree.given(tree.flags(ONE_FOR_ONE, 2), tree.specs("a"));
      crash("a", 1);
      tree.clock.advance(ofSeconds(4));
      crash("a", 1);
      tree.clock.advance(ofSeconds(2));
      crash("a", 1); // the first is forgotten, the second is not
      tree.clock.advance(ofSeconds(1));
      assertThat(tree.hasEnded()).isFalse();
      tree.crash("a");
      assertThat(tree.hasEnded()).isTrue();
    }

    @Test
    void lastsAsLongAsTheFlagsSay() throws Exception {
      Flags flags = tree.flags(ONE_FOR_ONE).intensity(1, ofNanos(2));
      tree.given(flags, tree.specs("a"));
      crash("a", 1);
      tree.clock.advance(ofNanos(3));
      crash("a", 1);
      assertThat(tree.hasEnded()).isFalse();
      tree.clock.advance(ofNanos(2));
      tree.crash("a");
      assertThat(tree.hasEnded()).isTrue();
    }

    @Test
    void holdsARestartForAsLongAsItTakesToCountIt() throws Exception {
      tree.given(tree.flags(ONE_FOR_ONE, 0).clock(new LeapsAtEveryLook()), tree.specs("a"));
      tree.crash("a");
      assertThat(tree.hasEnded()).isTrue();
    }

    @Test
    void mayBeLongerThanAnyClockRuns() throws Exception {
      tree.given(
          tree.flags(ONE_FOR_ONE).intensity(1, ofSeconds(Long.MAX_VALUE)), tree.specs("a"));
      crash("a", 1);
      tree.clock.advance(Duration.ofDays(36_500));
      tree.crash("a");
      assertThat(tree.hasEnded()).isTrue();
    }

    @Test
    void isMeasuredAlsoWhereTheClockOverflows() throws Exception {
      tree.clock.advance(ofNanos(Long.MAX_VALUE - tree.clock.nanoTime()));
      tree.given(tree.flags(ONE_FOR_ONE, 1), tree.specs("a"));
      crash("a", 1);
      tree.clock.advance(ofSeconds(6));
      crash("a", 1);
      assertThat(tree.hasEnded()).isFalse();
      tree.crash("a");
      assertThat(tree.hasEnded()).isTrue();
    }

    @Test
    void beginsWhenTheRestartIsDecidedNotWhenTheChildIsUp() throws Exception {
      tree.child("a").duringStart(2, () -> tree.clock.advance(ofSeconds(3)));
      tree.given(tree.flags(ONE_FOR_ONE, 1), tree.specs("a"));
      crash("a", 1);
      tree.clock.advance(ofSeconds(3));
      tree.crash("a");
      assertThat(tree.hasEnded()).isFalse();
    }
  }

  @Nested
  class NotCounted {
    @Test
    void areInitialStarts() throws Exception {
      tree.given(tree.flags(ONE_FOR_ONE, 1), tree.specs("a", "b", "c"));
      tree.crash("a");
      assertThat(tree.hasEnded()).isFalse();
    }

    @Test
    void areChildrenThatAreAdded() throws Exception {
      tree.given(tree.flags(ONE_FOR_ONE, 1), tree.specs("a"));
      tree.supervisor().startChild(tree.spec("b"));
      tree.supervisor().startChild(tree.spec("c"));
      tree.crash("a");
      assertThat(tree.hasEnded()).isFalse();
    }

    @Test
    void areInstancesThatAreAdded() throws Exception {
      tree.given(tree.flags(SIMPLE_ONE_FOR_ONE, 1), tree.specs("a"));
      tree.supervisor().startChild(List.of(1));
      tree.supervisor().startChild(List.of(2));
      tree.crash("a[1]");
      assertThat(tree.hasEnded()).isFalse();
    }

    @Test
    void areInstancesThatFailToStart() throws Exception {
      tree.child("a").failsAtStart(1).failsAtStart(2);
      tree.given(tree.flags(SIMPLE_ONE_FOR_ONE, 1), tree.specs("a"));
      for (int i = 1; i <= 3; i++) tree.supervisor().startChild(List.of(i));
      tree.crash("a[3]");
      assertThat(tree.hasEnded()).isFalse();
    }

    @Test
    void areInstancesThatAreStoppedByHand() throws Exception {
      tree.given(tree.flags(SIMPLE_ONE_FOR_ONE, 1), tree.specs("a"));
      for (int i = 1; i <= 3; i++) tree.supervisor().startChild(List.of(i));
      for (int i = 1; i <= 2; i++) tree.supervisor().terminateChild(tree.proc("a[" + i + "]"));
      tree.crash("a[3]");
      assertThat(tree.hasEnded()).isFalse();
    }

    @Test
    void areChildrenThatAreStoppedAndStartedByHand() throws Exception {
      tree.given(tree.flags(ONE_FOR_ONE, 1), tree.specs("a", "b"));
      for (int i = 0; i < 2; i++) {
        tree.supervisor().terminateChild("b");
        tree.supervisor().restartChild("b");
      }
      tree.crash("a");
      assertThat(tree.hasEnded()).isFalse();
    }

    @Test
    void areStartsByHandThatFail() throws Exception {
      tree.child("b").failsFromStart(2);
      tree.given(tree.flags(ONE_FOR_ONE, 1), tree.specs("a", "b"));
      tree.supervisor().terminateChild("b");
      for (int i = 0; i < 2; i++) tree.supervisor().restartChild("b");
      tree.crash("a");
      assertThat(tree.hasEnded()).isFalse();
    }

    @Test
    void areTransientChildrenThatFinish() throws Exception {
      tree.given(tree.flags(ONE_FOR_ONE, 1), tree.spec("a"), tree.spec("b").restart(TRANSIENT));
      for (int i = 0; i < 2; i++) {
        tree.exit("b", NORMAL);
        tree.supervisor().restartChild("b");
      }
      tree.crash("a");
      assertThat(tree.hasEnded()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SIMPLE_ONE_FOR_ONE")
    void areTemporaryChildrenThatCrash(Strategy strategy) throws Exception {
      tree.given(
          tree.flags(strategy, 1),
          tree.spec("a"), tree.spec("b").restart(TEMPORARY), tree.spec("c").restart(TEMPORARY));
      tree.crash("b");
      tree.crash("c");
      tree.crash("a");
      assertThat(tree.hasEnded()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"ONE_FOR_ALL", "REST_FOR_ONE"})
    void areSiblingsThatAreStoppedAndStartedWithTheirGroup(Strategy strategy) throws Exception {
      tree.given(tree.flags(strategy, 1), tree.specs("a", "b", "c"));
      tree.crash("a");
      assertThat(tree.history())
          .containsExactly("stop c", "stop b", "start a", "start b", "start c");
      assertThat(tree.hasEnded()).isFalse();
    }
  }

  /** A clock on which more than a period passes between any two looks at it. */
  private static final class LeapsAtEveryLook implements Clock {
    private long now;

    @Override
    public long nanoTime() {
      return now += ofSeconds(6).toNanos();
    }

    @Override
    public void parkUntil(long deadlineNanos) {}
  }

  /** The next crash is that of the life that the one before was followed by. */
  private void crash(String name, int times) throws InterruptedException {
    for (int i = 0; i < times; i++) {
      tree.crash(name);
      tree.settle();
    }
  }
}
