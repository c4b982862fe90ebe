package kv.otp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;
import kv.testing.Heard;
import kv.testing.LogCapture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutOfHeapTest {
  private static final String HEAP_SPACE = "Java heap space";

  private final OutOfMemoryError error = new OutOfMemoryError(HEAP_SPACE);

  private final Heard heard = new Heard();

  private ThreadFactory heardThreads() {
    return run -> {
      Thread thread = new Thread(run);
      thread.setUncaughtExceptionHandler(heard);
      return thread;
    };
  }

  @Nested
  class IsSaid {
    @ParameterizedTest
    @ValueSource(
        strings = {
          HEAP_SPACE,
          "Java heap space: failed reallocation of scalar replaced objects",
          "GC overhead limit exceeded"
        })
    void byWhatTheJvmSaysOfIt(String message) {
      assertThat(OutOfHeap.isSaidBy(new OutOfMemoryError(message))).isTrue();
    }

    static Stream<Throwable> others() {
      return Stream.of(
          new OutOfMemoryError(),
          new OutOfMemoryError(
              "unable to create native thread: possibly out of memory or process/resource limits"
                  + " reached"),
          new OutOfMemoryError("Cannot reserve 8192 bytes of direct buffer memory"),
          new OutOfMemoryError("Requested array size exceeds VM limit"),
          new OutOfMemoryError("Metaspace"),
          new StackOverflowError(HEAP_SPACE),
          new IllegalStateException(HEAP_SPACE),
          new IllegalStateException(new OutOfMemoryError(HEAP_SPACE)));
    }

    @ParameterizedTest
    @MethodSource("others")
    void byNothingElse(Throwable other) {
      assertThat(OutOfHeap.isSaidBy(other)).isFalse();
    }

    @Test
    void byNothing() {
      assertThat(OutOfHeap.isSaidBy(null)).isFalse();
    }

    @Test
    void byTheJvmItself() {
      try {
        long[][] room = new long[64][];
        for (int i = 0; i < room.length; i++) room[i] = new long[Integer.MAX_VALUE - 8];
      } catch (OutOfMemoryError e) {
        assertThat(OutOfHeap.isSaidBy(e)).isTrue();
        return;
      }
      throw new AssertionError("a heap of a terabyte");
    }
  }

  @Nested
  class TheHandlerHears {
    @Test
    void beforeTheTaskEndsThatDiesOfIt() throws Exception {
      List<Boolean> alive = new ArrayList<>();
      Proc task =
          Task.start(
              "a",
              self -> {
                Thread.currentThread()
                    .setUncaughtExceptionHandler((thread, thrown) -> alive.add(self.isAlive()));
                throw error;
              });
      assertThat(task.awaitExit()).isEqualTo(ExitReason.crash(error));
      assertThat(alive).containsExactly(true);
    }

    @Test
    void whenItKeepsAnEndFromBeingToldButOnce() throws Exception {
      int[] attempts = {0};
      Proc[] task = new Proc[1];
      task[0] =
          Task.start(
              "a",
              self ->
                  self.linkSupervisor(
                      proc -> {
                        if (attempts[0]++ < 3) throw error;
                      },
                      proc -> {}),
              heardThreads());
      assertThat(task[0].awaitExit()).isEqualTo(ExitReason.NORMAL);
      assertThat(heard.thrown()).containsExactly(error);
    }

    @Test
    void ofAServersMessage() throws Exception {
      GenServer server = GenServer.start("a");
      server.cast(heard::listen);
      server.cast(
          () -> {
            throw error;
          });
      server.proc().awaitExit();
      assertThat(heard.thrown()).containsExactly(error);
    }

    @Test
    void ofAStartFunctionThoughTheSupervisorLivesOn(LogCapture log) throws Exception {
      ChildSpec dies =
          ChildSpec.worker(
              "a",
              () -> {
                heard.listen();
                throw error;
              });
      log.allow("event=start_error reason=crash");
      try (Supervisor sup = Supervisor.start("sup", Flags.of(Strategy.ONE_FOR_ONE))) {
        assertThat(sup.startChild(dies))
            .isEqualTo(new ChildResult.Failed(ExitReason.crash(error)));
      }
      assertThat(heard.thrown()).containsExactly(error);
    }

    @Test
    void ofAWatcherAndOfAnOwnersClose(LogCapture log) {
      log.allow("a monitor of a failed").allow("a could not close what it owned");
      OutOfMemoryError other = new OutOfMemoryError("GC overhead limit exceeded");
      Proc proc = Proc.passive("a");
      proc.owns(
          () -> {
            throw error;
          });
      proc.monitor(
          down -> {
            throw other;
          });
      heard.during(proc::kill);
      assertThat(heard.thrown()).containsExactly(error, other);
    }

    @Test
    void ofAShutdownThatFails() throws Exception {
      Task.Work work =
          new Task.Work() {
            @Override
            public void run(Proc self) throws InterruptedException {
              self.awaitExit();
            }

            @Override
            public void shutdown(Thread worker, ExitReason reason) {
              throw error;
            }
          };
      Proc task = Task.start("a", work);
      heard.during(() -> task.exit(ExitReason.SHUTDOWN));
      assertThat(task.awaitExit()).isEqualTo(ExitReason.crash(error));
      assertThat(heard.thrown()).containsExactly(error);
    }

    @Test
    void ofATextThatCannotBeMadeForTheLog(LogCapture log) {
      log.allow("whatever not told: java.lang.OutOfMemoryError");
      heard.during(
          () ->
              new Log(OutOfHeapTest.class)
                  .log(
                      Level.WARNING,
                      "whatever",
                      () -> {
                        throw error;
                      },
                      null));
      assertThat(heard.thrown()).containsExactly(error);
    }
  }

  @Nested
  class TheHandler {
    @Test
    void hearsOfNoOtherErrorOfATask() throws Exception {
      OutOfMemoryError noThread = new OutOfMemoryError("unable to create native thread");
      Proc task =
          Task.start(
              "a",
              self -> {
                throw noThread;
              },
              heardThreads());
      assertThat(task.awaitExit()).isEqualTo(ExitReason.crash(noThread));
      assertThat(heard.thrown()).isEmpty();
    }

    @Test
    void mayFailAndTheTaskEndsAsItWouldHave() throws Exception {
      Proc task =
          Task.start(
              "a",
              self -> {
                Thread.currentThread()
                    .setUncaughtExceptionHandler(
                        (thread, thrown) -> {
                          throw new IllegalStateException("by hand");
                        });
                throw error;
              });
      assertThat(task.awaitExit()).isEqualTo(ExitReason.crash(error));
    }

    @Test
    void isNotKeptFromAnErrorByOneThatFailsToTellItsMessage() {
      OutOfMemoryError mute =
          new OutOfMemoryError() {
            private static final long serialVersionUID = 1;

            @Override
            public String getMessage() {
              throw new IllegalStateException("by hand");
            }
          };
      heard.during(
          () -> {
            OutOfHeap.tell(mute);
            OutOfHeap.tell(error);
          });
      assertThat(heard.thrown()).containsExactly(error);
    }
  }
}
