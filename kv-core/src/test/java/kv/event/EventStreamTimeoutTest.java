package kv.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.ITERABLE;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import kv.otp.Proc;
import kv.otp.Task;
import kv.testing.ManualClock;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams whose consumers do not wait for ever. */
class EventStreamTimeoutTest {
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration LONG = Duration.ofDays(1);

  private final List<String> got = new ArrayList<>();
  private final Proc consumer = Proc.passive("consumer");
  private final ManualClock clock = new ManualClock();
  private final EventManager<String> manager = EventManager.start("events");

  @AfterEach
  void killManager() {
    manager.proc().kill();
  }

  @Test
  void failsTheConsumerIfNoEventComesInTime() {
    try (Stream<String> stream = manager.stream(consumer, SHORT)) {
      assertTooLate(stream::findFirst, "PT0.02S");
    }
  }

  @Test
  void lastsAsLongAsItSays() throws Exception {
    FutureTask<Boolean> puller =
        pullInBackground(new EventStream<>(manager, consumer, MINUTE, clock));
    clock.advance(MINUTE.minusNanos(1));
    clock.awaitParked();
    clock.advance(Duration.ofNanos(1));
    assertTooLate(() -> get(puller), "PT1M");
  }

  @Test
  void endsTheSubscription() throws Exception {
    EventStream<String> stream = new EventStream<>(manager, consumer, MINUTE, clock);
    pullTooLong(stream);
    assertThat(manager.handlers()).isEmpty();
    assertThat(consumer).extracting("monitors").asInstanceOf(ITERABLE).isEmpty();
  }

  @Test
  void failsEveryFurtherPull() throws Exception {
    EventStream<String> stream = new EventStream<>(manager, consumer, MINUTE, clock);
    pullTooLong(stream);
    manager.syncNotify("late");
    assertTooLate(() -> stream.tryAdvance(got::add), "PT1M");
    stream.close();
    assertTooLate(() -> stream.tryAdvance(got::add), "PT1M");
  }

  @Test
  void countsTheWaitForAManagerThatDoesNotTakeTheSubscription() throws Exception {
    HoldsManager holds = HoldsManager.hold(manager);
    pullTooLong(new EventStream<>(manager, consumer, MINUTE, clock));
    holds.letGo();
    assertThat(manager.handlers()).containsExactly(holds);
  }

  @Test
  void isNoMatterForAnEventThatIsThere() {
    EventStream<String> stream = new EventStream<>(manager, consumer, LONG);
    stream.offer("x");
    stream.tryAdvance(got::add);
    assertThat(got).containsExactly("x");
  }

  @Test
  void isNoMatterForAnEventThatComesInTime() throws Exception {
    EventStream<String> stream = Subscribed.to(manager, consumer, LONG);
    Proc notifier = Task.start("notifier", self -> manager.notify("x"));
    stream.tryAdvance(got::add);
    notifier.awaitExit();
    assertThat(got).containsExactly("x");
  }

  @Test
  void mayBeBeyondAnyClock() throws Exception {
    Duration beyond = Duration.ofSeconds(Long.MAX_VALUE);
    EventStream<String> stream = Subscribed.to(manager, consumer, beyond);
    Proc notifier = Task.start("notifier", self -> manager.notify("x"));
    stream.tryAdvance(got::add);
    notifier.awaitExit();
    assertThat(got).containsExactly("x");
  }

  @Test
  void leavesTheEndOfTheStreamAsItIs() throws Exception {
    EventStream<String> stream = Subscribed.to(manager, consumer, LONG);
    manager.proc().stop();
    assertThat(stream.tryAdvance(got::add)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-0.000000001S", "PT-5S"})
  void isRefusedUnlessPositive(String timeout) {
    assertThatThrownBy(() -> manager.stream(consumer, Duration.parse(timeout)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the timeout of a stream is not positive: PT");
  }

  @Test
  void isRefusedIfMissing() {
    assertThatThrownBy(() -> manager.stream(consumer, null)).hasMessage("timeout");
    assertThatThrownBy(() -> manager.stream(null, SHORT)).hasMessage("consumer");
  }

  private void pullTooLong(EventStream<String> stream) throws InterruptedException {
    FutureTask<Boolean> puller = pullInBackground(stream);
    clock.advance(MINUTE);
    assertTooLate(() -> get(puller), "PT1M");
  }

  private FutureTask<Boolean> pullInBackground(EventStream<String> stream)
      throws InterruptedException {
    FutureTask<Boolean> puller = Threads.inBackground(() -> stream.tryAdvance(got::add));
    clock.awaitParked();
    return puller;
  }

  private static void get(FutureTask<?> puller) throws Throwable {
    try {
      puller.get();
    } catch (ExecutionException e) {
      throw e.getCause();
    }
  }

  private static void assertTooLate(ThrowingCallable pull, String timeout) {
    assertThatThrownBy(pull)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no event of events within " + timeout)
        .hasCauseInstanceOf(TimeoutException.class);
  }
}
