package kv.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import kv.otp.ExitReason;
import kv.otp.Proc;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tie between a handler and the proc that it was added for. */
class EventOwnerTest {
  private final List<String> log = Recorder.newLog();
  private final Proc owner = Proc.passive("owner");
  private EventManager<String> manager;

  @BeforeEach
  void startManager() {
    manager = EventManager.start("events");
  }

  @AfterEach
  void killManager() {
    manager.proc().kill();
  }

  static Stream<ExitReason> reasons() {
    return Stream.of(
        ExitReason.NORMAL,
        ExitReason.SHUTDOWN,
        ExitReason.shutdown("enough"),
        ExitReason.KILLED,
        ExitReason.crash("broken"));
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void removesTheHandlerWhenItsOwnerEndsForWhateverReason(ExitReason reason) throws Exception {
    Recorder recorder = new Recorder("a", log);
    manager.add("a", recorder, owner);
    owner.stop(reason);
    assertThat(manager.handlers()).isEmpty();
    assertThat(recorder.removal).isCompletedWithValue(new Removal.OwnerExited(reason));
  }

  @Test
  void tellsTheHandlerNothingThatIsSentAfterItsOwnersEnd() throws Exception {
    manager.add("a", new Recorder("a", log), owner);
    owner.kill();
    manager.syncNotify("x");
    assertThat(log).containsExactly("a init", "a terminate");
  }

  @Test
  void removesAtOnceAHandlerWhoseOwnerHasAlreadyEnded() throws Exception {
    owner.stop(ExitReason.SHUTDOWN);
    Recorder recorder = new Recorder("a", log);
    assertThat(manager.add("a", recorder, owner)).isEqualTo(EventResult.ADDED);
    assertThat(manager.handlers()).isEmpty();
    assertThat(recorder.removal)
        .isCompletedWithValue(new Removal.OwnerExited(ExitReason.SHUTDOWN));
  }

  @Test
  void removesAllHandlersOfTheOwnerAndNoOthers() throws Exception {
    manager.add("mine", new Recorder("mine", log), owner);
    manager.add("free", new Recorder("free", log));
    manager.add("other", new Recorder("other", log), Proc.passive("other"));
    manager.add("mine too", new Recorder("mine too", log), owner);
    owner.kill();
    assertThat(manager.handlers()).containsExactly("other", "free");
  }

  @Test
  void doesNotPassTheEndOfAnOwnerOnToOtherHandlers() throws Exception {
    manager.add("a", new Recorder("a", log), owner);
    manager.add("b", new Recorder("b", log));
    owner.kill();
    manager.handlers();
    assertThat(log).containsExactly("a init", "b init", "a terminate");
  }

  @Test
  void leavesTheOwnerAliveWhenTheManagerIsKilled() throws Exception {
    manager.add("a", new Recorder("a", log), owner);
    manager.proc().kill();
    assertThat(owner.isAlive()).isTrue();
  }

  @Test
  void isCutByARemoval() throws Exception {
    manager.add("a", new Recorder("a", log), owner);
    manager.remove("a", null);
    owner.kill();
    manager.handlers();
    assertThat(log).containsExactly("a init", "a terminate");
  }

  @Test
  void isCutByARemovalEvenIfTheOldOwnersEndIsAlreadyOnItsWay() throws Exception {
    Recorder recorder = new Recorder("a", log);
    manager.add("a", recorder, owner);
    HoldsManager holds = HoldsManager.hold(manager);
    Unanswered.send(() -> manager.remove("a", null));
    Unanswered.send(() -> manager.add("a", recorder, Proc.passive("new owner")));
    owner.kill();
    holds.letGo();
    assertThat(manager.handlers()).contains("a");
  }
}
