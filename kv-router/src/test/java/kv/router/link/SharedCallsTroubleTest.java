package kv.router.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import kv.command.ByteBuilder;
import kv.otp.ExitReason;
import kv.otp.Proc;
import kv.router.link.CallFailedException.Blame;
import kv.router.link.CallFailedException.Fate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of calls that wait for one under way if something fails, or somebody has to end. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class SharedCallsTroubleTest extends SharedCallers {
  private static final String BROKEN =
      "a call to another node failed; the command may have been carried out";

  private static final int LONG = 32 * 1024 * 1024;

  private Caller first;
  private HeldCarrier.Trip underWay;

  @BeforeEach
  void send() throws Exception {
    first = caller("first");
    underWay = carrier.next();
  }

  private static CallFailedException failure(String what, Fate fate, Blame blame) {
    return new CallFailedException(what, fate, blame, null);
  }

  @Nested
  class AFailure {
    private Caller b;
    private Caller c;

    @BeforeEach
    void haveTwoWait() throws Exception {
      b = caller("b");
      c = caller("c");
    }

    @Test
    void reachesAllWhoseCallsWereInItAndNobodyElse() throws Exception {
      underWay.answer();
      HeldCarrier.Trip trip = carrier.next();
      Caller d = caller("d");
      trip.fail(failure("node bar is unreachable", Fate.CLEAR, Blame.UNREACHABLE));
      carrier.next().answer();
      assertAnswered("first", first);
      b.assertFailed("node bar is unreachable");
      c.assertFailed("node bar is unreachable");
      assertAnswered("d", d);
    }

    @Test
    void leavesTheWaitingAlone() throws Exception {
      underWay.fail(failure("node bar is unreachable", Fate.CLEAR, Blame.UNREACHABLE));
      HeldCarrier.Trip trip = carrier.next();
      assertThat(trip.calls).containsExactly("b", "c");
      trip.answer();
      first.assertFailed("node bar is unreachable");
      assertAnswered("b", b);
      assertAnswered("c", c);
    }

    @Test
    void ofTimeTellsTheWaitingAtOnceThatTheirCommandsWereNotCarriedOut() throws Exception {
      underWay.fail(failure("node bar is slow", Fate.IN_DOUBT, Blame.OUT_OF_TIME));
      first.assertFailed("node bar is slow; the command may have been carried out");
      b.assertFailed("node bar is slow; the command was not carried out");
      c.assertFailed("node bar is slow; the command was not carried out");
      assertGoesOn();
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, OutOfMemoryError.class})
    void thatNobodyExpectsCrashesTheProcAndLeavesTheWaitingToTheirClients(
        Class<? extends Throwable> type) throws Exception {
      Throwable unexpected = type.getConstructor().newInstance();
      underWay.fail(unexpected);
      assertThat(proc.awaitExit().cause()).isSameAs(unexpected);
      first.assertFailed(BROKEN); // no empty answer: that would have it sent once more
      assertAnswered("", b);
      assertAnswered("", c);
      startLife();
      assertGoesOn();
    }

    @Test
    void ofACallThatIsTooLongToGoAlongIsNoneOfTheOthers() throws Exception {
      Caller tooLong = caller("d".repeat(1024 * 1024));
      underWay.answer();
      HeldCarrier.Trip trip = carrier.next();
      assertThat(trip.calls).containsExactly("b", "c");
      trip.fail(new StackOverflowError("made to fail"));
      proc.awaitExit();
      assertAnswered("", tooLong);
      b.assertFailed(BROKEN);
    }
  }

  @Nested
  class AKill {
    @Test
    void endsWhatIsUnderWayAtOnceAndLeavesTheWaitingToTheirClients() throws Exception {
      Caller b = caller("b");
      proc.kill();
      first.assertFailed(BROKEN);
      assertAnswered("", b);
      assertThat(carrier.brokenOff()).isEqualTo(1);
    }

    /** So many bytes that it takes the proc a while to gather them. */
    @Test
    void whileACallIsGatheredBringsNoneOfTheBytesThatItsClientWritesNext() throws Exception {
      ByteBuilder bytes = new ByteBuilder(0).append("a".repeat(LONG));
      FutureTask<Void> client =
          new FutureTask<>(
              () -> {
                try {
                  calls.call(Proc.passive("client"), bytes);
                } catch (CallFailedException e) {
                  assertThat(e).hasMessage(BROKEN);
                }
                bytes.cutTo(LONG - 1);
                bytes.append('b');
                return null;
              });
      new Thread(client, "client").start();
      queue.awaitAdded();
      underWay.answer();
      while (carrier.isIdle() && !isGathering(underWay.thread)) Thread.onSpinWait();
      proc.kill();
      client.get();
      carrier.letGo();
      underWay.thread.join();
      if (!carrier.isIdle()) assertThat(carrier.next().calls.get(0).endsWith("a")).isTrue();
    }

    private boolean isGathering(Thread thread) {
      return Stream.of(thread.getStackTrace())
          .anyMatch(frame -> frame.getClassName().equals(ByteBuilder.class.getName()));
    }

    @Test
    void letsTheNextLifeGoOnThoughTheFormerIsNotBack() throws Exception {
      proc.kill();
      startLife();
      assertGoesOn();
      underWay.answer(); // in vain
      first.assertFailed(BROKEN);
      assertGoesOn();
    }

    @Test
    void takesNothingFromTheNextLifeOnceTheFormerIsBack() throws Exception {
      proc.kill();
      startLife();
      Caller b = caller("b");
      HeldCarrier.Trip next = carrier.next();
      Caller c = caller("c");
      underWay.answer();
      underWay.thread.join();
      next.answer();
      assertAnswered("b", b);
      carrier.next().answer();
      assertAnswered("c", c);
    }

    @Test
    void findsACallWhoseClientHasNotLookedYet() throws Exception {
      CountDownLatch gate = new CountDownLatch(1);
      queue.holdAfter(gate);
      Caller slow = caller("slow");
      proc.kill();
      gate.countDown();
      assertAnswered("", slow);
    }

    @Test
    void isFoundByAClientWhoseCallComesAfterIt() throws Exception {
      CountDownLatch gate = new CountDownLatch(1);
      queue.awaitCome(); // that was the first
      queue.holdBefore(gate);
      Caller slow = comer("slow");
      proc.kill();
      gate.countDown();
      assertAnswered("", slow);
      assertThat(queue).isEmpty();
    }

    @Test
    void leavesACallThatComesAfterItToTheNextLife() throws Exception {
      CountDownLatch gate = new CountDownLatch(1);
      queue.awaitCome();
      queue.holdBefore(gate);
      Caller slow = comer("slow");
      proc.kill();
      startLife();
      gate.countDown();
      carrier.next().answer();
      assertAnswered("slow", slow);
    }
  }

  @Nested
  class AnOrderlyStop {
    @Test
    void letsWhatIsUnderWayComeBackAndLeavesTheWaitingToTheirClients() throws Exception {
      Caller b = caller("b");
      proc.exit(ExitReason.SHUTDOWN);
      underWay.answer();
      assertAnswered("first", first);
      assertThat(proc.awaitExit()).isEqualTo(ExitReason.SHUTDOWN);
      assertAnswered("", b);
      assertThat(carrier.brokenOff()).isZero();
    }

    @Test
    void takesNoAnswerFromThoseWhoHaveNotBeenGivenItYet() throws Exception {
      Caller b = caller("b");
      Caller c = caller("c");
      underWay.answer();
      HeldCarrier.Trip trip = carrier.next();
      Caller d = caller("d");
      proc.exit(ExitReason.SHUTDOWN);
      CountDownLatch rest = new CountDownLatch(1);
      trip.answerTheFirst(rest);
      proc.awaitExit();
      rest.countDown();
      assertAnswered("b", b);
      assertAnswered("c", c); // no empty answer: that would have it sent once more
      assertAnswered("", d);
    }
  }

  @Nested
  class AProcThatHasNothingToBring {
    @BeforeEach
    void answer() {
      underWay.answer();
    }

    @Test
    void looksWhetherThePeerIsThere() throws Exception {
      carrier.awaitLook();
      assertGoesOn();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hasItsLookBrokenOffByItsEnd(boolean isKilled) throws Exception {
      carrier.haveLooksLast();
      carrier.awaitLook();
      if (isKilled) proc.kill();
      else assertThat(proc.stop()).isEqualTo(ExitReason.NORMAL);
      assertThat(carrier.brokenOff()).isPositive();
    }
  }

  @Nested
  class AnInterrupt {
    @Test
    void ofAClientLeavesItsCallAndIsSetAfterwards() throws Exception {
      Caller b = caller("b");
      Caller c = caller("c");
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
    void beforeACallDoesNotKeepItFromBeingBrought() throws Exception {
      Caller b = caller("b", true);
      underWay.answer();
      carrier.next().answer();
      assertAnswered("b", b);
      assertThat(b.isInterrupted).isTrue();
    }
  }
}
