package kv.server.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import kv.otp.ChildSpec;
import kv.otp.ExitReason;
import kv.otp.Flags;
import kv.otp.Name;
import kv.otp.Proc;
import kv.otp.StartResult;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.otp.Task;
import kv.store.Bytes;
import kv.store.Storage;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often supervisors have restarted their children. */
class RestartsTest {
  private Supervisor root;
  private LiveTree tree;
  private final CountDownLatch mayGoOn = new CountDownLatch(1);

  @BeforeEach
  void start(LogCapture log) throws Exception {
    log.allow("child_terminated");
    Storage storage = new Storage(Flags.of(Strategy.ONE_FOR_ONE));
    root = Supervisor.start("node", Flags.of(Strategy.ONE_FOR_ONE), storage.spec());
    Name<Supervisor> name = new Name<>("node");
    name.register(root.proc(), root);
    tree = new LiveTree(name, storage);
  }

  @AfterEach
  void stop() {
    mayGoOn.countDown();
    root.close();
  }

  private void kill(String path) throws Exception {
    Proc proc = tree.find(Bytes.of(path));
    proc.kill();
    proc.awaitExit();
    tree.awaitRestarts();
  }

  /** Gives {@code supervisor} a child to start that takes until it may go on. */
  private Proc occupy(Supervisor supervisor) throws Exception {
    CountDownLatch isBusy = new CountDownLatch(1);
    ChildSpec slow =
        ChildSpec.worker(
            "slow",
            () -> {
              isBusy.countDown();
              mayGoOn.await();
              return StartResult.ignore();
            });
    Proc starter = Task.start("starter", self -> supervisor.startChild(slow));
    isBusy.await();
    return starter;
  }

  @Test
  void areToldByTheSupervisorThatMadeThem() throws Exception {
    assertThat(tree.restarts()).isEqualTo(Map.of("node", 0L, "storage", 0L, "storage/buckets", 0L));
    kill("storage/sweeper");
    assertThat(tree.restarts()).isEqualTo(Map.of("node", 0L, "storage", 1L, "storage/buckets", 0L));
    kill("storage");
    assertThat(tree.restarts()).isEqualTo(Map.of("node", 1L, "storage", 1L, "storage/buckets", 0L));
  }

  @Test
  void ofASupervisorThatWasReplacedAreNotForgotten() throws Exception {
    kill("storage/sweeper");
    kill("storage");
    kill("storage/sweeper");
    assertThat(tree.restarts()).containsEntry("storage", 2L);
    kill("storage");
    assertThat(tree.restarts()).containsEntry("storage", 2L).containsEntry("node", 2L);
  }

  @Test
  void ofASupervisorThatIsBusyAreThoseOfTheLastTime() throws Exception {
    kill("storage/sweeper");
    assertThat(tree.restarts()).containsEntry("storage", 1L);
    Proc starter = occupy((Supervisor) root.whichChildren().get(0).info().get());
    assertThat(tree.restarts(Duration.ofMillis(10)))
        .isEqualTo(Map.of("node", 0L, "storage", 1L, "storage/buckets", 0L));
    mayGoOn.countDown();
    starter.awaitExit();
    assertThat(tree.restarts()).containsEntry("storage", 1L);
  }

  @Test
  void areThoseOfTheLastTimeWhileSomebodyElseWaitsForThem() throws Exception {
    assertThat(tree.restarts()).hasSize(3);
    Proc starter = occupy(root);
    Proc other = Task.start("other", self -> tree.restarts());
    while (!tree.isAsked()) Thread.onSpinWait();
    assertThat(tree.restarts(Duration.ofMillis(10))).hasSize(3);
    mayGoOn.countDown();
    starter.awaitExit();
    assertThat(other.awaitExit()).isEqualTo(ExitReason.NORMAL);
  }
}
