package kv.otp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import kv.testing.Concurrently;
import kv.testing.LogCapture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How others find the present incarnation of something that is restarted. */
class NameTest {
  private final Name<String> name = new Name<>("registry");
  private final Proc proc = Proc.passive("p");

  @Nested
  class ANameThatNobodyHolds {
    @Test
    void findsNobody() {
      assertThat(name.whereis()).isEmpty();
    }

    @Test
    void canBeFreedForNothing() throws Exception {
      name.free();
      name.register(proc, "value");
      assertThat(name.get()).isEqualTo("value");
    }

    @Test
    void failsWhoeverInsistsWithNoproc() {
      assertThatThrownBy(name::get)
          .isInstanceOfSatisfying(
              ExitedException.class, e -> assertThat(e.reason()).isEqualTo(ExitReason.NO_PROC))
          .hasMessage("registry is not running: noproc");
    }

    @Test
    void hasThoseWaitWhoCanWait() throws Exception {
      CountDownLatch waiting = new CountDownLatch(1);
      FutureTask<String> waiter =
          Doubles.inBackground(
              () -> {
                waiting.countDown();
                return name.await();
              });
      waiting.await();
      name.register(proc, "value");

      assertThat(waiter.get()).isEqualTo("value");
    }

    @Test
    void canBeWaitedForUntilAnInterrupt() throws Exception {
      CompletableFuture<Thread> thread = new CompletableFuture<>();
      FutureTask<String> waiter =
          Doubles.inBackground(
              () -> {
                thread.complete(Thread.currentThread());
                return name.await();
              });
      thread.get().interrupt();

      assertThatThrownBy(waiter::get).hasCauseInstanceOf(InterruptedException.class);
    }
  }

  @Nested
  class ANameThatIsHeld {
    @Test
    void findsItsHolder() throws Exception {
      assertThat(name.register(proc, "value")).isEqualTo("value");

      assertThat(name.whereis()).contains("value");
      assertThat(name.get()).isEqualTo("value");
      assertThat(name.await()).isEqualTo("value");
    }

    @Test
    void isRefusedToASecondHolder() {
      name.register(proc, "value");

      assertThatThrownBy(() -> name.register(Proc.passive("q"), "other"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the name registry is taken by p");
      assertThat(name.get()).isEqualTo("value");
    }

    @Test
    void isRefusedToItsHolderWhichKeepsItAndLives() {
      name.register(proc, "value");

      assertThatThrownBy(() -> name.register(proc, "other"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the name registry is taken by p");
      assertThat(proc.isAlive()).isTrue();
      assertThat(name.get()).isEqualTo("value");
    }

    @Test
    void isTheEndOfAnotherProcThatWouldHoldIt() {
      Proc late = Proc.passive("late");
      name.register(proc, "value");

      assertThatThrownBy(() -> name.register(late, "other"));
      assertThat(late.exitReason()).contains(ExitReason.KILLED);
    }

    @Test
    void staysWithItsHolderWhenARefusedOneEnds() {
      Proc refused = Proc.passive("refused");
      name.register(proc, "value");
      assertThatThrownBy(() -> name.register(refused, "other"));
      refused.kill();

      assertThat(name.whereis()).contains("value");
    }

    @Test
    void hasExactlyOneHolderHoweverManyTryAtTheSameTime() throws Exception {
      List<Boolean> won =
          Concurrently.run(
              8,
              index -> {
                try {
                  name.register(Proc.passive("p" + index), "value");
                  return true;
                } catch (IllegalStateException e) {
                  return false;
                }
              });

      assertThat(won).containsOnlyOnce(true);
    }
  }

  @Nested
  class ANameIsReleased {
    @Test
    void byAKillOfItsHolderForWhoeverNeedsItFree() throws Exception {
      name.register(proc, "value");
      name.free();
      assertThat(proc.exitReason()).contains(ExitReason.KILLED);
      assertThat(name.whereis()).isEmpty();
    }

    @Test
    void beforeTheSupervisorOrAMonitorHearsOfItsHoldersEnd() {
      CompletableFuture<Optional<String>> atTheSupervisor = new CompletableFuture<>();
      CompletableFuture<Optional<String>> atTheMonitor = new CompletableFuture<>();
      proc.linkSupervisor(p -> atTheSupervisor.complete(name.whereis()), p -> {});
      proc.monitor(down -> atTheMonitor.complete(name.whereis()));
      name.register(proc, "value");
      proc.kill();

      assertThat(atTheSupervisor.join()).isEmpty();
      assertThat(atTheMonitor.join()).isEmpty();
    }

    @Test
    void soThatTheNextIncarnationDoesNotClashWithItsPredecessor(LogCapture log) throws Exception {
      log.allow("event=child_terminated ");
      ChildSpec named =
          ChildSpec.worker(
              "a",
              () -> {
                Proc incarnation = Proc.passive("a");
                name.register(incarnation, incarnation.toString());
                return StartResult.ok(incarnation);
              });
      try (Supervisor supervisor =
          Supervisor.start("sup", Flags.of(Strategy.ONE_FOR_ONE), named)) {
        supervisor.whichChildren().get(0).proc().orElseThrow().kill();

        assertThat(supervisor.countChildren().active()).isEqualTo(1);
        assertThat(name.whereis()).isPresent();
      }
    }

    @Test
    void atOnceIfItsHolderHasEnded() {
      proc.kill();
      name.register(proc, "value");

      assertThat(name.whereis()).isEmpty();
    }

    @Test
    void toBeTakenByAnother() {
      name.register(proc, "value");
      proc.kill();
      name.register(Proc.passive("q"), "other");

      assertThat(name.get()).isEqualTo("other");
    }
  }

  @Test
  void isCalledByWhatItIsFor() {
    assertThat(name).hasToString("registry");
    assertThatThrownBy(() -> new Name<>(null)).isInstanceOf(NullPointerException.class);
  }
}
