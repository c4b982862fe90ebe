package kv.router.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Who brings the calls if a client is slow to see what has become of its own. */
class SharedCallsLeadTest extends SharedCallers {
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
