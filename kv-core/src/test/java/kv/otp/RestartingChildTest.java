package kv.otp;

import static kv.otp.ChildResult.ALREADY_PRESENT;
import static kv.otp.ChildResult.DONE;
import static kv.otp.ChildResult.RESTARTING;
import static kv.otp.Strategy.ONE_FOR_ONE;
import static kv.otp.Strategy.REST_FOR_ONE;
import static kv.otp.Strategy.SIMPLE_ONE_FOR_ONE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a call finds and does that reaches the supervisor while b, whose restart has failed, waits
 * to be tried again. Such a call has to be in the mailbox before the retry is; so the failing start
 * puts it there, past {@link Supervisor}, whose calls would wait for an answer.
 */
class RestartingChildTest {
  private final Tree tree = new Tree();
  private SupervisorServer rules;

  @BeforeEach
  void allowReports(LogCapture log) {
    log.allow("event=(child_terminated|start_error|reached_max_restart_intensity) ");
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (rules != null) rules.server().proc().stop();
  }

  @Nested
  class AListing {
    @Test
    void showsTheChildAsRestartingAndItsSiblingsRunning() throws Exception {
      assertThat(Tree.states(whileRestarting(ONE_FOR_ONE, SupervisorServer::whichChildren)))
          .containsExactly("a running", "b restarting", "c running");
    }

    @Test
    void showsNoLifeOfTheChild() throws Exception {
      List<ChildInfo> children = whileRestarting(ONE_FOR_ONE, SupervisorServer::whichChildren);
      assertThat(children.get(1).proc()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ONE_FOR_ALL, a, 'a running, b restarting, c undefined'",
        "ONE_FOR_ALL, b, 'a running, b restarting, c undefined'",
        "ONE_FOR_ALL, c, 'a running, b restarting, c undefined'",
        "REST_FOR_ONE, a, 'a running, b restarting, c undefined'",
        "REST_FOR_ONE, b, 'a running, b restarting, c undefined'"})
    void showsThoseBeforeTheChildRunningAndThoseAfterItDownInAGroup(
        Strategy strategy, String crashed, String states) throws Exception {
      assertThat(Tree.states(whileRestarting(strategy, crashed, SupervisorServer::whichChildren)))
          .containsExactly(states.split(", "));
    }

    @Test
    void doesNotCountTheChildAsActive() throws Exception {
      assertThat(whileRestarting(ONE_FOR_ONE, SupervisorServer::countChildren))
          .isEqualTo(new ChildCount(3, 2, 0, 3));
    }
  }

  @Nested
  class TerminateChild {
    @Test
    void cancelsTheRetryAndTheChildStaysDown() throws Exception {
      assertAnswer(DONE, rules -> rules.terminateChild("b"));
      settle();
      assertThat(tree.written()).containsExactly("fail b");
      assertThat(states()).containsExactly("a running", "b undefined", "c running");
    }

    @Test
    void leavesAVoidRetryThatIsNotCounted() throws Exception {
      whileRestarting(tree.flags(ONE_FOR_ONE, 1), "b", rules -> rules.terminateChild("b"));
      settle();
      assertThat(rules.server().proc().isAlive()).isTrue();
    }

    @Test
    void leavesAVoidRetryEvenIfTheChildIsStartedByHand() throws Exception {
      ChildResult result =
          whileRestarting(
              tree.flags(ONE_FOR_ONE, 1),
              "b",
              rules -> {
                rules.terminateChild("b");
                return rules.restartChild("b");
              });
      settle();
      assertThat(result).isInstanceOf(ChildResult.Started.class);
      assertThat(tree.written()).containsExactly("fail b", "start b");
    }

    @ParameterizedTest
    @EnumSource(names = {"ONE_FOR_ALL", "REST_FOR_ONE"})
    void leavesTheRestOfAGroupDown(Strategy strategy) throws Exception {
      whileRestarting(strategy, rules -> rules.terminateChild("b"));
      settle();
      assertThat(states()).containsExactly("a running", "b undefined", "c undefined");
    }
  }

  @Nested
  class ACrashOfAnEarlierSibling {
    @ParameterizedTest
    @EnumSource(names = {"ONE_FOR_ALL", "REST_FOR_ONE"})
    void leavesAVoidRetryEvenIfTheChildFailsWithItsGroupOnceMore(Strategy strategy)
        throws Exception {
      start(tree.flags(strategy), "a", "b");
      FutureTask<List<ChildInfo>> answer =
          askedAtTheFailingRestart(3, SupervisorServer::whichChildren);
      tree.child("b").failsAtStart(2).duringStart(2, () -> tree.crash("a"));
      tree.crash("b");
      assertThat(Tree.states(answer.get())).containsExactly("a running", "b restarting");
    }
  }

