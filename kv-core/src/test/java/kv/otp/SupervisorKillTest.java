package kv.otp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import kv.testing.LogCapture;
import kv.testing.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How a supervisor ends out of order. */
class SupervisorKillTest {
  private static final ExitReason CRASH = ExitReason.crash("boom");

  private final Lives lives = new Lives();
  private Supervisor supervisor;

  @AfterEach
  void killSupervisor() throws InterruptedException {
    if (supervisor == null) return;
    supervisor.proc().kill();
    supervisor.proc().awaitExit();
  }

  @Nested
  class AKill {
    @Test
    void skipsTheOrderlyShutdownAndSignalsTheChildren() throws Exception {
      supervisor = Supervisor.start("sup", flags(), lives.polite("a"), lives.polite("b"));
      supervisor.proc().kill();

      assertThat(lives.of("a").awaitExit()).isEqualTo(ExitReason.KILLED);
      assertThat(lives.of("b").awaitExit()).isEqualTo(ExitReason.KILLED);
      assertThat(supervisor.proc().awaitExit()).isEqualTo(ExitReason.KILLED);
    }

    @Test
    void leavesAChildRunningThatIgnoresTheSignal() throws Exception {
      supervisor = Supervisor.start("sup", flags(), lives.ignoresStop("a"));
      supervisor.proc().kill();

      assertThat(lives.history()).containsExactly("+a", "?a killed");
      assertThat(lives.of("a").isAlive()).isTrue();
    }

    @Test
    void endsItAlsoWhileItWaitsForAChildToStop() throws Exception {
      CountDownLatch asked = new CountDownLatch(1);
      supervisor =
          Supervisor.start(
              "sup",
              flags(),
              lives.polite("a"),
              lives.spec("b", (self, r, who) -> asked.countDown()).shutdown(Shutdown.INFINITY));
      FutureTask<?> stop = Doubles.inBackground(() -> supervisor.proc().stop());
      asked.await();
      supervisor.proc().kill();

      assertThat(stop.get()).isEqualTo(ExitReason.KILLED);
      assertThat(lives.of("a").exitReason()).contains(ExitReason.KILLED);
    }

    @Test
    void endsItsThreadWhileAChildHasItsTimeToStop() throws Exception {
      ManualClock clock = new ManualClock();
      CompletableFuture<Thread> waiting = new CompletableFuture<>();
      ChildSpec ignoresStop =
          lives.spec("a", (self, reason, who) -> waiting.complete(Thread.currentThread()));
      supervisor = Supervisor.start("sup", flags().clock(clock), ignoresStop);
      FutureTask<?> stop = Doubles.inBackground(() -> supervisor.proc().stop());
      clock.awaitParked();
      supervisor.proc().kill();
      waiting.get().join();

      assertThat(stop.get()).isEqualTo(ExitReason.KILLED);
      assertThat(lives.of("a").isAlive()).isTrue();
    }

    @Test
    void isNoReproachToTheChildItWaitsFor(LogCapture log) throws Exception {
      CompletableFuture<Thread> waiting = new CompletableFuture<>();
      Proc.Behaviour endsOnlyWithItsParent =
          (self, reason, who) -> {
            if (waiting.complete(Thread.currentThread())) return;
            self.end(reason);
            joinUninterruptibly(waiting.join()); // before the kill interrupts it
          };
      supervisor =
          Supervisor.start(
              "sup", flags(), lives.spec("a", endsOnlyWithItsParent).shutdown(Shutdown.INFINITY));
      FutureTask<ExitReason> stop = Doubles.inBackground(() -> supervisor.proc().stop());
      waiting.get();
      supervisor.proc().kill();

      assertThat(stop.get()).isEqualTo(ExitReason.KILLED);
      assertThat(log.records()).isEmpty();
    }

    @Test
    void isNoReproachToTheStartFunctionThatItInterrupts(LogCapture log) throws Exception {
      log.allow("event=child_terminated ");
      CompletableFuture<Thread> restarting = new CompletableFuture<>();
      AtomicInteger starts = new AtomicInteger();
      supervisor =
          Supervisor.start(
              "sup",
              flags(),
              ChildSpec.worker(
                  "a",
                  () -> {
                    if (starts.getAndIncrement() > 0) {
                      restarting.complete(Thread.currentThread());
                      new CountDownLatch(1).await();
                    }
                    return StartResult.ok(lives.start("a", (self, reason, who) -> {}));
                  }));
      lives.of("a").end(CRASH);
      Thread restarter = restarting.get();
      supervisor.proc().kill();
      restarter.join();

      assertThat(log.messages(Level.ALL)).noneMatch(message -> message.contains("start_error"));
    }

