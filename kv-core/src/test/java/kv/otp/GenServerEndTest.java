package kv.otp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.ITERABLE;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How a server ends, and what it watches. */
class GenServerEndTest {
  private static final ExitReason BOOM = ExitReason.crash("boom");

  private final List<Object> told = Collections.synchronizedList(new ArrayList<>());
  private final GenServer server =
      GenServer.startTrapping("server", reason -> told.add("terminate " + reason));

  @AfterEach
  void kill() throws InterruptedException {
    server.proc().kill();
    server.proc().awaitExit();
  }

  @Nested
  class WhenAskedToEnd {
    @Test
    void itHandlesWhatCameBeforeThenTerminatesThenEnds() throws Exception {
      CountDownLatch go = new CountDownLatch(1);
      server.cast(go::await);
      server.cast(() -> told.add("before"));
      server.proc().exit(BOOM);
      server.cast(() -> told.add("after"));
      server.proc().owns(() -> told.add("end"));
      go.countDown();
      server.proc().awaitExit();

      assertThat(told).containsExactly("before", "terminate crash(boom)", "end");
    }

    @Test
    void aNormalSignalIsIgnored() throws Exception {
      server.proc().exit(ExitReason.NORMAL);

      assertThat(server.call(() -> List.copyOf(told))).isEmpty();
    }

    @Test
    void itsParentsSignalEndsItEvenIfNormal() throws Exception {
      server.proc().ask(ExitReason.NORMAL, Proc.Asker.PARENT);

      assertThat(server.proc().awaitExit()).isEqualTo(ExitReason.NORMAL);
      assertThat(told).containsExactly("terminate normal");
    }

    @Test
    void aStopOnItsOwnThreadIsRefusedInsteadOfHanging() throws Exception {
      server.cast(() -> server.proc().stop());

      assertThat(server.proc().awaitExit().cause())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("server is called from its own thread");
    }

    @Test
    void aKillRunsNoTerminate() throws Exception {
      server.proc().kill();

      assertThat(server.proc().awaitExit()).isEqualTo(ExitReason.KILLED);
      assertThat(told).isEmpty();
    }

    @Test
    void aCrashRunsNoTerminate() throws Exception {
      server.cast(
          () -> {
            throw new IOException("boom");
          });
      server.proc().awaitExit();

      assertThat(told).isEmpty();
    }

    @Test
    void aKillWhileItIsBusyLeavesTheRestUnhandled() throws Exception {
      CompletableFuture<Thread> thread = new CompletableFuture<>();
      CountDownLatch go = new CountDownLatch(1);
      server.cast(
          () -> {
            thread.complete(Thread.currentThread());
            try {
              go.await();
            } catch (InterruptedException e) {
              told.add("interrupted");
            }
          });
      server.cast(() -> told.add("after"));
      Thread zombie = thread.get();
      server.proc().kill();
      zombie.join();

      assertThat(told).containsExactly("interrupted");
    }

    @Test
    void aTerminateThatThrowsIsItsCrash() throws Exception {
      IllegalStateException failure = new IllegalStateException("cannot clean up");
      GenServer fails =
          GenServer.startTrapping(
              "fails",
              reason -> {
                throw failure;
              });

      assertThat(fails.proc().stop()).isEqualTo(ExitReason.crash(failure));
    }

    @Test
    void oneThatTrapsHearsOnlyItsParentAndAnOrder() throws Exception {
      GenServer trapping = GenServer.startSupervising("trapping", reason -> told.add(reason));
      trapping.proc().exit(BOOM);
      trapping.proc().exit(ExitReason.KILLED);
      assertThat(trapping.call(() -> told.size())).isZero();

      assertThat(trapping.proc().stop(ExitReason.SHUTDOWN)).isEqualTo(ExitReason.SHUTDOWN);
      assertThat(told).containsExactly(ExitReason.SHUTDOWN);
    }
  }

  @Nested
  class ItsMonitors {
    private final Proc watched = Proc.passive("watched");

    @Test
    void tellItAsAMessageOnItsOwnThread() throws Exception {
      server.call(() -> server.monitor(watched, down -> told.add(Thread.currentThread())));
      watched.kill();

      assertThat(server.call(Thread::currentThread)).isSameAs(told.get(0));
    }

    @Test
    void tellItAfterWhatTheWatchedHadSent() throws Exception {
      server.call(() -> server.monitor(watched, down -> told.add(down.reason())));
      server.cast(() -> told.add("sent"));
      watched.kill();

      assertThat(server.call(() -> List.copyOf(told)))
          .containsExactly("sent", ExitReason.KILLED);
    }

    @Test
    void tellNoprocOfOneThatHasEnded() throws Exception {
      watched.kill();
      server.call(() -> server.monitor(watched, down -> told.add(down.reason())));

      assertThat(server.call(() -> List.copyOf(told))).containsExactly(ExitReason.NO_PROC);
    }

    @Test
    void tellNothingAfterTheirEnd() throws Exception {
      Monitor monitor = server.call(() -> server.monitor(watched, told::add));
      monitor.demonitor();
      watched.kill();

      assertThat(server.call(() -> List.copyOf(told))).isEmpty();
    }

    @Test
    void areForgottenOnceTheyHaveTold() throws Exception {
      server.call(() -> server.monitor(watched, told::add));
      assertThat(server).extracting("monitors").asInstanceOf(ITERABLE).hasSize(1);
      watched.kill();
      server.call(() -> server.monitor(watched, told::add));

      assertThat(server).extracting("monitors").asInstanceOf(ITERABLE).isEmpty();
    }

    @Test
    void areForgottenOnceTheyAreEnded() throws Exception {
      server.call(() -> server.monitor(watched, told::add)).demonitor();

      assertThat(server).extracting("monitors").asInstanceOf(ITERABLE).isEmpty();
    }

    @Test
    void goWithIt() throws Exception {
      server.call(() -> server.monitor(watched, told::add));
      server.proc().kill();

      assertThat(watched).extracting("monitors").asInstanceOf(ITERABLE).isEmpty();
    }

    @Test
    void areNotLeftBehindByOneThatWasKilledJustBefore() throws Exception {
      CompletableFuture<Monitor> monitor = new CompletableFuture<>();
      server.cast(
          () -> {
            server.proc().kill();
            monitor.complete(server.monitor(watched, told::add));
          });
      monitor.get();

      assertThat(watched).extracting("monitors").asInstanceOf(ITERABLE).isEmpty();
    }
  }
}
