package kv.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import kv.command.ByteBuilder;
import kv.otp.Proc;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What leaves together, and what becomes of it. Whatever is answered, the answer is the call. */
class SharedCallsTest {
  private static final int MEBIBYTE = 1024 * 1024;
  private static final String BROKEN =
      "a call to another node failed; the command may have been carried out";

  private final HeldCarrier carrier = new HeldCarrier();
  private final WatchedQueue queue = new WatchedQueue();
  private final SharedCalls calls = new SharedCalls(carrier, queue);

  /** A client on a thread of its own, whose call waits when the constructor is over. */
  private final class Caller {
    final Proc worker = Proc.passive("caller");
    final FutureTask<String> answer;
    final Thread thread;

    /** Set once it has its answer. */
    boolean isInterrupted;

    Caller(String call) throws InterruptedException {
      this(call, false);
    }

    Caller(String call, boolean isInterruptedBefore) throws InterruptedException {
      ByteBuilder bytes = call == null ? null : new ByteBuilder(0).append(call);
      answer = new FutureTask<>(() -> call(bytes, isInterruptedBefore));
      thread = new Thread(answer, "caller");
      thread.start();
      queue.awaitAdded();
    }

    private String call(ByteBuilder bytes, boolean isInterruptedBefore) throws Exception {
      if (isInterruptedBefore) Thread.currentThread().interrupt();
      try {
        return HeldCarrier.text(calls.call(worker, bytes));
      } finally {
        isInterrupted = Thread.interrupted();
      }
    }

    /** What it has thrown. */
    Throwable failure() throws InterruptedException {
      try {
        throw new AssertionError("no failure, but " + answer.get());
      } catch (ExecutionException e) {
        return e.getCause();
      }
    }

    void assertFailed(String message) throws InterruptedException {
      assertThat(failure()).isInstanceOf(Link.FailedException.class).hasMessage(message);
    }
  }

  @AfterEach
  void leaveNobodyWaiting() {
    carrier.letGo();
  }

  private static void assertAnswered(String expected, Caller caller) throws Exception {
    assertThat(caller.answer.get()).isEqualTo(expected);
  }

  /** Whatever has been before: one that comes now finds nobody in its way. */
  private void assertLeadIsFree() throws Exception {
    Caller late = new Caller("late");
    HeldCarrier.Trip trip = carrier.next();
    assertThat(trip.leader).isSameAs(late.thread);
    trip.answer();
    assertAnswered("late", late);
    assertThat(carrier.isIdle()).isTrue();
  }

  @Nested
  class ACallThatFindsNoneUnderWay {
    @Test
    void leavesAtOnceOnTheThreadOfItsClient() throws Exception {
      Caller alone = new Caller("alone");
      HeldCarrier.Trip trip = carrier.next();
      assertThat(trip.calls).containsExactly("alone");
      assertThat(trip.leader).isSameAs(alone.thread);
      trip.answer();
      assertAnswered("alone", alone);
      assertLeadIsFree();
    }

    @Test
    void neverLeavesIfItsWorkerHasEnded() throws Exception {
      Proc dead = Proc.passive("dead");
      dead.kill();
      assertThat(HeldCarrier.text(calls.call(dead, new ByteBuilder(0).append("x")))).isEmpty();
      queue.awaitAdded();
      assertLeadIsFree();
    }
  }

  @Nested
  class CallsThatComeWhileOneIsUnderWay {
    private Caller first;
    private HeldCarrier.Trip underWay;

    @BeforeEach
    void send() throws Exception {
      first = new Caller("first");
      underWay = carrier.next();
    }

    @Test
    void leaveTogetherInTheirOrderWhenItIsBackAndEachGetsItsOwnAnswer() throws Exception {
      Caller b = new Caller("b");
      Caller c = new Caller("");
      Caller d = new Caller("ddd");
      assertThat(carrier.isIdle()).isTrue();
      underWay.answer();
      HeldCarrier.Trip together = carrier.next();
      assertThat(together.calls).containsExactly("b", "", "ddd");
      assertThat(together.leader).isSameAs(b.thread);
      assertAnswered("first", first); // though the others are not back
      together.answer();
      assertAnswered("b", b);
      assertAnswered("", c);
      assertAnswered("ddd", d);
      assertLeadIsFree();
    }

    @ParameterizedTest
    @CsvSource({
      "524288, 524288, true", "524288, 524289, false", "1048576, 1, false", "1048576, 0, true",
      "3000000, 1, false", "1, 3000000, false"
    })
    void areAMebibyteAtTheMostUnlessItIsOneAlone(int one, int other, boolean fit)
        throws Exception {
      Caller b = new Caller("b".repeat(one));
      Caller c = new Caller("c".repeat(other));
      underWay.answer();
      HeldCarrier.Trip trip = carrier.next();
      assertThat(trip.calls).hasSize(fit ? 2 : 1);
      trip.answer();
      if (!fit) carrier.next().answer();
      assertAnswered("b".repeat(one), b);
      assertAnswered("c".repeat(other), c);
      assertLeadIsFree();
    }

