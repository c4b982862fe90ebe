package kv.otp;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import kv.testing.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many messages wait for a proc. */
class ProcMessagesTest {
  private final ManualClock clock = new ManualClock();
  private final GenServer server = GenServer.start("server", clock);
  private final CountDownLatch goOn = new CountDownLatch(1);

  @AfterEach
  void kill() throws InterruptedException {
    goOn.countDown();
    server.proc().kill();
    server.proc().awaitExit();
  }

  /** Returns when the server is about it. */
  private void keepBusy() throws InterruptedException {
    CountDownLatch isBusy = new CountDownLatch(1);
    server.cast(
        () -> {
          isBusy.countDown();
          goOn.await();
        });
    isBusy.await();
  }

  @Test
  void areNoneOnceAllAreHandled() throws Exception {
    server.call(() -> "handled");

    assertThat(server.proc().messages()).hasValue(0);
  }

  @Test
  void areThoseBehindTheOneThatItIsJustHandling() throws Exception {
    keepBusy();
    assertThat(server.proc().messages()).hasValue(0);
    server.cast(() -> {});
    server.cast(() -> {}, 5);
    server.castEarly(() -> {});

    assertThat(server.proc().messages()).hasValue(3);
  }

  @Test
  void areNotThoseThatWaitForTheirTime() throws Exception {
    keepBusy();
    server.sendAfter(ofSeconds(5), () -> {});
    assertThat(server.proc().messages()).hasValue(0);
    clock.advance(ofSeconds(5));

    assertThat(server.proc().messages()).hasValue(1);
  }

  @Test
  void areThereForASupervisorThatIsStartingAChild() throws Exception {
    CountDownLatch isStarting = new CountDownLatch(1);
    try (Supervisor supervisor = Supervisor.start("sup", Flags.of(Strategy.ONE_FOR_ONE))) {
      FutureTask<?> start =
          Doubles.inBackground(
              () ->
                  supervisor.startChild(
                      ChildSpec.worker(
                          "slow",
                          () -> {
                            isStarting.countDown();
                            goOn.await();
                            return StartResult.ignore();
                          })));
      isStarting.await();
      supervisor.proc().exit(ExitReason.KILLED); // a signal of a stranger, which it drops
      assertThat(supervisor.proc().messages()).hasValue(0);
      supervisor.proc().ask(ExitReason.SHUTDOWN, Proc.Asker.PARENT);
      assertThat(supervisor.proc().messages()).hasValue(1);
      goOn.countDown();
      start.get();
    }
  }

  @Test
  void areUnknownOfAProcWithoutAMailbox() throws Exception {
    Proc task = Task.start("task", self -> goOn.await());
    Proc passive = Proc.passive("passive");
    assertThat(task.messages()).isEmpty();
    assertThat(passive.messages()).isEmpty();
    goOn.countDown();
    task.awaitExit();
  }

  @Test
  void areUnknownOnceItHasEnded() throws Exception {
    keepBusy();
    server.cast(() -> {});
    server.proc().kill();

    assertThat(server.proc().messages()).isEmpty();
  }
}
