package kv.otp;

import static kv.otp.Turns.BOOM;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a simple_one_for_one supervisor answers. */
class SimpleAdministrationTest {
  private final Turns turns = new Turns(Strategy.SIMPLE_ONE_FOR_ONE);
  private final Lives lives = turns.lives;
  private final SupervisorServer rules = turns.rules;

  @AfterEach
  void stop() throws InterruptedException {
    turns.stop();
  }

  @Nested
  class StartChild {
    @Test
    void passesItsArgumentsToTheStartFunction() throws Exception {
      CompletableFuture<List<?>> seen = new CompletableFuture<>();
      turns.init(
          ChildSpec.worker(
              "template",
              args -> {
                seen.complete(args);
                return StartResult.ok(Proc.passive("a"), "info");
              }));

      ChildResult.Started started = (ChildResult.Started) startChild("one", 2);
      assertThat(seen.get()).isEqualTo(List.of("one", 2));
      assertThat(started.info()).isEqualTo("info");
    }

    @Test
    void startsAnotherInstanceEachTime() throws Exception {
      turns.init(template());
      startChild("a");
      startChild("a");

      assertThat(lives.history()).containsExactly("+a", "+a");
      assertThat(count()).isEqualTo(new ChildCount(1, 2, 0, 2));
    }

    @Test
    void keepsNothingOfAnInstanceThatHadNothingToStart() throws Exception {
      turns.init(ChildSpec.worker("template", args -> StartResult.ignore()));

      assertThat(startChild("a")).isEqualTo(ChildResult.IGNORED);
      assertThat(count()).isEqualTo(new ChildCount(1, 0, 0, 0));
    }

    @Test
    void keepsNothingOfAnInstanceThatFails() throws Exception {
      turns.init(ChildSpec.worker("template", args -> StartResult.error(BOOM)));

      assertThat(startChild("a")).isEqualTo(new ChildResult.Failed(BOOM));
      assertThat(count()).isEqualTo(new ChildCount(1, 0, 0, 0));
    }

    @Test
    void takesNoSpec() throws Exception {
      turns.init(template());

      assertThat(turns.in(() -> rules.startChild(lives.polite("a"))))
          .isEqualTo(ChildResult.SIMPLE_ONE_FOR_ONE);
      assertThat(lives.history()).isEmpty();
    }
  }

  @Nested
  class TerminateChild {
    @Test
    void stopsAndForgetsAnInstanceByItsProc() throws Exception {
      turns.init(template());
      startChild("a");
      startChild("b");

      assertThat(terminate(lives.of("a"))).isEqualTo(ChildResult.DONE);
      assertThat(lives.history()).containsExactly("+a", "+b", "-a shutdown");
      assertThat(count()).isEqualTo(new ChildCount(1, 1, 0, 1));
    }

    @Test
    void takesNoId() throws Exception {
      turns.init(template());
      startChild("a");

      assertThat(turns.in(() -> rules.terminateChild("template")))
          .isEqualTo(ChildResult.SIMPLE_ONE_FOR_ONE);
      assertThat(lives.history()).containsExactly("+a");
    }

    @Test
    void findsNoLiveStranger() throws Exception {
      turns.init(template());
      Proc stranger = Proc.passive("stranger");

      assertThat(terminate(stranger)).isEqualTo(ChildResult.NOT_FOUND);
      assertThat(stranger.isAlive()).isTrue();
    }

    @Test
    void isDoneWithADeadStranger() throws Exception {
      turns.init(template());
      Proc stranger = Proc.passive("stranger");
      stranger.kill();

      assertThat(terminate(stranger)).isEqualTo(ChildResult.DONE);
    }

    @Test
    void isDoneWithAnInstanceThatWasTerminatedBefore() throws Exception {
      turns.init(template());
      startChild("a");
      terminate(lives.of("a"));

      assertThat(terminate(lives.of("a"))).isEqualTo(ChildResult.DONE);
    }

