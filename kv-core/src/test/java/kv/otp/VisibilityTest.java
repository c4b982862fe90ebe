package kv.otp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever has seen a child die finds its supervisor to have dealt with it. */
class VisibilityTest {
  private static final int ROUNDS = 1000;

  private final Lives lives = new Lives();
  private Supervisor supervisor;

  /** How an observer learns of a death. */
  enum Observer {
    AWAITS_THE_EXIT {
      @Override
      void kill(Proc proc) throws InterruptedException {
        Doubles.inBackground(() -> end(proc));
        proc.awaitExit();
      }
    },
    MONITORS {
      @Override
      void kill(Proc proc) throws InterruptedException {
        CountDownLatch down = new CountDownLatch(1);
        proc.monitor(d -> down.countDown());
        Doubles.inBackground(() -> end(proc));
        down.await();
      }
    },
    KILLS {
      @Override
      void kill(Proc proc) {
        proc.kill();
      }
    };

    abstract void kill(Proc proc) throws InterruptedException;

    private static Proc end(Proc proc) {
      proc.end(ExitReason.crash("boom"));
      return proc;
    }
  }

  @BeforeEach
  void start(LogCapture log) throws InterruptedException {
    log.allow("event=child_terminated ");
    supervisor =
        Supervisor.start(
            "sup",
            Flags.of(Strategy.ONE_FOR_ONE).intensity(ROUNDS, Duration.ofDays(1)),
            lives.polite("a"));
  }

  @AfterEach
  void stop() {
    supervisor.close();
  }

  @ParameterizedTest
  @EnumSource(Observer.class)
  void inEveryOfAThousandRoundsTheNextCallSeesTheRestartedChild(Observer observer)
      throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      Proc before = presentLife();
      observer.kill(before);

      assertThat(presentLife()).isNotSameAs(before).matches(Proc::isAlive);
    }
  }

  @Test
  void theThreadThatEndsTheChildSeesItRestartedWhenItTellsTheMonitors() throws Exception {
    Proc before = presentLife();
    CompletableFuture<Proc> seen = new CompletableFuture<>();
    before.monitor(down -> seen.complete(quietly(this::presentLife)));
    before.end(ExitReason.crash("boom"));

    assertThat(seen.get()).isNotSameAs(before);
  }

  @Test
  void aTaskOfTheTreeThatEndsByItselfIsNoException() throws Exception {
    for (int i = 0; i < ROUNDS / 10; i++) {
      CountDownLatch go = new CountDownLatch(1);
      ChildSpec task =
          ChildSpec.worker("task", () -> StartResult.ok(Task.start("task", self -> go.await())))
              .restart(Restart.TEMPORARY);
      Proc started = ((ChildResult.Started) supervisor.startChild(task)).proc();
      go.countDown();
      started.awaitExit();

      assertThat(supervisor.childSpec("task")).isEmpty();
    }
  }

  @Test
  void aSupervisorThatGivesUpIsSeenRestartedByItsParentsNextCaller(LogCapture log)
      throws Exception {
    log.allow("event=reached_max_restart_intensity");
    Flags strict = Flags.of(Strategy.ONE_FOR_ONE).intensity(0, Duration.ofSeconds(5));
    supervisor.startChild(lives.supervisor("sub", strict, lives.polite("b")));
    for (int i = 0; i < ROUNDS / 10; i++) {
      Proc before = lives.of("sub");
      lives.of("b").end(ExitReason.crash("boom"));
      before.awaitExit();

      assertThat(supervisor.countChildren().active()).isEqualTo(2);
      assertThat(lives.of("sub")).isNotSameAs(before);
    }
  }

  private Proc presentLife() throws InterruptedException {
    return supervisor.whichChildren().stream()
        .filter(child -> child.id().orElseThrow().equals("a"))
        .findAny()
        .orElseThrow()
        .proc()
        .orElseThrow();
  }

  @FunctionalInterface
  private interface Call<T> {
    T call() throws InterruptedException;
  }

  private static <T> T quietly(Call<T> call) {
    try {
      return call.call();
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts a test", e);
    }
  }
}
