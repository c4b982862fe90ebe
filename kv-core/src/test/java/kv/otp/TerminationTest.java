package kv.otp;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.function.BiConsumer;
import java.util.logging.Level;
import java.util.stream.Stream;
import kv.otp.Doubles.IgnoresInterrupt;
import kv.testing.LogCapture;
import kv.testing.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How a supervisor ends one child. */
class TerminationTest {
  private static final Shutdown FIVE_SECONDS = Shutdown.after(ofSeconds(5));

  private final ManualClock clock = new ManualClock();
  private final Lives lives = new Lives();
  private Supervisor supervisor;

  @AfterEach
  void killSupervisor() throws InterruptedException {
    if (supervisor == null) return;
    supervisor.proc().kill();
    supervisor.proc().awaitExit();
  }

  @Nested
  class ABrutalKill {
    @Test
    void killsWithoutAskingFirst() throws Exception {
      start(lives.ignoresStop("a").shutdown(Shutdown.BRUTAL_KILL));

      assertThat(supervisor.terminateChild("a")).isEqualTo(ChildResult.DONE);
      assertThat(lives.history()).containsExactly("+a", "-a killed");
    }

    @Test
    void waitsWithoutALimit() throws Exception {
      assertGoesByNoClock(Shutdown.BRUTAL_KILL);
    }
  }

  @Nested
  class ATimeout {
    @Test
    void asksFirstAndIsContentWithAChildThatEnds() throws Exception {
      start(lives.polite("a").shutdown(FIVE_SECONDS));

      assertThat(supervisor.terminateChild("a")).isEqualTo(ChildResult.DONE);
      assertThat(lives.history()).containsExactly("+a", "-a shutdown");
    }

    @Test
    void killsWhenItIsOverAndNotBefore(LogCapture log) throws Exception {
      log.allow("event=shutdown_error reason=killed");
      start(lives.ignoresStop("a").shutdown(FIVE_SECONDS));
      FutureTask<ChildResult> termination =
          Doubles.inBackground(() -> supervisor.terminateChild("a"));
      clock.awaitParked();
      clock.advance(ofSeconds(5).minusNanos(1));
      clock.awaitParked();
      assertThat(lives.history()).containsExactly("+a", "?a shutdown");
      clock.advance(Duration.ofNanos(1));

      assertThat(termination.get()).isEqualTo(ChildResult.DONE);
      assertThat(lives.history()).containsExactly("+a", "?a shutdown", "-a killed");
    }

    @Test
    void runsOutOnTheMachinesClockToo(LogCapture log) throws Exception {
      log.allow("event=shutdown_error reason=killed");
      supervisor =
          Supervisor.start(
              "sup",
              Flags.of(Strategy.ONE_FOR_ONE),
              lives.ignoresStop("a").shutdown(Shutdown.after(ofMillis(1))));

      assertThat(supervisor.terminateChild("a")).isEqualTo(ChildResult.DONE);
      assertThat(lives.history()).containsExactly("+a", "?a shutdown", "-a killed");
    }

    @Test
    void ofZeroAsksAndKillsInOneBreath(LogCapture log) throws Exception {
      log.allow("event=shutdown_error reason=killed");
      start(lives.ignoresStop("a").shutdown(Shutdown.after(Duration.ZERO)));
      supervisor.terminateChild("a");

      assertThat(lives.history()).containsExactly("+a", "?a shutdown", "-a killed");
    }

    @Test
    void endsWithTheChildHoweverLongItWouldBe() throws Exception {
      start(lives.ignoresStop("a").shutdown(Shutdown.after(ofSeconds(Long.MAX_VALUE))));
      FutureTask<ChildResult> termination =
          Doubles.inBackground(() -> supervisor.terminateChild("a"));
      clock.awaitParked();
      clock.advance(ofDays(10_000));
      clock.awaitParked();
      lives.of("a").end(ExitReason.SHUTDOWN);

      assertThat(termination.get()).isEqualTo(ChildResult.DONE);
    }

    @Test
    void takesAnyExitForAnAnswer(LogCapture log) throws Exception {
      log.allow("event=shutdown_error reason=crash\\(other\\)");
      start(lives.endsOtherwise("a", ExitReason.crash("other")).shutdown(FIVE_SECONDS));

      assertThat(supervisor.terminateChild("a")).isEqualTo(ChildResult.DONE);
      assertThat(lives.history()).containsExactly("+a", "-a crash(other)");
    }
  }

  @Nested
  class AnInfiniteShutdown {
    @Test
    void asksAndNeverKills() throws Exception {
      CountDownLatch asked = new CountDownLatch(1);
      start(
          lives
              .spec("a", (self, reason, who) -> asked.countDown())
              .shutdown(Shutdown.INFINITY)
              .restart(Restart.TRANSIENT));
      FutureTask<ChildResult> termination =
          Doubles.inBackground(() -> supervisor.terminateChild("a"));
      asked.await();
      clock.advance(ofDays(1000));
      lives.of("a").end(ExitReason.NORMAL);

      assertThat(termination.get()).isEqualTo(ChildResult.DONE);
      assertThat(lives.history()).containsExactly("+a", "-a normal");
    }

