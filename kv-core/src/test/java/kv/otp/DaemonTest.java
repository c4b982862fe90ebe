package kv.otp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import org.junit.jupiter.api.Test;

/** Everything is started from a daemon thread, as those of a common pool are. */
class DaemonTest {
  private static <T> T fromADaemon(Callable<T> start) throws Exception {
    FutureTask<T> task = new FutureTask<>(start);
    Thread thread = new Thread(task, "daemon");
    thread.setDaemon(true);
    thread.start();
    T started = task.get();
    thread.join();
    return started;
  }

  @Test
  void doesNotMakeATaskOne() throws Exception {
    SynchronousQueue<Boolean> seen = new SynchronousQueue<>();
    Proc task =
        fromADaemon(() -> Task.start("t", self -> seen.put(Thread.currentThread().isDaemon())));
    assertThat(seen.take()).isFalse();
    assertThat(task.awaitExit()).isEqualTo(ExitReason.NORMAL);
  }

  @Test
  void doesNotMakeAServerOne() throws Exception {
    GenServer server = fromADaemon(() -> GenServer.start("g"));
    assertThat(server.call(() -> Thread.currentThread().isDaemon())).isFalse();
    server.proc().kill();
  }

  /** Its javadoc says that the JVM lives as long as it does. */
  @Test
  void doesNotMakeASupervisorOneNorItsChildren() throws Exception {
    SynchronousQueue<Boolean> seen = new SynchronousQueue<>();
    ChildSpec spec =
        ChildSpec.worker(
            "w",
            () ->
                StartResult.ok(
                    Task.start("w", self -> seen.put(Thread.currentThread().isDaemon()))));
    Supervisor supervisor =
        fromADaemon(
            () ->
                Supervisor.start(
                    "s", Flags.of(Strategy.ONE_FOR_ONE), spec.restart(Restart.TEMPORARY)));
    try (supervisor) {
      assertThat(seen.take()).isFalse();
      List<Thread> threads =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().equals("s"))
              .toList();
      assertThat(threads).isNotEmpty().noneMatch(Thread::isDaemon);
    }
  }
}
