package kv.otp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a child's own code does on its supervisor's thread, the supervisor lives on. */
class UnrulyChildrenTest {
  private final Lives lives = new Lives();
  private Supervisor supervisor;

  @AfterEach
  void killSupervisor() throws InterruptedException {
    if (supervisor == null) return;
    supervisor.proc().kill();
    Thread.interrupted(); // left by a child that has heard of it on this thread
    supervisor.proc().awaitExit();
  }

  private void start(ChildSpec... specs) throws InterruptedException {
    supervisor = Supervisor.start("sup", Flags.of(Strategy.ONE_FOR_ONE), specs);
  }

  /** An id of which one method fails. */
  private static final class BadId {
    private final String fails;

    BadId(String fails) {
      this.fails = fails;
    }

    @Override
    public boolean equals(Object other) {
      if (fails.equals("equals")) throw new IllegalStateException("equals");
      return other == this;
    }

    @Override
    public int hashCode() {
      if (fails.equals("hashCode")) throw new IllegalStateException("hashCode");
      return 1;
    }

    @Override
    public String toString() {
      if (fails.equals("toString")) throw new IllegalStateException("toString");
      return "bad id";
    }
  }

  @Nested
  class AnInterruptThatAChildLeavesBehind {
    /** Answers an order to end in the way of one who caught an interrupt, and sets it again. */
    private ChildSpec interrupts(Object id) {
      return lives.spec(
          id,
          (self, reason, who) -> {
            Thread.currentThread().interrupt();
            self.end(reason);
          });
    }

    @Test
    void isNotTheEndOfASupervisorThatTerminatesIt() throws Exception {
      start(interrupts("a"));

      assertThat(supervisor.terminateChild("a")).isEqualTo(ChildResult.DONE);
      assertThat(supervisor.proc().isAlive()).isTrue();
    }

    static Stream<Shutdown> timesToStop() {
      return Stream.of(Shutdown.after(Duration.ofDays(1)), Shutdown.INFINITY);
    }

    @ParameterizedTest
    @MethodSource("timesToStop")
    void isNotTheEndOfASupervisorThatWaitsForItToStop(Shutdown shutdown) throws Exception {
      CountDownLatch asked = new CountDownLatch(1);
      ChildSpec slow =
          lives.spec(
              "slow",
              (self, reason, who) -> {
                Thread.currentThread().interrupt();
                asked.countDown();
              });
      start(slow.shutdown(shutdown));
      Doubles.inBackground(
          () -> {
            asked.await();
            lives.of("slow").end(ExitReason.SHUTDOWN);
            return null;
          });

      assertThat(supervisor.terminateChild("slow")).isEqualTo(ChildResult.DONE);
      assertThat(supervisor.proc().isAlive()).isTrue();
    }

    @Test
    void leavesItsSiblingsTheTimeToStop() throws Exception {
      CompletableFuture<ExitReason> sibling = new CompletableFuture<>();
      ChildSpec polite =
          ChildSpec.worker(
              "polite",
              () -> {
                CountDownLatch forEver = new CountDownLatch(1);
                Proc proc = Task.start("polite", self -> forEver.await());
                proc.monitor(down -> sibling.complete(down.reason()));
                return StartResult.ok(proc);
              });
      start(polite, interrupts("a"));
      supervisor.close();

      assertThat(sibling.get()).isEqualTo(ExitReason.SHUTDOWN);
      assertThat(supervisor.proc().awaitExit()).isEqualTo(ExitReason.NORMAL);
    }

    @ParameterizedTest
    @EnumSource(
        value = Strategy.class,
        names = {"ONE_FOR_ALL", "REST_FOR_ONE"})
    void isNotTheEndOfASupervisorThatRestartsItsGroup(Strategy strategy, LogCapture log)
        throws Exception {
      log.allow("child=a event=child_terminated");
      supervisor =
          Supervisor.start("sup", Flags.of(strategy), lives.polite("a"), interrupts("b"));
      lives.of("a").end(ExitReason.crash("boom"));

      assertThat(supervisor.countChildren().active()).isEqualTo(2);
    }

    @Test
    void isNotTheEndOfASupervisorThatWaitsForItsNextMessage() throws Exception {
      CompletableFuture<Thread> thread = new CompletableFuture<>();
      start(
          ChildSpec.worker(
              "a",
              () -> {
                thread.complete(Thread.currentThread());
                return StartResult.ignore();
              }));
      thread.get().interrupt();

      assertThat(supervisor.countChildren().specs()).isEqualTo(1);
    }
  }

  @Nested
  class AnIdThatFails {
    @ParameterizedTest
    @ValueSource(strings = {"equals", "hashCode"})
    void toBeComparedIsAnInvalidSpec(String method) throws Exception {
      start();
      ChildSpec spec = lives.polite("a");
      ChildSpec bad =
          new ChildSpec(
              new BadId(method),
              spec.start(),
              spec.restart(),
              spec.shutdown(),
              spec.type(),
              spec.significant());

      assertThat(supervisor.startChild(bad))
          .isInstanceOfSatisfying(
              ChildResult.Invalid.class,
              invalid -> assertThat(invalid.fault()).startsWith("invalid id: "));
      assertThat(supervisor.proc().isAlive()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"equals", "hashCode"})
    void toBeComparedFailsItsOwner(String method) throws Exception {
      start(lives.polite("a"));
      Object id = new BadId(method);

      assertThatThrownBy(() -> supervisor.terminateChild(id)).hasMessage(method);
      assertThatThrownBy(() -> supervisor.restartChild(id)).hasMessage(method);
      assertThatThrownBy(() -> supervisor.deleteChild(id)).hasMessage(method);
      assertThatThrownBy(() -> supervisor.childSpec(id)).hasMessage(method);
      assertThat(supervisor.proc().isAlive()).isTrue();
    }

