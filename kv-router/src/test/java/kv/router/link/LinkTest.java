package kv.router.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.rmi.server.RMIClientSocketFactory;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import kv.router.table.NodeAddress;
import kv.router.testing.PeerDouble;
import kv.router.testing.Routing;
import kv.router.testing.TestNode;
import kv.router.testing.Wire;
import kv.testing.Concurrently;
import kv.testing.LogCapture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LinkTest {
  private static final byte[] CALL = Wire.call(List.of("foo"), "GET shopping milk");
  private static final byte[] CREATE = Wire.call(List.of("foo"), "CREATE shopping");

  @Nested
  class ToAPeerThatIsUp {
    @Test
    void bringsTheAnswer() throws Exception {
      try (TestNode bar = TestNode.start("bar")) {
        assertThat(Wire.replies(link(bar.address()).call(CALL))).containsExactly("NOT FOUND");
      }
    }

    @Test
    void bringsTheCallAsItIs() throws Exception {
      try (PeerDouble bar = PeerDouble.start("bar", Wire::okToAll)) {
        link(bar.address()).call(CALL);
        assertThat(bar.calls()).containsExactly(CALL);
      }
    }

    @Test
    void connectsWhereItsOwnTableSaysWhereverThePeerThinksItIs() throws Exception {
      try (ServerSocket there = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        NodeAddress address = new NodeAddress("bar", "127.0.0.1", there.getLocalPort());
        RMIClientSocketFactory sockets = Links.sockets(address, Routing.LONG, Routing.LONG);
        try (Socket socket = sockets.createSocket("192.0.2.1", 1)) {
          assertThat(socket.getRemoteSocketAddress()).isEqualTo(there.getLocalSocketAddress());
        }
      }
    }

    @Test
    void findsEachOfSeveralPeersInOneJvm() throws Exception {
      try (PeerDouble one = PeerDouble.start("one", call -> Wire.oks(1));
          PeerDouble two = PeerDouble.start("two", call -> Wire.oks(2))) {
        Link toOne = link(one.address());
        Link toTwo = link(two.address());
        assertThat(toOne.call(CALL)).hasSize(1);
        assertThat(toTwo.call(CALL)).hasSize(2);
        assertThat(toOne.call(CALL)).hasSize(1);
      }
    }

    @Test
    void doesNotLetOneCallWaitForAnother() throws Exception {
      CyclicBarrier bothAreThere = new CyclicBarrier(2);
      PeerDouble.Behaviour meets =
          call -> {
            await(bothAreThere);
            return Wire.oks(1);
          };
      try (PeerDouble bar = PeerDouble.start("bar", meets)) {
        Link link = link(bar.address());
        assertThat(Concurrently.run(2, i -> link.call(CALL))).containsOnly(Wire.oks(1));
      }
    }
  }

  @Nested
  class ToAPeerThatIsDown {
    @Test
    void saysThatItIsUnreachable() throws Exception {
      try (Socket bound = new Socket()) { // holds the port and does not listen
        bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        NodeAddress nobody = new NodeAddress("bar", "127.0.0.1", bound.getLocalPort());
        assertUnreachable(link(nobody), nobody);
      }
    }

    @Test
    void saysSoAfterThePeerHasStopped() throws Exception {
      TestNode bar = TestNode.start("bar");
      Link link;
      try (bar) {
        link = link(bar.address());
        link.call(CALL);
      }
      assertUnreachable(link, bar.address());
    }
  }

  @Nested
  class ToAPeerThatIsBack {
    @Test
    void bringsTheAnswerIfItWasNeverThereBefore() throws Exception {
      NodeAddress address;
      try (TestNode once = TestNode.start("bar")) {
        address = once.address();
      }
      Link link = link(address);
      assertUnreachable(link, address);
      try (TestNode bar = TestNode.startAt(address)) {
        Routing.probe(link);
        assertCarriedOut(link, bar);
      }
    }

    @Test
    void bringsTheAnswerIfItWasAskedWhileThePeerWasDown() throws Exception {
      TestNode former = TestNode.start("bar");
      Link link;
      try (former) {
        link = link(former.address());
        link.call(CALL);
      }
      assertUnreachable(link, former.address());
      try (TestNode bar = TestNode.startAt(former.address())) {
        Routing.probe(link);
        assertCarriedOut(link, bar);
      }
    }

    @Test
    void bringsTheAnswerIfItWasNotAskedMeanwhile() throws Exception {
      TestNode former = TestNode.start("bar");
      Link link;
      try (former) {
        link = link(former.address());
        link.call(CALL);
      }
      try (TestNode bar = TestNode.startAt(former.address())) {
        assertCarriedOut(link, bar);
      }
    }

    @Test
    void bringsTheAnswerThoughManyConnectionsToItsFormerLifeAreLeft() throws Exception {
      CyclicBarrier allAreThere = new CyclicBarrier(4);
      PeerDouble former =
          PeerDouble.start(
              "bar",
              call -> {
                await(allAreThere);
                return Wire.oks(1);
              });
      Link link;
      try (former) {
        link = link(former.address());
        Concurrently.run(4, i -> link.call(CALL));
      }
      try (TestNode bar = TestNode.startAt(former.address())) {
        assertCarriedOut(link, bar);
      }
    }

    @Test
    void bringsTheAnswerAfterACrashOfWhatAcceptsPeers(LogCapture log) throws Exception {
      log.allow("child=peers event=child_terminated reason=killed");
      try (TestNode bar = TestNode.start("bar")) {
        Link link = link(bar.address());
        link.call(CALL);
        bar.peers().kill();
        bar.peers();
        assertCarriedOut(link, bar);
      }
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Link link(NodeAddress to) {
    return Links.to(to, Routing.LONG, Routing.LONG);
  }

  private static void assertCarriedOut(Link link, TestNode there) throws Exception {
    assertThat(link.call(CREATE)).isEqualTo(Wire.oks(1));
    assertThat(there.holds("shopping")).isTrue();
  }

  private static void assertUnreachable(Link link, NodeAddress peer) {
    assertThatThrownBy(() -> link.call(CALL))
        .isInstanceOf(CallFailedException.class)
        .hasMessage("node " + peer + " is unreachable: connection refused");
  }
}
