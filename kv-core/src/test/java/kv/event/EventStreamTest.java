package kv.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kv.otp.ChildSpec;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.Flags;
import kv.otp.Proc;
import kv.otp.StartResult;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.otp.Task;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventStreamTest {
  private static final ExitReason BOOM = ExitReason.crash("boom");

  private final List<String> got = new ArrayList<>();
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
  class Subscribing {
    @Test
    void doesNotHappenBeforeTheFirstPull() throws Exception {
      try (Stream<String> stream = manager.stream()) {
        assertThat(stream).isNotNull();
        assertThat(manager.handlers()).isEmpty();
      }
    }

    @Test
    void happensWithTheFirstPullAndLosesNothingFromThenOn() throws Exception {
      Feeder feeder = Feeder.of(manager);
      List<Integer> numbers;
      try (Stream<String> stream = manager.stream()) {
        numbers = stream.limit(500).map(Integer::valueOf).toList();
      }
      feeder.stop();
      assertThat(numbers)
          .isEqualTo(IntStream.range(0, 500).mapToObj(i -> numbers.get(0) + i).toList());
    }

    @Test
    void endsWhenTheStreamIsClosed() throws Exception {
      EventStream<String> stream = Subscribed.to(manager);
      assertThat(manager.handlers()).containsExactly(stream);
      stream.close();
      assertThat(manager.handlers()).isEmpty();
    }

    @Test
    void endsWhenTheStreamIsClosedByAThreadThatIsInterrupted() throws Exception {
      EventStream<String> stream = Subscribed.to(manager);
      Thread.currentThread().interrupt();
      stream.close();
      assertThat(Thread.interrupted()).isTrue();
      assertThat(manager.handlers()).isEmpty();
    }

    @Test
    void doesNotHappenAnyMoreOnceTheStreamIsClosed() throws Exception {
      Stream<String> stream = manager.stream();
      Iterator<String> events = stream.iterator();
      stream.close();
      assertThat(events.hasNext()).isFalse();
      assertThat(manager.handlers()).isEmpty();
    }
  }

  @Nested
  class Consuming {
    @Test
    void givesEveryEventToEveryStream() throws Exception {
      EventStream<String> one = Subscribed.to(manager);
      EventStream<String> two = Subscribed.to(manager);
      for (String event : List.of("a", "b")) manager.notify(event);
      manager.proc().stop();
      one.forEachRemaining(got::add);
      two.forEachRemaining(got::add);
      assertThat(got).containsExactly("a", "b", "a", "b");
    }

    @Test
    void waitsForTheNextEvent() throws Exception {
      EventStream<String> stream = Subscribed.to(manager);
      manager.notify("a");
      stream.tryAdvance(got::add);
      Proc notifier = Task.start("notifier", self -> manager.notify("b"));
      stream.tryAdvance(got::add);
      notifier.awaitExit();
      assertThat(got).containsExactly("a", "b");
    }

    @Test
    void lastsUntilTheConsumerIsDoneWithTheElement() {
      EventStream<String> stream = Subscribed.to(manager);
      CompletableFuture<Void> consumed = stream.offer("a");
      stream.tryAdvance(event -> assertThat(consumed).isNotDone());
      assertThat(consumed).isDone();
    }

    @Test
    void isOverAlsoWhenTheConsumerThrows() {
      EventStream<String> stream = Subscribed.to(manager);
      CompletableFuture<Void> consumed = stream.offer("a");
      assertThatThrownBy(() -> stream.tryAdvance(event -> {
        throw new IllegalArgumentException(event);
      })).isInstanceOf(IllegalArgumentException.class);
      assertThat(consumed).isDone();
    }

    @Test
    void givesWhatIsSentBySyncNotifyToEveryStreamAndHandler() throws Exception {
      EventStream<String> one = Subscribed.to(manager);
      EventStream<String> two = Subscribed.to(manager);
      List<String> log = Recorder.newLog();
      manager.add("c", new Recorder("c", log));
      Proc notifier = Task.start("notifier", self -> manager.syncNotify("a"));
      one.tryAdvance(got::add);
      two.tryAdvance(got::add);
      assertThat(notifier.awaitExit()).isEqualTo(ExitReason.NORMAL);
      manager.proc().stop();
      assertThat(got).containsExactly("a", "a");
      assertThat(log).containsExactly("c init", "c a", "c terminate");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void isWhatASyncNotifyWaitsFor(int last) throws Exception {
      List<EventStream<String>> streams =
          List.of(Subscribed.to(manager), Subscribed.to(manager));
      AtomicReference<Throwable> seen = new AtomicReference<>();
      Proc notifier =
          Task.start("notifier", self -> {
            try {
              manager.syncNotify("a");
            } catch (InterruptedException e) {
              seen.set(e);
            }
          });
      streams.get(1 - last).tryAdvance(got::add);
      streams.get(last).tryAdvance(event -> {
        barrier(); // all handlers have had the event: the notifier waits for this one only
        notifier.exit(ExitReason.SHUTDOWN);
        await(notifier);
      });
      assertThat(seen.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void isTakenForGrantedWhenTheStreamIsClosed() {
      EventStream<String> stream = Subscribed.to(manager);
      CompletableFuture<Void> consumed = stream.offer("a");
      stream.close();
      assertThat(consumed).isDone();
    }

    @Test
    void isTakenForGrantedForAnEventThatCrossesTheClosing() throws Exception {
      HoldsManager holds = new HoldsManager(Recorder.newLog(), false);
      manager.add("holds", holds);
      EventStream<String> stream = Subscribed.to(manager);
      Proc notifier = Task.start("notifier", self -> manager.syncNotify("a"));
      holds.awaitHeld();
      Thread.currentThread().interrupt();
      stream.close(); // without waiting for the manager, which tells the stream only now
      assertThat(Thread.interrupted()).isTrue();
      holds.letGo();
      assertThat(notifier.awaitExit()).isEqualTo(ExitReason.NORMAL);
    }
  }

  @Nested
  class Ending {
    @Test
    void isNormalAfterTheLastEventWhenTheManagerIsStopped() throws Exception {
      EventStream<String> stream = Subscribed.to(manager);
      manager.notify("a");
      manager.proc().stop();
      stream.forEachRemaining(got::add);
      assertThat(got).containsExactly("a");
    }

    @Test
    void isNormalAfterTheLastEventWhenTheSubscriptionIsRemoved() throws Exception {
      EventStream<String> stream = Subscribed.to(manager);
      manager.notify("a");
      manager.remove(stream, null);
      manager.notify("b");
      stream.forEachRemaining(got::add);
      assertThat(got).containsExactly("a");
    }

    @Test
    void isAFailureWhenTheManagerIsKilled() throws Exception {
      EventStream<String> stream = Subscribed.to(manager);
      manager.notify("a");
      barrier();
      manager.proc().kill();
      assertThatThrownBy(() -> stream.forEachRemaining(got::add))
          .isInstanceOf(ExitedException.class)
          .hasMessage("events is not running: killed");
      assertThat(got).containsExactly("a");
    }

    @ParameterizedTest
    @MethodSource("kv.event.EventStreamTest#abnormalEnds")
    void isAFailureWithTheManagersReasonAfterTheLastEvent(End end) throws Exception {
      EventStream<String> stream = Subscribed.to(manager);
      manager.notify("a");
      end.of(manager.proc());
      assertThatThrownBy(() -> stream.forEachRemaining(got::add))
          .isInstanceOfSatisfying(
              ExitedException.class, e -> assertThat(e.reason()).isEqualTo(BOOM));
      assertThat(got).containsExactly("a");
    }

    @ParameterizedTest
    @MethodSource("kv.event.EventStreamTest#abnormalEnds")
    void isThatFailureAlsoForAConsumerThatWaits(End end) throws Exception {
      Proc consumer = consume(Subscribed.to(manager));
      end.of(manager.proc());
      assertThat(consumer.awaitExit().cause())
          .isInstanceOfSatisfying(
              ExitedException.class, e -> assertThat(e.reason()).isEqualTo(BOOM));
    }

    @Test
    void isThatFailureAlsoIfTheManagerEndsBeforeItTakesTheSubscription() throws Exception {
      HoldsManager holds = HoldsManager.hold(manager);
      manager.proc().exit(BOOM); // is handled before the subscription
      EventStream<String> stream = new EventStream<>(manager, null, EventStream.FOREVER);
      Proc consumer = consume(stream);
      holds.letGo();
      assertThat(consumer.awaitExit().cause())
          .isInstanceOfSatisfying(
              ExitedException.class, e -> assertThat(e.reason()).isEqualTo(BOOM));
    }

    @ParameterizedTest
    @MethodSource("kv.event.EventStreamTest#abnormalEnds")
    void isThatFailureAlsoIfTheManagerHadEndedBeforeTheFirstPull(End end) throws Exception {
      end.of(manager.proc());
      try (Stream<String> stream = manager.stream()) {
        assertThatThrownBy(stream::findFirst)
            .isInstanceOfSatisfying(
                ExitedException.class, e -> assertThat(e.reason()).isEqualTo(BOOM));
      }
    }

    @Test
    void isAFailureWhenTheSupervisorOfTheManagerIsKilled() throws Exception {
      CompletableFuture<EventManager<String>> started = new CompletableFuture<>();
      ChildSpec spec =
          ChildSpec.worker(
              "events",
              () -> {
                started.complete(EventManager.start("events"));
                return StartResult.ok(started.get().proc());
              });
      Supervisor sup = Supervisor.start("sup", Flags.of(Strategy.ONE_FOR_ONE), spec);
      Proc consumer = consume(Subscribed.to(started.get()));
      sup.proc().kill();
      assertThat(consumer.awaitExit().cause())
          .isInstanceOf(ExitedException.class)
          .hasMessage("events is not running: killed");
    }

    @Test
    void isAFailureWhenTheManagerIsKilledInTheMiddleOfAnOrderlyStop() throws Exception {
      Proc consumer = consume(Subscribed.to(manager));
      HangsOnTerminate hangs = new HangsOnTerminate(Recorder.newLog(), false);
      manager.add("hangs", hangs);
      manager.proc().exit(ExitReason.SHUTDOWN);
      hangs.awaitHanging();
      manager.proc().kill();
      assertThat(consumer.awaitExit().cause())
          .isInstanceOf(ExitedException.class)
          .hasMessage("events is not running: killed");
    }

    @ParameterizedTest
    @MethodSource("kv.event.EventStreamTest#cleanReasons")
    void isNormalAfterACleanEndOfTheManager(ExitReason reason) throws Exception {
      Proc consumer = consume(Subscribed.to(manager));
      manager.proc().stop(reason);
      assertThat(consumer.awaitExit()).isEqualTo(ExitReason.NORMAL);
    }

    @Test
    void isAFailureWhenTheManagerHasEndedBeforeTheFirstPull() throws Exception {
      manager.proc().stop();
      try (Stream<String> stream = manager.stream()) {
        assertThatThrownBy(stream::findFirst)
            .isInstanceOf(ExitedException.class)
            .hasMessage("events is not running: noproc");
      }
    }

    @Test
    void isAFailureWhenTheConsumerIsInterruptedAndTheInterruptStaysSet() throws Exception {
      EventStream<String> stream = Subscribed.to(manager);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> stream.tryAdvance(got::add))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("interrupted while waiting for an event");
      assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void isNormalForWhoeverPullsAfterTheClosing() {
      EventStream<String> stream = Subscribed.to(manager);
      manager.proc().kill();
      stream.close();
      assertThat(stream.tryAdvance(got::add)).isFalse();
    }

    @Test
    void wakesAConsumerThatWaitsWhenAnotherThreadCloses() throws Exception {
      EventStream<String> stream = Subscribed.to(manager);
      Proc consumer = consume(stream);
      stream.close();
      assertThat(consumer.awaitExit()).isEqualTo(ExitReason.NORMAL);
    }

    @Test
    void wakesAllConsumersThatWaitWhenTheManagerIsStopped() throws Exception {
      List<Proc> consumers = new ArrayList<>();
      for (int i = 0; i < 10; i++) consumers.add(consume(Subscribed.to(manager)));
      manager.proc().stop();
      for (Proc consumer : consumers)
        assertThat(consumer.awaitExit()).isEqualTo(ExitReason.NORMAL);
    }

    @Test
    void mayBeAskedForTwice() throws Exception {
      EventStream<String> stream = Subscribed.to(manager);
      stream.close();
      stream.close();
      assertThat(manager.handlers()).isEmpty();
    }
  }

  /** A way for a manager to end. */
  interface End {
    void of(Proc manager) throws InterruptedException;
  }

  static Stream<End> abnormalEnds() {
    return Stream.of(
        manager -> {
          manager.exit(BOOM);
          manager.awaitExit();
        },
        manager -> manager.stop(BOOM));
  }

  static Stream<ExitReason> cleanReasons() {
    return Stream.of(ExitReason.NORMAL, ExitReason.SHUTDOWN, ExitReason.shutdown("for the night"));
  }

  /** Starts a consumer of {@code stream}; returns when it has had one event. */
  private static Proc consume(EventStream<String> stream) throws InterruptedException {
    CountDownLatch consuming = new CountDownLatch(1);
    stream.offer("a");
    Proc consumer =
        Task.start("consumer", self -> stream.forEachRemaining(e -> consuming.countDown()));
    consuming.await();
    return consumer;
  }

  @Nested
  class FallingBehind {
    @Test
    void isAllowedUpToTheBound() throws Exception {
      EventStream<String> stream = Subscribed.to(manager);
      flood(EventStream.MAX_BEHIND);
      manager.proc().stop();
      stream.forEachRemaining(got::add);
      assertThat(got).hasSize(EventStream.MAX_BEHIND);
    }

    @Test
    void byOneMoreCutsTheStreamOffAfterWhatItHas(LogCapture logged) throws Exception {
      logged.allow("events removes handler stream of events");
      EventStream<String> stream = Subscribed.to(manager);
      flood(EventStream.MAX_BEHIND + 1);
      assertThat(manager.handlers()).isEmpty();
      assertThatThrownBy(() -> stream.forEachRemaining(got::add))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("a stream of events fell behind by 1024 events");
      assertThat(got).hasSize(EventStream.MAX_BEHIND);
    }

    @Test
    void harmsNobodyElse(LogCapture logged) throws Exception {
      logged.allow("events removes handler stream of events");
      Subscribed.to(manager);
      List<String> log = Recorder.newLog();
      manager.add("a", new Recorder("a", log));
      flood(EventStream.MAX_BEHIND);
      manager.syncNotify("last");
      assertThat(log).endsWith("a event", "a last").hasSize(EventStream.MAX_BEHIND + 2);
    }

    private void flood(int events) throws InterruptedException {
      for (int i = 0; i < events; i++) manager.notify("event");
      barrier();
    }
  }

  /** Returns when the manager is done with all that was sent before. */
  private void barrier() {
    try {
      manager.handlers();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void await(Proc proc) {
    try {
      proc.awaitExit();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
