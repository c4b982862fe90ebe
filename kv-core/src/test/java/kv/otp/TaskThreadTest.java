package kv.otp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a task's work holds, and the thread that it runs on. */
class TaskThreadTest {
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private Proc task;

  @AfterEach
  void end() throws InterruptedException {
    if (task == null) return;
    task.kill();
    task.awaitExit();
  }

  static Stream<ThreadFactory> factoriesThatFail() {
    return Stream.of(
        work -> null,
        work -> {
          throw new IllegalStateException("no more threads");
        },
        work -> {
          Thread started = new Thread(() -> {});
          started.start();
          return started;
        });
  }

  @Nested
  class Close {
    @Test
    void isCalledOnceWhenItsWorkHasReturned() throws Exception {
      start(closing(new CountDownLatch(0)));
      task.monitor(down -> told.add("told"));
      task.awaitExit();
      task.kill();

      assertThat(told.get(0)).isEqualTo("closed");
      assertThat(Collections.frequency(told, "closed")).isEqualTo(1);
    }

    @Test
    void isCalledWhenItIsKilledBeforeAnyoneIsTold() throws Exception {
      start(closing(new CountDownLatch(1)));
      task.monitor(down -> told.add("told"));
      task.kill();

      assertThat(told).containsExactly("closed", "told");
    }

    @Test
    void isLoggedIfItFails(LogCapture log) throws Exception {
      log.allow("t could not close what it owned");
      IOException failure = new IOException("cannot close");
      start(failsToClose(failure, null));

      assertThat(task.awaitExit()).isEqualTo(ExitReason.NORMAL);
      assertThat(log.records().get(0).getThrown()).isSameAs(failure);
    }

    @ParameterizedTest
    @MethodSource("kv.otp.TaskThreadTest#factoriesThatFail")
    void isCalledIfThereIsNoThread(ThreadFactory threads) {
      Task.Work work = closing(new CountDownLatch(0));

      assertThatThrownBy(() -> Task.start("t", work, threads)).isInstanceOf(RuntimeException.class);
      assertThat(told).containsExactly("closed");
    }

    @Test
    void isPartOfTheCrashIfThatWasFirst() throws Exception {
      IOException boom = new IOException("boom");
      IOException failure = new IOException("cannot close");
      start(failsToClose(failure, boom));

      assertThat(task.awaitExit()).isEqualTo(ExitReason.crash(boom));
      assertThat(boom).hasSuppressedException(failure);
    }

    private Task.Work closing(CountDownLatch until) {
      return new Task.Work() {
        @Override
        public void run(Proc self) throws InterruptedException {
          until.await();
        }

        @Override
        public void close() {
          told.add("closed");
        }
      };
    }

    private Task.Work failsToClose(IOException failure, IOException boom) {
      return new Task.Work() {
        @Override
        public void run(Proc self) throws IOException {
          if (boom != null) throw boom;
        }

        @Override
        public void close() throws IOException {
          throw failure;
        }
      };
    }
  }

  @Nested
  class ItsThread {
    @Test
    void bearsItsName() throws Exception {
      CompletableFuture<String> name = new CompletableFuture<>();
      start(self -> name.complete(Thread.currentThread().getName()));

      assertThat(name.get()).isEqualTo("t");
    }

    @Test
    void comesFromTheFactoryThatIsGiven() throws Exception {
      ThreadGroup group = new ThreadGroup("group");
      CompletableFuture<ThreadGroup> seen = new CompletableFuture<>();
      task =
          Task.start(
              "t",
              self -> seen.complete(Thread.currentThread().getThreadGroup()),
              work -> new Thread(group, work));

      assertThat(seen.get()).isSameAs(group);
    }

    @Test
    void whereThereIsNoneLeftTheWorkIsClosed() {
      OutOfMemoryError noThread = new OutOfMemoryError("unable to create native thread");
      Task.Work work =
          new Task.Work() {
            @Override
            public void run(Proc self) {
              told.add("run");
            }

            @Override
            public void close() {
              told.add("closed");
            }
          };

      assertThatThrownBy(() -> Task.start("t", work, run -> new CannotStart(run, noThread)))
          .isSameAs(noThread);
      assertThat(told).containsExactly("closed");
    }
  }

  private static final class CannotStart extends Thread {
    private final OutOfMemoryError error;

    CannotStart(Runnable run, OutOfMemoryError error) {
      super(run);
      this.error = error;
    }

    @Override
    public void start() {
      throw error;
    }
  }

  private void start(Task.Work work) {
    task = Task.start("t", work);
  }
}