  @Nested
  class OtherCalls {
    @Test
    void cannotRestartTheChild() throws Exception {
      assertAnswer(RESTARTING, rules -> rules.restartChild("b"));
    }

    @Test
    void cannotDeleteTheChild() throws Exception {
      assertAnswer(RESTARTING, rules -> rules.deleteChild("b"));
    }

    @Test
    void cannotStartAnotherChildWithItsId() throws Exception {
      assertAnswer(ALREADY_PRESENT, rules -> rules.startChild(tree.spec("b")));
    }

    @Test
    void letTheRetryGoAheadIfTheyAreRefused() throws Exception {
      whileRestarting(ONE_FOR_ONE, rules ->
          List.of(
              rules.restartChild("b"),
              rules.deleteChild("b"),
              rules.startChild(tree.spec("b"))));
      settle();
      assertThat(tree.written()).containsExactly("fail b", "start b");
    }

    @Test
    void canStartAChildWithAnotherIdBeforeTheRetry() throws Exception {
      whileRestarting(ONE_FOR_ONE, rules -> rules.startChild(tree.spec("d")));
      settle();
      assertThat(tree.written()).containsExactly("fail b", "start d", "start b");
    }

    @Test
    void mayStartALaterChildOfTheGroupWhichTheRetryStartsAgain() throws Exception {
      whileRestarting(REST_FOR_ONE, rules -> rules.restartChild("c"));
      settle();
      assertThat(tree.written())
          .containsExactly("stop c", "fail b", "start c", "stop c", "start b", "start c");
    }
  }

  @Nested
  class UnderSimpleOneForOne {
    @Test
    void theLastLifeStillNamesTheChildAndTerminatingItCancelsTheRetry() throws Exception {
      Proc[] last = new Proc[1];
      ChildCount[] counts = new ChildCount[2];
      whileInstanceIsRestarting(last, rules -> {
        counts[0] = rules.countChildren();
        ChildResult result = rules.terminateChild(last[0]);
        counts[1] = rules.countChildren();
        return result;
      });
      settle();
      assertThat(tree.written()).containsExactly("fail b[1]");
      assertThat(counts)
          .containsExactly(new ChildCount(1, 0, 0, 1), new ChildCount(1, 0, 0, 0));
    }

    @Test
    void theChildIsListedAsRestarting() throws Exception {
      assertThat(whileInstanceIsRestarting(new Proc[1], SupervisorServer::whichChildren))
          .extracting(ChildInfo::state).containsExactly(ChildInfo.State.RESTARTING);
    }

    private <T> T whileInstanceIsRestarting(Proc[] last, Function<SupervisorServer, T> question)
        throws Exception {
      start(tree.flags(SIMPLE_ONE_FOR_ONE), "b");
      rules.server().call(() -> rules.startChild(List.of(1)));
      FutureTask<T> answer = askedAtTheFailingRestart(2, question);
      last[0] = tree.proc("b[1]");
      tree.crash("b[1]");
      return answer.get();
    }
  }

  private void assertAnswer(ChildResult answer, Function<SupervisorServer, ChildResult> question)
      throws Exception {
    ChildResult given = whileRestarting(ONE_FOR_ONE, question);
    assertThat(given).isEqualTo(answer);
  }

  private <T> T whileRestarting(Strategy strategy, Function<SupervisorServer, T> question)
      throws Exception {
    return whileRestarting(strategy, "b", question);
  }

  private <T> T whileRestarting(
      Strategy strategy, String crashed, Function<SupervisorServer, T> question) throws Exception {
    return whileRestarting(tree.flags(strategy), crashed, question);
  }

  /** The answer to {@code question} while b is restarting, because {@code crashed} has crashed. */
  private <T> T whileRestarting(
      Flags flags, String crashed, Function<SupervisorServer, T> question) throws Exception {
    start(flags, "a", "b", "c");
    FutureTask<T> answer = askedAtTheFailingRestart(2, question);
    tree.crash(crashed);
    return answer.get();
  }

  private void start(Flags flags, String... ids) throws InterruptedException {
    rules = new SupervisorServer("tree", flags);
    rules.server().call(() -> {
      rules.init(List.of(tree.specs(ids)));
      return rules;
    });
  }

  private <T> FutureTask<T> askedAtTheFailingRestart(
      int start, Function<SupervisorServer, T> question) {
    FutureTask<T> asked = new FutureTask<>(() -> question.apply(rules));
    tree.child("b").failsAtStart(start).duringStart(start, () -> rules.server().cast(asked::run));
    tree.written();
    return asked;
  }

  /** Waits until the retry has been dealt with, which was posted right after the question. */
  private void settle() throws InterruptedException {
    rules.server().call(rules::countChildren);
  }

  private List<String> states() throws InterruptedException {
    return Tree.states(rules.server().call(rules::whichChildren));
  }
}
