package kv.otp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** When a supervisor ends with its significant children. */
class AutoShutdownTest {
  private static final ExitReason CRASH = ExitReason.crash("boom");

  private final Lives lives = new Lives();
  private Supervisor supervisor;

  @BeforeEach
  void allowCrashes(LogCapture log) {
    log.allow("event=child_terminated(_for_good)? reason=(crash|killed)");
  }

  @AfterEach
  void stop() {
    if (supervisor != null) supervisor.close();
  }

  /** Ways of ending by itself after which a significant child is not restarted. */
  static Stream<Arguments> ownExits() {
    return Stream.of(
        Arguments.of(Restart.TRANSIENT, ExitReason.NORMAL),
        Arguments.of(Restart.TRANSIENT, ExitReason.SHUTDOWN),
        Arguments.of(Restart.TRANSIENT, ExitReason.shutdown("x")),
        Arguments.of(Restart.TEMPORARY, ExitReason.NORMAL),
        Arguments.of(Restart.TEMPORARY, ExitReason.SHUTDOWN),
        Arguments.of(Restart.TEMPORARY, ExitReason.shutdown("x")),
        Arguments.of(Restart.TEMPORARY, ExitReason.KILLED),
        Arguments.of(Restart.TEMPORARY, CRASH));
  }

  @Nested
  class Refused {
    @ParameterizedTest
    @EnumSource(Restart.class)
    void isASignificantChildWhereAutoShutdownIsNever(Restart restart) {
      assertThat(faultOfStart(AutoShutdown.NEVER, restart)).contains("invalid significant of a");
    }

    @ParameterizedTest
    @EnumSource(AutoShutdown.class)
    void isAPermanentSignificantChildEverywhere(AutoShutdown autoShutdown) {
      assertThat(faultOfStart(autoShutdown, Restart.PERMANENT))
          .contains("invalid significant of a: a permanent child never ends by itself");
    }

    @Test
    void isASignificantChildThatIsStartedLater() throws Exception {
      start(AutoShutdown.NEVER, Strategy.ONE_FOR_ONE);

      assertThat(supervisor.startChild(significant("a", Restart.TRANSIENT)))
          .isInstanceOf(ChildResult.Invalid.class);
    }

    @ParameterizedTest
    @EnumSource(
        value = AutoShutdown.class,
        names = {"ANY_SIGNIFICANT", "ALL_SIGNIFICANT"})
    void isAutoShutdownUnderSimpleOneForOne(AutoShutdown autoShutdown) {
      Flags flags = Flags.of(Strategy.SIMPLE_ONE_FOR_ONE).autoShutdown(autoShutdown);

      assertThat(flags.fault()).contains("simple_one_for_one has none");
    }

    private String faultOfStart(AutoShutdown autoShutdown, Restart restart) {
      Flags flags = Flags.of(Strategy.ONE_FOR_ONE).autoShutdown(autoShutdown);
      return significant("a", restart).fault(flags);
    }
  }

  @Nested
  class AnySignificant {
    @ParameterizedTest
    @MethodSource("kv.otp.AutoShutdownTest#ownExits")
    void endsWithTheFirstThatEndsByItself(Restart restart, ExitReason reason) throws Exception {
      start(
          AutoShutdown.ANY_SIGNIFICANT,
          Strategy.ONE_FOR_ONE,
          lives.polite("w"),
          significant("a", restart),
          significant("b", restart));
      lives.of("a").end(reason);

      assertThat(supervisor.proc().awaitExit()).isEqualTo(ExitReason.SHUTDOWN);
      assertThat(lives.history()).containsExactly("-a " + reason, "-b shutdown", "-w shutdown");
    }

    @ParameterizedTest
    @EnumSource(
        value = Strategy.class,
        names = {"ONE_FOR_ALL", "REST_FOR_ONE"})
    void isTheSameUnderAGroupStrategy(Strategy strategy) throws Exception {
      start(
          AutoShutdown.ANY_SIGNIFICANT,
          strategy,
          lives.polite("w"),
          significant("a", Restart.TRANSIENT));
      lives.of("a").end(ExitReason.NORMAL);

      assertThat(supervisor.proc().awaitExit()).isEqualTo(ExitReason.SHUTDOWN);
      assertThat(lives.history()).containsExactly("-a normal", "-w shutdown");
    }

    @Test
    void outlivesAChildThatIsNotSignificant() throws Exception {
      start(
          AutoShutdown.ANY_SIGNIFICANT,
          Strategy.ONE_FOR_ONE,
          lives.polite("w").restart(Restart.TRANSIENT),
          significant("a", Restart.TRANSIENT));
      lives.of("w").end(ExitReason.NORMAL);

      assertStillRuns();
    }

    @Test
    void outlivesACrashThatIsFollowedByARestart() throws Exception {
      start(
          AutoShutdown.ANY_SIGNIFICANT,
          Strategy.ONE_FOR_ONE,
          significant("a", Restart.TRANSIENT));
      lives.of("a").end(CRASH);

      assertStillRuns();
      assertThat(lives.history()).containsExactly("-a crash(boom)", "+a");
    }

    @ParameterizedTest
    @EnumSource(
        value = Restart.class,
        names = {"TRANSIENT", "TEMPORARY"})
    void outlivesAChildThatIsTerminated(Restart restart) throws Exception {
      start(AutoShutdown.ANY_SIGNIFICANT, Strategy.ONE_FOR_ONE, significant("a", restart));
      supervisor.terminateChild("a");

      assertStillRuns();
    }

