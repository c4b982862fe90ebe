package kv.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import kv.otp.ExitReason;
import kv.otp.Proc;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One handler in the place of another. */
class EventSwapTest {
  private final List<String> log = Recorder.newLog();
  private final List<EventResult> given = new ArrayList<>();
  private final EventManager<String> manager = EventManager.start("events");

  @AfterEach
  void killManager() {
    manager.proc().kill();
  }

  private EventHandler<String> newOne(EventResult past) {
    given.add(past);
    log.add("made");
    return new Recorder("new", log);
  }

  @Nested
  class OfOneThatIsThere {
    private final Recorder old = new Recorder("old", log);

    @BeforeEach
    void addOld() throws Exception {
      manager.add("old", old);
      log.clear();
    }

    @Test
    void terminatesTheOldThenMakesTheNewThenInitialisesIt() throws Exception {
      assertThat(manager.swap("old", null, "new", EventSwapTest.this::newOne))
          .isEqualTo(EventResult.ADDED);
      assertThat(log).containsExactly("old terminate", "made", "new init");
    }

    @Test
    void givesTheSuccessorWhatTheOldOnesTerminateReturned() throws Exception {
      manager.swap("old", null, "new", EventSwapTest.this::newOne);
      assertThat(given).containsExactly(new EventResult.Removed("bye from old"));
    }

    @Test
    void tellsTheOldOneWhoFollowsAndTheArgument() throws Exception {
      manager.swap("old", "enough", "new", EventSwapTest.this::newOne);
      assertThat(old.removal).isCompletedWithValue(new Removal.Swapped("new", "enough"));
    }

    @Test
    void tellsEventsToTheNewOneAndNoMoreToTheOld() throws Exception {
      manager.swap("old", null, "new", EventSwapTest.this::newOne);
      log.clear();
      manager.syncNotify("x");
      assertThat(log).containsExactly("new x");
    }

    @Test
    void putsTheNewOneAfterAllOthers() throws Exception {
      manager.add("other", new Recorder("other", log));
      manager.swap("old", null, "new", EventSwapTest.this::newOne);
      assertThat(manager.handlers()).containsExactly("new", "other");
    }

    @Test
    void mayKeepTheId() throws Exception {
      assertThat(manager.swap("old", null, "old", EventSwapTest.this::newOne))
          .isEqualTo(EventResult.ADDED);
      assertThat(log).containsExactly("old terminate", "made", "new init");
    }

    @Test
    void doesNothingIfTheNewIdIsAThirdHandlers() throws Exception {
      manager.add("third", new Recorder("third", log));
      log.clear();
      assertThat(manager.swap("old", null, "third", EventSwapTest.this::newOne))
          .isEqualTo(EventResult.ALREADY_PRESENT);
      assertThat(manager.handlers()).containsExactly("third", "old");
      assertThat(log).isEmpty();
    }

    @Test
    void refusesWhatIsMissingAndLeavesTheOldOne() throws Exception {
      assertThatThrownBy(() -> manager.swap("old", null, null, EventSwapTest.this::newOne))
          .hasMessage("newId");
      assertThatThrownBy(() -> manager.swap("old", null, "new", null)).hasMessage("successor");
      assertThat(manager.handlers()).containsExactly("old");
    }
  }

  @Nested
  class OfOneThatIsNotThere {
    @Test
    void addsTheNewOneAllTheSame() throws Exception {
      assertThat(manager.swap("old", null, "new", EventSwapTest.this::newOne))
          .isEqualTo(EventResult.ADDED);
      assertThat(manager.handlers()).containsExactly("new");
    }

    @Test
    void givesTheSuccessorThatItWasNotFound() throws Exception {
      manager.swap("old", null, "old", EventSwapTest.this::newOne);
      assertThat(given).containsExactly(EventResult.NOT_FOUND);
    }

    @Test
    void doesNothingIfTheNewIdIsTaken() throws Exception {
      manager.add("third", new Recorder("third", log));
      assertThat(manager.swap("old", null, "third", EventSwapTest.this::newOne))
          .isEqualTo(EventResult.ALREADY_PRESENT);
      assertThat(given).isEmpty();
    }
  }

