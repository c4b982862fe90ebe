package kv.otp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import kv.testing.LogCapture;
import kv.testing.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls to a supervisor that cannot answer them. */
class SupervisorCallsTest {
  @FunctionalInterface
  interface Request {
    Object of(Supervisor supervisor) throws Exception;
  }

  private Supervisor supervisor;

  @BeforeEach
  void start() throws InterruptedException {
    supervisor = Supervisor.start("sup", Flags.of(Strategy.ONE_FOR_ONE));
  }

  @AfterEach
  void killSupervisor() throws InterruptedException {
    supervisor.proc().kill();
    supervisor.proc().awaitExit();
  }

  static Stream<Arguments> requests() {
    ChildSpec spec = ChildSpec.worker("a", StartResult::ignore);
    return Stream.of(
        request("startChild(spec)", s -> s.startChild(spec)),
        request("startChild(args)", s -> s.startChild(List.of())),
        request("terminateChild(id)", s -> s.terminateChild("a")),
        request("terminateChild(proc)", s -> s.terminateChild(Proc.passive("a"))),
        request("restartChild(id)", s -> s.restartChild("a")),
        request("deleteChild(id)", s -> s.deleteChild("a")),
        request("whichChildren()", Supervisor::whichChildren),
        request("countChildren()", Supervisor::countChildren),
        request("status(most, timeout)", s -> s.status(1, Duration.ofHours(1))),
        request("childSpec(id)", s -> s.childSpec("a")));
  }

  private static Arguments request(String name, Request request) {
    return Arguments.of(name, request);
  }

  @Nested
  class ASupervisorThatHasEnded {
    @ParameterizedTest(name = "{0}")
    @MethodSource("kv.otp.SupervisorCallsTest#requests")
    void failsEveryCallWithNoproc(String name, Request request) throws Exception {
      supervisor.stop();

      assertThatThrownBy(() -> request.of(supervisor))
          .isInstanceOfSatisfying(
              ExitedException.class, e -> assertThat(e.reason()).isEqualTo(ExitReason.NO_PROC))
          .hasMessage("sup is not running: noproc");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kv.otp.SupervisorCallsTest#requests")
    void failsACallThatIsWaitingWithItsReason(String name, Request request) throws Exception {
      CountDownLatch starting = new CountDownLatch(1);
      FutureTask<?> first = Doubles.inBackground(() -> supervisor.startChild(hangs(starting)));
      starting.await();
      CountDownLatch calling = new CountDownLatch(1);
      FutureTask<?> second =
          Doubles.inBackground(
              () -> {
                calling.countDown();
                return request.of(supervisor);
              });
      calling.await();
      supervisor.proc().kill();

      assertThatThrownBy(first::get).cause().hasMessage("sup is not running: killed");
      assertThatThrownBy(second::get).hasCauseInstanceOf(ExitedException.class);
    }
  }

  @Nested
  class TheSupervisorsOwnThread {
    @ParameterizedTest(name = "{0}")
    @MethodSource("kv.otp.SupervisorCallsTest#requests")
    void isRefusedEveryCallInsteadOfHanging(String name, Request request) throws Exception {
      ChildResult result =
          supervisor.startChild(
              ChildSpec.worker(
                  "calls", () -> StartResult.ok(Proc.passive("a"), request.of(supervisor))));

      assertThat(((ChildResult.Failed) result).reason().cause())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("a child must not call its supervisor while it starts or stops");
      assertThat(supervisor.proc().isAlive()).isTrue();
    }

