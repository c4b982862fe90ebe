package kv.event;

import static java.util.logging.Level.WARNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import kv.otp.ChildSpec;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.Flags;
import kv.otp.Name;
import kv.otp.Proc;
import kv.otp.StartResult;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.otp.Task;
import kv.testing.LogCapture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class EventManagerLifeTest {
  private final List<String> log = Recorder.newLog();
  private EventManager<String> manager;

  @BeforeEach
  void startManager() {
    manager = EventManager.start("events");
  }

  @AfterEach
  void killManager() {
    manager.proc().kill();
  }

  @Nested
  class StoppedInOrder {
    @Test
    void terminatesEveryHandlerAndEndsNormally() throws Exception {
      for (String id : List.of("a", "b")) manager.add(id, new Recorder(id, log));
      assertThat(manager.proc().stop()).isEqualTo(ExitReason.NORMAL);
      assertThat(log).containsExactly("a init", "b init", "a terminate", "b terminate");
    }

    @Test
    void tellsTheHandlersTheReason() throws Exception {
      Recorder recorder = new Recorder("a", log);
      manager.add("a", recorder);
      manager.proc().stop(ExitReason.SHUTDOWN);
      assertThat(recorder.removal)
          .isCompletedWithValue(new Removal.Stopped(ExitReason.SHUTDOWN));
    }

    @Test
    void tellsTheEventsThatWereSentBeforeFirst() throws Exception {
      manager.add("a", new Recorder("a", log));
      HoldsManager holds = HoldsManager.hold(manager);
      manager.notify("x");
      manager.proc().exit(ExitReason.SHUTDOWN);
      manager.notify("too late");
      holds.letGo();
      assertThat(manager.proc().awaitExit()).isEqualTo(ExitReason.SHUTDOWN);
      assertThat(log).containsExactly("a init", "a hold", "a x", "a terminate");
    }

    @Test
    void isNotHinderedByATerminateThatThrows(LogCapture logged) throws Exception {
      logged.allow("events: terminate of a failed");
      manager.add("a", new FailsOnTerminate(new AssertionError("broken"), log));
      manager.add("b", new Recorder("b", log));
      log.clear();
      assertThat(manager.proc().stop()).isEqualTo(ExitReason.NORMAL);
      assertThat(log).containsExactly("fails terminate", "b terminate");
    }
  }

  @Nested
  class StoppedByItsSupervisor {
    @Test
    void terminatesEveryHandlerToo() throws Exception {
      Name<EventManager<String>> name = new Name<>("events");
      Recorder recorder = new Recorder("a", log);
      try (Supervisor supervisor =
          Supervisor.start("top", Flags.of(Strategy.ONE_FOR_ONE), spec(name))) {
        name.get().add("a", recorder);
        supervisor.terminateChild("events");
      }
      assertThat(recorder.removal)
          .isCompletedWithValue(new Removal.Stopped(ExitReason.SHUTDOWN));
    }
  }

  @Nested
  class Killed {
    @Test
    void terminatesNoHandler() throws Exception {
      Recorder recorder = new Recorder("a", log);
      manager.add("a", recorder);
      manager.proc().kill();
      assertThat(manager.proc().awaitExit()).isEqualTo(ExitReason.KILLED);
      assertThat(recorder.removal).isNotDone();
    }

    @Test
    void terminatesNotEvenTheHandlerThatTheKillInterrupts() throws Exception {
      HoldsManager holds = HoldsManager.hold(manager);
      Threads.killAndAwait(manager, () -> {});
      assertThat(holds.removal).isNotDone();
    }

    @Test
    void terminatesNoMoreHandlersWhenItWasAboutToStop() throws Exception {
      HangsOnTerminate hangs = new HangsOnTerminate(log, true);
      manager.add("hangs", hangs);
      manager.add("b", new Recorder("b", log));
      log.clear();
      manager.proc().exit(ExitReason.SHUTDOWN);
      hangs.awaitHanging();
      Threads.killAndAwait(manager, hangs::letGo);
      assertThat(log).containsExactly("hangs terminate");
    }

    @Test
    void blamesNoHandlerWhoseTerminateTheKillInterrupts(LogCapture logged) throws Exception {
      HangsOnTerminate hangs = new HangsOnTerminate(log, false);
      manager.add("hangs", hangs);
      manager.proc().exit(ExitReason.SHUTDOWN);
      hangs.awaitHanging();
      Threads.killAndAwait(manager, () -> {});
      assertThat(logged.messages(WARNING)).isEmpty();
    }

    @Test
    void tellsNobodyAnyMoreThoughAHandlerIgnoresTheInterrupt() throws Exception {
      HoldsManager holds = new HoldsManager(log, true);
      manager.add("holds", holds);
      manager.add("b", new Recorder("b", log));
      manager.notify("x");
      holds.awaitHeld();
      Threads.killAndAwait(manager, holds::letGo);
      assertThat(log).containsExactly("holds init", "b init", "holds x");
    }

    @Test
    void answersAnEventThatWaitsForTheHandlers() throws Exception {
      HoldsManager holds = new HoldsManager(log, false);
      manager.add("holds", holds);
      AtomicReference<ExitReason> seen = new AtomicReference<>();
      Proc notifier =
          Task.start("notifier", self -> {
            try {
              manager.syncNotify("x");
            } catch (ExitedException e) {
              seen.set(e.reason());
            }
          });
      holds.awaitHeld();
      manager.proc().kill();
      notifier.awaitExit();
      assertThat(seen).hasValue(ExitReason.KILLED);
    }
  }

  @Nested
  class Ended {
    @BeforeEach
    void stopManager() throws Exception {
      manager.proc().stop();
    }

    @Test
    void refusesEveryRequest() {
      assertRefused(() -> manager.add("a", new Recorder("a", log)));
      assertRefused(() -> manager.add("a", new Recorder("a", log), Proc.passive("owner")));
      assertRefused(() -> manager.add("a", new Recorder("a", log), manager.proc(), told -> {}));
      assertRefused(() -> manager.remove("a", null));
      assertRefused(() -> manager.swap("a", null, "b", old -> new Recorder("b", log)));
      assertRefused(() -> manager.call("a", null));
      assertRefused(() -> manager.handlers());
      assertRefused(() -> manager.syncNotify("x"));
      assertRefused(() -> manager.ackNotify("x"));
    }

    @Test
    void dropsAnEventThatNobodyWaitsFor() throws Exception {
      manager.notify("x");
      assertThat(manager.proc().exitReason()).contains(ExitReason.NORMAL);
    }

    private void assertRefused(ThrowingCallable request) {
      assertThatThrownBy(request)
          .isInstanceOf(ExitedException.class)
          .hasMessage("events is not running: noproc");
    }
  }

  @Nested
  class Restarted {
    @Test
    void beginsWithoutHandlers(LogCapture logged) throws Exception {
      logged.allow("child=events event=child_terminated reason=killed");
      Name<EventManager<String>> name = new Name<>("events");
      try (Supervisor supervisor =
          Supervisor.start("top", Flags.of(Strategy.ONE_FOR_ONE), spec(name))) {
        name.get().add("a", new Recorder("a", log));
        name.get().proc().kill();
        supervisor.countChildren();
        assertThat(name.get().handlers()).isEmpty();
      }
    }
  }

  @Nested
  class Overloaded {
    @Test
    void letsTheSenderWaitForRoom() throws Exception {
      HoldsManager holds = HoldsManager.hold(manager);
      fill();
      Unanswered.send(() -> manager.notify("one too many"));
      holds.letGo();
    }

    @Test
    void givesUpTheSenderThatWaitsForRoomWhenItEnds() throws Exception {
      HoldsManager.hold(manager);
      fill();
      CountDownLatch started = new CountDownLatch(1);
      Proc sender =
          Task.start("sender", self -> {
            started.countDown();
            manager.notify("one too many");
          });
      started.await();
      manager.proc().kill();
      assertThat(sender.awaitExit()).isEqualTo(ExitReason.NORMAL);
    }

    @Test
    void doesNotLetAHandlerThatSendsWaitForItself() throws Exception {
      CountDownLatch done = new CountDownLatch(1);
      manager.add("floods", event -> {
        if (!event.equals("x")) return;
        for (int i = 0; i <= EventManager.MAX_WAITING; i++) manager.notify("more");
        done.countDown();
      });
      manager.syncNotify("x");
      assertThat(done.getCount()).isZero();
    }

    private void fill() throws InterruptedException {
      for (int i = 0; i < EventManager.MAX_WAITING; i++) manager.notify("event");
    }
  }

  private static ChildSpec spec(Name<EventManager<String>> name) {
    return ChildSpec.worker(
        "events",
        () -> {
          EventManager<String> started = EventManager.start("events");
          return StartResult.ok(started.proc(), name.register(started.proc(), started));
        });
  }
}