    @Test
    void whileAChildStartsIsItsEndAsSoonAsItIsThere() throws Exception {
      supervisor = Supervisor.start("sup", flags());
      CompletableFuture<Proc> started = new CompletableFuture<>();
      ChildSpec killer =
          ChildSpec.worker(
              "killer",
              () -> {
                supervisor.proc().kill();
                started.complete(lives.start("late", (self, reason, who) -> self.end(reason)));
                return StartResult.ok(started.get());
              });

      assertThatThrownBy(() -> supervisor.startChild(killer))
          .isInstanceOfSatisfying(
              ExitedException.class, e -> assertThat(e.reason()).isEqualTo(ExitReason.KILLED));
      assertThat(started.get().awaitExit()).isEqualTo(ExitReason.KILLED);
    }

    @Test
    void whoseInterruptComesWhileAChildStartsIsItsEndAllTheSame() throws Exception {
      supervisor = Supervisor.start("sup", flags());
      Proc late = lives.start("late", (self, reason, who) -> self.end(reason));
      ChildSpec killed =
          ChildSpec.worker(
              "killed",
              () -> {
                supervisor.proc().kill();
                Thread.currentThread().interrupt(); // as a kill by another thread does
                return StartResult.ok(late);
              });

      assertThatThrownBy(() -> supervisor.startChild(killed)).isInstanceOf(ExitedException.class);
      assertThat(late.awaitExit()).isEqualTo(ExitReason.KILLED);
    }

    @Test
    void whileChildrenStartKeepsTheNextFromStarting() throws Exception {
      SupervisorServer rules = new SupervisorServer("sup", flags());
      ChildSpec killer =
          ChildSpec.worker(
              "killer",
              () -> {
                rules.server().proc().kill();
                return StartResult.ok(Proc.passive("killer"));
              });
      CompletableFuture<Throwable> end = new CompletableFuture<>();
      rules
          .server()
          .cast(
              () -> {
                try {
                  rules.init(List.of(killer, lives.polite("next")));
                } catch (Throwable e) {
                  end.complete(e);
                }
              });

      assertThat(end.get()).isInstanceOf(ExitedException.class);
      assertThat(lives.history()).isEmpty();
    }
  }

  @Nested
  class ACrashOfItsOwn {
    @Test
    void isSignalledToItsChildren() throws Exception {
      SupervisorServer rules = new SupervisorServer("sup", flags());
      rules.server().cast(() -> rules.init(List.of(lives.polite("a"))));
      rules
          .server()
          .cast(
              () -> {
                throw new Exit(CRASH);
              });

      assertThat(rules.server().proc().awaitExit()).isEqualTo(CRASH);
      assertThat(lives.of("a").exitReason()).contains(CRASH);
    }
  }

  @Nested
  class ACallerThatIsInterruptedWhileItStarts {
    @Test
    void killsWhatIsHalfStarted() throws Exception {
      CompletableFuture<Thread> starting = new CompletableFuture<>();
      CountDownLatch never = new CountDownLatch(1);
      ChildSpec hangs =
          ChildSpec.worker(
              "hangs",
              () -> {
                starting.complete(Thread.currentThread());
                never.await();
                return StartResult.ignore();
              });
      CompletableFuture<Thread> caller = new CompletableFuture<>();
      FutureTask<Supervisor> start =
          Doubles.inBackground(
              () -> {
                caller.complete(Thread.currentThread());
                return Supervisor.start("sup", flags(), lives.polite("a"), hangs);
              });
      Thread halfStarted = starting.get();
      caller.get().interrupt();

      assertThatThrownBy(start::get).hasCauseInstanceOf(InterruptedException.class);
      assertThat(lives.of("a").awaitExit()).isEqualTo(ExitReason.KILLED);
      halfStarted.join();
    }
  }

  private static void joinUninterruptibly(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts a test", e);
    }
  }

  private static Flags flags() {
    return Flags.of(Strategy.ONE_FOR_ONE);
  }
}
