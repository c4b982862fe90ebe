package kv.otp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import kv.testing.Concurrently;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A life: how it is ended, in which order its end is told, and what it owns. */
class ProcTest {
  private static final ExitReason BOOM = ExitReason.crash("boom");

  private final Proc proc = Proc.passive("p");
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());

  static Stream<ExitReason> reasonsButNormal() {
    return Stream.of(
        ExitReason.SHUTDOWN,
        ExitReason.shutdown("x"),
        ExitReason.KILLED,
        ExitReason.NO_PROC,
        ExitReason.NO_CONNECTION,
        BOOM);
  }

  @Nested
  class LifeAndDeath {
    @Test
    void aNewProcIsAliveAndHasNoReason() {
      assertThat(proc.isAlive()).isTrue();
      assertThat(proc.exitReason()).isEmpty();
      assertThatCode(proc::ensureAlive).doesNotThrowAnyException();
    }

    @Test
    void aProcThatHasEndedHasItsReasonForEver() {
      proc.kill();

      assertThat(proc.isAlive()).isFalse();
      assertThat(proc.exitReason()).contains(ExitReason.KILLED);
    }

    @Test
    void onlyTheFirstCauseOfDeathCounts() {
      proc.exit(BOOM);
      proc.kill();
      proc.exit(ExitReason.SHUTDOWN);

      assertThat(proc.exitReason()).contains(BOOM);
    }

    @Test
    void ofManyCausesAtTheSameTimeExactlyOneIsTold() throws Exception {
      proc.monitor(down -> told.add(down.reason().toString()));
      Concurrently.run(
          8,
          index -> {
            proc.exit(ExitReason.crash(index));
            return index;
          });

      assertThat(told).containsExactly(proc.exitReason().orElseThrow().toString());
    }

    @Test
    void itsTextIsItsNameAndItsReasonOnceItHasEnded() {
      assertThat(proc).hasToString("p");
      proc.kill();
      assertThat(proc).hasToString("p (killed)");
    }

    @Test
    void needsAName() {
      assertThatThrownBy(() -> Proc.passive(null)).isInstanceOf(NullPointerException.class);
    }
  }

  @Nested
  class ExitSignals {
    @ParameterizedTest
    @MethodSource("kv.otp.ProcTest#reasonsButNormal")
    void endItWithTheirReason(ExitReason reason) {
      proc.exit(reason);

      assertThat(proc.exitReason()).contains(reason);
    }

    @Test
    void areIgnoredIfNormal() {
      proc.exit(ExitReason.NORMAL);

      assertThat(proc.isAlive()).isTrue();
    }

    @Test
    void needAReason() {
      assertThatThrownBy(() -> proc.exit(null)).isInstanceOf(NullPointerException.class);
      assertThat(proc.isAlive()).isTrue();
    }

    @Test
    void mayBeIgnoredButAKillIsNot() {
      Proc deaf = new Proc("deaf", (self, reason, who) -> {});
      deaf.exit(ExitReason.KILLED);
      assertThat(deaf.isAlive()).isTrue();
      deaf.kill();
      assertThat(deaf.exitReason()).contains(ExitReason.KILLED);
    }

    @Test
    void tellWhoAsks() throws Exception {
      Proc asked =
          new Proc(
              "asked",
              (self, reason, who) -> {
                told.add(who + " " + reason);
                if (who == Proc.Asker.STOP) self.end(reason);
              });
      asked.exit(BOOM);
      asked.ask(ExitReason.NORMAL, Proc.Asker.PARENT);
      asked.stop();

      assertThat(told).containsExactly("STRANGER crash(boom)", "PARENT normal", "STOP normal");
    }

    @Test
    void doNotReachAProcThatHasEnded() {
      Proc asked = new Proc("asked", (self, reason, who) -> told.add("asked"));
      asked.kill();
      asked.exit(BOOM);

      assertThat(told).isEmpty();
    }
  }

  @Nested
  class Stop {
    @Test
    void endsItNormallyUnlessToldOtherwise() throws Exception {
      assertThat(proc.stop()).isEqualTo(ExitReason.NORMAL);
      assertThat(proc.exitReason()).contains(ExitReason.NORMAL);
    }

    @ParameterizedTest
    @MethodSource("kv.otp.ProcTest#reasonsButNormal")
    void endsItWithTheReasonThatIsGiven(ExitReason reason) throws Exception {
      assertThat(proc.stop(reason)).isEqualTo(reason);
    }

    @Test
    void tellsWhatItReallyEndedWith() throws Exception {
      Proc otherwise = new Proc("p", (self, reason, who) -> self.end(BOOM));

      assertThat(otherwise.stop()).isEqualTo(BOOM);
    }

    @Test
    void returnsAtOnceIfItHasEnded() throws Exception {
      proc.kill();

      assertThat(proc.stop()).isEqualTo(ExitReason.KILLED);
    }

    @Test
    void isBrokenOffByAnInterruptAndTheProcStopsAllTheSame() throws Exception {
      CountDownLatch asked = new CountDownLatch(1);
      Proc slow = new Proc("slow", (self, reason, who) -> asked.countDown());
      CompletableFuture<Thread> stopper = new CompletableFuture<>();
      FutureTask<?> stop =
          Doubles.inBackground(
              () -> {
                stopper.complete(Thread.currentThread());
                return slow.stop();
              });
      asked.await();
      stopper.get().interrupt();

      assertThatThrownBy(stop::get).hasCauseInstanceOf(InterruptedException.class);
      assertThat(slow.isAlive()).isTrue();
    }
  }

  @Nested
  class TheWayOfADeath {
    @Test
    void isFenceThenCloseThenSupervisorThenMonitors() {
      proc.monitor(down -> told.add("monitor " + state()));
      link(p -> told.add("supervisor " + state()));
      proc.owns(() -> told.add("first owned " + state()));
      proc.owns(() -> told.add("last owned " + state()));
      proc.kill();

      assertThat(told)
          .containsExactly(
              "last owned fenced",
              "first owned fenced",
              "supervisor fenced",
              "monitor told of killed");
    }

    @Test
    void showsNoReasonBeforeItsSupervisorKnows() {
      CompletableFuture<Object> seen = new CompletableFuture<>();
      link(p -> seen.complete(p.exitReason()));
      proc.kill();

      assertThat(seen.join()).isEqualTo(Optional.empty());
    }

    @Test
    void releasesAWaiterOnlyAfterItsSupervisorKnows() throws Exception {
      CountDownLatch waiting = new CountDownLatch(1);
      FutureTask<List<String>> waiter =
          Doubles.inBackground(
              () -> {
                waiting.countDown();
                proc.awaitExit();
                return List.copyOf(told);
              });
      waiting.await();
      link(p -> told.add("supervisor"));
      proc.kill();

      assertThat(waiter.get()).containsExactly("supervisor");
    }

    @Test
    void holdsAWaiterThatComesWhileItIsEnding() throws Exception {
      for (int round = 0; round < 100; round++) {
        Proc mortal = Proc.passive("mortal");
        AtomicBoolean supervisorKnows = new AtomicBoolean();
        CompletableFuture<FutureTask<Boolean>> waiter = new CompletableFuture<>();
        CountDownLatch waiting = new CountDownLatch(1);
        mortal.linkSupervisor(p -> supervisorKnows.set(true), p -> {});
        mortal.owns(
            () -> {
              waiter.complete(
                  Doubles.inBackground(
                      () -> {
                        waiting.countDown();
                        mortal.awaitExit();
                        return supervisorKnows.get();
                      }));
              waiting.await();
            });
        mortal.kill();

        assertThat(waiter.get().get()).isTrue();
      }
    }

    @Test
    void tellsASupervisorThatLinksTooLateAtOnce() {
      proc.kill();
      proc.linkSupervisor(
          p -> told.add("supervisor"), p -> told.add("late supervisor " + p.cause()));

      assertThat(told).containsExactly("late supervisor killed");
    }

    @Test
    void hasOneSupervisorTillItHasBeenTold() {
      assertThat(link(p -> told.add("supervisor " + link(q -> told.add("second"))))).isTrue();
      assertThat(link(p -> told.add("second"))).isFalse();
      proc.kill();

      assertThat(told).containsExactly("supervisor false");
    }

    private boolean link(Consumer<Proc> supervisor) {
      return proc.linkSupervisor(supervisor, p -> told.add("too late"));
    }

    @Test
    void comesToItsEndAtTheNextAttemptIfAnErrorHasHaltedIt() throws Exception {
      boolean[] full = {true};
      link(
          p -> {
            told.add("supervisor");
            if (!full[0]) return;
            full[0] = false;
            throw new OutOfMemoryError("as if");
          });
      proc.monitor(down -> told.add("monitor " + down.reason()));
      assertThatThrownBy(() -> proc.kill()).isInstanceOf(OutOfMemoryError.class);
      assertThat(proc.isAlive()).isTrue();

      proc.exit(ExitReason.SHUTDOWN);
      assertThat(proc.awaitExit()).isEqualTo(ExitReason.KILLED);
      assertThat(told).containsExactly("supervisor", "supervisor", "monitor killed");
    }

    @Test
    void tellsItsSupervisorOnce() {
      link(p -> told.add("supervisor"));
      proc.kill();
      proc.kill();

      assertThat(told).containsExactly("supervisor");
    }

    @Test
    void raisesTheFenceForGood() {
      proc.exit(BOOM);

      assertThatThrownBy(proc::ensureAlive)
          .isInstanceOfSatisfying(
              ExitedException.class, e -> assertThat(e.reason()).isEqualTo(BOOM))
          .hasMessage("p is not running: crash(boom)");
    }

    private String state() {
      if (!proc.isAlive()) return "told of " + proc.exitReason().orElseThrow();
      try {
        proc.ensureAlive();
        return "alive";
      } catch (ExitedException e) {
        return "fenced";
      }
    }
  }
}
