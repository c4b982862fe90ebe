package kv.otp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import kv.otp.Doubles.IgnoresInterrupt;
import kv.otp.Doubles.WaitsForInterrupt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A proc that runs one piece of work on a thread of its own. */
class TaskTest {
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private Proc task;

  @AfterEach
  void end() throws InterruptedException {
    if (task == null) return;
    task.kill();
    task.awaitExit();
  }

  @Nested
  class ByItself {
    @Test
    void endsNormallyWhenItsWorkReturns() throws Exception {
      assertThat(Task.start("t", self -> {}).awaitExit()).isEqualTo(ExitReason.NORMAL);
    }

    @ParameterizedTest
    @MethodSource("throwables")
    void crashesOfWhateverItsWorkThrows(Throwable thrown) throws Exception {
      assertThat(Task.start("t", Doubles.dies(thrown)).awaitExit())
          .isEqualTo(ExitReason.crash(thrown));
    }

    static Stream<Throwable> throwables() {
      return Stream.of(
          new IOException("boom"),
          new IllegalStateException("boom"),
          new InterruptedException("nobody asked"),
          new StackOverflowError(),
          new OutOfMemoryError("by hand"),
          new AssertionError("boom"),
          new Throwable("boom"));
    }

    @ParameterizedTest
    @MethodSource("kv.otp.ProcTest#reasonsButNormal")
    void endsWithTheReasonThatItsWorkExitsWith(ExitReason reason) throws Exception {
      Proc exited =
          Task.start(
              "t",
              self -> {
                throw new Exit(reason);
              });

      assertThat(exited.awaitExit()).isEqualTo(reason);
    }

    @Test
    void crashesOfAStackThatReallyOverflows() throws Exception {
      ExitReason reason = Task.start("t", self -> recurse(0)).awaitExit();

      assertThat(reason.cause()).isInstanceOf(StackOverflowError.class);
    }

    private int recurse(int depth) {
      return recurse(depth + 1) + 1;
    }
  }

  @Nested
  class Asked {
    @ParameterizedTest
    @MethodSource("kv.otp.ProcTest#reasonsButNormal")
    void endsWithTheReasonOfTheSignalThatInterruptsItsWork(ExitReason reason) throws Exception {
      start(new WaitsForInterrupt());
      task.exit(reason);

      assertThat(task.awaitExit()).isEqualTo(reason);
    }

    @Test
    void endsWithThatReasonAlsoIfItsWorkReturns() throws Exception {
      CountDownLatch asked = new CountDownLatch(1);
      start(
          new Task.Work() {
            @Override
            public void run(Proc self) throws InterruptedException {
              asked.await();
            }

            @Override
            public void shutdown(Thread worker, ExitReason reason) {
              asked.countDown();
            }
          });
      task.exit(ExitReason.SHUTDOWN);

      assertThat(task.awaitExit()).isEqualTo(ExitReason.SHUTDOWN);
    }

    @Test
    void endsWithThatReasonAlsoIfItsWorkHadToWrapTheInterrupt() throws Exception {
      CountDownLatch running = new CountDownLatch(1);
      start(
          self -> {
            running.countDown();
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              throw new IllegalStateException("a stream has no other way", e);
            }
          });
      running.await();
      task.exit(ExitReason.SHUTDOWN);

      assertThat(task.awaitExit()).isEqualTo(ExitReason.SHUTDOWN);
    }

    @Test
    void crashesIfItsWorkAnswersTheSignalWithSomethingElse() throws Exception {
      IllegalStateException answer = new IllegalStateException("a fault of the work itself");
      CountDownLatch running = new CountDownLatch(1);
      start(
          self -> {
            running.countDown();
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              throw answer;
            }
          });
      running.await();
      task.exit(ExitReason.SHUTDOWN);

