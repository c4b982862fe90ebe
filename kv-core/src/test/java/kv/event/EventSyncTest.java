package kv.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.testing.LogCapture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Senders that wait for the consumer of a stream, and what becomes of them. */
class EventSyncTest {
  private final List<String> got = new ArrayList<>();
  private final CountDownLatch sent = new CountDownLatch(1);
  private final EventManager<String> manager = EventManager.start("events");
  private EventStream<String> stream;
  private FutureTask<?> sender;

  @BeforeEach
  void sendWhatTheConsumerDoesNotTake() throws Exception {
    stream = Subscribed.to(manager);
    manager.add("sent", event -> sent.countDown()); // after the stream
    sender =
        Threads.inBackground(
            () -> {
              manager.syncNotify("x");
              return null;
            });
    sent.await();
    manager.handlers();
    assertThat(sender).isNotDone();
  }

  @AfterEach
  void killManager() {
    manager.proc().kill();
  }

  @Test
  void goOnWhenItHasBeenConsumed() throws Exception {
    stream.tryAdvance(got::add);
    sender.get();
    assertThat(got).containsExactly("x");
  }

  @Test
  void goOnWhenTheStreamIsCutOff(LogCapture logged) throws Exception {
    logged.allow("events removes handler stream of events");
    for (int i = 0; i < EventManager.MAX_BEHIND; i++) manager.notify("more");
    sender.get();
    assertThat(manager.handlers()).containsExactly("sent");
  }

  @Test
  void goOnWhenTheStreamIsRemoved() throws Exception {
    manager.remove(stream, null);
    sender.get();
    stream.forEachRemaining(got::add);
    assertThat(got).containsExactly("x");
  }

  @Test
  void goOnWhenTheStreamIsRemovedWhileItsConsumerIsAtTheElement() throws Exception {
    stream.tryAdvance(
        event -> {
          try {
            manager.remove(stream, null);
            sender.get();
            got.add(event);
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
    assertThat(got).containsExactly("x");
  }

  @Test
  void goOnWhenTheStreamIsAskedWhatItCannotAnswer(LogCapture logged) throws Exception {
    logged.allow("events removes handler stream of events");
    assertThat(manager.call(stream, "ping")).isInstanceOf(EventResult.Failed.class);
    sender.get();
    assertThat(manager.handlers()).containsExactly("sent");
  }

  @Test
  void failWhenTheManagerIsKilled() {
    manager.proc().kill();
    assertFailsWith(ExitReason.KILLED);
  }

  @Test
  void failWhenTheManagerIsStopped() throws Exception {
    manager.proc().stop();
    assertFailsWith(ExitReason.NORMAL);
  }

  private void assertFailsWith(ExitReason reason) {
    assertThatThrownBy(sender::get)
        .cause()
        .asInstanceOf(InstanceOfAssertFactories.type(ExitedException.class))
        .extracting(ExitedException::reason)
        .isEqualTo(reason);
  }
}
