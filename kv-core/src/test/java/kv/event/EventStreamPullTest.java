package kv.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.InstanceOfAssertFactories.ITERABLE;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.Proc;
import kv.testing.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pulls of a stream that find no event. */
class EventStreamPullTest {
  private final List<String> got = new ArrayList<>();
  private final Proc consumer = Proc.passive("consumer");
  private final ManualClock clock = new ManualClock(); // tells when a pull waits
  private final EventManager<String> manager = EventManager.start("events");
  private final EventStream<String> stream =
      new EventStream<>(manager, consumer, EventStream.FOREVER, clock);

  @AfterEach
  void killManager() {
    manager.proc().kill();
  }

  private FutureTask<Boolean> pullInBackground() throws InterruptedException {
    FutureTask<Boolean> puller = Threads.inBackground(() -> stream.tryAdvance(got::add));
    clock.awaitParked();
    return puller;
  }

  @Nested
  class TheFirst {
    @Test
    void isWokenByTheConsumersEndThoughTheManagerHasNotTakenTheSubscription() throws Exception {
      HoldsManager holds = HoldsManager.hold(manager);
      FutureTask<Boolean> puller = pullInBackground();
      consumer.kill();
      assertThatThrownBy(puller::get).hasCauseInstanceOf(ExitedException.class);
      holds.letGo();
      assertThat(manager.handlers()).containsExactly(holds);
    }

    @Test
    void isWokenByTheClosingThoughTheManagerHasNotTakenTheSubscription() throws Exception {
      HoldsManager holds = HoldsManager.hold(manager);
      FutureTask<Boolean> puller = pullInBackground();
      stream.close();
      assertThat(puller.get()).isFalse();
      holds.letGo();
      assertThat(manager.handlers()).containsExactly(holds);
    }

    @Test
    void watchesNobodyIfItsConsumerHasEnded() {
      consumer.kill();
      assertThatThrownBy(() -> stream.tryAdvance(got::add)).isInstanceOf(ExitedException.class);
      assertThat(manager.proc()).extracting("monitors").asInstanceOf(ITERABLE).isEmpty();
    }

    @Test
    void findsTheEndIfTheManagerIsStoppedInOrderBeforeItTakesTheSubscription() throws Exception {
      HoldsManager holds = HoldsManager.hold(manager);
      manager.proc().exit(ExitReason.SHUTDOWN);
      FutureTask<Boolean> puller = pullInBackground();
      holds.letGo();
      assertThat(puller.get()).isFalse();
    }

    @Test
    void failsIfTheManagerIsKilledBeforeItTakesTheSubscription() throws Exception {
      HoldsManager.hold(manager);
      FutureTask<Boolean> puller = pullInBackground();
      manager.proc().kill();
      assertThatThrownBy(puller::get).hasCauseInstanceOf(ExitedException.class);
    }
  }

  @Nested
  class ThatIsInterrupted {
    @Test
    void unsubscribesAndKeepsNobodyWaiting() throws Exception {
      subscribe();
      assertInterrupted();
      assertThat(manager.handlers()).isEmpty();
      assertThat(consumer).extracting("monitors").asInstanceOf(ITERABLE).isEmpty();
      manager.syncNotify("x");
    }

    @Test
    void failsEveryFurtherPullThoughThatIsNotInterrupted() throws Exception {
      subscribe();
      assertInterrupted();
      assertThatThrownBy(() -> stream.tryAdvance(got::add))
          .isInstanceOf(IllegalStateException.class)
          .hasCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void getsAnEventThatIsThereAllTheSame() throws Exception {
      subscribe();
      stream.offer("x");
      Thread.currentThread().interrupt();
      stream.tryAdvance(got::add);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(got).containsExactly("x");
    }

    private void assertInterrupted() {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> stream.tryAdvance(got::add))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("interrupted while waiting for an event")
          .hasCauseInstanceOf(InterruptedException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  /** Ways in which the manager may end under a stream. */
  enum Ending {
    STOP {
      @Override
      void of(EventManager<?> manager) throws InterruptedException {
        manager.proc().stop();
      }
    },
    KILL {
      @Override
      void of(EventManager<?> manager) {
        manager.proc().kill();
      }
    };

    abstract void of(EventManager<?> manager) throws InterruptedException;
  }

  @Nested
  class ThatFindsTheEnd {
    @ParameterizedTest
    @EnumSource
    void leavesNothingBehindOnALivingConsumer(Ending ending) throws Exception {
      subscribe();
      ending.of(manager);
      catchThrowable(() -> stream.tryAdvance(got::add));
      assertThat(consumer).extracting("monitors").asInstanceOf(ITERABLE).isEmpty();
    }

    @Test
    void findsItAgain() throws Exception {
      subscribe();
      manager.proc().stop();
      assertThat(stream.tryAdvance(got::add)).isFalse();
      consumer.kill();
      assertThat(stream.tryAdvance(got::add)).isFalse();
    }

    @Test
    void failsEachTimeWithAnExceptionOfItsOwnMadeWhereItIsThrown() throws Exception {
      subscribe();
      manager.proc().kill();
      Throwable first = catchThrowable(() -> stream.tryAdvance(got::add));
      Throwable second = catchThrowable(() -> stream.tryAdvance(got::add));
      assertThat(first).isInstanceOf(ExitedException.class).isNotSameAs(second);
      assertThat(first.getStackTrace())
          .extracting(StackTraceElement::getMethodName)
          .contains("tryAdvance");
    }
  }

  @Nested
  class ThatNeverCame {
    @Test
    void leavesNothingForTheManagerToDoWhenTheStreamIsClosed() throws Exception {
      HoldsManager holds = HoldsManager.hold(manager);
      for (int i = 0; i < EventManager.MAX_WAITING; i++) manager.stream().close();
      Thread.currentThread().interrupt();
      manager.notify("x"); // would throw if it had to wait for room
      assertThat(Thread.interrupted()).isTrue();
      holds.letGo();
    }
  }

  @Nested
  class OnTheManagersOwnThread {
    @Test
    void isRefusedEvenIfThereIsAnEventForIt() throws Exception {
      subscribe();
      manager.add("pulls", event -> {
        try {
          stream.tryAdvance(got::add);
        } catch (IllegalStateException e) {
          got.add(e.getMessage());
        }
      });
      manager.notify("x");
      manager.handlers();
      assertThat(got)
          .singleElement()
          .asString()
          .startsWith("events cannot wait for its own events");
    }
  }

  private void subscribe() throws InterruptedException {
    stream.offer("primer");
    stream.tryAdvance(event -> {});
    assertThat(manager.handlers()).containsExactly(stream);
  }
}
