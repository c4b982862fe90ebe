package kv.otp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What exit signals do to a server that traps exits, and to one that does not. */
class GenServerSignalTest {
  private final List<Object> told = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch busy = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);
  private final CompletableFuture<Thread> thread = new CompletableFuture<>();

  /** Has the server at a message that waits, with another one behind it. */
  private GenServer busy(GenServer server) throws InterruptedException {
    server.cast(
        () -> {
          thread.complete(Thread.currentThread());
          busy.countDown();
          try {
            go.await();
            told.add("went on");
          } catch (InterruptedException e) {
            told.add("interrupted");
          }
        });
    server.cast(() -> told.add("next"));
    busy.await();
    return server;
  }

  @Nested
  class AServerThatDoesNotTrap {
    private final GenServer server = GenServer.start("server");

    @ParameterizedTest
    @EnumSource(value = Proc.Asker.class, names = {"STRANGER", "PARENT"})
    void endsAtOnceWhateverItIsDoing(Proc.Asker who) throws Exception {
      busy(server).proc().ask(ExitReason.SHUTDOWN, who);

      assertThat(server.proc().exitReason()).contains(ExitReason.SHUTDOWN);
      thread.get().join();
      assertThat(told).containsExactly("interrupted");
    }

    @ParameterizedTest
    @MethodSource("kv.otp.ProcTest#reasonsButNormal")
    void endsWithTheReasonOfTheSignal(ExitReason reason) {
      server.proc().exit(reason);

      assertThat(server.proc().exitReason()).contains(reason);
    }

    @Test
    void doesNotHearANormalSignal() throws Exception {
      server.proc().exit(ExitReason.NORMAL);

      assertThat(server.call(() -> "alive")).isEqualTo("alive");
      server.proc().kill();
    }

    @Test
    void handlesWhatCameBeforeAnOrderToStop() throws Exception {
      go.countDown();

      assertThat(busy(server).proc().stop()).isEqualTo(ExitReason.NORMAL);
      assertThat(told).containsExactly("went on", "next");
    }

    @Test
    void isFencedOffIfItsThreadGoesOn() throws Exception {
      CompletableFuture<RuntimeException> fenced = new CompletableFuture<>();
      Semaphore gate = new Semaphore(0);
      server.cast(
          () -> {
            busy.countDown();
            gate.acquireUninterruptibly();
            try {
              server.proc().ensureAlive();
            } catch (ExitedException e) {
              fenced.complete(e);
            }
          });
      busy.await();
      server.proc().exit(ExitReason.SHUTDOWN);
      gate.release();

      assertThat(fenced.get()).hasMessageContaining("shutdown");
    }

    @Test
    void mayEndItselfByASignal() throws Exception {
      server.cast(
          () -> {
            server.proc().exit(ExitReason.SHUTDOWN);
            told.add("the message goes on behind the fence");
            thread.complete(Thread.currentThread());
          });
      server.cast(() -> told.add("next"));
      thread.get().join();

      assertThat(server.proc().awaitExit()).isEqualTo(ExitReason.SHUTDOWN);
      assertThat(told).containsExactly("the message goes on behind the fence");
    }
  }

  @Nested
  class AServerThatTraps {
    private final GenServer server =
        GenServer.startTrapping("server", reason -> told.add("terminate " + reason));

    @ParameterizedTest
    @EnumSource(value = Proc.Asker.class, names = {"STRANGER", "PARENT"})
    void handlesWhatCameBeforeAndCleansUp(Proc.Asker who) throws Exception {
      busy(server).proc().ask(ExitReason.SHUTDOWN, who);
      assertThat(server.proc().isAlive()).isTrue();
      go.countDown();

      assertThat(server.proc().awaitExit()).isEqualTo(ExitReason.SHUTDOWN);
      assertThat(told).containsExactly("went on", "next", "terminate shutdown");
    }
  }

  @Nested
  class TheShutdownOfASupervisor {
    private final CompletableFuture<GenServer> child = new CompletableFuture<>();

    @ParameterizedTest
    @MethodSource("kv.otp.GenServerSignalTest#patience")
    void endsAServerThatWaitsForItsSupervisorMeanwhile(Shutdown patience) throws Exception {
      try (Supervisor sup = start(patience, () -> GenServer.start("server"))) {
        GenServer server = child.get();
        CountDownLatch asking = new CountDownLatch(1);
        server.cast(
            () -> {
              asking.countDown();
              sup.terminateChild("server");
            });
        asking.await();

        assertThat(server.proc().awaitExit()).isEqualTo(ExitReason.SHUTDOWN);
        assertThat(sup.countChildren()).isEqualTo(new ChildCount(1, 0, 0, 1));
      }
    }

    @Test
    void waitsForAServerThatTraps() throws Exception {
      Consumer<ExitReason> terminate = told::add;
      Supervisor sup =
          start(Shutdown.INFINITY, () -> GenServer.startTrapping("server", terminate));
      busy(child.get());
      go.countDown();
      sup.close();

      assertThat(told).containsExactly("went on", "next", ExitReason.SHUTDOWN);
    }

    private Supervisor start(Shutdown patience, Supplier<GenServer> server)
        throws InterruptedException {
      ChildSpec spec =
          ChildSpec.worker(
              "server",
              () -> {
                GenServer started = server.get();
                child.complete(started);
                return StartResult.ok(started.proc());
              });
      return Supervisor.start("sup", Flags.of(Strategy.ONE_FOR_ONE), spec.shutdown(patience));
    }
  }

  static List<Shutdown> patience() {
    return List.of(Shutdown.INFINITY, Shutdown.after(Duration.ofDays(1)));
  }
}