    @Test
    void toDescribeItselfIsAnIdLikeAnyOther(LogCapture log) throws Exception {
      log.allow("BadId, which cannot describe itself event=child_terminated");
      BadId id = new BadId("toString");
      start(ChildSpec.worker(id, () -> StartResult.ok(Proc.passive("p"))));
      supervisor.whichChildren().get(0).proc().orElseThrow().kill();

      assertThat(supervisor.countChildren().active()).isEqualTo(1);
      assertThat(supervisor.terminateChild(id)).isEqualTo(ChildResult.DONE);
    }
  }

  @Nested
  class AProcThatIsGivenTwice {
    @Test
    void isAFailedStartOfTheSecondChild() throws Exception {
      Proc proc = Proc.passive("p");
      start(ChildSpec.worker("a", () -> StartResult.ok(proc)));

      assertThat(supervisor.startChild(ChildSpec.worker("b", () -> StartResult.ok(proc))))
          .isEqualTo(new ChildResult.Failed(ExitReason.crash("p is somebody's child already")));
      assertThat(proc.isAlive()).isTrue();
    }

    @Test
    void isAFailedRestartOfWhoGaveItAgain(LogCapture log) throws Exception {
      log.allow("child=b event=(child_terminated|start_error|reached_max)");
      Proc proc = Proc.passive("p");
      AtomicInteger starts = new AtomicInteger();
      ChildSpec takesThatOfA =
          ChildSpec.worker(
              "b",
              () -> StartResult.ok(starts.getAndIncrement() == 0 ? Proc.passive("q") : proc));
      start(ChildSpec.worker("a", () -> StartResult.ok(proc)), takesThatOfA);
      supervisor.whichChildren().get(0).proc().orElseThrow().kill();

      assertThat(supervisor.proc().awaitExit()).isEqualTo(ExitReason.SHUTDOWN);
    }

    @Test
    void isRefusedAlsoIfItIsTheSupervisorItself() throws Exception {
      start();
      ChildSpec itself = ChildSpec.supervisor("me", () -> supervisor);

      assertThat(supervisor.startChild(itself)).isInstanceOf(ChildResult.Failed.class);
      supervisor.close();
    }
  }

  @Nested
  class ADeathBeforeTheStartHasReturned {
    private SupervisorServer rules;

    @AfterEach
    void killRules() throws InterruptedException {
      rules.server().proc().kill();
      rules.server().proc().awaitExit();
    }

    @Test
    void isDealtWithBeforeWhatHasBeenAskedSince(LogCapture log) throws Exception {
      log.allow("child=a event=child_terminated");
      CompletableFuture<Proc> published = new CompletableFuture<>();
      CountDownLatch asked = new CountDownLatch(1);
      AtomicInteger starts = new AtomicInteger();
      rules = new SupervisorServer("sup", Flags.of(Strategy.ONE_FOR_ONE));
      ChildSpec dies =
          ChildSpec.worker(
              "a",
              () -> {
                Proc proc = lives.start("a", (self, reason, who) -> self.end(reason));
                if (starts.getAndIncrement() == 0) {
                  published.complete(proc);
                  asked.await();
                }
                return StartResult.ok(proc);
              });
      rules.server().cast(() -> rules.startChild(dies));
      published.get().kill();
      CompletableFuture<List<ChildInfo>> seen = new CompletableFuture<>();
      rules.server().cast(() -> seen.complete(rules.whichChildren()));
      asked.countDown();

      assertThat(seen.get())
          .singleElement()
          .satisfies(child -> assertThat(child.proc()).contains(lives.of("a")));
    }
  }

  @Nested
  class ASupervisorsOwnEnd {
    @Test
    void isToldToEveryChildAlsoIfOneFailsToHear(LogCapture log) throws Exception {
      log.allow("bad could not be told of the end of sup");
      ChildSpec bad =
          lives.spec(
              "bad",
              (self, reason, who) -> {
                if (reason == ExitReason.KILLED) throw new IllegalStateException("deaf");
                self.end(reason);
              });
      start(lives.polite("a"), bad, lives.polite("b"));
      supervisor.proc().kill();

      assertThat(lives.of("a").awaitExit()).isEqualTo(ExitReason.KILLED);
      assertThat(lives.of("b").awaitExit()).isEqualTo(ExitReason.KILLED);
    }

    @Test
    void endsAServerWithoutACleanUpWhateverWaitsInItsMailbox() throws Exception {
      CompletableFuture<GenServer> started = new CompletableFuture<>();
      CountDownLatch busy = new CountDownLatch(1);
      AtomicInteger handled = new AtomicInteger();
      start(
          ChildSpec.worker(
              "a",
              () -> {
                GenServer server = GenServer.start("a");
                started.complete(server);
                return StartResult.ok(server.proc());
              }));
      GenServer server = started.get();
      server.cast(
          () -> {
            busy.countDown();
            new CountDownLatch(1).await();
          });
      server.cast(handled::incrementAndGet);
      busy.await();
      supervisor.proc().kill();

      assertThat(server.proc().awaitExit()).isEqualTo(ExitReason.KILLED);
      assertThat(handled).hasValue(0);
    }
  }

  @Nested
  class ANameThatIsTaken {
    @Test
    void leavesNothingBehindOfWhatWasStartedInVain() throws Exception {
      Name<Proc> name = new Name<>("n");
      Proc holder = Proc.passive("holder");
      name.register(holder, holder);
      Proc late = Proc.passive("late");

      assertThatThrownBy(() -> name.register(late, late))
          .hasMessage("the name n is taken by holder");
      assertThat(late.exitReason()).contains(ExitReason.KILLED);
      assertThat(name.whereis()).contains(holder);
    }
  }
}
