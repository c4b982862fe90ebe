package kv.event;

import static java.util.logging.Level.ALL;
import static java.util.logging.Level.WARNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.FutureTask;
import kv.otp.ExitedException;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests to one handler, and handlers that leave by themselves. */
class EventCallTest {
  private final List<String> log = Recorder.newLog();
  private final EventManager<String> manager = EventManager.start("events");

  @AfterEach
  void killManager() {
    manager.proc().kill();
  }

  @Nested
  class ACall {
    @Test
    void isAnsweredByTheHandler() throws Exception {
      manager.add("a", new Recorder("a", log));
      assertThat(manager.call("a", "ping"))
          .isEqualTo(new EventResult.Answered("a has heard ping"));
    }

    @Test
    void concernsNoOtherHandler() throws Exception {
      for (String id : List.of("a", "b", "c")) manager.add(id, new Recorder(id, log));
      log.clear();
      manager.call("b", "ping");
      assertThat(log).containsExactly("b call ping");
    }

    @Test
    void comesAfterTheEventsThatWereSentBefore() throws Exception {
      manager.add("a", new Recorder("a", log));
      manager.notify("x");
      manager.call("a", "ping");
      assertThat(log).containsExactly("a init", "a x", "a call ping");
    }

    @Test
    void leavesTheHandlerInItsPlace() throws Exception {
      for (String id : List.of("a", "b")) manager.add(id, new Recorder(id, log));
      manager.call("a", null);
      assertThat(manager.handlers()).containsExactly("b", "a");
    }

    @Test
    void findsNoHandlerThatIsNotThere() throws Exception {
      assertThat(manager.call("a", "ping")).isEqualTo(EventResult.NOT_FOUND);
      assertThat(manager.call(null, "ping")).isEqualTo(EventResult.NOT_FOUND);
    }

    @Test
    void failsIfTheManagerHasEnded() throws Exception {
      manager.proc().stop();
      assertThatThrownBy(() -> manager.call("a", "ping")).isInstanceOf(ExitedException.class);
    }
  }

  @Nested
  class ACallThatFails {
    @BeforeEach
    void allowTheReport(LogCapture logged) {
      logged.allow("events removes handler a");
    }

    @ParameterizedTest
    @MethodSource("kv.event.EventHandlersTest#failures")
    void tellsTheCallerWhatTheHandlerThrew(Throwable failure) throws Exception {
      manager.add("a", new FailsOnCall(failure, log));
      assertThat(manager.call("a", "ping")).isEqualTo(new EventResult.Failed(failure));
    }

    @ParameterizedTest
    @MethodSource("kv.event.EventHandlersTest#failures")
    void removesTheHandlerThatThrewAlone(Throwable failure) throws Exception {
      manager.add("a", new FailsOnCall(failure, log));
      manager.add("b", new Recorder("b", log));
      manager.call("a", "ping");
      assertThat(manager.handlers()).containsExactly("b");
    }

    @Test
    void terminatesTheHandlerWithWhatItThrew() throws Exception {
      IOException failure = new IOException("broken");
      Recorder fails = new FailsOnCall(failure, log);
      manager.add("a", fails);
      manager.call("a", "ping");
      assertThat(fails.removal).isCompletedWithValue(new Removal.Failed(failure));
    }

    @Test
    void isLoggedWithTheCause(LogCapture logged) throws Exception {
      IOException failure = new IOException("broken");
      manager.add("a", new FailsOnCall(failure, log));
      manager.call("a", "ping");
      assertThat(logged.messages(WARNING)).containsExactly("events removes handler a");
      assertThat(logged.records()).extracting("thrown").contains(failure);
    }

    @Test
    void isWhatAHandlerThatTakesNoRequestsMakesOfIt() throws Exception {
      manager.add("a", event -> {});
      assertThat(manager.call("a", "ping"))
          .isInstanceOfSatisfying(
              EventResult.Failed.class,
              failed ->
                  assertThat(failed.cause())
                      .isInstanceOf(UnsupportedOperationException.class)
                      .hasMessage("the handler takes no requests"));
      assertThat(manager.handlers()).isEmpty();
    }
  }

