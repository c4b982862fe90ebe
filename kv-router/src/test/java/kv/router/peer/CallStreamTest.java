package kv.router.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import kv.store.Memory;
import kv.testing.LogCapture;
import kv.testing.ManualClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much calls may bring; this thread reads all of them, one and then another. */
class CallStreamTest {
  private static final int MOST = 1_000_000;

  private final ManualClock clock = new ManualClock();
  private final AtomicLong refused = new AtomicLong();
  private final CallRoom room = new CallRoom(MOST, refused::incrementAndGet, clock);
  private final CallStream stream = new CallStream(room);
  private final InputStream calls = calls(stream);
  private final OutputStream answers = stream.answers(OutputStream.nullOutputStream());

  private static InputStream calls(CallStream stream) {
    return stream.calls(new ByteArrayInputStream(new byte[10 * MOST]));
  }

  /** Another connection, of which a call is being read now. */
  private CallStream other() throws IOException {
    CallStream other = new CallStream(room);
    calls(other).read();
    return other;
  }

  @BeforeEach
  void allowTheWarning(LogCapture log) {
    log.allow("^calls of peers are refused");
  }

  @Nested
  class WhatAnAnswerHolds {
    private final Memory memory = Memory.of(MOST);

    @Test
    void isHeldUntilTheNextCallIsRead() throws Exception {
      calls.read();
      CallStream.holdAnswer(memory, 1000);
      answers.write(1);
      answers.write(1);
      assertThat(memory.held()).isEqualTo(1000);
      calls.read();
      assertThat(memory.held()).isZero();
    }

    @Test
    void isGivenBackWhenTheConnectionIsClosedBeforeItOrAfter() throws Exception {
      calls.read();
      CallStream.holdAnswer(memory, 1000);
      stream.close();
      assertThat(memory.held()).isZero();
      CallStream.holdAnswer(memory, 1000);
      assertThat(memory.held()).isZero();
    }
  }

  @Nested
  class WhatACallAnnounces {
    @Test
    void isTakenUntilItsAnswer() throws Exception {
      calls.read();
      assertThat(CallStream.announce(MOST)).isTrue();
      calls.readNBytes(MOST);
      assertThat(room.taken()).isEqualTo(MOST);
      answers.write(1);
      assertThat(room.taken()).isZero();
    }

    @Test
    void isTakenUntilItsConnectionEnds() throws Exception {
      calls.read();
      CallStream.announce(MOST);
      stream.close();
      assertThat(room.taken()).isZero();
    }

    @Test
    void isNotTakenForLongIfItsConnectionHasEnded() throws Exception {
      calls.read();
      stream.close();
      CallStream.announce(MOST);
      assertThat(room.taken()).isZero();
    }

    @Test
    void isRefusedToWhoeverReadsNoCall() throws Exception {
      FutureTask<Boolean> announced = new FutureTask<>(() -> CallStream.announce(1));
      new Thread(announced, "stranger").start();
      assertThat(announced.get()).isFalse();
    }

    @Test
    void isRefusedBeyondWhatAllTogetherMayTake() throws Exception {
      calls.read();
      assertThat(CallStream.announce(MOST - 10)).isTrue();
      CallStream other = other();
      assertThat(CallStream.announce(11)).isFalse();
      assertThat(CallStream.announce(10)).isTrue();
      answers.write(1);
      assertThat(CallStream.announce(MOST - 10)).isTrue();
      other.close();
      assertThat(room.taken()).isZero();
      assertThat(refused.get()).isEqualTo(1);
    }
  }

  @Nested
  class ARefusal {
    @Test
    void isLoggedOnceAMinuteWithTheBound(LogCapture log) throws Exception {
      calls.read();
      for (int i = 0; i < 10; i++) CallStream.announce(MOST + 1);
      clock.advance(Duration.ofMinutes(1));
      CallStream.announce(MOST + 1);
      assertThat(refused.get()).isEqualTo(11);
      assertThat(log.messages(Level.WARNING))
          .hasSize(2)
          .containsOnly(
              "calls of peers are refused: together they would take more than 1000000 bytes, an"
                  + " eighth of the heap (java -Xmx); INFO counts on (refused_peer_calls)");
    }
  }

  @Nested
  class ACall {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 500_000})
    void endsWhereItBringsMoreThanItHasAnnounced(int announced) throws Exception {
      calls.read();
      if (announced > 0) CallStream.announce(announced);
      calls.readNBytes(announced + CallStream.FREE_BYTES - 1);
      assertThatThrownBy(calls::read)
          .isInstanceOf(IOException.class)
          .hasMessage("a peer sends more than it has announced");
    }

    @Test
    void hasNothingLeftOfTheOneBefore() throws Exception {
      calls.read();
      CallStream.announce(MOST);
      answers.write(1);
      calls.readNBytes(CallStream.FREE_BYTES);
      assertThatThrownBy(calls::read).isInstanceOf(IOException.class);
    }

    @Test
    void mayBeFollowedByAnyNumberOfThem() throws Exception {
      for (int i = 0; i < 100; i++) {
        calls.readNBytes(CallStream.FREE_BYTES);
        answers.write(1);
      }
      assertThat(room.taken()).isZero();
    }
  }
}
