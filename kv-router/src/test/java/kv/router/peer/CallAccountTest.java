package kv.router.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.logging.Level;
import kv.memory.Memory;
import kv.router.wire.AnswerRoom;
import kv.router.wire.Figures.Event;
import kv.router.wire.Figures;
import kv.testing.LogCapture;
import kv.testing.ManualClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much calls may bring and answers hold; this thread serves all of them, one and another. */
class CallAccountTest {
  private static final int MOST = 400_000;

  private final ManualClock clock = new ManualClock();
  private final Figures figures = new Figures();
  private final Memory memory = Memory.of(Memory.ofArray(MOST));
  private final RefusalLog refusals = new RefusalLog(figures, clock);
  private final CallAccount account = new CallAccount(memory, refusals);

  /** Another connection, of which a call is being read now. */
  private CallAccount other() {
    CallAccount other = new CallAccount(memory, refusals);
    other.reading();
    return other;
  }

  @BeforeEach
  void beginACall(LogCapture log) {
    log.allow("^calls of peers are refused");
    account.reading();
  }

  @Nested
  class WhatAnAnswerHolds {
    @Test
    void isHeldUntilTheNextCallIsRead() {
      CallAccount.holdAnswer(MOST);
      account.writing();
      assertThat(memory.held()).isEqualTo(Memory.ofArray(MOST));
      account.reading();
      assertThat(memory.held()).isZero();
    }

    @Test
    void takesThePlaceOfItsCall() {
      CallAccount.announce(MOST);
      CallAccount.holdAnswer(MOST / 2);
      assertThat(memory.held()).isEqualTo(Memory.ofArray(MOST / 2));
    }

    @Test
    void isNothingIfTheAnswerIsSmall() {
      CallAccount.holdAnswer(1000);
      assertThat(memory.held()).isZero();
    }

    @Test
    void isGivenBackWhenTheConnectionIsClosedBeforeItOrAfter() {
      CallAccount.holdAnswer(MOST);
      account.close();
      assertThat(memory.held()).isZero();
      CallAccount.holdAnswer(MOST);
      assertThat(memory.held()).isZero();
    }
  }

  @Nested
  class WhatACallAnnounces {
    @Test
    void isTakenUntilTheNextCall() {
      assertThat(CallAccount.announce(MOST)).isTrue();
      assertThat(memory.held()).isEqualTo(Memory.ofArray(MOST));
      account.writing();
      account.reading();
      assertThat(memory.held()).isZero();
    }

    @Test
    void isTakenUntilItsConnectionEnds() {
      CallAccount.announce(MOST);
      account.close();
      assertThat(memory.held()).isZero();
    }

    @Test
    void isNotTakenForLongIfItsConnectionHasEnded() {
      account.close();
      CallAccount.announce(MOST);
      assertThat(memory.held()).isZero();
    }

    @Test
    void isRefusedToOneWhoReadsNoCall() throws Exception {
      FutureTask<Boolean> announced = new FutureTask<>(() -> CallAccount.announce(1));
      new Thread(announced, "stranger").start();
      assertThat(announced.get()).isFalse();
    }

    @Test
    void isRefusedBeyondWhatAllTogetherMayTake() {
      assertThat(CallAccount.announce(MOST / 2)).isTrue();
      CallAccount other = other();
      assertThat(CallAccount.announce(MOST / 2 + 1)).isFalse();
      account.close();
      assertThat(CallAccount.announce(MOST / 2 + 1)).isTrue();
      other.close();
      assertThat(memory.held()).isZero();
      assertThat(figures.total(Event.REFUSED_PEER_CALLS)).isEqualTo(1);
    }

    @Test
    void isRefusedForWhatClientsHoldToo() {
      memory.add(100);
      assertThat(CallAccount.announce(MOST)).isFalse();
    }

    @Test
    void isNeverRefusedIfItIsSmall() {
      memory.add(memory.limit());
      assertThat(AnswerRoom.of(1000)).isZero();
      assertThat(CallAccount.announce(1000)).isTrue();
    }
  }

  @Nested
  class ARefusal {
    @Test
    void isLoggedOnceAMinuteWithTheBoundAndAllAreCounted(LogCapture log) {
      for (int i = 0; i < 10; i++) CallAccount.announce(MOST + 1000);
      clock.advance(Duration.ofMinutes(1));
      CallAccount.announce(MOST + 1000);
      assertThat(figures.total(Event.REFUSED_PEER_CALLS)).isEqualTo(11);
      String warning =
          "calls of peers are refused: with them more than " + memory.limit()
              + " bytes would be held for clients (server.max-memory); INFO: refused_peer_calls ";
      assertThat(log.messages(Level.WARNING)).containsExactly(warning + 1, warning + 11);
    }
  }

  @Nested
  class ACall {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100_000})
    void endsWhereItBringsMoreThanItHasAnnounced(int announced) throws Exception {
      if (announced > 0) CallAccount.announce(announced);
      account.read(announced + CallAccount.FREE_BYTES);
      assertThatThrownBy(() -> account.read(1))
          .isInstanceOf(IOException.class)
          .hasMessage("a peer sends more than it has announced");
    }

    @Test
    void hasNothingLeftOfTheOneBefore() throws Exception {
      CallAccount.announce(MOST);
      account.writing();
      account.reading();
      account.read(CallAccount.FREE_BYTES);
      assertThatThrownBy(() -> account.read(1)).isInstanceOf(IOException.class);
    }

    @Test
    void mayBeReadInPieces() throws Exception {
      account.read(CallAccount.FREE_BYTES);
      account.reading();
      assertThatThrownBy(() -> account.read(1)).isInstanceOf(IOException.class);
    }

    @Test
    void mayBeFollowedByAnyNumberOfThem() {
      for (int i = 0; i < 100; i++) {
        assertThatCode(() -> account.read(CallAccount.FREE_BYTES)).doesNotThrowAnyException();
        account.writing();
        account.reading();
      }
      assertThat(memory.held()).isZero();
    }
  }
}
