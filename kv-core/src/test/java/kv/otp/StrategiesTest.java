package kv.otp;

import static kv.otp.ExitReason.NORMAL;
import static kv.otp.Restart.TEMPORARY;
import static kv.otp.Restart.TRANSIENT;
import static kv.otp.Strategy.ONE_FOR_ALL;
import static kv.otp.Strategy.ONE_FOR_ONE;
import static kv.otp.Strategy.REST_FOR_ONE;
import static org.assertj.core.api.Assertions.assertThat;

import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StrategiesTest {
  private final Tree tree = new Tree();

  @BeforeEach
  void allowReports(LogCapture log) {
    log.allow("event=(child_terminated|reached_max_restart_intensity) ");
  }

  @AfterEach
  void stop() {
    tree.close();
  }

  @Nested
  class OneForOne {
    @ParameterizedTest
    @CsvSource({"a, start a", "b, start b", "c, start c"})
    void restartsTheChildThatCrashedAndNobodyElse(String crashed, String history)
        throws Exception {
      tree.given(ONE_FOR_ONE, "a", "b", "c");
      tree.crash(crashed);
      assertThat(tree.history()).containsExactly(history);
    }

    @Test
    void givesTheChildANewLife() throws Exception {
      tree.given(ONE_FOR_ONE, "a");
      Proc old = tree.crash("a");
      assertThat(tree.supervisor().whichChildren()).singleElement()
          .satisfies(info -> assertThat(info.proc()).contains(tree.proc("a")))
          .satisfies(info -> assertThat(info.proc()).isPresent().get().isNotSameAs(old));
    }

    @Test
    void letsSiblingsThatAreDownBe() throws Exception {
      tree.given(ONE_FOR_ONE, "a", "b", "c");
      tree.supervisor().terminateChild("a");
      tree.crash("b");
      assertThat(tree.states()).containsExactly("a undefined", "b running", "c running");
    }

    @Test
    void restartsAChildAsOftenAsItCrashes() throws Exception {
      tree.given(ONE_FOR_ONE, "a");
      tree.crash("a");
      assertThat(tree.history()).containsExactly("start a");
      tree.crash("a");
      assertThat(tree.history()).containsExactly("start a");
    }
  }

  @Nested
  class OneForAll {
    @ParameterizedTest
    @CsvSource({
        "a, 'stop c, stop b, start a, start b, start c'",
        "b, 'stop c, stop a, start a, start b, start c'",
        "c, 'stop b, stop a, start a, start b, start c'"})
    void stopsTheOthersInReverseOrderThenStartsAllInOrder(String crashed, String history)
        throws Exception {
      tree.given(ONE_FOR_ALL, "a", "b", "c");
      tree.crash(crashed);
      assertThat(tree.history()).containsExactly(history.split(", "));
    }

    @Test
    void startsATransientChildThatHadFinished() throws Exception {
      tree.given(tree.flags(ONE_FOR_ALL), tree.spec("a").restart(TRANSIENT), tree.spec("b"));
      tree.exit("a", NORMAL);
      tree.crash("b");
      assertThat(tree.history()).containsExactly("start a", "start b");
    }

    @Test
    void startsAChildThatHadBeenStopped() throws Exception {
      tree.given(ONE_FOR_ALL, "a", "b");
      tree.supervisor().terminateChild("a");
      tree.crash("b");
      assertThat(tree.history()).containsExactly("stop a", "start a", "start b");
    }

    @Test
    void startsAChildThatHadHadNothingToStart() throws Exception {
      tree.child("a").ignoresStart(1);
      tree.given(ONE_FOR_ALL, "a", "b");
      tree.crash("b");
      assertThat(tree.history()).containsExactly("start a", "start b");
    }

    @Test
    void stopsTemporarySiblingsAndForgetsThem() throws Exception {
      tree.given(
          tree.flags(ONE_FOR_ALL),
          tree.spec("a").restart(TEMPORARY), tree.spec("b"), tree.spec("c").restart(TEMPORARY));
      tree.crash("b");
      assertThat(tree.history()).containsExactly("stop c", "stop a", "start b");
      assertThat(tree.states()).containsExactly("b running");
    }
  }

  @Nested
  class RestForOne {
    @ParameterizedTest
    @CsvSource({
        "a, 'stop c, stop b, start a, start b, start c'",
        "b, 'stop c, start b, start c'",
        "c, start c"})
    void stopsThoseAfterItInReverseOrderThenStartsItAndThemInOrder(String crashed, String history)
        throws Exception {
      tree.given(REST_FOR_ONE, "a", "b", "c");
      tree.crash(crashed);
      assertThat(tree.history()).containsExactly(history.split(", "));
    }

    @Test
    void letsEarlierChildrenBeEvenIfTheyAreDown() throws Exception {
      tree.child("b").ignoresStart(1);
      tree.given(
          tree.flags(REST_FOR_ONE),
          tree.spec("a"), tree.spec("b"), tree.spec("c").restart(TRANSIENT), tree.spec("d"));
      tree.supervisor().terminateChild("a");
      tree.exit("c", NORMAL);
      tree.crash("d");
      assertThat(tree.history()).containsExactly("stop a", "start d");
      assertThat(tree.states())
          .containsExactly("a undefined", "b undefined", "c undefined", "d running");
    }

    @Test
    void startsALaterTransientChildThatHadFinished() throws Exception {
      tree.given(tree.flags(REST_FOR_ONE), tree.spec("a"), tree.spec("b").restart(TRANSIENT));
      tree.exit("b", NORMAL);
      tree.crash("a");
      assertThat(tree.history()).containsExactly("start a", "start b");
    }

    @Test
    void startsALaterChildThatHadBeenStopped() throws Exception {
      tree.given(REST_FOR_ONE, "a", "b");
      tree.supervisor().terminateChild("b");
      tree.crash("a");
      assertThat(tree.history()).containsExactly("stop b", "start a", "start b");
    }

    @Test
    void startsALaterChildThatHadHadNothingToStart() throws Exception {
      tree.child("b").ignoresStart(1);
      tree.given(REST_FOR_ONE, "a", "b");
      tree.crash("a");
      assertThat(tree.history()).containsExactly("start a", "start b");
    }

    @Test
    void stopsLaterTemporarySiblingsAndForgetsThemButNoEarlierOnes() throws Exception {
      tree.given(
          tree.flags(REST_FOR_ONE),
          tree.spec("a").restart(TEMPORARY), tree.spec("b"), tree.spec("c").restart(TEMPORARY));
      tree.crash("b");
      assertThat(tree.history()).containsExactly("stop c", "start b");
      assertThat(tree.states()).containsExactly("a running", "b running");
    }
  }

  @Nested
  class AGroup {
    @ParameterizedTest
    @EnumSource(names = {"ONE_FOR_ALL", "REST_FOR_ONE"})
    void isStoppedAsTheShutdownOfEachSays(Strategy strategy) throws Exception {
      tree.given(
          tree.flags(strategy),
          tree.spec("a"), tree.spec("b"), tree.spec("c").shutdown(Shutdown.BRUTAL_KILL));
      tree.crash("a");
      assertThat(tree.history())
          .containsExactly("kill c", "stop b", "start a", "start b", "start c");
    }

    @ParameterizedTest
    @EnumSource(names = {"ONE_FOR_ALL", "REST_FOR_ONE"})
    void isStartedOnPastAChildThatHasNothingToStart(Strategy strategy) throws Exception {
      tree.child("b").ignoresStart(2);
      tree.given(strategy, "a", "b", "c");
      tree.crash("a");
      assertThat(tree.history())
          .containsExactly("stop c", "stop b", "start a", "ignore b", "start c");
      assertThat(tree.states()).containsExactly("a running", "b undefined", "c running");
    }
  }

  @Nested
  class NothingToStartAtARestart {
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SIMPLE_ONE_FOR_ONE")
    void keepsTheSpecOfAPermanentChildAndTheSupervisorGoesOn(Strategy strategy) throws Exception {
      tree.child("b").ignoresStart(2);
      tree.given(strategy, "a", "b");
      tree.crash("b");
      assertThat(tree.states()).containsExactly("a running", "b undefined");
    }

    @Test
    void isCountedAsOneRestart() throws Exception {
      tree.child("b").ignoresStart(2);
      tree.given(tree.flags(ONE_FOR_ONE, 1), tree.specs("a", "b"));
      tree.crash("b");
      assertThat(tree.hasEnded()).isFalse();
      tree.crash("a");
      assertThat(tree.hasEnded()).isTrue();
    }

    @Test
    void leavesTheSpecToBeStartedByHand() throws Exception {
      tree.child("b").ignoresStart(2);
      tree.given(ONE_FOR_ONE, "a", "b");
      tree.crash("b");
      tree.supervisor().restartChild("b");
      assertThat(tree.history()).containsExactly("ignore b", "start b");
      assertThat(tree.states()).containsExactly("a running", "b running");
    }
  }

  @Nested
  class ChildrenThatCrashTogether {
    @BeforeEach
    void allowReports(LogCapture log) {
      log.allow("event=shutdown_error reason=crash"); // of those that died unasked
    }

    @ParameterizedTest
    @CsvSource({
        "ONE_FOR_ONE, 3, 'start a, start b, start c'",
        "ONE_FOR_ALL, 1, 'start a, start b, start c'",
        "REST_FOR_ONE, 1, 'start a, start b, start c'"})
    void areOneRestartForAGroupAndOneEachOtherwise(
        Strategy strategy, int restarts, String history) throws Exception {
      tree.given(tree.flags(strategy, restarts), tree.specs("a", "b", "c"));
      crashTogether("a", "b", "c");
      assertThat(tree.history()).containsExactly(("ignore x, " + history).split(", "));
      assertThat(tree.hasEnded()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"ONE_FOR_ONE, 2", "ONE_FOR_ALL, 0", "REST_FOR_ONE, 0"})
    void endTheSupervisorWhoseIntensityIsLess(Strategy strategy, int intensity) throws Exception {
      tree.given(tree.flags(strategy, intensity), tree.specs("a", "b", "c"));
      crashTogether("a", "b", "c");
      assertThat(tree.hasEnded()).isTrue();
    }

    @Test
    void areTwoRestartsUnderRestForOneIfTheLaterOneComesFirst() throws Exception {
      tree.given(tree.flags(REST_FOR_ONE, 2), tree.specs("a", "b"));
      crashTogether("b", "a");
      assertThat(tree.history())
          .containsExactly("ignore x", "start b", "stop b", "start a", "start b");
    }

    @ParameterizedTest
    @EnumSource(names = {"ONE_FOR_ALL", "REST_FOR_ONE"})
    void countOnceIfOneCrashesWhileItsGroupIsTornDown(Strategy strategy) throws Exception {
      tree.child("c").beforeStop(() -> tree.crash("b"));
      tree.given(tree.flags(strategy, 1), tree.specs("a", "b", "c"));
      tree.crash("a");
      assertThat(tree.history()).containsExactly("stop c", "start a", "start b", "start c");
      assertThat(tree.hasEnded()).isFalse();
    }

    /** All crash before the supervisor can hear of the first: it is busy with the start of x. */
    private void crashTogether(String... ids) throws InterruptedException {
      tree.child("x").ignoresStart(1).duringStart(1, () -> {
        for (String id : ids) tree.crash(id);
      });
      tree.supervisor().startChild(tree.spec("x").restart(TEMPORARY));
    }
  }
}
