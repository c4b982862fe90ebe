package kv.otp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the JVM adds to the rules: errors, and threads that children do without. */
class JvmErrorTest {
  private Supervisor supervisor;

  @BeforeEach
  void start() throws InterruptedException {
    supervisor = Supervisor.start("sup", Flags.of(Strategy.ONE_FOR_ONE));
  }

  @AfterEach
  void stop() {
    supervisor.close();
  }

  static Stream<Throwable> errors() {
    return Stream.of(
        new StackOverflowError("by hand"),
        new OutOfMemoryError("by hand"),
        new NoClassDefFoundError("by hand"),
        new AssertionError("by hand"),
        new Throwable("neither exception nor error"));
  }

  @Nested
  class AnErrorOfAChild {
    @BeforeEach
    void allowCrash(LogCapture log) {
      log.allow("event=(child_terminated|start_error) reason=(crash|killed)");
    }

    @ParameterizedTest
    @MethodSource("kv.otp.JvmErrorTest#errors")
    void isItsCrashAndItIsRestarted(Throwable error) throws Exception {
      AtomicInteger starts = new AtomicInteger();
      CountDownLatch restarted = new CountDownLatch(1);
      Task.Work diesOnce =
          self -> {
            if (starts.incrementAndGet() == 1) Doubles.sneak(error);
            restarted.countDown();
            new CountDownLatch(1).await();
          };
      Proc first =
          ((ChildResult.Started)
                  supervisor.startChild(
                      ChildSpec.worker("a", () -> StartResult.ok(Task.start("a", diesOnce)))))
              .proc();
      restarted.await();

      assertThat(first.awaitExit()).isEqualTo(ExitReason.crash(error));
      assertThat(supervisor.countChildren().active()).isEqualTo(1);
    }

    @Test
    void isToldEvenIfTheFirstAttemptToTellOfItFails() throws Exception {
      AtomicInteger attempts = new AtomicInteger();
      CountDownLatch linked = new CountDownLatch(1);
      Proc task =
          Task.start(
              "a",
              self -> {
                linked.await();
                throw new OutOfMemoryError("by hand");
              });
      task.linkSupervisor(
          proc -> {
            if (attempts.incrementAndGet() == 1) throw new OutOfMemoryError("by hand, too");
          },
          proc -> {});
      linked.countDown();

      assertThat(task.awaitExit().cause()).hasMessage("by hand");
      assertThat(attempts).hasValue(2);
    }

    @Test
    void thatCannotBeDescribedLeavesItsSupervisorAlive() throws Exception {
      StackOverflowError indescribable =
          new StackOverflowError() {
            private static final long serialVersionUID = 1;

            @Override
            public String getMessage() {
              throw this;
            }
          };
      Proc first = started("a");
      first.end(ExitReason.crash(indescribable));
      assertThat(supervisor.countChildren().active()).isEqualTo(1);
    }

    private Proc started(Object id) throws InterruptedException {
      ChildSpec spec = ChildSpec.worker(id, () -> StartResult.ok(Proc.passive("passive")));
      return ((ChildResult.Started) supervisor.startChild(spec)).proc();
    }

    @ParameterizedTest
    @MethodSource("kv.otp.JvmErrorTest#errors")
    void inItsStartFunctionIsAFailedStart(Throwable error) throws Exception {
      ChildSpec dies =
          ChildSpec.worker(
              "a",
              () -> {
                Doubles.sneak(error);
                return StartResult.ignore();
              });

      assertThat(supervisor.startChild(dies))
          .isEqualTo(new ChildResult.Failed(ExitReason.crash(error)));
      assertThat(supervisor.proc().isAlive()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("kv.otp.JvmErrorTest#errors")
    void whenItIsStartedAgainIsRetried(Throwable error) throws Exception {
      AtomicInteger starts = new AtomicInteger();
      CountDownLatch third = new CountDownLatch(1);
      ChildSpec diesOnRestart =
          ChildSpec.worker(
              "a",
              () -> {
                if (starts.incrementAndGet() == 2) Doubles.sneak(error);
                if (starts.get() == 3) third.countDown();
                return StartResult.ok(Proc.passive("a"));
              });
      ((ChildResult.Started) supervisor.startChild(diesOnRestart)).proc().kill();
      third.await();

      assertThat(supervisor.countChildren().active()).isEqualTo(1);
    }

    @Test
    void thatNoThreadIsLeftForIsAFailedStart() throws Exception {
      OutOfMemoryError noThread = new OutOfMemoryError("unable to create native thread");
      ChildSpec task =
          ChildSpec.worker(
              "a",
              () ->
                  StartResult.ok(
                      Task.start(
                          "a",
                          self -> {},
                          run ->
                              new Thread(run) {
                                @Override
                                public void start() {
                                  throw noThread;
                                }
                              })));

      assertThat(supervisor.startChild(task))
          .isEqualTo(new ChildResult.Failed(ExitReason.crash(noThread)));
    }
  }

  @Nested
  class AChildThatNeedsNoThread {
    @Test
    void hasNoneEvenIfThereAreManyUnderAnySupervisor() throws Exception {
      Set<Thread> before = Thread.getAllStackTraces().keySet();
      ChildSpec passive =
          ChildSpec.worker("template", args -> StartResult.ok(Proc.passive("passive")));
      try (Supervisor many =
          Supervisor.start("many", Flags.of(Strategy.SIMPLE_ONE_FOR_ONE), passive)) {
        for (int i = 0; i < 10_000; i++) many.startChild(List.of());
        Set<Thread> started = new HashSet<>(Thread.getAllStackTraces().keySet());
        started.removeAll(before);

        assertThat(many.countChildren().active()).isEqualTo(10_000);
        assertThat(started)
            .filteredOn(Thread::getThreadGroup, Thread.currentThread().getThreadGroup())
            .extracting(Thread::getName)
            .containsExactly("many");
      }
    }
  }
}
