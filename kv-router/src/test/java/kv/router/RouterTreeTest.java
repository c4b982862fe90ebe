package kv.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.rmi.RemoteException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.RMIClientSocketFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import kv.otp.ChildInfo;
import kv.otp.ChildSpec;
import kv.otp.ExitReason;
import kv.otp.Flags;
import kv.otp.Proc;
import kv.otp.StartException;
import kv.otp.StartResult;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.router.link.CallFailedException;
import kv.router.link.Link;
import kv.router.link.Links;
import kv.router.table.NodeAddress;
import kv.router.testing.PeerDouble;
import kv.router.testing.Routing;
import kv.router.testing.TestNode;
import kv.router.testing.Wire;
import kv.router.wire.Peer;
import kv.router.wire.PeerSockets;
import kv.store.Bytes;
import kv.store.Storage;
import kv.testing.LogCapture;
import kv.testing.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RouterTreeTest {
  private static final byte[] CALL = Wire.call(List.of("foo"), "CREATE shopping");

  private final ManualClock clock = new ManualClock();
  private Storage storage;

  @BeforeEach
  void startStorage() throws InterruptedException {
    storage = Storage.start();
  }

  @AfterEach
  void stopStorage() {
    storage.close();
  }

  @Nested
  class Start {
    @Test
    void withoutAPortAcceptsNoPeers() throws Exception {
      RouterTree tree = tree("127.0.0.1", OptionalInt.empty());
      try (Supervisor supervisor = start(tree)) {
        assertThat(supervisor.whichChildren()).isEmpty();
        assertThat(tree.port()).isEmpty();
      }
    }

    @Test
    void withPort0TakesAFreePortAndTellsIt() throws Exception {
      RouterTree tree = tree("127.0.0.1", OptionalInt.of(0));
      try (Supervisor supervisor = start(tree)) {
        assertThat(supervisor.proc().isAlive()).isTrue();
        assertServes(tree);
      }
    }

    @Test
    void givesTwoNodesOfOneNameInOneJvmAPortAndAStorageEach() throws Exception {
      try (TestNode one = TestNode.start("bar");
          TestNode two = TestNode.start("bar")) {
        link(one.address()).call(CALL);
        assertThat(one.holds("shopping")).isTrue();
        assertThat(two.holds("shopping")).isFalse();
      }
    }

    @Test
    void failsIfThePortIsTaken(LogCapture log) throws Exception {
      try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        log.allow("child=peers event=start_error");
        RouterTree tree = tree("127.0.0.1", OptionalInt.of(taken.getLocalPort()));
        assertThatThrownBy(() -> start(tree))
            .isInstanceOf(StartException.class)
            .hasMessageContaining(
                "cannot listen for peers on 127.0.0.1, port " + taken.getLocalPort());
      }
    }

    @Test
    void failsIfTheAddressIsNotOfThisMachine(LogCapture log) throws Exception {
      log.allow("child=peers event=start_error");
      assertThatThrownBy(() -> start(tree("192.0.2.1", OptionalInt.of(0))))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("cannot listen for peers on 192.0.2.1, port 0: ")
          .hasMessageContaining("; set router.host and router.port to an address that is free");
    }

    @Test
    void thatFailedCanBeMadeAgainOnceThePortIsFree(LogCapture log) throws Exception {
      log.allow("child=peers event=start_error");
      RouterTree tree;
      try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        tree = tree("127.0.0.1", OptionalInt.of(taken.getLocalPort()));
        assertThatThrownBy(() -> start(tree)).isInstanceOf(StartException.class);
      }
      try (Supervisor supervisor = start(tree)) {
        assertThat(supervisor.proc().isAlive()).isTrue();
        assertServes(tree);
      }
    }
  }

  @Nested
  class Restart {
    @Test
    void bringsThePeersBackOnTheSamePort(LogCapture log) throws Exception {
      log.allow("child=peers event=child_terminated reason=killed");
      RouterTree tree = tree("127.0.0.1", OptionalInt.of(0));
      try (Supervisor supervisor = start(tree)) {
        OptionalInt port = tree.port();
        Proc former = peers(supervisor);
        former.kill();
        assertThat(peers(supervisor)).isNotSameAs(former);
        assertThat(tree.port()).isEqualTo(port);
        assertServes(tree);
      }
    }

    @Test
    void findsThePortFreeEachTime(LogCapture log) throws Exception {
      log.allow("child=peers event=child_terminated reason=killed");
      Flags many = flags().intensity(50, Duration.ofSeconds(5));
      RouterTree tree = tree("127.0.0.1", OptionalInt.of(0), router(), many);
      try (Supervisor supervisor = start(tree)) {
        for (int i = 0; i < 50; i++) peers(supervisor).kill();
        peers(supervisor);
        assertServes(tree);
      }
    }

    @Test
    void ofTheWholeTreeIsOnTheSamePort(LogCapture log) throws Exception {
      log.allow("child=router event=child_terminated reason=killed");
      RouterTree tree = tree("127.0.0.1", OptionalInt.of(0));
      try (Supervisor root = Supervisor.start("root", flags(), tree.spec())) {
        OptionalInt port = tree.port();
        Proc former = root.whichChildren().get(0).proc().orElseThrow();
        former.kill();
        assertThat(root.whichChildren().get(0).proc().orElseThrow()).isNotSameAs(former);
        assertThat(tree.port()).isEqualTo(port);
        assertServes(tree);
      }
    }

    @Test
    void isGivenUpAfterMoreCrashesThanAreAllowed(LogCapture log) throws Exception {
      log.allow("child=peers event=(child_terminated|reached_max_restart_intensity) reason=killed");
      RouterTree tree = tree("127.0.0.1", OptionalInt.of(0));
      try (Supervisor supervisor = start(tree)) {
        for (int i = 0; i < 3; i++) peers(supervisor).kill();
        Proc last = peers(supervisor);
        last.kill();
        assertThat(supervisor.proc().awaitExit()).isEqualTo(ExitReason.SHUTDOWN);
      }
    }
  }

  @Nested
  class Stop {
    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private FutureTask<byte[]> call;
    private PeerDouble baz;

    @AfterEach
    void closeNextNode() throws Exception {
      if (baz != null) baz.close();
    }

    @Test
    void closesThePort() throws Exception {
      RouterTree tree = tree("127.0.0.1", OptionalInt.of(0));
      start(tree).close();
      assertThatThrownBy(
              () -> new Socket(InetAddress.getLoopbackAddress(), tree.port().getAsInt()).close())
          .isInstanceOf(ConnectException.class);
    }

    @Test
    void leavesThePortToWhoeverWantsIt() throws Exception {
      RouterTree tree = tree("127.0.0.1", OptionalInt.of(0));
      start(tree).close();
      int port = tree.port().getAsInt();
      try (ServerSocket next = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        assertThat(next.isBound()).isTrue();
      }
    }

    @Test
    void leavesNoWayInForWhoeverIsConnected() throws Exception {
      TestNode bar = TestNode.start("bar");
      Link link = link(bar.address());
      link.call(Wire.call(List.of("foo"), "GET shopping milk"));
      bar.supervisor().close();
      assertThatThrownBy(() -> link.call(CALL)).isInstanceOf(CallFailedException.class);
      assertThat(bar.holds("shopping")).isFalse();
      bar.close();
    }

    @Test
    void leavesNoRegistryForWhoeverIsConnected() throws Exception {
      RouterTree tree = tree("127.0.0.1", OptionalInt.of(0));
      Supervisor supervisor = start(tree);
      NodeAddress bar = new NodeAddress("bar", "127.0.0.1", tree.port().getAsInt());
      RMIClientSocketFactory sockets = Links.sockets(bar, Routing.LONG, Routing.LONG);
      Registry registry = LocateRegistry.getRegistry(bar.host(), bar.port(), sockets);
      assertThat(PeerSockets.readingAs(sockets, () -> (Peer) registry.lookup("bar"))).isNotNull();
      supervisor.close();
      assertThatThrownBy(() -> registry.lookup("bar")).isInstanceOf(RemoteException.class);
    }

    @Test
    void letsACallThatRunsComeToItsEnd() throws Exception {
      FutureTask<Void> stop = stopDuringACall();
      over.countDown();
      stop.get();
      assertThat(call.get()).isEqualTo(Wire.oks(1));
    }

    @Test
    void doesNotWaitForACallBeyondTheTimeThatAChildHas(LogCapture log) throws Exception {
      log.allow("child=peers event=shutdown_error reason=killed");
      FutureTask<Void> stop = stopDuringACall();
      clock.advance(ChildSpec.DEFAULT_SHUTDOWN);
      stop.get();
      over.countDown();
      assertThat(call.get()).isEqualTo(Wire.oks(1));
    }

    /** Has the tree wait for a call that is at the next node. */
    private FutureTask<Void> stopDuringACall() throws Exception {
      baz = PeerDouble.start("baz", this::answerOnceItIsOver);
      Router router = Routing.router("bar", storage, "s=" + baz.address());
      RouterTree tree = tree("127.0.0.1", OptionalInt.of(0), router, flags());
      Supervisor supervisor = start(tree);
      Link link = link(new NodeAddress("bar", "127.0.0.1", tree.port().getAsInt()));
      call = new FutureTask<>(() -> link.call(CALL));
      new Thread(call, "caller").start();
      running.await();
      FutureTask<Void> stop = new FutureTask<>(supervisor::close, null);
      new Thread(stop, "stop").start();
      clock.awaitParked();
      return stop;
    }

    private byte[] answerOnceItIsOver(byte[] call) {
      running.countDown();
      try {
        over.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return Wire.oks(1);
    }
  }

  private Flags flags() {
    return Flags.of(Strategy.ONE_FOR_ONE).clock(clock);
  }

  private Router router() {
    return Routing.router("bar", storage);
  }

  private RouterTree tree(String host, OptionalInt port) {
    return tree(host, port, router(), flags());
  }

  private static RouterTree tree(String host, OptionalInt port, Router router, Flags flags) {
    return new RouterTree(
        router, Optional.empty(), host, port, Routing.LIMITS, flags, Optional::empty);
  }

  private static Supervisor start(RouterTree tree) throws Exception {
    StartResult.Ok started = (StartResult.Ok) tree.spec().start().start(List.of());
    return (Supervisor) started.info();
  }

  private static Proc peers(Supervisor supervisor) throws InterruptedException {
    ChildInfo peers = supervisor.whichChildren().get(0);
    return peers.proc().orElseThrow();
  }

  private static Link link(NodeAddress to) {
    return Links.to(to, Routing.LONG, Routing.LONG);
  }

  private void assertServes(RouterTree tree) throws Exception {
    NodeAddress bar = new NodeAddress("bar", "127.0.0.1", tree.port().getAsInt());
    assertThat(link(bar).call(CALL)).isEqualTo(Wire.oks(1));
    assertThat(storage.lookup(Bytes.of("shopping"))).isPresent();
  }
}
