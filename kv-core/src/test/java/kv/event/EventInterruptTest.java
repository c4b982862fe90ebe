package kv.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.Proc;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Interrupts of the manager's thread: those left behind, and that of a kill. */
class EventInterruptTest {
  private final List<String> log = Recorder.newLog();
  private final EventManager<String> manager = EventManager.start("events");

  @AfterEach
  void killManager() {
    manager.proc().kill();
  }

  @Nested
  class LeftBehind {
    @Test
    void byOneHandlerDoesNotReachTheNext() throws Exception {
      for (String id : List.of("a", "b")) manager.add(id, new LeavesInterrupt(id, log));
      manager.syncNotify("x");
      assertThat(log).containsExactly("a init", "b init", "a x", "b x");
    }

    @Test
    void byOneTerminateDoesNotReachTheNext() throws Exception {
      for (String id : List.of("a", "b")) manager.add(id, new LeavesInterrupt(id, log));
      assertThat(manager.proc().stop()).isEqualTo(ExitReason.NORMAL);
      assertThat(log).containsExactly("a init", "b init", "a terminate", "b terminate");
    }

    @Test
    void byTheOldOneDoesNotReachItsSuccessor() throws Exception {
      manager.add("a", new LeavesInterrupt("a", log));
      assertThat(manager.swap("a", null, "b", past -> new LeavesInterrupt("b", log)))
          .isEqualTo(EventResult.ADDED);
    }

    @Test
    void byWhoMakesASuccessorDoesNotReachIt() throws Exception {
      EventResult result =
          manager.swap("a", null, "b", past -> {
            Thread.currentThread().interrupt();
            return new LeavesInterrupt("b", log);
          });
      assertThat(result).isEqualTo(EventResult.ADDED);
    }

    @Test
    void byARequestThatFailsDoesNotReachTheTerminate(LogCapture logged) throws Exception {
      logged.allow("events removes handler a");
      manager.add("a", new LeavesInterrupt("a", log));
      manager.call("a", "ping");
      assertThat(log).containsExactly("a init", "a terminate");
    }

    @Test
    void byWhomIsToldDoesNotReachTheNextHandler() throws Exception {
      EventHandler<String> leaves = new FailsOnEvent(new Leave(), log);
      manager.add("a", leaves, Proc.passive("owner"), told -> Thread.currentThread().interrupt());
      manager.add("b", new LeavesInterrupt("b", log));
      manager.syncNotify("x");
      assertThat(log).containsExactly("fails init", "b init", "fails x", "fails terminate", "b x");
    }
  }

  @Nested
  class OfAKill {
    @Test
    void isNotReportedAsTheFaultOfAHandlerThatIsBeingAdded() throws Exception {
      HangsOnInit hangs = new HangsOnInit(log);
      letThreadEndBeforeItsEndIsTold(() -> {});
      FutureTask<EventResult> adder = Threads.inBackground(() -> manager.add("a", hangs));
      hangs.awaitHanging();
      manager.proc().kill();
      assertThatThrownBy(adder::get).hasCauseInstanceOf(ExitedException.class);
    }

    @Test
    void isToldRatherThanTheAnswerOfAHandlerThatIgnoresIt() throws Exception {
      HoldsManager holds = new HoldsManager(log, true);
      manager.add("a", holds);
      letThreadEndBeforeItsEndIsTold(holds::letGo);
      FutureTask<EventResult> caller = Threads.inBackground(() -> manager.call("a", "ping"));
      holds.awaitHeld();
      manager.proc().kill();
      assertThatThrownBy(caller::get).hasCauseInstanceOf(ExitedException.class);
    }

    @Test
    void isToldRatherThanARemovalWhoseTerminateIgnoresIt() throws Exception {
      HangsOnTerminate hangs = new HangsOnTerminate(log, true);
      List<Removal> told = new ArrayList<>();
      letThreadEndBeforeItsEndIsTold(hangs::letGo);
      manager.add("a", hangs, Proc.passive("owner"), told::add);
      FutureTask<EventResult> remover = Threads.inBackground(() -> manager.remove("a", null));
      hangs.awaitHanging();
      manager.proc().kill();
      assertThatThrownBy(remover::get).hasCauseInstanceOf(ExitedException.class);
      assertThat(told).containsExactly(new Removal.ManagerExited(ExitReason.KILLED));
    }

    /** Has whoever hears of the kill hear of it after the thread has said all that it has. */
    private void letThreadEndBeforeItsEndIsTold(Runnable first) {
      Thread thread = Threads.of(manager);
      manager.proc().monitor(down -> {
        first.run();
        try {
          thread.join();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      });
    }

    @Test
    void isNotTakenForOneThatWasLeftBehind() throws Exception {
      manager.add("kills", event -> manager.proc().kill());
      manager.add("b", new Recorder("b", log));
      Thread thread = Threads.of(manager);
      assertThatThrownBy(() -> manager.syncNotify("x")).isInstanceOf(ExitedException.class);
      thread.join();
      assertThat(log).containsExactly("b init");
    }
  }
}
