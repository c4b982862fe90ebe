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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls whose reply is not what the request returns. */
class GenServerReplyTest {
  private final List<Object> told = Collections.synchronizedList(new ArrayList<>());
  private final CompletableFuture<Consumer<String>> kept = new CompletableFuture<>();
  private final GenServer server = GenServer.start("server");

  @AfterEach
  void kill() throws InterruptedException {
    server.proc().kill();
    server.proc().awaitExit();
  }

  @Nested
  class AReply {
    @Test
    void letsTheCallerGoWhileTheRequestGoesOn() throws Exception {
      CountDownLatch go = new CountDownLatch(1);
      String answer =
          server.call(
              reply -> {
                reply.accept("taken");
                go.await();
                told.add("done");
              });
      assertThat(answer).isEqualTo("taken");
      assertThat(told).isEmpty();
      go.countDown();
      assertThat(server.call(() -> List.copyOf(told))).containsExactly("done");
    }

    @Test
    void mayBeNull() throws Exception {
      assertThat(server.<String>call(reply -> reply.accept(null))).isNull();
    }

    @Test
    void countsOnlyOnce() throws Exception {
      String answer =
          server.call(
              reply -> {
                reply.accept("first");
                reply.accept("second");
              });
      assertThat(answer).isEqualTo("first");
    }

    @Test
    void isWaitedForAsLongAsTheCallerSays() throws Exception {
      assertThatThrownBy(() -> server.call(kept::complete, Duration.ofMillis(1)))
          .isInstanceOf(TimeoutException.class)
          .hasMessage("server gave no answer in 1 ms");
      kept.get().accept("too late");

      assertThat(server.<String>call(reply -> reply.accept("next"), Duration.ofDays(1)))
          .isEqualTo("next");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void isNotWaitedForIfThereIsNoTime(long seconds) {
      assertThatThrownBy(() -> server.call(kept::complete, Duration.ofSeconds(seconds)))
          .isInstanceOf(TimeoutException.class);
    }

    @Test
    void mayBeLeftToALaterMessage() throws Exception {
      FutureTask<String> caller = callThatKeepsTheReply();
      kept.get();
      server.cast(() -> kept.get().accept("later"));
      assertThat(caller.get()).isEqualTo("later");
    }

    @Test
    void mayBeLeftToAnotherThread() throws Exception {
      FutureTask<String> caller = callThatKeepsTheReply();
      kept.get().accept("from elsewhere");
      assertThat(caller.get()).isEqualTo("from elsewhere");
    }

    @Test
    void thatComesAfterTheServersEndIsTooLate() throws Exception {
      FutureTask<String> caller = callThatKeepsTheReply();
      Consumer<String> reply = kept.get();
      server.proc().kill();
      reply.accept("too late");
      assertFailed(caller, ExitReason.KILLED);
    }

    @Test
    void isHeldAgainstNobodyIfTheRequestThrowsAfterwards() throws Exception {
      IOException failure = new IOException("boom");
      String answer =
          server.call(
              reply -> {
                reply.accept("taken");
                throw failure;
              });
      assertThat(answer).isEqualTo("taken");
      assertThat(server.proc().awaitExit()).isEqualTo(ExitReason.crash(failure));
    }
  }

  @Nested
  class WithoutAReply {
    @Test
    void theCallerWaitsUntilTheServerEnds() throws Exception {
      FutureTask<String> caller = callThatKeepsTheReply();
      kept.get();
      server.proc().stop(ExitReason.SHUTDOWN);
      assertFailed(caller, ExitReason.SHUTDOWN);
    }

    @Test
    void theServerGoesOnWithOthers() throws Exception {
      FutureTask<String> caller = callThatKeepsTheReply();
      kept.get();
      assertThat(server.call(() -> "answer")).isEqualTo("answer");
      assertThat(caller).isNotDone();
      kept.get().accept("enough");
      caller.get();
    }

    @Test
    void aRequestThatThrowsCrashesTheServerAndFailsWithThat() {
      IOException failure = new IOException("boom");
      assertThatThrownBy(
              () ->
                  server.call(
                      reply -> {
                        throw failure;
                      }))
          .isInstanceOfSatisfying(
              ExitedException.class,
              e -> assertThat(e.reason()).isEqualTo(ExitReason.crash(failure)));
    }

    @Test
    void aServerThatHasEndedFailsWithNoproc() throws Exception {
      server.proc().stop();
      assertThatThrownBy(() -> server.call(reply -> reply.accept("answer")))
          .isInstanceOfSatisfying(
              ExitedException.class, e -> assertThat(e.reason()).isEqualTo(ExitReason.NO_PROC));
    }

    @Test
    void aCallByTheServerItselfIsRefused() {
      assertThatThrownBy(() -> server.call(() -> server.call(reply -> reply.accept("answer"))))
          .hasCauseInstanceOf(IllegalStateException.class)
          .hasMessageContaining("server is called from its own thread");
    }
  }

  @Nested
  class AfterTheCall {
    @Test
    void noMonitorIsLeftBehind() throws Exception {
      server.call(reply -> reply.accept("answer"));
      assertThat(server.proc()).extracting("monitors").asInstanceOf(ITERABLE).isEmpty();
    }

    @Test
    void aReplyThatNobodyWaitsForAnyMoreIsDropped() throws Exception {
      FutureTask<String> caller = new FutureTask<>(() -> server.call(kept::complete));
      Thread thread = new Thread(caller, "caller");
      thread.start();
      Consumer<String> reply = kept.get();
      thread.interrupt();
      assertThatThrownBy(caller::get).hasCauseInstanceOf(InterruptedException.class);
      reply.accept("too late");
      assertThat(server.call(() -> "alive")).isEqualTo("alive");
    }
  }

  private FutureTask<String> callThatKeepsTheReply() {
    return Doubles.inBackground(() -> server.call(kept::complete));
  }

  private static void assertFailed(FutureTask<String> caller, ExitReason reason) {
    assertThatThrownBy(caller::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            ExitedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
