package kv.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import kv.router.link.PeerState;
import kv.router.table.NodeAddress;
import kv.router.testing.PeerDouble;
import kv.router.testing.RouterClient;
import kv.router.testing.Routing;
import kv.router.testing.TestNode;
import kv.router.testing.Wire;
import kv.router.wire.Figures.Event;
import kv.router.wire.ObserverAddress;
import kv.store.Storage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a router tells of its table and its peers to those who watch. */
class RouterPeersTest {
  private static final String FOO = "foo@127.0.0.1:1";

  private Storage storage;

  @BeforeEach
  void startStorage() throws InterruptedException {
    storage = Storage.start();
  }

  @AfterEach
  void stopStorage() {
    storage.close();
  }

  private static PeerState only(Router router) {
    assertThat(router.peers()).hasSize(1);
    return router.peers().get(0);
  }

  @Test
  void areNoneWithoutATable() {
    Router router = Routing.router("foo", storage);
    assertThat(router.peers()).isEmpty();
    assertThat(router.table()).isEmpty();
  }

  @Test
  void areTheOtherNodesOfTheTableInItsOrder() {
    Router router =
        Routing.router("foo", storage, "n-z=baz@[::1]:2", "a-m=" + FOO, "0=bar@[::1]:3");
    assertThat(router.peers())
        .extracting(peer -> peer.node().toString())
        .containsExactly("baz@[::1]:2", "bar@[::1]:3");
    assertThat(router.table().orElseThrow().nodes())
        .filteredOn(router::isHere)
        .extracting(Object::toString)
        .containsExactly(FOO);
  }

  @Test
  void areReachableAndNotYetCalledAtFirst() {
    Router router = Routing.router("foo", storage, "b=bar@[::1]:3");
    assertThat(only(router))
        .isEqualTo(
            new PeerState(router.links().iterator().next().node(), Optional.empty(), 0, 0, 0));
    assertThat(only(router).isReachable()).isTrue();
  }

  @Test
  void tellWhereTheirObserversAreWithoutACallThatIsCounted() throws Exception {
    try (TestNode bar = TestNode.start("bar")) {
      ObserverAddress there = new ObserverAddress(false, "127.0.0.1", 4061);
      bar.tellOfObserver(there);
      Router router = Routing.router("foo", storage, "a-m=" + FOO, "n-z=" + bar.address());
      assertThat(router.observerOf(bar.address())).contains(there);
      assertThat(router.observerOf(NodeAddress.parse(FOO))).isEmpty();
      assertThat(only(router).calls()).isZero();
      assertThat(router.figures().total(Event.ROUTED_CALLS)).isZero();
    }
    assertThat(Routing.router("foo", storage).observerOf(NodeAddress.parse(FOO))).isEmpty();
  }

  @Nested
  class Calls {
    @Test
    void areCountedForTheirPeerAndForAllTogether() throws Exception {
      try (PeerDouble bar = PeerDouble.start("bar", Wire::okToAll)) {
        Router router = Routing.router("foo", storage, "b=" + bar.address(), "c=baz@[::1]:1");
        try (AutoCloseable links = Routing.startLinks(router)) {
          assertThat(links).isNotNull();
          RouterClient.ask(router, "GET b 1", "GET b 2");
          RouterClient.ask(router, "GET b 3");
        }
        assertThat(router.peers()).extracting(PeerState::calls).containsExactly(2L, 0L);
        assertThat(router.peers()).extracting(PeerState::failedCalls).containsExactly(0L, 0L);
        assertThat(router.figures().total(Event.ROUTED_CALLS)).isEqualTo(2);
      }
    }

    @Test
    void thatFailAreCountedAndThePeerHasTheTroubleThatCallersHearOf() throws Exception {
      PeerDouble bar = PeerDouble.start("bar", Wire::okToAll);
      bar.close();
      Router router = Routing.router("foo", storage, "b=" + bar.address());
      String told = RouterClient.ask(router, "GET b k").get(0);
      RouterClient.ask(router, "GET b k");
      PeerState state = only(router);
      assertThat(state.isReachable()).isFalse();
      assertThat("ERROR " + state.trouble().orElseThrow()).isEqualTo(told);
      assertThat(state.failedCalls()).isEqualTo(2);
      assertThat(router.figures().total(Event.FAILED_CALLS)).isEqualTo(2);
      assertThat(state.calls()).isEqualTo(router.figures().total(Event.ROUTED_CALLS));
    }

    @Test
    void areUnderWayTogetherOrAloneUntilTheyAreAnswered() throws Exception {
      CountDownLatch running = new CountDownLatch(2);
      CountDownLatch over = new CountDownLatch(1);
      try (PeerDouble bar =
          PeerDouble.start("bar", call -> answerOnceItIsOver(call, running, over))) {
        Router router = Routing.router("foo", storage, "b=" + bar.address());
        try (AutoCloseable links = Routing.startLinks(router)) {
          assertThat(links).isNotNull();
          FutureTask<List<String>> together =
              new FutureTask<>(() -> RouterClient.ask(router, "GET b 1"));
          FutureTask<byte[]> alone =
              new FutureTask<>(
                  () -> router.links().iterator().next().call(Wire.call(List.of("x"), "GET b 2")));
          new Thread(together, "together").start();
          new Thread(alone, "alone").start();
          running.await();
          assertThat(only(router).callsUnderWay()).isEqualTo(2);
          over.countDown();
          assertThat(together.get()).containsExactly("OK");
          assertThat(alone.get()).isEqualTo(Wire.oks(1));
        }
        assertThat(only(router).callsUnderWay()).isZero();
      }
    }

    private static byte[] answerOnceItIsOver(
        byte[] call, CountDownLatch running, CountDownLatch over) {
      running.countDown();
      try {
        over.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return Wire.okToAll(call);
    }
  }
}