    @Test
    void waitsWithoutALimit() throws Exception {
      assertGoesByNoClock(Shutdown.INFINITY);
    }
  }

  @Nested
  class ADeathThatIsAlreadyUnderWay {
    private final CountDownLatch dying = new CountDownLatch(1);
    private final CountDownLatch mayDie = new CountDownLatch(1);

    static Stream<Shutdown> kills() {
      return Stream.of(Shutdown.BRUTAL_KILL, Shutdown.after(Duration.ZERO));
    }

    @ParameterizedTest
    @MethodSource("kills")
    void isWaitedFor(Shutdown shutdown) throws Exception {
      assertWaits(shutdown, Termination::one);
    }

    @ParameterizedTest
    @MethodSource("kills")
    void isWaitedForAmongInstances(Shutdown shutdown) throws Exception {
      assertWaits(
          shutdown, (termination, child) -> termination.together(List.of(child), shutdown));
    }

    /** Runs it on this thread, with the interrupt of a kill: only a wait takes that away. */
    private void assertWaits(Shutdown shutdown, BiConsumer<Termination, Child> ending)
        throws Exception {
      Flags flags = Flags.of(Strategy.ONE_FOR_ONE).clock(clock);
      Proc killed = Proc.passive("sup");
      Termination termination =
          new Termination(killed, clock, new Reporter(killed, flags, new RestartWindow(flags)));
      Child child = new Child(lives.polite("a").shutdown(shutdown), List.of());
      child.proc = lives.start("a", (self, reason, who) -> self.end(reason));
      child.proc.owns(
          () -> {
            dying.countDown();
            mayDie.await();
          });
      FutureTask<?> death = exitInBackground(child.proc, ExitReason.SHUTDOWN);
      dying.await();
      killed.kill();
      Thread.currentThread().interrupt();
      Throwable thrown = catchThrowable(() -> ending.accept(termination, child));
      boolean hasWaited = !Thread.interrupted();
      mayDie.countDown();
      death.get();

      assertThat(thrown).isInstanceOf(ExitedException.class);
      assertThat(hasWaited).isTrue();
    }
  }

  @Nested
  class AZombie {
    private final IgnoresInterrupt work = new IgnoresInterrupt();

    @AfterEach
    void release() {
      work.release();
    }

    @Test
    void doesNotKeepItsSupervisorWaiting() throws Exception {
      startStuckTask();
      supervisor.terminateChild("task");

      assertThat(work.fenced).isNotDone();
      assertThat(child("task").state()).isEqualTo(ChildInfo.State.UNDEFINED);
    }

    @Test
    void runsIntoTheFence() throws Exception {
      startStuckTask();
      supervisor.terminateChild("task");
      work.release();

      assertThat(work.fenced.get())
          .isInstanceOfSatisfying(
              ExitedException.class, e -> assertThat(e.reason()).isEqualTo(ExitReason.KILLED));
    }

    @Test
    void hasLostWhatItOwnedBeforeItsSupervisorGoesOn() throws Exception {
      Proc task = startStuckTask();
      task.owns(() -> lives.add("closed"));
      supervisor.terminateChild("task");

      assertThat(lives.history()).containsExactly("closed");
    }

    @Test
    void isNotCountedAsACrashWhenItComesBack() throws Exception {
      Proc task = startStuckTask();
      Thread zombie = threadNamed("stuck");
      supervisor.terminateChild("task");
      supervisor.startChild(lives.polite("other"));
      work.release();
      zombie.join();

      assertThat(supervisor.countChildren()).isEqualTo(new ChildCount(2, 1, 0, 2));
      assertThat(task.exitReason()).contains(ExitReason.KILLED);
    }

    private Proc startStuckTask() throws InterruptedException {
      start(
          ChildSpec.worker("task", () -> StartResult.ok(Task.start("stuck", work)))
              .shutdown(Shutdown.BRUTAL_KILL));
      work.running.await();
      return child("task").proc().orElseThrow();
    }

    private Thread threadNamed(String name) {
      return Thread.getAllStackTraces().keySet().stream()
          .filter(thread -> thread.getName().equals(name))
          .findAny()
          .orElseThrow();
    }
  }