    @Test
    void goWithoutThatOfAWorkerThatHasEndedWhichGetsAnEmptyAnswer() throws Exception {
      Caller b = new Caller("b");
      Caller c = new Caller("c".repeat(MEBIBYTE));
      Caller d = new Caller("d");
      c.worker.kill();
      underWay.answer();
      HeldCarrier.Trip trip = carrier.next();
      assertThat(trip.calls).containsExactly("b", "d");
      assertAnswered("", c);
      trip.answer();
      assertAnswered("b", b);
      assertAnswered("d", d);
    }

    @Test
    void areBroughtByAClientWhoseOwnWorkerHasEndedIfItIsItsTurnToLead() throws Exception {
      Caller b = new Caller("b");
      Caller c = new Caller("c");
      b.worker.kill();
      underWay.answer();
      HeldCarrier.Trip trip = carrier.next();
      assertThat(trip.leader).isSameAs(b.thread);
      assertThat(trip.calls).containsExactly("c");
      trip.answer();
      assertAnswered("", b);
      assertAnswered("c", c);
    }

    @Test
    void neverLeaveIfAllTheirWorkersHaveEnded() throws Exception {
      Caller b = new Caller("b");
      Caller c = new Caller("c");
      b.worker.kill();
      c.worker.kill();
      underWay.answer();
      assertAnswered("", b);
      assertAnswered("", c);
      assertLeadIsFree();
    }

    @Test
    void leaveAlsoIfTheLeaderIsKilledWhichHasItsAnswerAllTheSame() throws Exception {
      Caller b = new Caller("b");
      first.worker.kill();
      first.thread.interrupt(); // as a task does
      underWay.answer();
      carrier.next().answer();
      assertAnswered("first", first);
      assertThat(first.isInterrupted).isTrue();
      assertAnswered("b", b);
    }

    @Test
    void haveNoAnswerFromWhereAnswersEnd() throws Exception {
      Caller b = new Caller("b");
      Caller c = new Caller("c");
      underWay.answer(0);
      carrier.next().answer(1);
      assertAnswered("", first);
      assertAnswered("b", b);
      assertAnswered("", c);
    }

    @Nested
    class AFailure {
      private Caller b;
      private Caller c;

      @BeforeEach
      void haveTwoWait() throws Exception {
        b = new Caller("b");
        c = new Caller("c");
      }

      @Test
      void reachesAllWhoseCallsWereInItAndNobodyElse() throws Exception {
        underWay.answer();
        HeldCarrier.Trip trip = carrier.next();
        Caller d = new Caller("d");
        trip.fail(new Link.FailedException("node bar is unreachable", null));
        carrier.next().answer();
        assertAnswered("first", first);
        b.assertFailed("node bar is unreachable");
        c.assertFailed("node bar is unreachable");
        assertAnswered("d", d);
      }

      @Test
      void leavesTheWaitingAlone() throws Exception {
        underWay.fail(new Link.FailedException("node bar is unreachable", null));
        HeldCarrier.Trip trip = carrier.next();
        assertThat(trip.calls).containsExactly("b", "c");
        trip.answer();
        first.assertFailed("node bar is unreachable");
        assertAnswered("b", b);
        assertAnswered("c", c);
      }

      @Test
      void ofTimeTellsTheWaitingAtOnceThatTheirCommandsWereNotCarriedOut() throws Exception {
        underWay.fail(new Link.FailedException("node bar is slow", "; perhaps", true, null));
        first.assertFailed("node bar is slow; perhaps");
        b.assertFailed("node bar is slow; the command was not carried out");
        c.assertFailed("node bar is slow; the command was not carried out");
        assertLeadIsFree();
      }

      @ParameterizedTest
      @ValueSource(classes = {IllegalStateException.class, OutOfMemoryError.class})
      void thatNobodyExpectsCrashesTheLeaderAloneAndTheLeadGoesOn(
          Class<? extends Throwable> type) throws Exception {
        underWay.answer();
        HeldCarrier.Trip trip = carrier.next();
        Caller d = new Caller("d");
        Throwable unexpected = type.getConstructor().newInstance();
        trip.fail(unexpected);
        assertThat(b.failure()).isSameAs(unexpected);
        c.assertFailed(BROKEN); // no empty answer: that would have it sent once more
        carrier.next().answer();
        assertAnswered("d", d);
        assertLeadIsFree();
      }
    }

