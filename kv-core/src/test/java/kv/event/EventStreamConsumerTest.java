package kv.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.ITERABLE;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.Proc;
import kv.otp.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams and the lives of their consumers. */
class EventStreamConsumerTest {
  private final List<String> got = new ArrayList<>();
  private final Proc consumer = Proc.passive("consumer");
  private final EventManager<String> manager = EventManager.start("events");

  @AfterEach
  void killManager() {
    manager.proc().kill();
  }

  @Nested
  class AConsumerThatEnds {
    @ParameterizedTest
    @MethodSource("kv.event.EventOwnerTest#reasons")
    void takesItsSubscriptionAlong(ExitReason reason) throws Exception {
      Subscribed.to(manager, consumer);
      consumer.stop(reason);
      assertThat(manager.handlers()).isEmpty();
    }

    @Test
    void takesNoOtherSubscriptionAlong() throws Exception {
      Subscribed.to(manager, consumer);
      EventStream<String> other = Subscribed.to(manager, Proc.passive("other"));
      consumer.kill();
      manager.notify("x");
      other.tryAdvance(got::add);
      assertThat(manager.handlers()).containsExactly(other);
      assertThat(got).containsExactly("x");
    }

    @Test
    void needNotCloseTheStreamToLeaveNothingBehind() throws Exception {
      Feeder feeder = Feeder.of(manager);
      CountDownLatch told = new CountDownLatch(1);
      Task.start("task", self -> {
        manager.stream(self).limit(2).forEach(got::add);
        self.monitor(down -> told.countDown()); // after the stream's own, and so told after it
      });
      told.await();
      feeder.stop();
      assertThat(manager.handlers()).isEmpty();
      assertThat(got).hasSize(2);
    }

    @Test
    void isNotWaitedForWithWhatItHasNotPulled() {
      EventStream<String> stream = Subscribed.to(manager, consumer);
      CompletableFuture<Void> consumed = stream.offer("x");
      consumer.kill();
      assertThat(consumed).isDone();
    }

    @Test
    void isNotWaitedForWithTheElementThatItIsAt() throws Exception {
      EventStream<String> stream = Subscribed.to(manager, consumer);
      FutureTask<?> notifier =
          Threads.inBackground(
              () -> {
                manager.syncNotify("x");
                return null;
              });
      stream.tryAdvance(event -> {
        consumer.kill();
        await(notifier);
        got.add(event);
      });
      assertThat(got).containsExactly("x");
    }

    @Test
    void isNotWaitedForThoughTheManagerDiedBefore() throws Exception {
      EventStream<String> stream = Subscribed.to(manager, consumer);
      CompletableFuture<Void> consumed = stream.offer("x");
      manager.proc().kill();
      assertThat(consumed).isNotDone();
      consumer.kill();
      assertThat(consumed).isDone();
    }

    @Test
    void isFencedOffFromEventsIfItsThreadGoesOn() throws Exception {
      EventStream<String> stream = Subscribed.to(manager, consumer);
      stream.offer("x");
      consumer.kill();
      assertThatThrownBy(() -> stream.tryAdvance(got::add))
          .isInstanceOf(ExitedException.class)
          .hasMessage("consumer is not running: killed");
      assertThat(got).isEmpty();
    }

    @Test
    void wakesItsThreadThatWaitsForAnEvent() throws Exception {
      EventStream<String> stream = Subscribed.to(manager, consumer);
      CountDownLatch pulling = new CountDownLatch(1);
      FutureTask<?> puller =
          Threads.inBackground(
              () -> {
                pulling.countDown();
                return stream.tryAdvance(got::add);
              });
      pulling.await();
      consumer.kill();
      assertThatThrownBy(puller::get).hasCauseInstanceOf(ExitedException.class);
    }

    @Test
    void beforeItsFirstPullSubscribesToNothing() throws Exception {
      consumer.kill();
      try (Stream<String> stream = manager.stream(consumer)) {
        assertThatThrownBy(stream::findFirst)
            .isInstanceOf(ExitedException.class)
            .hasMessage("consumer is not running: noproc");
        assertThat(manager.handlers()).isEmpty();
      }
    }

