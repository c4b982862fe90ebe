package kv.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.Proc;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A kill of the manager in the middle of a swap. */
class EventSwapKillTest {
  private static final Removal SWAPPED = new Removal.Swapped("new", null);
  private static final Removal KILLED = new Removal.ManagerExited(ExitReason.KILLED);

  private final List<String> log = Recorder.newLog();
  private final List<Removal> told = Collections.synchronizedList(new ArrayList<>());
  private final Proc owner = Proc.passive("owner");
  private final EventManager<String> manager = EventManager.start("events");
  private final Thread thread = Threads.of(manager);

  @AfterEach
  void killManager() {
    manager.proc().kill();
  }

  private void add(EventHandler<String> old, Consumer<Removal> teller) throws Exception {
    manager.add("old", old, owner, teller);
    log.clear();
  }

  private EventHandler<String> make(EventResult past) {
    log.add("made");
    return new Recorder("new", log);
  }

  private void swapInVain() throws InterruptedException {
    assertThatThrownBy(() -> manager.swap("old", null, "new", this::make))
        .isInstanceOf(ExitedException.class);
    thread.join();
  }

  @Test
  void inTheOldOnesTerminateIsAllThatTheOwnerHearsAndNothingIsMade() throws Exception {
    EventHandler<String> kills =
        new EventHandler<>() {
          @Override
          public void handle(String event) {}

          @Override
          public Object terminate(Removal cause) {
            manager.proc().kill();
            return null;
          }
        };
    add(kills, told::add);
    swapInVain();
    assertThat(told).containsExactly(KILLED);
    assertThat(log).isEmpty();
  }

  @Test
  void byTheOwnerThatHearsOfTheSwapIsToldAfterItAndNothingIsMade() throws Exception {
    add(
        new Recorder("old", log),
        removal -> {
          if (removal.equals(SWAPPED)) manager.proc().kill();
          told.add(removal);
        });
    swapInVain();
    assertThat(told).containsExactly(SWAPPED, KILLED);
    assertThat(log).containsExactly("old terminate");
  }

  @Test
  void whileTheOwnerHearsOfTheSwapDoesNotWaitForThatAndIsToldAfterIt() throws Exception {
    HoldsManager holds = new HoldsManager(log, true);
    add(
        new Recorder("old", log),
        removal -> {
          if (removal.equals(SWAPPED)) hold(holds);
          told.add(removal);
        });
    FutureTask<?> swapper =
        Threads.inBackground(() -> manager.swap("old", null, "new", this::make));
    holds.awaitHeld();
    Threads.killAndAwait(
        manager,
        () -> {
          assertThat(told).isEmpty();
          holds.letGo();
        });
    assertThatThrownBy(swapper::get).hasCauseInstanceOf(ExitedException.class);
    assertThat(told).containsExactly(SWAPPED, KILLED);
  }

  private static void hold(HoldsManager holds) {
    try {
      holds.handle("swapped");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void byWhoMakesTheSuccessorIsToldAndNothingIsInitialised() throws Exception {
    add(new Recorder("old", log), told::add);
    assertThatThrownBy(
            () ->
                manager.swap("old", null, "new", past -> {
                  manager.proc().kill();
                  return make(past);
                }))
        .isInstanceOf(ExitedException.class);
    thread.join();
    assertThat(told).containsExactly(SWAPPED, KILLED);
    assertThat(log).containsExactly("old terminate", "made");
  }

  @Test
  void inTheSuccessorsInitIsToldAsThat() throws Exception {
    add(new Recorder("old", log), told::add);
    assertThatThrownBy(() -> manager.swap("old", null, "new", past -> new KillsOnInit(manager)))
        .isInstanceOf(ExitedException.class);
    thread.join();
    assertThat(told).containsExactly(SWAPPED, KILLED);
  }

  @Test
  void thatInterruptsTheSuccessorsInitIsNotToldAsItsFault() throws Exception {
    add(new Recorder("old", log), told::add);
    HangsOnInit hangs = new HangsOnInit(log);
    FutureTask<?> swapper =
        Threads.inBackground(() -> manager.swap("old", null, "new", past -> hangs));
    hangs.awaitHanging();
    Threads.killAndAwait(manager, () -> {});
    assertThatThrownBy(swapper::get).hasCauseInstanceOf(ExitedException.class);
    assertThat(told).containsExactly(SWAPPED, KILLED);
  }

  @Test
  void afterASuccessorThatFailedIsNotToldAnyMore() throws Exception {
    add(new Recorder("old", log), told::add);
    RuntimeException failure = new IllegalStateException("broken");
    manager.swap("old", null, "new", past -> new FailsOnInit(failure, log));
    manager.proc().kill();
    assertThat(told).containsExactly(SWAPPED, new Removal.Failed(failure));
  }
}
