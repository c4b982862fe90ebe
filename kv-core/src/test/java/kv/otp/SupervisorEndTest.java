package kv.otp;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How a supervisor itself ends. */
class SupervisorEndTest {
  private static final ExitReason CRASH = ExitReason.crash("boom");

  private final Lives lives = new Lives();
  private Supervisor supervisor;

  static Stream<ExitReason> reasons() {
    return Stream.of(
        ExitReason.NORMAL, ExitReason.SHUTDOWN, ExitReason.shutdown("x"), ExitReason.KILLED, CRASH);
  }

  @AfterEach
  void killSupervisor() throws InterruptedException {
    if (supervisor == null) return;
    supervisor.proc().kill();
    supervisor.proc().awaitExit();
  }

  @Nested
  class GivingUp {
    @Test
    void stopsTheOtherChildrenInReverseAndEndsWithPlainShutdown(LogCapture log) throws Exception {
      log.allow("event=(child_terminated|reached_max_restart_intensity)");
      start(flags().intensity(0, ofSeconds(5)), "a", "b", "c", "d");
      lives.of("b").end(CRASH);

      assertThat(supervisor.proc().awaitExit()).isEqualTo(ExitReason.SHUTDOWN);
      assertThat(lives.history())
          .containsExactly(
              "-b crash(boom)", "-d shutdown", "-c shutdown", "-a shutdown", "-sup shutdown");
    }

    @ParameterizedTest
    @EnumSource(
        value = Strategy.class,
        names = {"ONE_FOR_ALL", "REST_FOR_ONE"})
    void isTheSameUnderAGroupStrategy(Strategy strategy, LogCapture log) throws Exception {
      log.allow("event=(child_terminated|reached_max_restart_intensity)");
      start(Flags.of(strategy).intensity(0, ofSeconds(5)), "a", "b", "c");
      lives.of("b").end(CRASH);

      assertThat(supervisor.proc().awaitExit()).isEqualTo(ExitReason.SHUTDOWN);
      assertThat(lives.history())
          .containsExactly("-b crash(boom)", "-c shutdown", "-a shutdown", "-sup shutdown");
    }

    @Test
    void stopsTheInstancesAsTheirShutdownSaysUnderSimpleOneForOne(LogCapture log)
        throws Exception {
      log.allow("event=(child_terminated|reached_max_restart_intensity)");
      ChildSpec.Start instance =
          args -> StartResult.ok(lives.start(args.get(0), (self, reason, who) -> {}));
      supervisor =
          Supervisor.start(
              "sup",
              Flags.of(Strategy.SIMPLE_ONE_FOR_ONE).intensity(0, ofSeconds(5)),
              ChildSpec.worker("template", instance).shutdown(Shutdown.BRUTAL_KILL));
      supervisor.startChild(List.of("a"));
      supervisor.startChild(List.of("b"));
      lives.of("b").end(CRASH);

      assertThat(supervisor.proc().awaitExit()).isEqualTo(ExitReason.SHUTDOWN);
      assertThat(lives.history()).containsExactly("+a", "+b", "-b crash(boom)", "-a killed");
    }
  }

  @Nested
  class ItsParent {
    @ParameterizedTest
    @MethodSource("kv.otp.SupervisorEndTest#reasons")
    void endsItInOrderWithAnyReasonNormalIncluded(ExitReason reason) throws Exception {
      start(flags(), "a", "b", "c");
      supervisor.proc().ask(reason, Proc.Asker.PARENT);

      assertThat(supervisor.proc().awaitExit()).isEqualTo(reason);
      assertThat(lives.history())
          .containsExactly("-c shutdown", "-b shutdown", "-a shutdown", "-sup " + reason);
    }

    @Test
    void takesItsChildrenAlongByBeingKilled() throws Exception {
      Supervisor parent =
          Supervisor.start(
              "parent", flags(), lives.supervisor("sub", flags(), specs("a", "b", "c")));
      Proc sub = lives.of("sub");
      lives.forget();
      parent.proc().kill();

      assertThat(sub.awaitExit()).isEqualTo(ExitReason.KILLED);
      assertThat(lives.history())
          .containsExactly("-c shutdown", "-b shutdown", "-a shutdown", "-sub killed");
    }
  }

  @Nested
  class AStranger {
    @ParameterizedTest
    @MethodSource("kv.otp.SupervisorEndTest#reasons")
    void isIgnoredWhateverItsExitSignal(ExitReason reason) throws Exception {
      start(flags(), "a");
      supervisor.proc().exit(reason);

      assertThat(supervisor.countChildren().active()).isEqualTo(1);
      assertThat(lives.history()).isEmpty();
    }

    @Test
    void isNotHeardLaterEither() throws Exception {
      start(flags(), "a");
      supervisor.proc().exit(CRASH);
      supervisor.stop();

      assertThat(supervisor.proc().exitReason()).contains(ExitReason.NORMAL);
    }
  }

  @Nested
  class Stop {
    @Test
    void endsItsChildrenInReverseAndItselfNormally() throws Exception {
      start(flags(), "a", "b", "c");
      supervisor.stop();

      assertThat(lives.history())
          .containsExactly("-c shutdown", "-b shutdown", "-a shutdown", "-sup normal");
    }

    @ParameterizedTest
    @MethodSource("kv.otp.SupervisorEndTest#reasons")
    void endsItWithTheReasonThatIsGiven(ExitReason reason) throws Exception {
      start(flags(), "a");

      assertThat(supervisor.proc().stop(reason)).isEqualTo(reason);
      assertThat(lives.history()).containsExactly("-a shutdown", "-sup " + reason);
    }

    @Test
    void ofAStoppedSupervisorDoesNothing() throws Exception {
      start(flags());
      supervisor.stop();
      supervisor.stop();
      supervisor.close();

      assertThat(supervisor.proc().exitReason()).contains(ExitReason.NORMAL);
    }

    @Test
    void onItsOwnThreadIsRefused() throws Exception {
      start(flags());
      ChildResult result =
          supervisor.startChild(
              ChildSpec.worker(
                  "stops it",
                  () -> {
                    supervisor.stop();
                    return StartResult.ignore();
                  }));

      assertThat(((ChildResult.Failed) result).reason().cause())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("sup is called from its own thread");
    }

    @Test
    void isWaitedForByCloseEvenIfInterrupted() throws Exception {
      for (int round = 0; round < 50; round++) {
        CountDownLatch asked = new CountDownLatch(1);
        ChildSpec slow = lives.spec("a", (self, reason, who) -> asked.countDown());
        supervisor = Supervisor.start("sup", flags(), slow.shutdown(Shutdown.INFINITY));
        FutureTask<Boolean> close =
            Doubles.inBackground(
                () -> {
                  Thread.currentThread().interrupt();
                  supervisor.close();
                  return Thread.interrupted() && !supervisor.proc().isAlive();
                });
        asked.await();
        lives.of("a").end(ExitReason.SHUTDOWN);

        assertThat(close.get()).isTrue();
      }
    }
  }

  private static Flags flags() {
    return Flags.of(Strategy.ONE_FOR_ONE);
  }

  private ChildSpec[] specs(String... ids) {
    return Stream.of(ids).map(lives::polite).toArray(ChildSpec[]::new);
  }

  /** Starts {@link #supervisor} with these children, and begins the history there. */
  private void start(Flags flags, String... ids) throws InterruptedException {
    supervisor = Supervisor.start("sup", flags, specs(ids));
    Proc proc = supervisor.proc();
    lives.forget();
    proc.owns(() -> lives.add("-sup " + proc.cause()));
  }
}