    @Test
    void givesUpARestartingInstanceByItsLastLife(LogCapture log) throws Exception {
      CompletableFuture<ChildResult> answer = new CompletableFuture<>();
      turns.init(
          turns.failsToRestartOnce(
              log,
              () -> answer.complete(rules.terminateChild(lives.of("restarting")))));
      startChild();
      lives.of("restarting").end(BOOM);

      assertThat(answer.get()).isEqualTo(ChildResult.DONE);
      assertThat(count()).isEqualTo(new ChildCount(1, 0, 0, 0));
      assertThat(lives.history()).containsExactly("+restarting", "-restarting crash(boom)");
    }
  }

  @Nested
  class WhatNeedsAnId {
    @Test
    void isRefusedByRestartChild() throws Exception {
      turns.init(template());

      assertThat(turns.in(() -> rules.restartChild("template")))
          .isEqualTo(ChildResult.SIMPLE_ONE_FOR_ONE);
    }

    @Test
    void isRefusedByDeleteChild() throws Exception {
      turns.init(template());

      assertThat(turns.in(() -> rules.deleteChild("template")))
          .isEqualTo(ChildResult.SIMPLE_ONE_FOR_ONE);
    }

    @Test
    void isNotFoundByChildSpec() throws Exception {
      turns.init(template());

      assertThat(turns.in(() -> rules.childSpec("template"))).isEmpty();
    }

    @Test
    void isFoundByChildSpecUnderTheProcOfAnInstance() throws Exception {
      turns.init(template());
      startChild("a");
      Proc instance = lives.of("a");

      assertThat(turns.in(() -> rules.childSpec(instance)))
          .hasValueSatisfying(spec -> assertThat(spec.id()).isEqualTo("template"));
      assertThat(turns.in(() -> rules.childSpec(Proc.passive("stranger")))).isEmpty();
    }
  }

  @Nested
  class Queries {
    @Test
    void listInstancesWithoutIds() throws Exception {
      turns.init(template());
      startChild("a");

      assertThat(turns.in(rules::whichChildren))
          .containsExactly(
              new ChildInfo(
                  Optional.empty(),
                  ChildInfo.State.RUNNING,
                  Optional.of(lives.of("a")),
                  Optional.empty(),
                  ChildType.WORKER,
                  0,
                  Optional.of(Duration.ZERO)));
    }

    @Test
    void countOneSpecBeforeAnythingIsStarted() throws Exception {
      turns.init(template());

      assertThat(count()).isEqualTo(new ChildCount(1, 0, 0, 0));
    }

    @Test
    void countInstancesOfASupervisorAsSupervisors() throws Exception {
      ChildSpec sub = lives.supervisor("sub", Flags.of(Strategy.ONE_FOR_ONE));
      turns.init(sub);
      startChild();
      startChild();

      assertThat(count()).isEqualTo(new ChildCount(1, 2, 2, 0));
    }

    @Test
    void countARestartingInstanceAsAWorkerThatIsNotActive(LogCapture log) throws Exception {
      CompletableFuture<ChildCount> answer = new CompletableFuture<>();
      turns.init(turns.failsToRestartOnce(log, () -> answer.complete(rules.countChildren())));
      startChild();
      lives.of("restarting").end(BOOM);

      assertThat(answer.get()).isEqualTo(new ChildCount(1, 0, 0, 1));
    }
  }

  private ChildSpec template() {
    return ChildSpec.worker(
        "template",
        args -> StartResult.ok(lives.start(args.get(0), (self, reason, who) -> self.end(reason))));
  }

  private ChildResult startChild(Object... args) throws InterruptedException {
    return turns.in(() -> rules.startChild(List.of(args)));
  }

  private ChildResult terminate(Proc proc) throws InterruptedException {
    return turns.in(() -> rules.terminateChild(proc));
  }

  private ChildCount count() throws InterruptedException {
    return turns.in(rules::countChildren);
  }
}
