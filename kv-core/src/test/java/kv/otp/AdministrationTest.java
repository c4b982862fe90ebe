package kv.otp;

import static kv.otp.Turns.BOOM;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a supervisor with ids answers, for each state that a child can be in. */
class AdministrationTest {
  private final Turns turns = new Turns(Strategy.ONE_FOR_ONE);
  private final Lives lives = turns.lives;
  private final SupervisorServer rules = turns.rules;

  @BeforeEach
  void start() throws InterruptedException {
    turns.init(
        lives.polite("running"),
        lives.polite("stopped"),
        ChildSpec.worker("ignored", StartResult::ignore));
    in(() -> rules.terminateChild("stopped"));
    lives.forget();
  }

  @AfterEach
  void stop() throws InterruptedException {
    turns.stop();
  }

  @Nested
  class StartChild {
    @Test
    void startsAndAnswersWithTheChild() throws Exception {
      ChildResult result = in(() -> rules.startChild(lives.polite("new")));

      assertThat(result).isEqualTo(new ChildResult.Started(lives.of("new"), null));
      assertThat(states()).startsWith("new running");
    }

    @Test
    void passesOnWhatTheStartFunctionTellsBesides() throws Exception {
      Proc proc = Proc.passive("new");
      ChildSpec spec = ChildSpec.worker("new", () -> StartResult.ok(proc, "info"));

      assertThat(in(() -> rules.startChild(spec)))
          .isEqualTo(new ChildResult.Started(proc, "info"));
    }

    @Test
    void keepsTheSpecOfAChildThatHadNothingToStart() throws Exception {
      ChildSpec spec = ChildSpec.worker("new", StartResult::ignore);

      assertThat(in(() -> rules.startChild(spec))).isEqualTo(ChildResult.IGNORED);
      assertThat(states()).startsWith("new undefined");
    }

    @Test
    void keepsNoSpecOfATemporaryChildThatHadNothingToStart() throws Exception {
      ChildSpec spec = ChildSpec.worker("new", StartResult::ignore).restart(Restart.TEMPORARY);

      assertThat(in(() -> rules.startChild(spec))).isEqualTo(ChildResult.IGNORED);
      assertThat(states()).hasSize(3);
    }

    @Test
    void forgetsTheSpecOfAChildThatFails() throws Exception {
      ChildSpec spec = ChildSpec.worker("new", () -> StartResult.error(BOOM));

      assertThat(in(() -> rules.startChild(spec))).isEqualTo(new ChildResult.Failed(BOOM));
      assertThat(states()).hasSize(3);
    }

    @Test
    void doesNotCountFailuresAsRestarts() throws Exception {
      ChildSpec spec = ChildSpec.worker("new", () -> StartResult.error(BOOM));
      for (int i = 0; i < 5; i++) in(() -> rules.startChild(spec));

      assertThat(rules.server().proc().isAlive()).isTrue();
    }

    @Test
    void answersWithTheChildThatIsAlreadyRunning() throws Exception {
      Proc running = lives.of("running");

      assertThat(in(() -> rules.startChild(lives.polite("running"))))
          .isEqualTo(new ChildResult.AlreadyStarted(running));
      assertThat(lives.history()).isEmpty();
    }

    @Test
    void refusesTheIdOfAChildThatIsNotRunning() throws Exception {
      assertThat(in(() -> rules.startChild(lives.polite("stopped"))))
          .isEqualTo(ChildResult.ALREADY_PRESENT);
      assertThat(lives.history()).isEmpty();
    }

    @Test
    void refusesTheIdOfAChildThatIsRestarting(LogCapture log) throws Exception {
      assertThat(turns.whileRestarting(log, () -> rules.startChild(lives.polite("restarting"))))
          .isEqualTo(ChildResult.ALREADY_PRESENT);
    }

    @Test
    void takesAnotherIdWhileAChildIsRestarting(LogCapture log) throws Exception {
      assertThat(turns.whileRestarting(log, () -> rules.startChild(lives.polite("new"))))
          .isInstanceOf(ChildResult.Started.class);
    }

    /** Bad specs; a permanent child cannot be significant, nor any where auto shutdown is never. */
    static Stream<ChildSpec> faulty() {
      ChildSpec good = ChildSpec.worker("new", StartResult::ignore);
      return Stream.of(
          ChildSpec.worker(null, StartResult::ignore),
          ChildSpec.worker("new", (ChildSpec.Start) null),
          good.restart(null),
          good.shutdown(null),
          good.shutdown(Shutdown.after(Duration.ofNanos(-1))),
          new ChildSpec("new", good.start(), Restart.PERMANENT, good.shutdown(), null, false),
          good.asSignificant(),
          good.restart(Restart.TRANSIENT).asSignificant());
    }

    @ParameterizedTest
    @MethodSource("faulty")
    void refusesABadSpecAndLivesOn(ChildSpec spec) throws Exception {
      assertThat(in(() -> rules.startChild(spec))).isInstanceOf(ChildResult.Invalid.class);
      assertThat(states()).hasSize(3);
    }

    @Test
    void refusesABadSpecBeforeItLooksForItsId() throws Exception {
      ChildSpec bad = lives.polite("running").shutdown(null);

      assertThat(in(() -> rules.startChild(bad))).isInstanceOf(ChildResult.Invalid.class);
    }

    @Test
    void withArgumentsIsForSimpleOneForOne() throws Exception {
      assertThat(in(() -> rules.startChild(List.of("argument"))))
          .isEqualTo(ChildResult.SIMPLE_ONE_FOR_ONE);
    }
  }

  @Nested
  class TerminateChild {
    @Test
    void keepsTheSpec() throws Exception {
      assertThat(in(() -> rules.terminateChild("running"))).isEqualTo(ChildResult.DONE);
      assertThat(states()).contains("running undefined");
    }

