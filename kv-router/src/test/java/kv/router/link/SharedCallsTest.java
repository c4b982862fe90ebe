package kv.router.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import kv.command.ByteBuilder;
import kv.otp.Proc;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What leaves together. Whatever is answered, the answer is the call. */
class SharedCallsTest extends SharedCallers {
  private static final int MEBIBYTE = 1024 * 1024;

  private String answerAtOnce() throws Exception {
    return HeldCarrier.text(calls.call(Proc.passive("x"), new ByteBuilder(0).append("x")));
  }

  @Nested
  class ACallThatFindsNoneUnderWay {
    @Test
    void leavesAtOnceOnTheThreadOfTheProc() throws Exception {
      Caller alone = caller("alone");
      HeldCarrier.Trip trip = carrier.next();
      assertThat(trip.calls).containsExactly("alone");
      assertThat(trip.thread.getName()).isEqualTo("link bar");
      trip.answer();
      assertAnswered("alone", alone);
      assertGoesOn();
    }

    @Test
    void neverLeavesIfItsWorkerHasEnded() throws Exception {
      Proc dead = Proc.passive("dead");
      dead.kill();
      assertThat(HeldCarrier.text(calls.call(dead, new ByteBuilder(0).append("x")))).isEmpty();
      queue.awaitAdded();
      assertGoesOn();
    }
  }

  @Nested
  class CallsThatComeWhileOneIsUnderWay {
    private Caller first;
    private HeldCarrier.Trip underWay;

    @BeforeEach
    void send() throws Exception {
      first = caller("first");
      underWay = carrier.next();
    }

    @Test
    void leaveTogetherInTheirOrderWhenItIsBackAndEachGetsItsOwnAnswer() throws Exception {
      Caller b = caller("b");
      Caller c = caller("");
      Caller d = caller("ddd");
      assertThat(carrier.isIdle()).isTrue();
      underWay.answer();
      HeldCarrier.Trip together = carrier.next();
      assertThat(together.calls).containsExactly("b", "", "ddd");
      assertAnswered("first", first); // though the others are not back
      together.answer();
      assertAnswered("b", b);
      assertAnswered("", c);
      assertAnswered("ddd", d);
      assertGoesOn();
    }

    @Test
    void doNotWaitUntilAllAnswersToTheFormerAreGivenOut() throws Exception {
      Caller b = caller("b");
      Caller c = caller("c");
      underWay.answer();
      HeldCarrier.Trip together = carrier.next();
      Caller d = caller("d");
      CountDownLatch rest = new CountDownLatch(1);
      together.answerTheFirst(rest);
      carrier.next().answer();
      assertAnswered("d", d);
      rest.countDown();
      assertAnswered("b", b);
      assertAnswered("c", c);
    }

    @ParameterizedTest
    @CsvSource({
      "524288, 524288, true", "524288, 524289, false", "1048576, 1, false", "1048576, 0, true",
      "3000000, 1, false", "1, 3000000, false"
    })
    void areAMebibyteAtTheMostUnlessItIsOneAlone(int one, int other, boolean fit)
        throws Exception {
      Caller b = caller("b".repeat(one));
      Caller c = caller("c".repeat(other));
      underWay.answer();
      HeldCarrier.Trip trip = carrier.next();
      assertThat(trip.calls).hasSize(fit ? 2 : 1);
      trip.answer();
      if (!fit) carrier.next().answer();
      assertAnswered("b".repeat(one), b);
      assertAnswered("c".repeat(other), c);
      assertGoesOn();
    }

    @Test
    void goWithoutThatOfAWorkerThatHasEndedWhichGetsAnEmptyAnswer() throws Exception {
      Caller b = caller("b");
      Caller c = caller("c".repeat(MEBIBYTE));
      Caller d = caller("d");
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
    void neverLeaveIfAllTheirWorkersHaveEnded() throws Exception {
      Caller b = caller("b");
      Caller c = caller("c");
      b.worker.kill();
      c.worker.kill();
      underWay.answer();
      assertAnswered("", b);
      assertAnswered("", c);
      assertGoesOn();
    }

    @Test
    void haveNoAnswerFromWhereAnswersEnd() throws Exception {
      Caller b = caller("b");
      Caller c = caller("c");
      underWay.answer(0);
      carrier.next().answer(1);
      assertAnswered("", first);
      assertAnswered("b", b);
      assertAnswered("", c);
    }
  }

  @Nested
  class WithoutAProcACallHasAnEmptyAnswer {
    @Test
    void beforeOneIsStarted() throws Exception {
      SharedCalls never = new SharedCalls(carrier);
      assertThat(HeldCarrier.text(never.call(Proc.passive("x"), new ByteBuilder(0)))).isEmpty();
    }

    @Test
    void onceItHasStopped() throws Exception {
      proc.stop();
      assertThat(answerAtOnce()).isEmpty();
    }

    @Test
    void onceItWasKilledUntilTheNextIsThere() throws Exception {
      proc.kill();
      assertThat(answerAtOnce()).isEmpty();
      startLife();
      assertGoesOn();
    }
  }
}
