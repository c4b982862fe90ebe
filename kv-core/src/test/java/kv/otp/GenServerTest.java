package kv.otp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.ITERABLE;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kv.testing.Concurrently;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A proc that handles one message at a time. */
class GenServerTest {
  private static final ExitReason BOOM = ExitReason.crash("boom");

  private final List<Object> told = Collections.synchronizedList(new ArrayList<>());
  private final GenServer server =
      GenServer.startTrapping("server", reason -> told.add("terminate " + reason));

  @AfterEach
  void kill() throws InterruptedException {
    server.proc().kill();
    server.proc().awaitExit();
  }

  @Nested
  class Cast {
    @Test
    void goesOnAfterAMessageThatLeavesItsThreadInterrupted() throws Exception {
      server.cast(() -> Thread.currentThread().interrupt());
      assertThat(server.call(Thread::interrupted)).isFalse();
    }

    @Test
    void isHandledInTheOrderOfArrival() throws Exception {
      IntStream.range(0, 100).forEach(i -> server.cast(() -> told.add(i)));
      server.proc().stop();

      assertThat(told.subList(0, 100))
          .isEqualTo(IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void isHandledOneAtATimeByOneThread() throws Exception {
      List<Integer> count = new ArrayList<>(List.of(0)); // without a lock, on purpose
      Concurrently.run(
          4,
          index -> {
            for (int i = 0; i < 500; i++) server.cast(() -> count.set(0, count.get(0) + 1));
            return index;
          });

      assertThat(server.call(() -> count.get(0))).isEqualTo(2000);
    }

    @Test
    void isDroppedIfTheServerHasEnded() throws Exception {
      server.proc().stop();
      server.cast(() -> told.add("late"));
      server.cast(() -> told.add("late"), 1);

      assertThat(told).containsExactly("terminate normal");
    }

    @ParameterizedTest
    @MethodSource("kv.otp.GenServerTest#failures")
    void thatThrowsCrashesTheServer(Throwable failure) throws Exception {
      server.cast(() -> Doubles.sneak(failure));

      assertThat(server.proc().awaitExit()).isEqualTo(ExitReason.crash(failure));
    }

    @Test
    void thatExitsEndsTheServerWithItsReason() throws Exception {
      server.cast(
          () -> {
            throw new Exit(ExitReason.NORMAL);
          });

      assertThat(server.proc().awaitExit()).isEqualTo(ExitReason.NORMAL);
    }

    @Test
    void afterACrashIsNotHandled() throws Exception {
      CountDownLatch go = new CountDownLatch(1);
      server.cast(go::await);
      server.cast(
          () -> {
            throw new Exit(BOOM);
          });
      server.cast(() -> told.add("after"));
      go.countDown();
      server.proc().awaitExit();

      assertThat(told).isEmpty();
    }
  }

  @Nested
  class CastWithinACapacity {
    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void needsOne(int capacity) {
      assertThatThrownBy(() -> server.cast(() -> {}, capacity))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("not a capacity: " + capacity);
    }

    @Test
    void waitsForRoom() throws Exception {
      CountDownLatch busy = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      server.cast(
          () -> {
            busy.countDown();
            go.await();
          });
      busy.await();
      server.cast(() -> told.add("first"), 1);
      FutureTask<Boolean> second =
          Doubles.inBackground(
              () -> {
                server.cast(() -> told.add("second"), 1);
                return told.contains("first") || go.getCount() == 0;
              });
      go.countDown();

      assertThat(second.get()).isTrue();
      server.proc().stop();
      assertThat(told).containsExactly("first", "second", "terminate normal");
    }

    @Test
    void doesNotWaitIfTheServerSendsToItself() throws Exception {
      server.call(
          () -> {
            for (int i = 0; i < 3; i++) server.cast(() -> told.add("own"), 1);
            return told;
          });
      server.proc().stop();

      assertThat(told).containsExactly("own", "own", "own", "terminate normal");
    }

    @Test
    void isBrokenOffByAnInterruptAndNothingIsSent() throws Exception {
      CountDownLatch busy = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      server.cast(
          () -> {
            busy.countDown();
            go.await();
          });
      busy.await();
      server.cast(() -> {});
      CompletableFuture<Thread> sender = new CompletableFuture<>();
      FutureTask<?> sending =
          Doubles.inBackground(
              () -> {
                sender.complete(Thread.currentThread());
                server.cast(() -> told.add("sent"), 1);
                return null;
              });
      sender.get().interrupt();

      assertThatThrownBy(sending::get).hasCauseInstanceOf(InterruptedException.class);
      go.countDown();
      server.proc().stop();
      assertThat(told).containsExactly("terminate normal");
    }

    @Test
    void isReleasedByTheServersEnd() throws Exception {
      CountDownLatch sending = new CountDownLatch(1);
      server.cast(() -> new CountDownLatch(1).await());
      server.cast(() -> {});
      FutureTask<?> sender =
          Doubles.inBackground(
              () -> {
                sending.countDown();
                server.cast(() -> told.add("sent"), 1);
                return null;
              });
      sending.await();
      server.proc().kill();
      sender.get();

      assertThat(told).isEmpty();
    }
  }

  @Nested
  class Call {
    @Test
    void answersWithWhatTheRequestReturns() throws Exception {
      assertThat(server.call(() -> "answer")).isEqualTo("answer");
      assertThat(server.<Object>call(() -> null)).isNull();
    }

    @Test
    void comesAfterWhatWasSentBefore() throws Exception {
      server.cast(() -> told.add("before"));

      assertThat(server.call(() -> List.copyOf(told))).containsExactly("before");
    }

    @ParameterizedTest
    @MethodSource("kv.otp.GenServerTest#failures")
    void thatThrowsCrashesTheServerAndFailsWithThat(Throwable failure) {
      assertThatThrownBy(() -> server.call(() -> thrown(failure)))
          .isInstanceOfSatisfying(
              ExitedException.class,
              e -> assertThat(e.reason()).isEqualTo(ExitReason.crash(failure)))
          .hasCause(failure);
    }

    @Test
    void toAServerThatHasEndedFailsWithNoproc() throws Exception {
      server.proc().stop();

      assertThatThrownBy(() -> server.call(() -> "answer"))
          .isInstanceOfSatisfying(
              ExitedException.class, e -> assertThat(e.reason()).isEqualTo(ExitReason.NO_PROC));
    }

    @Test
    void failsIfTheServerIsKilledBeforeItAnswers() throws Exception {
      assertThatThrownBy(
              () ->
                  server.call(
                      () -> {
                        server.proc().kill();
                        return "answer of a zombie";
                      }))
          .isInstanceOfSatisfying(
              ExitedException.class, e -> assertThat(e.reason()).isEqualTo(ExitReason.KILLED));
    }

    @Test
    void byTheServerItselfIsRefused() {
      assertThatThrownBy(() -> server.call(() -> server.call(() -> "answer")))
          .hasCauseInstanceOf(IllegalStateException.class)
          .hasMessageContaining("server is called from its own thread");
    }

    @Test
    void givesUpAfterItsTimeoutAndTheRequestIsCarriedOutAllTheSame() throws Exception {
      CountDownLatch go = new CountDownLatch(1);
      server.cast(go::await);

      assertThatThrownBy(() -> server.call(() -> told.add("late"), Duration.ZERO))
          .isInstanceOf(TimeoutException.class);
      go.countDown();
      server.proc().stop();
      assertThat(told).containsExactly("late", "terminate normal");
    }

    @Test
    void mayHaveATimeoutBeyondAnyClock() throws Exception {
      assertThat(server.call(() -> "answer", Duration.ofSeconds(Long.MAX_VALUE)))
          .isEqualTo("answer");
    }

    @Test
    void leavesNoMonitorBehind() throws Exception {
      server.call(() -> "answer");

      assertThat(server.proc()).extracting("monitors").asInstanceOf(ITERABLE).isEmpty();
    }

    private String thrown(Throwable failure) {
      Doubles.<RuntimeException>sneak(failure);
      return "never";
    }
  }

  static Stream<Throwable> failures() {
    return Stream.of(
        new IOException("boom"), new IllegalStateException("boom"), new StackOverflowError());
  }
}