    @Test
    void beforeASlowManagerTakesItsSubscriptionLeavesNoneBehind() throws Exception {
      HoldsManager holds = HoldsManager.hold(manager);
      EventStream<String> stream = new EventStream<>(manager, consumer, EventStream.FOREVER);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> stream.tryAdvance(got::add))
          .hasMessage("interrupted while waiting for an event");
      assertThat(Thread.interrupted()).isTrue();
      consumer.kill();
      holds.letGo();
      assertThat(manager.handlers()).containsExactly(holds);
    }
  }

  @Nested
  class AStreamThatIsClosed {
    @Test
    void afterALimitWasReachedUnsubscribesOnlyThen() throws Exception {
      Feeder feeder = Feeder.of(manager);
      try (Stream<String> stream = manager.stream(consumer)) {
        assertThat(stream.limit(2).toList()).hasSize(2);
        assertThat(manager.handlers()).hasSize(1);
      }
      assertThat(manager.handlers()).isEmpty();
      feeder.stop();
    }

    @Test
    void dropsEventsThatComeTooLate() throws Exception {
      EventStream<String> stream = Subscribed.to(manager, consumer);
      HoldsManager holds = HoldsManager.hold(manager);
      manager.notify("late");
      stream.close();
      holds.letGo();
      manager.handlers();
      assertThat((Object) stream).extracting("queue").asInstanceOf(ITERABLE).isEmpty();
    }

    @Test
    void watchesNobodyAnyMore() {
      EventStream<String> stream = Subscribed.to(manager, consumer);
      stream.close();
      assertThat(consumer).extracting("monitors").asInstanceOf(ITERABLE).isEmpty();
      assertThat(manager.proc()).extracting("monitors").asInstanceOf(ITERABLE).isEmpty();
    }

    @Test
    void doesNotWaitForASlowManager() throws Exception {
      EventStream<String> stream = Subscribed.to(manager, consumer);
      HoldsManager holds = HoldsManager.hold(manager);
      stream.close();
      holds.letGo();
      assertThat(manager.handlers()).containsExactly(holds);
    }

    @Test
    void doesNotAskTheManagerIfItIsPulledNevertheless() throws Exception {
      HoldsManager.hold(manager); // whoever asks it waits for ever
      EventStream<String> stream = new EventStream<>(manager, null, EventStream.FOREVER);
      stream.close();
      assertThat(stream.tryAdvance(got::add)).isFalse();
    }

    @Test
    void keepsNobodyWaitingForTheElementThatItsConsumerIsAt() throws Exception {
      EventStream<String> stream = Subscribed.to(manager);
      CompletableFuture<Void> consumed = stream.offer("x");
      stream.tryAdvance(event -> {
        stream.close();
        assertThat(consumed).isDone();
      });
    }
  }

  @Nested
  class AConsumer {
    @Test
    void mustBeNamed() {
      assertThatThrownBy(() -> manager.stream(null)).hasMessage("consumer");
    }

    @Test
    void getsEveryEventAsTheOtherDoes() throws Exception {
      EventStream<String> one = Subscribed.to(manager, consumer);
      EventStream<String> two = Subscribed.to(manager, consumer);
      for (String event : List.of("a", "b")) manager.notify(event);
      manager.proc().stop();
      one.forEachRemaining(got::add);
      two.forEachRemaining(got::add);
      assertThat(got).containsExactly("a", "b", "a", "b");
    }

    @Test
    void mustNotBeAHandlerOfTheManagerThatItWaitsFor() throws Exception {
      EventStream<String> stream = new EventStream<>(manager, null, EventStream.FOREVER);
      manager.add("pulls", event -> {
        for (int i = 0; i < 2; i++) {
          try {
            stream.tryAdvance(got::add);
          } catch (IllegalStateException e) {
            got.add("refused");
          }
        }
      });
      manager.syncNotify("x");
      assertThat(got).containsExactly("refused", "refused");
    }
  }

  private static void await(FutureTask<?> task) {
    try {
      task.get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