  @Nested
  class LeavingFromAnEvent {
    private final Recorder leaves = new FailsOnEvent(new Leave("dropped"), log);

    @BeforeEach
    void addOneThatLeaves() throws Exception {
      manager.add("a", leaves);
      manager.add("b", new Recorder("b", log));
      log.clear();
    }

    @Test
    void removesTheHandlerAlone() throws Exception {
      manager.syncNotify("x");
      assertThat(manager.handlers()).containsExactly("b");
    }

    @Test
    void runsItsTerminateBeforeTheOthersGetThisVeryEvent() throws Exception {
      manager.syncNotify("x");
      assertThat(log).containsExactly("fails x", "fails terminate", "b x");
    }

    @Test
    void isToldToTerminateAsThat() throws Exception {
      manager.syncNotify("x");
      assertThat(leaves.removal).isCompletedWithValue(Removal.LEFT);
    }

    @Test
    void isQuiet(LogCapture logged) throws Exception {
      manager.syncNotify("x");
      assertThat(logged.messages(ALL)).isEmpty();
    }
  }

  @Nested
  class LeavingFromACall {
    @Test
    void answersWithWhatItLeavesBehind() throws Exception {
      manager.add("a", new FailsOnCall(new Leave("farewell"), log));
      assertThat(manager.call("a", "ping")).isEqualTo(new EventResult.Answered("farewell"));
    }

    @Test
    void answersNullIfItLeavesWithoutAWord() throws Exception {
      manager.add("a", new FailsOnCall(new Leave(), log));
      assertThat(manager.call("a", "ping")).isEqualTo(new EventResult.Answered(null));
    }

    @Test
    void removesTheHandlerQuietly(LogCapture logged) throws Exception {
      Recorder leaves = new FailsOnCall(new Leave(), log);
      manager.add("a", leaves);
      manager.call("a", "ping");
      assertThat(manager.handlers()).isEmpty();
      assertThat(leaves.removal).isCompletedWithValue(Removal.LEFT);
      assertThat(logged.messages(ALL)).isEmpty();
    }
  }

  @Nested
  class LeavingFromElsewhere {
    private final Leave leave = new Leave();

    @Test
    void isAFailureOfInit() throws Exception {
      assertThat(manager.add("a", new FailsOnInit(leave, log)))
          .isEqualTo(new EventResult.Failed(leave));
    }

    @Test
    void isAFailureOfTerminate(LogCapture logged) throws Exception {
      logged.allow("events: terminate of a failed");
      manager.add("a", new FailsOnTerminate(leave, log));
      assertThat(manager.remove("a", null)).isEqualTo(new EventResult.Removed(null));
      assertThat(logged.records()).extracting("thrown").contains(leave);
    }

    @Test
    void costsNoStackTrace() {
      assertThat(leave.getStackTrace()).isEmpty();
    }
  }

  @Nested
  class KilledMeanwhile {
    @Test
    void aHandlerThatIsInterruptedInACallIsNotTerminated() throws Exception {
      HoldsManager holds = new HoldsManager(log, false);
      manager.add("a", holds);
      FutureTask<EventResult> caller = Threads.inBackground(() -> manager.call("a", "ping"));
      holds.awaitHeld();
      Threads.killAndAwait(manager, () -> {});
      assertThatThrownBy(caller::get).hasCauseInstanceOf(ExitedException.class);
      assertThat(log).containsExactly("holds init", "holds call ping");
    }

    @Test
    void aHandlerThatLeavesIsNotTerminated() throws Exception {
      manager.add("a", new KillsManager(manager, new Leave(), log));
      Thread thread = Threads.of(manager);
      assertThatThrownBy(() -> manager.syncNotify("x")).isInstanceOf(ExitedException.class);
      thread.join();
      assertThat(log).containsExactly("kills init", "kills x");
    }
  }
}