      assertThat(task.awaitExit()).isEqualTo(ExitReason.crash(answer));
    }

    @Test
    void doesNotHearANormalSignal() throws Exception {
      WaitsForInterrupt work = new WaitsForInterrupt();
      start(work);
      work.running.await();
      task.exit(ExitReason.NORMAL);
      task.exit(ExitReason.SHUTDOWN);

      assertThat(task.awaitExit()).isEqualTo(ExitReason.SHUTDOWN);
    }

    @Test
    void keepsTheFirstReasonThatItIsAskedFor() throws Exception {
      CountDownLatch twice = new CountDownLatch(2);
      start(
          new Task.Work() {
            @Override
            public void run(Proc self) throws InterruptedException {
              twice.await();
            }

            @Override
            public void shutdown(Thread worker, ExitReason reason) {
              told.add("asked " + reason);
              twice.countDown();
            }
          });
      task.exit(ExitReason.SHUTDOWN);
      task.exit(ExitReason.crash("later"));

      assertThat(task.awaitExit()).isEqualTo(ExitReason.SHUTDOWN);
      assertThat(told).containsExactly("asked shutdown", "asked crash(later)");
    }

    @Test
    void stopsNormallyInOrder() throws Exception {
      start(new WaitsForInterrupt());

      assertThat(task.stop()).isEqualTo(ExitReason.NORMAL);
    }

    @ParameterizedTest
    @MethodSource("errors")
    void crashesOfAShutdownThatThrowsAndTheAskerLivesOn(Throwable thrown) throws Exception {
      start(
          new Task.Work() {
            @Override
            public void run(Proc self) throws InterruptedException {
              new CountDownLatch(1).await();
            }

            @Override
            public void shutdown(Thread worker, ExitReason reason) {
              Doubles.sneak(thrown);
            }
          });
      task.exit(ExitReason.SHUTDOWN);

      assertThat(task.exitReason()).contains(ExitReason.crash(thrown));
    }

    static Stream<Throwable> errors() {
      return Stream.of(new IllegalStateException("boom"), new StackOverflowError());
    }
  }

  @Nested
  class Orphaned {
    @Test
    void endsAtOnceOfWhatItsSupervisorDiedOfWhateverItsThreadDoes() throws Exception {
      IgnoresInterrupt work = new IgnoresInterrupt();
      start(work);
      work.running.await();
      task.ask(ExitReason.KILLED, Proc.Asker.PARENT);

      assertThat(task.exitReason()).contains(ExitReason.KILLED);
      work.release();
    }
  }

  @Nested
  class Killed {
    @Test
    void hasEndedWhenTheKillReturnsWhateverItsThreadDoes() throws Exception {
      IgnoresInterrupt work = new IgnoresInterrupt();
      start(work);
      work.running.await();
      task.kill();

      assertThat(task.exitReason()).contains(ExitReason.KILLED);
      work.release();
    }

    @Test
    void fencesItsThreadOff() throws Exception {
      IgnoresInterrupt work = new IgnoresInterrupt();
      start(work);
      work.running.await();
      task.kill();
      work.release();

      assertThat(work.fenced.get()).isInstanceOf(ExitedException.class);
    }

    @Test
    void interruptsItsThread() throws Exception {
      CompletableFuture<Throwable> caught = new CompletableFuture<>();
      CountDownLatch running = new CountDownLatch(1);
      start(
          self -> {
            running.countDown();
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              caught.complete(e);
            }
          });
      running.await();
      task.kill();

      assertThat(caught.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void isKilledAlsoByItself() throws Exception {
      CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
      start(
          self -> {
            self.kill();
            interrupted.complete(Thread.currentThread().isInterrupted());
          });

      assertThat(interrupted.get()).isFalse();
      assertThat(task.awaitExit()).isEqualTo(ExitReason.KILLED);
    }

    @Test
    void isNotAskedFirst() throws Exception {
      start(
          new Task.Work() {
            @Override
            public void run(Proc self) throws InterruptedException {
              new CountDownLatch(1).await();
            }

            @Override
            public void shutdown(Thread worker, ExitReason reason) {
              told.add("asked");
            }
          });
      task.kill();

      assertThat(told).isEmpty();
    }
  }

  private void start(Task.Work work) {
    task = Task.start("t", work);
  }
}