    @Test
    void dropsTheSpecOfATemporaryChild() throws Exception {
      in(() -> rules.startChild(lives.polite("new").restart(Restart.TEMPORARY)));

      assertThat(in(() -> rules.terminateChild("new"))).isEqualTo(ChildResult.DONE);
      assertThat(states()).hasSize(3);
    }

    @Test
    void freesTheIdOfATemporaryChild() throws Exception {
      in(() -> rules.startChild(lives.polite("new").restart(Restart.TEMPORARY)));
      in(() -> rules.terminateChild("new"));

      assertThat(in(() -> rules.startChild(lives.polite("new"))))
          .isInstanceOf(ChildResult.Started.class);
    }

    @Test
    void isDoneWithAChildThatIsAlreadyStopped() throws Exception {
      assertThat(in(() -> rules.terminateChild("stopped"))).isEqualTo(ChildResult.DONE);
    }

    @Test
    void findsNoUnknownId() throws Exception {
      assertThat(in(() -> rules.terminateChild("unknown"))).isEqualTo(ChildResult.NOT_FOUND);
    }

    @Test
    void findsNoChildByItsProc() throws Exception {
      assertThat(in(() -> rules.terminateChild(lives.of("running"))))
          .isEqualTo(ChildResult.NOT_FOUND);
      assertThat(states()).contains("running running");
    }

    @Test
    void findsNoDeadProcEither() throws Exception {
      assertThat(in(() -> rules.terminateChild(lives.of("stopped"))))
          .isEqualTo(ChildResult.NOT_FOUND);
    }

    @Test
    void neitherRestartsNorTouchesSiblings() throws Exception {
      in(() -> rules.startChild(lives.polite("new")));
      lives.forget();
      in(() -> rules.terminateChild("running"));
      states();

      assertThat(lives.history()).containsExactly("-running shutdown");
    }

    @Test
    void givesUpAChildThatIsRestarting(LogCapture log) throws Exception {
      assertThat(turns.whileRestarting(log, () -> rules.terminateChild("restarting")))
          .isEqualTo(ChildResult.DONE);
      assertThat(states()).startsWith("restarting undefined");
    }
  }

  @Nested
  class RestartChild {
    @Test
    void startsAStoppedChildInItsOldPlace() throws Exception {
      ChildResult result = in(() -> rules.restartChild("stopped"));

      assertThat(result).isEqualTo(new ChildResult.Started(lives.of("stopped"), null));
      assertThat(states())
          .containsExactly("ignored undefined", "stopped running", "running running");
    }

    @Test
    void mayHaveNothingToStart() throws Exception {
      assertThat(in(() -> rules.restartChild("ignored"))).isEqualTo(ChildResult.IGNORED);
      assertThat(states()).contains("ignored undefined");
    }

    @Test
    void leavesAChildUndefinedThatFailsAndCountsNothing() throws Exception {
      AtomicInteger starts = new AtomicInteger();
      ChildSpec startsOnce =
          ChildSpec.worker(
              "failing",
              () ->
                  starts.getAndIncrement() == 0
                      ? StartResult.ok(Proc.passive("failing"))
                      : StartResult.error(BOOM));
      in(() -> rules.startChild(startsOnce));
      in(() -> rules.terminateChild("failing"));

      for (int i = 0; i < 5; i++)
        assertThat(in(() -> rules.restartChild("failing")))
            .isEqualTo(new ChildResult.Failed(BOOM));
      assertThat(states()).startsWith("failing undefined");
    }

    @Test
    void isNotCountedWhenItSucceedsEither() throws Exception {
      for (int i = 0; i < 5; i++) {
        assertThat(in(() -> rules.restartChild("stopped")))
            .isInstanceOf(ChildResult.Started.class);
        in(() -> rules.terminateChild("stopped"));
      }
    }

    @Test
    void refusesAChildThatIsRunning() throws Exception {
      assertThat(in(() -> rules.restartChild("running"))).isEqualTo(ChildResult.RUNNING);
    }

    @Test
    void refusesAChildThatIsRestarting(LogCapture log) throws Exception {
      assertThat(turns.whileRestarting(log, () -> rules.restartChild("restarting")))
          .isEqualTo(ChildResult.RESTARTING);
    }

    @Test
    void findsNoUnknownId() throws Exception {
      assertThat(in(() -> rules.restartChild("unknown"))).isEqualTo(ChildResult.NOT_FOUND);
    }
  }

  @Nested
  class DeleteChild {
    @Test
    void forgetsAStoppedChildAndFreesItsId() throws Exception {
      assertThat(in(() -> rules.deleteChild("stopped"))).isEqualTo(ChildResult.DONE);
      assertThat(in(() -> rules.startChild(lives.polite("stopped"))))
          .isInstanceOf(ChildResult.Started.class);
    }

    @Test
    void refusesAChildThatIsRunning() throws Exception {
      assertThat(in(() -> rules.deleteChild("running"))).isEqualTo(ChildResult.RUNNING);
      assertThat(states()).contains("running running");
    }

    @Test
    void refusesAChildThatIsRestarting(LogCapture log) throws Exception {
      assertThat(turns.whileRestarting(log, () -> rules.deleteChild("restarting")))
          .isEqualTo(ChildResult.RESTARTING);
    }

    @Test
    void findsNoUnknownId() throws Exception {
      assertThat(in(() -> rules.deleteChild("unknown"))).isEqualTo(ChildResult.NOT_FOUND);
    }
  }

  private <T> T in(Callable<T> turn) throws InterruptedException {
    return turns.in(turn);
  }

  private List<String> states() throws InterruptedException {
    return turns.states();
  }
}
