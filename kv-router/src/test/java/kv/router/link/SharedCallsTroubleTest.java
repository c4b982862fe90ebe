package kv.router.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of calls that wait for one under way if something fails, or somebody has to end. */
class SharedCallsTroubleTest extends SharedCallers {
  private static final String BROKEN =
      "a call to another node failed; the command may have been carried out";

  private Caller first;
  private HeldCarrier.Trip underWay;

  @BeforeEach
  void send() throws Exception {
    first = new Caller("first");
    underWay = carrier.next();
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