  @Nested
  class AnExitOfSomethingElse {
    /** Restart type, way to stop, what the child dies of, and the level of the record, if any. */
    static Stream<Arguments> reports() {
      ExitReason crash = ExitReason.crash("boom");
      ExitReason with = ExitReason.shutdown("idle");
      Shutdown brutal = Shutdown.BRUTAL_KILL;
      return Stream.of(
          Arguments.of(Restart.PERMANENT, FIVE_SECONDS, ExitReason.SHUTDOWN, null),
          Arguments.of(Restart.PERMANENT, FIVE_SECONDS, ExitReason.NORMAL, Level.WARNING),
          Arguments.of(Restart.PERMANENT, FIVE_SECONDS, with, Level.WARNING),
          Arguments.of(Restart.PERMANENT, FIVE_SECONDS, crash, Level.WARNING),
          Arguments.of(Restart.PERMANENT, FIVE_SECONDS, ExitReason.KILLED, Level.SEVERE),
          Arguments.of(Restart.PERMANENT, Shutdown.INFINITY, ExitReason.SHUTDOWN, null),
          Arguments.of(Restart.PERMANENT, Shutdown.INFINITY, ExitReason.NORMAL, Level.WARNING),
          Arguments.of(Restart.PERMANENT, brutal, ExitReason.KILLED, null),
          Arguments.of(Restart.PERMANENT, brutal, ExitReason.SHUTDOWN, Level.WARNING),
          Arguments.of(Restart.PERMANENT, brutal, ExitReason.NORMAL, Level.WARNING),
          Arguments.of(Restart.PERMANENT, brutal, crash, Level.WARNING),
          Arguments.of(Restart.TRANSIENT, FIVE_SECONDS, ExitReason.SHUTDOWN, null),
          Arguments.of(Restart.TRANSIENT, FIVE_SECONDS, ExitReason.NORMAL, null),
          Arguments.of(Restart.TRANSIENT, FIVE_SECONDS, with, null),
          Arguments.of(Restart.TRANSIENT, FIVE_SECONDS, crash, Level.WARNING),
          Arguments.of(Restart.TRANSIENT, FIVE_SECONDS, ExitReason.KILLED, Level.SEVERE),
          Arguments.of(Restart.TRANSIENT, brutal, ExitReason.NORMAL, null),
          Arguments.of(Restart.TRANSIENT, brutal, ExitReason.KILLED, null),
          Arguments.of(Restart.TEMPORARY, FIVE_SECONDS, ExitReason.NORMAL, null),
          Arguments.of(Restart.TEMPORARY, FIVE_SECONDS, with, null),
          Arguments.of(Restart.TEMPORARY, FIVE_SECONDS, crash, Level.WARNING),
          Arguments.of(Restart.TEMPORARY, FIVE_SECONDS, ExitReason.KILLED, Level.WARNING),
          Arguments.of(Restart.TEMPORARY, brutal, crash, Level.WARNING));
    }

    @ParameterizedTest
    @MethodSource("reports")
    void isLoggedUnlessTheRestartTypeAllowsIt(
        Restart restart, Shutdown shutdown, ExitReason reason, Level level, LogCapture log)
        throws Exception {
      log.allow("event=shutdown_error");
      diesJustBeforeItIsTerminated(restart, shutdown, reason);

      assertThat(log.records().stream().map(r -> r.getLevel()))
          .isEqualTo(level == null ? List.of() : List.of(level));
    }

    @ParameterizedTest
    @EnumSource(Restart.class)
    void isNeitherRestartedNorCounted(Restart restart, LogCapture log) throws Exception {
      log.allow("event=shutdown_error");
      SupervisorServer rules =
          diesJustBeforeItIsTerminated(restart, FIVE_SECONDS, ExitReason.crash("boom"));

      assertThat(lives.history()).containsExactly("+a", "-a crash(boom)");
      assertThat(rules.server().proc().exitReason()).isEqualTo(Optional.of(ExitReason.NORMAL));
    }

    /** The supervisor, which allows no restart, after it was stopped in order. */
    private SupervisorServer diesJustBeforeItIsTerminated(
        Restart restart, Shutdown shutdown, ExitReason reason) throws InterruptedException {
      Flags strict = Flags.of(Strategy.ONE_FOR_ONE).clock(clock).intensity(0, ofSeconds(5));
      SupervisorServer rules = new SupervisorServer("strict", strict);
      rules
          .server()
          .call(
              () -> { // in one turn: the exit waits in the mailbox until the child is terminated
                rules.init(List.of(lives.polite("a").restart(restart).shutdown(shutdown)));
                lives.of("a").end(reason);
                return rules.terminateChild("a");
              });
      rules.server().call(rules::whichChildren);
      rules.server().proc().stop();
      return rules;
    }
  }

  private void start(ChildSpec... specs) throws InterruptedException {
    Flags flags = Flags.of(Strategy.ONE_FOR_ONE).clock(clock).intensity(0, ofMillis(1));
    supervisor = Supervisor.start("sup", flags, specs);
  }

  private void assertGoesByNoClock(Shutdown shutdown) throws InterruptedException {
    Doubles.NoClock clock = new Doubles.NoClock();
    Flags flags = Flags.of(Strategy.ONE_FOR_ONE).clock(clock);
    supervisor = Supervisor.start("sup", flags, lives.polite("a").shutdown(shutdown));
    clock.remove();

    assertThat(supervisor.terminateChild("a")).isEqualTo(ChildResult.DONE);
  }

  private ChildInfo child(Object id) throws InterruptedException {
    return supervisor.whichChildren().stream()
        .filter(child -> child.id().equals(Optional.of(id)))
        .findAny()
        .orElseThrow();
  }

  private static FutureTask<?> exitInBackground(Proc proc, ExitReason reason) {
    return Doubles.inBackground(
        () -> {
          proc.exit(reason);
          return null;
        });
  }
}
