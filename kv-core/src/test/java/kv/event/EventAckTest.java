package kv.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Events whose sender waits until the manager takes them, and no longer. */
class EventAckTest {
  private final List<String> log = Recorder.newLog();
  private final EventManager<String> manager = EventManager.start("events");

  @AfterEach
  void killManager() {
    manager.proc().kill();
  }

  @Test
  void doesNotWaitForTheHandlers() throws Exception {
    HoldsManager holds = new HoldsManager(log, false);
    manager.add("holds", holds);
    manager.add("a", new Recorder("a", log));
    log.clear();
    manager.ackNotify("x");
    assertThat(log).doesNotContain("a x");
    holds.letGo();
    manager.handlers();
    assertThat(log).containsExactly("holds x", "a x");
  }

  @Test
  void waitsUntilTheManagerTakesTheEvent() throws Exception {
    manager.add("a", new Recorder("a", log));
    HoldsManager holds = HoldsManager.hold(manager);
    Unanswered.send(() -> manager.ackNotify("x"));
    holds.letGo();
    manager.handlers();
    assertThat(log).containsExactly("a init", "a hold", "a x");
  }

  @Test
  void doesNotWaitForTheConsumerOfAStream() throws Exception {
    EventStream<String> stream = Subscribed.to(manager);
    List<String> got = new ArrayList<>();
    manager.ackNotify("x");
    stream.tryAdvance(got::add);
    assertThat(got).containsExactly("x");
  }

  @Test
  void knowsNothingOfAHandlerThatFails(LogCapture logged) throws Exception {
    logged.allow("events removes handler a");
    manager.add("a", new FailsOnEvent(new IOException("broken"), log));
    manager.ackNotify("x");
    assertThat(manager.handlers()).isEmpty();
  }

  @Test
  void refusesNullOnTheSendersSide() throws Exception {
    assertThatThrownBy(() -> manager.ackNotify(null)).hasMessage("event");
    assertThat(manager.handlers()).isEmpty();
  }

  @Test
  void removesAHandlerThatWaitsForItsOwnManager(LogCapture logged) throws Exception {
    logged.allow("removes handler waits");
    manager.add("waits", event -> manager.ackNotify("y"));
    manager.syncNotify("x");
    assertThat(manager.handlers()).isEmpty();
  }

  @Test
  void failsIfTheManagerIsKilledBeforeItTakesTheEvent() throws Exception {
    HoldsManager.hold(manager);
    FutureTask<?> sender =
        Threads.inBackground(
            () -> {
              manager.ackNotify("x");
              return null;
            });
    manager.proc().kill();
    assertThatThrownBy(sender::get).hasCauseInstanceOf(ExitedException.class);
  }

  @Test
  void failsIfTheManagerHasEnded() throws Exception {
    manager.proc().stop();
    assertThatThrownBy(() -> manager.ackNotify("x"))
        .isInstanceOfSatisfying(
            ExitedException.class, e -> assertThat(e.reason()).isEqualTo(ExitReason.NO_PROC));
  }
}
