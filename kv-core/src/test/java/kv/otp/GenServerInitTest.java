package kv.otp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a server does before its start returns. */
class GenServerInitTest {
  private static final ExitReason NO_LICENSE = ExitReason.shutdown("no license");

  private final List<Object> told = Collections.synchronizedList(new ArrayList<>());
  private final CompletableFuture<Proc> made = new CompletableFuture<>();

  /** An init function that fails, and tells of its server. */
  private GenServer.Init fails(Throwable failure) {
    return self -> {
      made.complete(self.proc());
      Doubles.sneak(failure);
    };
  }

  @Nested
  class AnInitFunction {
    @Test
    void hasRunOnTheServersThreadWhenTheStartReturns() throws Exception {
      GenServer server = GenServer.start("server", self -> told.add(Thread.currentThread()));

      assertThat(told).containsExactly(server.call(Thread::currentThread));
      server.proc().stop();
    }

    @Test
    void mayUseTheServer() throws Exception {
      Proc watched = Proc.passive("watched");
      GenServer server =
          GenServer.startTrapping(
              "server",
              self -> {
                self.monitor(watched, down -> told.add(down.reason()));
                self.sendAfter(Duration.ZERO, () -> told.add("time"));
                self.cast(() -> told.add("message"));
              },
              reason -> told.add("terminate"));
      watched.kill();
      server.proc().stop();

      assertThat(told)
          .containsExactlyInAnyOrder("message", "time", ExitReason.KILLED, "terminate")
          .endsWith("terminate");
    }

    @Test
    void keepsItsCallerWaiting() throws Exception {
      CountDownLatch go = new CountDownLatch(1);
      CountDownLatch begun = new CountDownLatch(1);
      FutureTask<GenServer> starting =
          Doubles.inBackground(
              () ->
                  GenServer.start(
                      "server",
                      self -> {
                        begun.countDown();
                        go.await();
                      }));
      begun.await();
      assertThat(starting).isNotDone();
      go.countDown();

      starting.get().proc().stop();
    }
  }

  @Nested
  class AnInitFunctionThatFails {
    @Test
    void isAFailedStartWithItsBareReason() throws Exception {
      ChildSpec spec =
          ChildSpec.worker(
              "server",
              () -> StartResult.ok(GenServer.start("server", fails(new Exit(NO_LICENSE))).proc()));
      try (Supervisor sup = Supervisor.start("sup", Flags.of(Strategy.ONE_FOR_ONE))) {
        assertThat(sup.startChild(spec)).isEqualTo(new ChildResult.Failed(NO_LICENSE));
        assertThat(sup.countChildren().specs()).isZero();
      }
      assertThat(made.get().exitReason()).contains(NO_LICENSE);
    }

    @Test
    void isTheCrashOfWhatItThrew() {
      IOException failure = new IOException("no file");

      assertThatThrownBy(() -> GenServer.start("server", fails(failure)))
          .isInstanceOfSatisfying(
              StartException.class,
              e -> assertThat(e.reason()).isEqualTo(ExitReason.crash(failure)))
          .hasMessage("server did not start: crash(java.io.IOException: no file)")
          .hasCause(failure);
    }

    @Test
    void leavesNothingToCleanUp() {
      GenServer.Init init = fails(new IllegalStateException("boom"));

      assertThatThrownBy(() -> GenServer.startTrapping("server", init, told::add))
          .isInstanceOf(StartException.class);
      assertThat(told).isEmpty();
    }

    @Test
    void maySayThatItIsKilled() {
      assertThatThrownBy(() -> GenServer.start("server", self -> self.proc().kill()))
          .isInstanceOfSatisfying(
              StartException.class,
              e -> assertThat(e.reason()).isEqualTo(ExitReason.KILLED));
    }
  }

  @Test
  void aCallerThatIsInterruptedLeavesNoServerBehind() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Thread> caller = new CompletableFuture<>();
    FutureTask<GenServer> starting =
        Doubles.inBackground(
            () -> {
              caller.complete(Thread.currentThread());
              return GenServer.start(
                  "server",
                  self -> {
                    made.complete(self.proc());
                    begun.countDown();
                    new CountDownLatch(1).await();
                  });
            });
    begun.await();
    caller.get().interrupt();

    assertThatThrownBy(starting::get).hasCauseInstanceOf(InterruptedException.class);
    assertThat(made.get().awaitExit()).isEqualTo(ExitReason.KILLED);
  }
}