    @Test
    void outlivesAChildThatEndedJustBeforeItWasTerminated() throws Exception {
      Flags flags =
          Flags.of(Strategy.ONE_FOR_ONE).autoShutdown(AutoShutdown.ANY_SIGNIFICANT);
      SupervisorServer rules = new SupervisorServer("sup", flags);
      rules
          .server()
          .call(
              () -> { // in one turn: its exit waits in the mailbox
                rules.startChild(significant("a", Restart.TRANSIENT));
                lives.of("a").end(ExitReason.NORMAL);
                return rules.terminateChild("a");
              });

      assertThat(rules.server().call(rules::countChildren).active()).isZero();
      rules.server().proc().stop();
    }

    @ParameterizedTest
    @EnumSource(
        value = Restart.class,
        names = {"TRANSIENT", "TEMPORARY"})
    void outlivesAChildThatIsStoppedForItsSibling(Restart restart) throws Exception {
      start(
          AutoShutdown.ANY_SIGNIFICANT,
          Strategy.ONE_FOR_ALL,
          lives.polite("w"),
          significant("a", restart));
      lives.of("w").end(CRASH);

      assertStillRuns();
      assertThat(lives.history()).startsWith("-w crash(boom)", "-a shutdown", "+w");
    }
  }

  @Nested
  class AllSignificant {
    @ParameterizedTest
    @MethodSource("kv.otp.AutoShutdownTest#ownExits")
    void endsWithTheLastThatEndsByItself(Restart restart, ExitReason reason) throws Exception {
      start(
          AutoShutdown.ALL_SIGNIFICANT,
          Strategy.ONE_FOR_ONE,
          lives.polite("w"),
          significant("a", restart),
          significant("b", restart));
      lives.of("a").end(reason);
      assertStillRuns();
      lives.of("b").end(reason);

      assertThat(supervisor.proc().awaitExit()).isEqualTo(ExitReason.SHUTDOWN);
      assertThat(lives.history()).containsExactly("-a " + reason, "-b " + reason, "-w shutdown");
    }

    @Test
    void takesOneThatWasTerminatedForGone() throws Exception {
      start(
          AutoShutdown.ALL_SIGNIFICANT,
          Strategy.ONE_FOR_ONE,
          significant("a", Restart.TRANSIENT),
          significant("b", Restart.TRANSIENT));
      supervisor.terminateChild("a");
      lives.of("b").end(ExitReason.NORMAL);

      assertThat(supervisor.proc().awaitExit()).isEqualTo(ExitReason.SHUTDOWN);
    }

    @Test
    void takesOneThatHadNothingToStartForGone() throws Exception {
      ChildSpec nothing = ChildSpec.worker("a", StartResult::ignore).restart(Restart.TRANSIENT);
      start(
          AutoShutdown.ALL_SIGNIFICANT,
          Strategy.ONE_FOR_ONE,
          nothing.asSignificant(),
          significant("b", Restart.TRANSIENT));
      lives.of("b").end(ExitReason.NORMAL);

      assertThat(supervisor.proc().awaitExit()).isEqualTo(ExitReason.SHUTDOWN);
    }

    @Test
    void outlivesTheTerminationOfTheLast() throws Exception {
      start(
          AutoShutdown.ALL_SIGNIFICANT,
          Strategy.ONE_FOR_ONE,
          significant("a", Restart.TRANSIENT),
          significant("b", Restart.TRANSIENT));
      lives.of("b").end(ExitReason.NORMAL);
      supervisor.terminateChild("a");

      assertStillRuns();
    }

    @Test
    void outlivesThemWhileOneIsStartedAgain() throws Exception {
      start(
          AutoShutdown.ALL_SIGNIFICANT,
          Strategy.ONE_FOR_ONE,
          significant("a", Restart.TRANSIENT),
          significant("b", Restart.TRANSIENT));
      lives.of("a").end(ExitReason.NORMAL);
      supervisor.restartChild("a");
      lives.of("b").end(ExitReason.NORMAL);

      assertStillRuns();
    }

    @Test
    void takesOneThatIsRestartingForAlive(LogCapture log) throws Exception {
      log.allow("event=start_error");
      AtomicInteger starts = new AtomicInteger();
      ChildSpec failsToRestartOnce =
          ChildSpec.worker(
                  "a",
                  () -> {
                    if (starts.incrementAndGet() != 2)
                      return StartResult.ok(
                          lives.start("a", (self, reason, who) -> self.end(reason)));
                    lives.of("b").end(ExitReason.NORMAL); // is handled before the retry
                    return StartResult.error(CRASH);
                  })
              .restart(Restart.TRANSIENT)
              .asSignificant();
      start(
          AutoShutdown.ALL_SIGNIFICANT,
          Strategy.ONE_FOR_ONE,
          significant("b", Restart.TRANSIENT),
          failsToRestartOnce);
      lives.of("a").end(CRASH);
      supervisor.countChildren();

      assertStillRuns();
      assertThat(lives.history()).containsExactly("-a crash(boom)", "-b normal", "+a");
    }
  }

  private void assertStillRuns() throws InterruptedException {
    assertThat(supervisor.countChildren().active()).isNotNegative();
  }

  private ChildSpec significant(Object id, Restart restart) {
    return lives.polite(id).restart(restart).asSignificant();
  }

  private void start(AutoShutdown autoShutdown, Strategy strategy, ChildSpec... specs)
      throws InterruptedException {
    Flags flags =
        Flags.of(strategy).autoShutdown(autoShutdown).intensity(3, Duration.ofSeconds(5));
    supervisor = Supervisor.start("sup", flags, specs);
    lives.forget();
  }
}