    @Test
    void isRefusedToAChildThatIsAskedToStop(LogCapture log) throws Exception {
      log.allow("event=shutdown_error reason=crash.*IllegalStateException");
      Task.Work asksItsSupervisor =
          new Task.Work() {
            @Override
            public void run(Proc self) throws InterruptedException {
              new CountDownLatch(1).await();
            }

            @Override
            public void shutdown(Thread worker, ExitReason reason) {
              try {
                supervisor.countChildren();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            }
          };
      ChildResult.Started child =
          (ChildResult.Started)
              supervisor.startChild(
                  ChildSpec.worker("a", () -> StartResult.ok(Task.start("a", asksItsSupervisor))));
      supervisor.terminateChild("a");

      assertThat(child.proc().exitReason().orElseThrow().cause())
          .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void mayServeAnotherSupervisor() throws Exception {
      try (Supervisor other = Supervisor.start("other", Flags.of(Strategy.ONE_FOR_ONE))) {
        ChildResult result =
            supervisor.startChild(
                ChildSpec.worker(
                    "calls", () -> StartResult.ok(Proc.passive("a"), other.countChildren())));

        assertThat(((ChildResult.Started) result).info()).isEqualTo(new ChildCount(0, 0, 0, 0));
      }
    }
  }

  @Nested
  class AStartFunctionThatWaitsForACallOnAnotherThread {
    /** Nothing can detect this: the two wait for each other until somebody kills the supervisor. */
    @Test
    void isFreedByAKillOfTheSupervisor() throws Exception {
      CompletableFuture<FutureTask<?>> other = new CompletableFuture<>();
      ChildSpec waits =
          ChildSpec.worker(
              "waits",
              () -> {
                FutureTask<?> call = Doubles.inBackground(supervisor::countChildren);
                other.complete(call);
                return StartResult.ok(Proc.passive("a"), call.get());
              });
      FutureTask<?> start = Doubles.inBackground(() -> supervisor.startChild(waits));
      FutureTask<?> call = other.get();
      supervisor.proc().kill();

      assertThatThrownBy(call::get).hasCauseInstanceOf(ExitedException.class);
      assertThatThrownBy(start::get).hasCauseInstanceOf(ExitedException.class);
    }
  }

  @Nested
  class ACallerThatIsInterrupted {
    @Test
    void stopsWaitingWhileTheRequestIsCarriedOut() throws Exception {
      CountDownLatch starting = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      CompletableFuture<Thread> caller = new CompletableFuture<>();
      FutureTask<?> call =
          Doubles.inBackground(
              () -> {
                caller.complete(Thread.currentThread());
                return supervisor.startChild(
                    ChildSpec.worker(
                        "slow",
                        () -> {
                          starting.countDown();
                          go.await();
                          return StartResult.ok(Proc.passive("slow"));
                        }));
              });
      starting.await();
      caller.get().interrupt();

      assertThatThrownBy(call::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(InterruptedException.class);
      go.countDown();
      assertThat(supervisor.countChildren().active()).isEqualTo(1);
    }
  }

  @Nested
  class AStatus {
    @Test
    void hasTheCountTheRestartsThatCountAndTheNewestChildren(LogCapture log) throws Exception {
      log.allow("child=b event=child_terminated");
      ManualClock clock = new ManualClock();
      Lives lives = new Lives();
      Flags flags = Flags.of(Strategy.ONE_FOR_ONE).clock(clock);
      try (Supervisor watched =
          Supervisor.start(
              "watched", flags, lives.polite("a"), lives.polite("b"), lives.polite("c"))) {
        crash(watched, lives);
        clock.advance(flags.period().plusNanos(1));
        crash(watched, lives);
        SupervisorStatus status = watched.status(2, Duration.ofHours(1));

        assertThat(status.count()).isEqualTo(watched.countChildren());
        assertThat(status.restarts()).isEqualTo(1);
        assertThat(status.newest()).isEqualTo(watched.newestChildren(2)).hasSize(2);
      }
    }

    private static void crash(Supervisor watched, Lives lives) throws InterruptedException {
      lives.of("b").end(ExitReason.crash("boom"));
      watched.countChildren();
    }

    @Test
    void isNotWaitedForLongerThanTheTimeout() throws Exception {
      CountDownLatch starting = new CountDownLatch(1);
      Doubles.inBackground(() -> supervisor.startChild(hangs(starting)));
      starting.await();

      assertThatThrownBy(() -> supervisor.status(1, Duration.ofMillis(1)))
          .isInstanceOf(TimeoutException.class)
          .hasMessage("sup gave no answer in 1 ms");
    }
  }

  @Nested
  class ItsFlags {
    @Test
    void areThereWithoutAQuestionAndAfterItsEnd() throws Exception {
      CountDownLatch starting = new CountDownLatch(1);
      Doubles.inBackground(() -> supervisor.startChild(hangs(starting)));
      starting.await();
      assertThat(supervisor.flags()).isEqualTo(Flags.of(Strategy.ONE_FOR_ONE));
      supervisor.proc().kill();

      assertThat(supervisor.flags()).isEqualTo(Flags.of(Strategy.ONE_FOR_ONE));
    }
  }

  private static ChildSpec hangs(CountDownLatch starting) {
    return ChildSpec.worker(
        "hangs",
        () -> {
          starting.countDown();
          new CountDownLatch(1).await();
          return StartResult.ignore();
        });
  }
}
