package kv.router.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import kv.router.table.NodeAddress;
import kv.router.testing.PeerDouble;
import kv.router.testing.Routing;
import kv.router.testing.Wire;
import kv.testing.Concurrently;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How many calls may be under way to one peer, and what becomes of one more. */
class LinkPlacesTest {
  private static final NodeAddress BAR = new NodeAddress("bar", "127.0.0.1", 4051);
  private static final byte[] CALL = Wire.call(List.of("foo"), "PUT shopping milk 1");
  private static final String FULL =
      "node bar@127.0.0.1:4051 has 2 calls under way (router.max-calls);"
          + " the command was not carried out";

  @Nested
  class APlace {
    private final Link link =
        new Link(BAR, new LinkRules(Routing.LONG, Routing.LONG, 2), new OpenSockets());

    /** Answers whether it was had without waiting. */
    private boolean take(Duration time) throws CallFailedException {
      try (Deadline deadline = Deadline.start(time)) {
        link.takePlace(deadline);
        return deadline.isWhole();
      }
    }

    @Test
    void isHadAtOnceWhileThereAreAnyAlsoWithoutTime() throws Exception {
      assertThat(take(Duration.ZERO)).isTrue();
      assertThat(take(Duration.ZERO)).isTrue();
    }

    @Test
    void isNotHadWhenThereIsNoneInTimeAndTheTextHasTheBoundAndItsKey() throws Exception {
      take(Routing.LONG);
      take(Routing.LONG);
      for (Duration time : List.of(Duration.ZERO, Duration.ofMillis(50)))
        assertThatThrownBy(() -> take(time))
            .isInstanceOf(CallFailedException.class)
            .hasMessage(FULL);
    }

    @Test
    void isNotHadByOneWhoIsInterruptedWhichIsSetAfterwards() throws Exception {
      take(Routing.LONG);
      take(Routing.LONG);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> take(Routing.LONG)).hasMessage(FULL);
      assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void takesItsPartOfTheTimeIfItIsWaitedFor() throws Exception {
      take(Routing.LONG);
      take(Routing.LONG);
      try (Deadline deadline = Deadline.start(Duration.ZERO)) {
        assertThatThrownBy(() -> link.takePlace(deadline)).hasMessageContaining("2 calls");
        assertThat(deadline.isWhole()).isFalse();
      }
    }

    @Test
    void isHadByTheNextOnceItIsGivenBack() throws Exception {
      take(Routing.LONG);
      take(Routing.LONG);
      FutureTask<Boolean> next = new FutureTask<>(() -> take(Routing.LONG));
      new Thread(next, "next").start();
      link.givePlaceBack();
      next.get();
      assertThatThrownBy(() -> take(Duration.ZERO)).hasMessage(FULL);
    }
  }

  @Nested
  class Calls {
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final CyclicBarrier two = new CyclicBarrier(2);

    private byte[] meet(byte[] call) {
      most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
      try {
        two.await();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
      underWay.decrementAndGet();
      return Wire.okToAll(call);
    }

    private Link link(PeerDouble to) {
      LinkRules rules = new LinkRules(Routing.LONG, Routing.LONG, 2);
      return new Link(to.address(), rules, new OpenSockets());
    }

    @Test
    void areUnderWayNoMoreThanMayBeAndAllHaveTheirTurn() throws Exception {
      try (PeerDouble bar = PeerDouble.start("bar", this::meet)) {
        Link link = link(bar);
        assertThat(Concurrently.run(16, i -> link.call(CALL))).containsOnly(Wire.oks(1));
        assertThat(most.get()).isEqualTo(2);
      }
    }

    @Test
    void giveTheirPlaceBackAlsoIfTheyFail() throws Exception {
      try (PeerDouble bar = PeerDouble.start("bar", PeerDouble::failsRemotely)) {
        Link link = link(bar);
        for (int i = 0; i < 5; i++)
          assertThatThrownBy(() -> link.call(CALL)).hasMessageContaining("broke off the call");
      }
    }

    @Test
    void ofSeveralClientsTogetherAreNotAmongThem() throws Exception {
      CountDownLatch running = new CountDownLatch(2);
      CountDownLatch over = new CountDownLatch(1);
      PeerDouble.Behaviour waits =
          call -> {
            running.countDown();
            await(over);
            return Wire.okToAll(call);
          };
      try (PeerDouble bar = PeerDouble.start("bar", waits)) {
        bar.answerShared(shared -> Wire.shared(Wire.oks(1)));
        Link link = link(bar);
        FutureTask<List<byte[]>> both =
            new FutureTask<>(() -> Concurrently.run(2, i -> link.call(CALL)));
        new Thread(both, "both").start();
        await(running);
        assertThat(link.share(Wire.shared(CALL), 1)).hasSize(1);
        over.countDown();
        assertThat(both.get()).containsOnly(Wire.oks(1));
      }
    }

    private static void await(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