  @Nested
  class ThatFails {
    static Stream<Arguments> successors() {
      RuntimeException failure = new IllegalStateException("broken");
      return Stream.of(
          arguments("cannot be made", (Function<EventResult, EventHandler<String>>) past -> {
            throw failure;
          }, failure),
          arguments("cannot be initialised", (Function<EventResult, EventHandler<String>>)
              past -> new FailsOnInit(failure, Recorder.newLog()), failure));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("successors")
    void answersWithTheCauseAndTheOldOneIsGoneAllTheSame(
        String how, Function<EventResult, EventHandler<String>> successor, Throwable failure)
        throws Exception {
      manager.add("old", new Recorder("old", log));
      assertThat(manager.swap("old", null, "new", successor))
          .isEqualTo(new EventResult.Failed(failure));
      assertThat(manager.handlers()).isEmpty();
      assertThat(log).containsExactly("old init", "old terminate");
    }

    @Test
    void doesNotCrashTheManagerIfThereIsNoSuccessor() throws Exception {
      assertThat(manager.swap("old", null, "new", past -> null))
          .isInstanceOfSatisfying(
              EventResult.Failed.class,
              failed -> assertThat(failed.cause()).isInstanceOf(NullPointerException.class));
      assertThat(manager.handlers()).isEmpty();
    }

    @Test
    void inTheOldOnesTerminateAddsTheNewOneAllTheSame(LogCapture logged) throws Exception {
      logged.allow("events: terminate of old failed");
      manager.add("old", new FailsOnTerminate(new IOException("broken"), log));
      manager.swap("old", null, "new", EventSwapTest.this::newOne);
      assertThat(given).containsExactly(new EventResult.Removed(null));
      assertThat(manager.handlers()).containsExactly("new");
    }
  }

  @Nested
  class WithAnOwner {
    private final Proc owner = Proc.passive("owner");
    private final List<Removal> told = new ArrayList<>();

    @BeforeEach
    void addOld() throws Exception {
      manager.add("old", new Recorder("old", log), owner, told::add);
    }

    @Test
    void tiesTheNewOneToTheOldOnesOwner() throws Exception {
      Recorder successor = new Recorder("new", log);
      manager.swap("old", null, "new", past -> successor);
      owner.kill();
      assertThat(manager.handlers()).isEmpty();
      assertThat(successor.removal)
          .isCompletedWithValue(new Removal.OwnerExited(ExitReason.KILLED));
    }

    @Test
    void tiesTheNewOneToAnOwnerThatHasEndedMeanwhile() throws Exception {
      HoldsManager holds = HoldsManager.hold(manager);
      Unanswered.send(() -> manager.swap("old", null, "new", EventSwapTest.this::newOne));
      owner.kill();
      holds.letGo();
      manager.remove(holds, null);
      assertThat(manager.handlers()).isEmpty();
    }

    @Test
    void tellsTheOwnerOfTheSwapAndThenOfTheNewOnesEnd() throws Exception {
      manager.swap("old", 1, "new", EventSwapTest.this::newOne);
      manager.remove("new", 2);
      assertThat(told).containsExactly(new Removal.Swapped("new", 1), new Removal.Asked(2));
    }

    @Test
    void tellsTheOwnerOfTheSwapAndThenThatTheNewOneFailed() throws Exception {
      IOException failure = new IOException("broken");
      manager.swap("old", 1, "new", past -> new FailsOnInit(failure, log));
      assertThat(told)
          .containsExactly(new Removal.Swapped("new", 1), new Removal.Failed(failure));
    }

    @Test
    void doesNotTieOneThatReplacesAnotherWithoutAnOwner() throws Exception {
      manager.add("free", new Recorder("free", log));
      manager.swap("free", null, "new", EventSwapTest.this::newOne);
      owner.kill();
      assertThat(manager.handlers()).containsExactly("new");
    }
  }
}
