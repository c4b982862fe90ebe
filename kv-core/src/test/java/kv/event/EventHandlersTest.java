package kv.event;

import static java.util.logging.Level.WARNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import kv.otp.Exit;
import kv.otp.ExitReason;
import kv.otp.Proc;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventHandlersTest {
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

  static Stream<Throwable> failures() {
    return Stream.of(
        new IOException("checked"),
        new IllegalStateException("unchecked"),
        new Exit(ExitReason.SHUTDOWN),
        new StackOverflowError(),
        new AssertionError("an error"));
  }

  @Nested
  class Adding {
    @Test
    void initialisesTheHandlerBeforeItTellsItAnything() throws Exception {
      assertThat(manager.add("a", new Recorder("a", log))).isEqualTo(EventResult.ADDED);
      manager.syncNotify("x");
      assertThat(log).containsExactly("a init", "a x");
    }

    @ParameterizedTest
    @MethodSource("kv.event.EventHandlersTest#failures")
    void answersWithTheCauseAndAddsNothingIfInitThrows(Throwable failure) throws Exception {
      assertThat(manager.add("a", new FailsOnInit(failure, log)))
          .isEqualTo(new EventResult.Failed(failure));
      assertThat(manager.handlers()).isEmpty();
    }

    @Test
    void doesNotTerminateAHandlerThatCouldNotBeInitialised() throws Exception {
      manager.add("a", new FailsOnInit(new IOException("no"), log));
      assertThat(log).isEmpty();
    }

    @Test
    void isRefusedUnderAnIdThatIsTaken() throws Exception {
      manager.add("a", new Recorder("first", log));
      assertThat(manager.add(new String("a"), new Recorder("second", log)))
          .isEqualTo(EventResult.ALREADY_PRESENT);
      manager.syncNotify("x");
      assertThat(log).containsExactly("first init", "first x");
    }

    @Test
    void allowsTheSameHandlerUnderAnotherId() throws Exception {
      Recorder recorder = new Recorder("a", log);
      manager.add(1, recorder);
      assertThat(manager.add(2, recorder)).isEqualTo(EventResult.ADDED);
      manager.syncNotify("x");
      assertThat(log).containsExactly("a init", "a init", "a x", "a x");
    }

    @Test
    void refusesWhatIsMissingWithoutHarmToTheManager() throws Exception {
      Recorder recorder = new Recorder("a", log);
      assertThatThrownBy(() -> manager.add(null, recorder)).hasMessage("id");
      assertThatThrownBy(() -> manager.add("a", null)).hasMessage("handler");
      assertThatThrownBy(() -> manager.add(null, recorder, manager.proc())).hasMessage("id");
      assertThatThrownBy(() -> manager.add("a", null, manager.proc())).hasMessage("handler");
      assertThatThrownBy(() -> manager.add("a", recorder, (Proc) null)).hasMessage("owner");
      assertThat(manager.handlers()).isEmpty();
    }

    @Test
    void listsTheNewestFirst() throws Exception {
      for (String id : List.of("a", "b", "c")) manager.add(id, new Recorder(id, log));
      assertThat(manager.handlers()).containsExactly("c", "b", "a");
    }

    @Test
    void listsACopy() throws Exception {
      manager.add("a", new Recorder("a", log));
      manager.handlers().clear();
      assertThat(manager.handlers()).containsExactly("a");
    }
  }

  @Nested
  class Telling {
    @Test
    void callsTheOldestHandlerFirst() throws Exception {
      for (String id : List.of("c", "a", "b")) manager.add(id, new Recorder(id, log));
      log.clear();
      manager.syncNotify("x");
      assertThat(log).containsExactly("c x", "a x", "b x");
    }

    @Test
    void callsAHandlerThatWasAddedAgainLast() throws Exception {
      for (String id : List.of("a", "b")) manager.add(id, new Recorder(id, log));
      manager.remove("a", null);
      manager.add("a", new Recorder("a", log));
      log.clear();
      manager.syncNotify("x");
      assertThat(log).containsExactly("b x", "a x");
    }

    @Test
    void keepsTheOrderOfEventsWhicheverWayTheyAreSent() throws Exception {
      manager.add("a", new Recorder("a", log));
      manager.notify("1");
      manager.syncNotify("2");
      manager.notify("3");
      manager.handlers();
      assertThat(log).containsExactly("a init", "a 1", "a 2", "a 3");
    }

    @Test
    void finishesOneEventWithAllHandlersBeforeTheNext() throws Exception {
      for (String id : List.of("a", "b")) manager.add(id, new Recorder(id, log));
      log.clear();
      manager.notify("1");
      manager.syncNotify("2");
      assertThat(log).containsExactly("a 1", "b 1", "a 2", "b 2");
    }

    @Test
    void doesNotTellAHandlerWhatWasSentBeforeIt() throws Exception {
      manager.notify("early");
      manager.add("a", new Recorder("a", log));
      manager.syncNotify("late");
      assertThat(log).containsExactly("a init", "a late");
    }

    @Test
    void refusesNullOnTheSendersSide() throws Exception {
      assertThatThrownBy(() -> manager.notify(null)).hasMessage("event");
      assertThatThrownBy(() -> manager.syncNotify(null)).hasMessage("event");
      assertThat(manager.handlers()).isEmpty();
    }

    @Test
    void letsAHandlerSendAnEventThatComesAfterThisOne() throws Exception {
      manager.add("sends", event -> {
        if (event.equals("x")) manager.notify("y");
      });
      manager.add("a", new Recorder("a", log));
      manager.syncNotify("x");
      manager.handlers();
      assertThat(log).containsExactly("a init", "a x", "a y");
    }

    @Test
    void removesAHandlerThatWaitsForItsOwnManager(LogCapture logged) throws Exception {
      logged.allow("removes handler waits");
      manager.add("waits", event -> manager.syncNotify("y"));
      manager.syncNotify("x");
      assertThat(manager.handlers()).isEmpty();
    }
  }

  @Nested
  class Failing {
    @BeforeEach
    void allowTheReport(LogCapture logged) {
      logged.allow("events removes handler b");
    }

    @ParameterizedTest
    @MethodSource("kv.event.EventHandlersTest#failures")
    void removesTheHandlerThatThrowsAlone(Throwable failure) throws Exception {
      addAroundOneThatFails(failure);
      manager.syncNotify("x");
      assertThat(manager.handlers()).containsExactly("c", "a");
    }

    @ParameterizedTest
    @MethodSource("kv.event.EventHandlersTest#failures")
    void tellsTheOthersThisVeryEvent(Throwable failure) throws Exception {
      addAroundOneThatFails(failure);
      manager.syncNotify("x");
      manager.syncNotify("y");
      assertThat(log)
          .containsExactly("a x", "fails x", "fails terminate", "c x", "a y", "c y");
    }

    @Test
    void terminatesTheHandlerWithWhatItThrew() throws Exception {
      IOException failure = new IOException("broken");
      Recorder fails = addAroundOneThatFails(failure);
      manager.syncNotify("x");
      assertThat(fails.removal).isCompletedWithValue(new Removal.Failed(failure));
    }

    @Test
    void isLoggedWithTheCause(LogCapture logged) throws Exception {
      IOException failure = new IOException("broken");
      addAroundOneThatFails(failure);
      manager.syncNotify("x");
      assertThat(logged.messages(WARNING)).containsExactly("events removes handler b");
      assertThat(logged.records()).extracting("thrown").contains(failure);
    }

    @Test
    void happensToNotifyAsToSyncNotify() throws Exception {
      addAroundOneThatFails(new IOException("broken"));
      manager.notify("x");
      manager.handlers();
      assertThat(log).containsExactly("a x", "fails x", "fails terminate", "c x");
    }

    @Test
    void leavesTheIdFree() throws Exception {
      addAroundOneThatFails(new IOException("broken"));
      manager.syncNotify("x");
      assertThat(manager.add("b", new Recorder("b", log))).isEqualTo(EventResult.ADDED);
    }

    private Recorder addAroundOneThatFails(Throwable failure) throws InterruptedException {
      Recorder fails = new FailsOnEvent(failure, log);
      manager.add("a", new Recorder("a", log));
      manager.add("b", fails);
      manager.add("c", new Recorder("c", log));
      log.clear();
      return fails;
    }
  }

  @Nested
  class Removing {
    @Test
    void answersWhatTheHandlersTerminateReturned() throws Exception {
      manager.add("a", new Recorder("a", log));
      assertThat(manager.remove("a", null)).isEqualTo(new EventResult.Removed("bye from a"));
    }

    @Test
    void passesTheArgumentOn() throws Exception {
      Recorder recorder = new Recorder("a", log);
      manager.add("a", recorder);
      manager.remove("a", "enough");
      assertThat(recorder.removal).isCompletedWithValue(new Removal.Asked("enough"));
    }

    @Test
    void answersNullForAHandlerThatSaysNothing() throws Exception {
      manager.add("a", event -> {});
      assertThat(manager.remove("a", null)).isEqualTo(new EventResult.Removed(null));
    }

    @Test
    void tellsTheHandlerNothingMore() throws Exception {
      manager.add("a", new Recorder("a", log));
      manager.remove("a", null);
      manager.syncNotify("x");
      assertThat(log).containsExactly("a init", "a terminate");
    }

    @Test
    void findsNoHandlerThatIsNotThere() throws Exception {
      manager.add("a", new Recorder("a", log));
      manager.remove("a", null);
      assertThat(manager.remove("a", null)).isEqualTo(EventResult.NOT_FOUND);
      assertThat(manager.remove("b", null)).isEqualTo(EventResult.NOT_FOUND);
      assertThat(manager.remove(null, null)).isEqualTo(EventResult.NOT_FOUND);
    }

    @ParameterizedTest
    @MethodSource("kv.event.EventHandlersTest#failures")
    void swallowsWhatTerminateThrowsAndLogsIt(Throwable failure, LogCapture logged)
        throws Exception {
      logged.allow("events: terminate of a failed");
      manager.add("a", new FailsOnTerminate(failure, log));
      assertThat(manager.remove("a", null)).isEqualTo(new EventResult.Removed(null));
      assertThat(manager.handlers()).isEmpty();
      assertThat(logged.records()).extracting("thrown").contains(failure);
    }
  }
}