    @Test
    void areBroughtThoughOneOfThemCannotBeTaken() throws Exception {
      Caller b = new Caller("b");
      Caller broken = new Caller(null); // as one that there is no room for
      Caller d = new Caller("d");
      underWay.answer();
      assertThat(b.failure()).isInstanceOf(NullPointerException.class);
      assertThat(broken.failure()).isInstanceOf(NullPointerException.class);
      carrier.next().answer();
      assertAnswered("d", d);
      assertLeadIsFree();
    }

    @Test
    void stayThoughTheirClientIsInterruptedWhichIsSetAfterwards() throws Exception {
      Caller b = new Caller("b");
      Caller c = new Caller("c");
      c.thread.interrupt();
      underWay.answer();
      HeldCarrier.Trip trip = carrier.next();
      assertThat(trip.calls).containsExactly("b", "c");
      trip.answer();
      assertAnswered("c", c);
      assertThat(c.isInterrupted).isTrue();
      assertAnswered("b", b);
      assertThat(b.isInterrupted).isFalse();
    }

    @Test
    void areBroughtByAnInterruptedClientAsByAnyOther() throws Exception {
      Caller b = new Caller("b", true);
      Caller c = new Caller("c");
      underWay.answer();
      HeldCarrier.Trip trip = carrier.next();
      assertThat(trip.leader).isSameAs(b.thread);
      assertThat(trip.isInterrupted).isFalse(); // it would end the call of others
      trip.answer();
      assertAnswered("b", b);
      assertThat(b.isInterrupted).isTrue();
      assertAnswered("c", c);
    }
  }

  @Nested
  class AClientThatIsSlow {
    private final CountDownLatch gate = new CountDownLatch(1);

    @Test
    void leadsIfTheLeadIsHandedToItBeforeItWaits() throws Exception {
      Caller first = new Caller("first");
      HeldCarrier.Trip trip = carrier.next();
      queue.holdAt(gate);
      Caller slow = new Caller("slow");
      trip.answer();
      assertAnswered("first", first);
      gate.countDown();
      carrier.next().answer();
      assertAnswered("slow", slow);
      assertLeadIsFree();
    }

    @Test
    void isHandedTheLeadIfItComesWhenNobodyWasFoundToLead() throws Exception {
      Caller first = new Caller("first");
      HeldCarrier.Trip trip = carrier.next();
      queue.holdAt(gate);
      FutureTask<Caller> late = new FutureTask<>(() -> new Caller("late"));
      queue.whenFoundEmpty(late);
      trip.answer();
      assertAnswered("first", first);
      queue.holdAt(new CountDownLatch(0));
      Caller last = new Caller("last"); // which does not find the lead free
      gate.countDown();
      HeldCarrier.Trip together = carrier.next();
      assertThat(together.leader).isSameAs(late.get().thread);
      assertThat(together.calls).containsExactly("late", "last");
      together.answer();
      assertAnswered("late", late.get());
      assertAnswered("last", last);
      assertLeadIsFree();
    }

    @Test
    void leadsNobodyIfItsCallWasBroughtAndTheLeadLetGoBeforeItLooks() throws Exception {
      Caller slow = bringASlowOnesCall();
      gate.countDown();
      assertAnswered("slow", slow);
      assertLeadIsFree();
    }

    @Test
    void waitsForNobodyIfItsCallWasBroughtAndAnotherLeadsBeforeItLooks() throws Exception {
      Caller slow = bringASlowOnesCall();
      queue.holdAt(new CountDownLatch(0));
      Caller other = new Caller("other");
      HeldCarrier.Trip trip = carrier.next();
      gate.countDown();
      assertAnswered("slow", slow);
      trip.answer();
      assertAnswered("other", other);
    }

    @Test
    void bringsTheCallsOfOthersIfTheLeadWasLetGoBeforeItLooks() throws Exception {
      Caller slow = bringASlowOnesCall();
      CountDownLatch nextGate = new CountDownLatch(1);
      queue.holdAt(nextGate);
      Caller other = new Caller("other"); // has not looked either
      gate.countDown();
      HeldCarrier.Trip trip = carrier.next();
      assertThat(trip.leader).isSameAs(slow.thread);
      assertThat(trip.calls).containsExactly("other");
      trip.answer();
      assertAnswered("slow", slow);
      nextGate.countDown();
      assertAnswered("other", other);
    }

    /** It is held between the queue and its look at whether somebody leads. */
    private Caller bringASlowOnesCall() throws Exception {
      Caller first = new Caller("first");
      HeldCarrier.Trip trip = carrier.next();
      Caller second = new Caller("second");
      queue.holdAt(gate);
      Caller slow = new Caller("slow");
      trip.answer();
      carrier.next().answer();
      assertAnswered("first", first);
      assertAnswered("second", second); // so the lead has been let go
      return slow;
    }
  }
}
