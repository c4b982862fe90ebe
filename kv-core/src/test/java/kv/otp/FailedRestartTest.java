package kv.otp;

import static java.time.Duration.ofSeconds;
import static kv.otp.ExitReason.NORMAL;
import static kv.otp.ExitReason.SHUTDOWN;
import static kv.otp.Restart.TRANSIENT;
import static kv.otp.Strategy.ONE_FOR_ALL;
import static kv.otp.Strategy.ONE_FOR_ONE;
import static kv.otp.Strategy.REST_FOR_ONE;
import static kv.otp.Strategy.SIMPLE_ONE_FOR_ONE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FailedRestartTest {
  private final Tree tree = new Tree();

  @BeforeEach
  void allowReports(LogCapture log) {
    log.allow("event=(child_terminated|start_error|reached_max_restart_intensity) ");
  }

  @AfterEach
  void stop() {
    tree.close();
  }

  @Nested
  class ARetry {
    @Test
    void comesWithoutAnyDelayUntilTheChildIsUp() throws Exception {
      tree.child("b").failsAtStart(2).failsAtStart(3);
      tree.given(ONE_FOR_ONE, "a", "b", "c");
      tree.crash("b");
      tree.settle(2); // on a clock that stands still
      assertThat(tree.history()).containsExactly("fail b", "fail b", "start b");
      assertThat(tree.states()).containsExactly("a running", "b running", "c running");
    }

    @Test
    void isMadeAlsoForATransientChild() throws Exception {
      tree.child("b").failsAtStart(2);
      tree.given(tree.flags(ONE_FOR_ONE), tree.spec("b").restart(TRANSIENT));
      tree.crash("b");
      tree.settle(1);
      assertThat(tree.history()).containsExactly("fail b", "start b");
    }

    @Test
    void isMadeEvenIfTheStartFailedWithACleanReason() throws Exception {
      int[] starts = {0};
      ChildSpec.Start start = args -> {
        if (++starts[0] == 2) return StartResult.error(NORMAL);
        return StartResult.ok(Proc.passive("b"));
      };
      tree.start(tree.flags(ONE_FOR_ONE), ChildSpec.worker("b", start).restart(TRANSIENT));
      tree.supervisor().whichChildren().get(0).proc().orElseThrow().exit(Tree.CRASH);
      tree.settle(1);
      assertThat(tree.states()).containsExactly("b running");
    }

    @Test
    void hasTheArgumentsOfTheInstanceUnderSimpleOneForOne() throws Exception {
      tree.child("b").failsAtStart(3);
      tree.given(SIMPLE_ONE_FOR_ONE, "b");
      tree.supervisor().startChild(List.of(1));
      tree.supervisor().startChild(List.of(2));
      tree.history();
      tree.crash("b[1]");
      tree.settle(1);
      assertThat(tree.history()).containsExactly("fail b[1]", "start b[1]");
    }

    @Test
    void waitsItsTurnBehindTheExitOfASibling() throws Exception {
      tree.child("b").failsAtStart(2).duringStart(2, () -> tree.crash("a"));
      tree.given(ONE_FOR_ONE, "a", "b");
      tree.crash("b");
      tree.settle(1);
      assertThat(tree.history()).containsExactly("fail b", "start a", "start b");
    }

    @Test
    void isNotMadeIfTheOrderToStopCameBefore() throws Exception {
      tree.child("b")
          .failsAtStart(2)
          .duringStart(2, () -> tree.supervisor().proc().ask(NORMAL, Proc.Asker.PARENT));
      tree.given(ONE_FOR_ONE, "a", "b", "c");
      tree.crash("b");
      assertThat(tree.supervisor().proc().awaitExit()).isEqualTo(NORMAL);
      assertThat(tree.written()).containsExactly("fail b", "stop c", "stop a");
    }
  }

  @Nested
  class Counting {
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SIMPLE_ONE_FOR_ONE")
    void theAttemptThatIsOneTooManyIsNotMade(Strategy strategy) throws Exception {
      tree.child("a").failsFromStart(2);
      tree.given(tree.flags(strategy, 2), tree.specs("a"));
      tree.crash("a");
      assertThat(tree.supervisor().proc().awaitExit()).isEqualTo(SHUTDOWN);
      assertThat(tree.written()).containsExactly("fail a", "fail a");
    }

    @Test
    void theAttemptThatIsOneTooManyIsNotMadeForAnInstance() throws Exception {
      tree.child("a").failsFromStart(2);
      tree.given(tree.flags(SIMPLE_ONE_FOR_ONE, 2), tree.specs("a"));
      tree.supervisor().startChild(List.of(1));
      tree.history();
      tree.crash("a[1]");
      assertThat(tree.supervisor().proc().awaitExit()).isEqualTo(SHUTDOWN);
      assertThat(tree.written()).containsExactly("fail a[1]", "fail a[1]");
    }

    @Test
    void everyAttemptIsARestartLikeThoseOfItsSiblings() throws Exception {
      tree.child("b").failsAtStart(2);
      tree.given(tree.flags(ONE_FOR_ONE, 2), tree.specs("a", "b"));
      tree.crash("b");
      tree.settle(1);
      assertThat(tree.hasEnded()).isFalse();
      tree.crash("a");
      assertThat(tree.hasEnded()).isTrue();
    }

    @Test
    void anAttemptIsForgottenWhenItIsOlderThanThePeriod() throws Exception {
      for (int start = 2; start <= 4; start++)
        tree.child("a").failsAtStart(start)
            .duringStart(start, () -> tree.clock.advance(ofSeconds(6)));
      tree.given(tree.flags(ONE_FOR_ONE, 1), tree.specs("a"));
      tree.crash("a");
      tree.settle(3);
      assertThat(tree.history()).containsExactly("fail a", "fail a", "fail a", "start a");
    }

    @Test
    void givingUpStopsTheOthersInReverse() throws Exception {
      tree.child("b").failsFromStart(2);
      tree.given(tree.flags(ONE_FOR_ONE, 1), tree.specs("a", "b", "c"));
      tree.crash("b");
      tree.supervisor().proc().awaitExit();
      assertThat(tree.written()).containsExactly("fail b", "stop c", "stop a");
    }
  }

  @Nested
  class InAGroup {
    @Test
    void underOneForAllTheRetryStopsThoseThatAreUpInReverseAndStartsAll() throws Exception {
      tree.child("c").failsAtStart(2);
      tree.given(ONE_FOR_ALL, "a", "b", "c", "d");
      tree.crash("a");
      tree.settle(1);
      assertThat(tree.history()).containsExactly(
          "stop d", "stop c", "stop b", "start a", "start b", "fail c",
          "stop b", "stop a", "start a", "start b", "start c", "start d");
    }

    @Test
    void underRestForOneTheRetryStartsOnlyTheOneThatFailedAndThoseAfterIt() throws Exception {
      tree.child("c").failsAtStart(2);
      tree.given(REST_FOR_ONE, "a", "b", "c", "d");
      tree.crash("a");
      tree.settle(1);
      assertThat(tree.history()).containsExactly(
          "stop d", "stop c", "stop b", "start a", "start b", "fail c", "start c", "start d");
    }

    @Test
    void theOneThatCrashedMayBeTheOneThatFails() throws Exception {
      tree.child("b").failsAtStart(2);
      tree.given(ONE_FOR_ALL, "a", "b", "c");
      tree.crash("b");
      tree.settle(1);
      assertThat(tree.history()).containsExactly(
          "stop c", "stop a", "start a", "fail b", "stop a", "start a", "start b", "start c");
    }

    @Test
    void anotherChildMayFailAtTheRetryWhichThenGoesOnFromThere() throws Exception {
      tree.child("b").failsAtStart(2);
      tree.child("c").failsAtStart(2);
      tree.given(REST_FOR_ONE, "a", "b", "c");
      tree.crash("a");
      tree.settle(2);
      assertThat(tree.history()).containsExactly(
          "stop c", "stop b", "start a", "fail b", "start b", "fail c", "start c");
    }

    @Test
    void underOneForAllAnEarlierChildMayFailAtTheRetry() throws Exception {
      tree.child("a").failsAtStart(3);
      tree.child("b").failsAtStart(2);
      tree.given(ONE_FOR_ALL, "a", "b");
      tree.crash("a");
      tree.settle(2);
      assertThat(tree.history()).containsExactly(
          "stop b", "start a", "fail b", "stop a", "fail a", "start a", "start b");
    }

    @ParameterizedTest
    @EnumSource(names = {"ONE_FOR_ALL", "REST_FOR_ONE"})
    void everyAttemptIsOneRestart(Strategy strategy) throws Exception {
      tree.child("c").failsAtStart(2);
      tree.given(tree.flags(strategy, 2), tree.specs("a", "b", "c"));
      tree.crash("a");
      tree.settle(1);
      assertThat(tree.hasEnded()).isFalse();
      tree.crash("a");
      assertThat(tree.hasEnded()).isTrue();
    }
  }

  @Nested
  class ARetryThatIsOvertaken {
    @ParameterizedTest
    @CsvSource({
        "REST_FOR_ONE, 'fail b, start a, start b'",
        "ONE_FOR_ALL, 'stop a, start a, fail b, start a, start b'"})
    void isVoidOnceTheCrashOfAnEarlierSiblingHasRestartedTheGroup(
        Strategy strategy, String history) throws Exception {
      tree.child("b").failsAtStart(2).duringStart(2, () -> tree.crash("a"));
      tree.given(tree.flags(strategy, 2), tree.specs("a", "b"));
      tree.crash("b");
      tree.settle(1);
      assertThat(tree.history()).containsExactly(history.split(", "));
      assertThat(tree.hasEnded()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"ONE_FOR_ALL", "REST_FOR_ONE"})
    void isReplacedByThatOfTheGroupIfTheChildFailsAgain(Strategy strategy) throws Exception {
      tree.child("b")
          .failsAtStart(2).duringStart(2, () -> tree.crash("a")).failsAtStart(3);
      tree.given(tree.flags(strategy, 3), tree.specs("a", "b"));
      tree.crash("b");
      tree.settle(2);
      assertThat(tree.history()).filteredOn("fail b"::equals).hasSize(2);
      assertThat(tree.states()).containsExactly("a running", "b running");
    }
  }
}
