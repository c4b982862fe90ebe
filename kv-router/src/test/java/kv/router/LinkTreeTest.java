package kv.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import kv.memory.Memory;
import kv.otp.AutoShutdown;
import kv.otp.Flags;
import kv.otp.Proc;
import kv.otp.StartResult;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.router.link.CallFailedException;
import kv.router.link.Link;
import kv.router.link.LinkRules;
import kv.router.table.NodeAddress;
import kv.router.table.TableFile;
import kv.router.testing.PeerDouble;
import kv.router.testing.RouterClient;
import kv.router.testing.Routing;
import kv.router.testing.UnrulyListener.Manners;
import kv.router.testing.UnrulyListener;
import kv.router.testing.Wire;
import kv.router.wire.Call;
import kv.router.wire.Peer;
import kv.store.Storage;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What links do of their own accord, on their own threads and in their own time. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class LinkTreeTest {
  private static final byte[] CALL = Wire.call(List.of("foo"), "GET b k");

  /** Runs out in a test that uses it, but not in a look-up, however busy the machine is. */
  private static final Duration SHORT = Duration.ofSeconds(3);

  private Storage storage;

  @BeforeEach
  void startStorage() throws InterruptedException {
    storage = Storage.start();
  }

  @AfterEach
  void stopStorage() {
    storage.close();
  }

  private Router router(Duration callTimeout, NodeAddress... peers) {
    String[] rows = new String[peers.length];
    for (int i = 0; i < peers.length; i++) rows[i] = (char) ('a' + i) + "=" + peers[i];
    LinkRules rules = new LinkRules(Routing.LONG, callTimeout, 64);
    return new Router("foo", Routing.table(rows), storage, rules, Memory.unlimited());
  }

  private static Supervisor start(Router router) throws Exception {
    return start(router, Optional.empty());
  }

  private static Supervisor start(Router router, Optional<TableFile> table) throws Exception {
    RouterTree tree =
        new RouterTree(
            router,
            table,
            "127.0.0.1",
            OptionalInt.empty(),
            Routing.LIMITS,
            Flags.of(Strategy.ONE_FOR_ONE),
            Optional::empty);
    return (Supervisor) ((StartResult.Ok) tree.spec().start().start(List.of())).info();
  }

  /** The present life of the supervisor of links. */
  private static Supervisor links(Supervisor tree) throws InterruptedException {
    return tree.whichChildren().stream()
        .filter(child -> child.id().orElseThrow().equals("links"))
        .map(child -> (Supervisor) child.info().orElseThrow())
        .findFirst()
        .orElseThrow();
  }

  private static Proc only(Supervisor links) throws InterruptedException {
    return links.whichChildren().get(0).proc().orElseThrow();
  }

  private static CallFailedException failure(Link link, byte[] call) {
    return catchThrowableOfType(CallFailedException.class, () -> link.call(call));
  }

  /** An address at which there is nobody any more. */
  private static NodeAddress gone(String name) throws Exception {
    return gone(List.of(name)).get(0);
  }

  /** The same for each of {@code names}: all are there at first, so that no two have one port. */
  private static List<NodeAddress> gone(List<String> names) throws Exception {
    List<PeerDouble> once = new ArrayList<>();
    try {
      for (String name : names) once.add(PeerDouble.start(name, Wire::okToAll));
      return once.stream().map(PeerDouble::address).toList();
    } finally {
      for (PeerDouble one : once) one.close();
    }
  }

  @Nested
  class APeerThatIsUnreachable {
    @Test
    void isCalledAgainWithoutAnybodysDoingOnceItIsBack(LogCapture log) throws Exception {
      NodeAddress bar = gone("bar");
      Router router = router(Routing.LONG, bar);
      Link link = router.links().iterator().next();
      Supervisor links = start(router);
      try {
        failure(link, CALL);
        assertThat(router.unreachablePeers()).isEqualTo(1);
        try (PeerDouble back = PeerDouble.startAt(bar, Wire::okToAll)) {
          log.await("node " + bar + " answers again");
          assertThat(link.call(CALL)).isEqualTo(Wire.oks(1));
          assertThat(router.unreachablePeers()).isZero();
          assertThat(back.calls()).contains(CALL);
        }
      } finally {
        links.close();
      }
    }

    @Test
    void doesNotWaitForManyOthersWhoAreStuck(LogCapture log) throws Exception {
      List<UnrulyListener> frozen = new ArrayList<>();
      List<String> names = new ArrayList<>(List.of("z"));
      for (int i = 1; i < 20; i++) names.add(0, "s" + i);
      NodeAddress[] peers = gone(names).toArray(new NodeAddress[0]);
      Router router = router(Routing.LONG, peers);
      for (Link link : router.links()) failure(link, CALL);
      for (NodeAddress peer : peers)
        if (!peer.name().equals("z"))
          frozen.add(UnrulyListener.startAt(peer, Manners.SAYS_NOTHING));
      Supervisor links = start(router);
      NodeAddress last = peers[peers.length - 1];
      try (PeerDouble back = PeerDouble.startAt(last, Wire::okToAll)) {
        log.await("node " + last + " answers again"); // a stuck probe would take a minute
        assertThat(router.unreachablePeers()).isEqualTo(peers.length - 1);
        assertThat(back.calls()).containsExactly(Call.OF_NOTHING);
      } finally {
        links.close();
        for (UnrulyListener one : frozen) one.close();
      }
    }

    /** That no thread is left is seen by what holds for every test: the probe has a minute. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isProbedNoMoreOnceLinksHasEndedAndNoProbeIsLeft(boolean isKilled) throws Exception {
      NodeAddress bar = gone("bar");
      Router router = router(Routing.LONG, bar);
      failure(router.links().iterator().next(), CALL);
      try (ServerSocket silent =
          new ServerSocket(bar.port(), 5, InetAddress.getLoopbackAddress())) {
        Supervisor links = start(router);
        silent.accept(); // a probe is under way
        Proc probing = only(links(links));
        if (isKilled) links.proc().kill();
        else links.close();
        probing.awaitExit();
      }
      assertThat(router.sockets().count()).isZero();
    }
  }

  @Nested
  class ItsSupervisor {
    @Test
    void hasFlagsThatAreDerivedFromThoseOfTheRouter() throws Exception {
      Flags flags =
          Flags.of(Strategy.REST_FOR_ONE)
              .intensity(7, Duration.ofSeconds(8))
              .autoShutdown(AutoShutdown.ANY_SIGNIFICANT)
              .reports(report -> {});
      LinkTree links = new LinkTree(router(Routing.LONG, gone("bar")), flags);
      try (Supervisor supervisor = links.start()) {
        assertThat(supervisor.flags())
            .isEqualTo(
                flags.strategy(Strategy.SIMPLE_ONE_FOR_ONE).autoShutdown(AutoShutdown.NEVER));
      }
    }
  }

  @Nested
  class APeerThatHasLeftTheTable {
    @Test
    void isProbedNoMoreAndAProbeThatIsUnderWayEnds() throws Exception {
      NodeAddress bar = gone("bar");
      Router router = router(Routing.LONG, bar);
      failure(router.links().iterator().next(), CALL);
      LinkTree links = new LinkTree(router, Flags.of(Strategy.ONE_FOR_ONE));
      try (ServerSocket silent =
              new ServerSocket(bar.port(), 5, InetAddress.getLoopbackAddress());
          Supervisor supervisor = links.start()) {
        try (Socket probe = silent.accept()) {
          router.takeOver(Routing.table("a=foo@127.0.0.1:1").orElseThrow());
          links.update();
          assertThat(supervisor.whichChildren()).isEmpty();
          probe.getInputStream().readAllBytes(); // to its end, which else comes in a minute
        }
        silent.setSoTimeout(100);
        assertThatThrownBy(silent::accept).isInstanceOf(SocketTimeoutException.class);
      }
    }
  }

  @Nested
  class ATableThatChanges {
    private List<NodeAddress> running(Supervisor links) throws InterruptedException {
      return links.whichChildren().stream()
          .map(child -> ((Link) child.info().orElseThrow()).node())
          .toList();
    }

    @Test
    void startsTheLinksThatAreNewAndLeavesThoseThatStay() throws Exception {
      try (PeerDouble bar = PeerDouble.start("bar", Wire::okToAll);
          PeerDouble baz = PeerDouble.start("baz", Wire::okToAll)) {
        Router router = router(Routing.LONG, bar.address());
        LinkTree links = new LinkTree(router, Flags.of(Strategy.ONE_FOR_ONE));
        try (Supervisor supervisor = links.start()) {
          Proc former = only(supervisor);
          String[] rows = {"a=" + bar.address(), "b=" + baz.address()};
          router.takeOver(Routing.table(rows).orElseThrow());
          links.update();
          assertThat(running(supervisor)).containsOnly(bar.address(), baz.address());
          assertThat(former.isAlive()).isTrue();
        }
      }
    }

    @Test
    void isWhatARestartOfLinksBeginsWith(LogCapture log) throws Exception {
      log.allow("child=links event=child_terminated reason=killed");
      List<NodeAddress> barAndBaz = gone(List.of("bar", "baz"));
      NodeAddress bar = barAndBaz.get(0);
      NodeAddress baz = barAndBaz.get(1);
      Router router = router(Routing.LONG, bar);
      try (Supervisor tree = start(router)) {
        router.takeOver(Routing.table("b=" + baz).orElseThrow());
        links(tree).proc().kill();
        assertThat(running(links(tree))).containsExactly(baz);
      }
    }

    @Test
    void needsNoLinkToTheNodeItself() throws Exception {
      Router router = router(Routing.LONG, new NodeAddress("foo", "127.0.0.1", 1));
      assertThat(router.links()).isEmpty();
    }
  }

  @Nested
  class ALinkThatIsKilled {
    @Test
    void isBackAtOnceAndServesOn(LogCapture log) throws Exception {
      log.allow("child=link .* event=child_terminated reason=killed");
      try (PeerDouble bar = PeerDouble.start("bar", Wire::okToAll)) {
        Router router = router(Routing.LONG, bar.address());
        LinkTree links = new LinkTree(router, Flags.of(Strategy.ONE_FOR_ONE));
        try (Supervisor supervisor = links.start()) {
          for (int i = 0; i < 3; i++) {
            assertThat(RouterClient.ask(router, "GET a k")).containsExactly("OK");
            Proc former = only(supervisor);
            former.kill();
            assertThat(RouterClient.ask(router, "GET a k")).containsExactly("OK");
            assertThat(only(supervisor)).isNotSameAs(former);
          }
        }
      }
    }

    /** That its thread comes back is seen by what holds for every test: the call has a minute. */
    @Test
    void breaksOffWhatItBringsAndNothingElse(LogCapture log) throws Exception {
      log.allow("child=link .* event=child_terminated reason=killed");
      CountDownLatch begun = new CountDownLatch(2);
      CountDownLatch isOver = new CountDownLatch(1);
      PeerDouble.Behaviour slow =
          call -> {
            begun.countDown();
            awaitOpen(isOver);
            return Wire.okToAll(call);
          };
      try (PeerDouble bar = PeerDouble.start("bar", slow)) {
        Router router = router(Routing.LONG, bar.address());
        LinkTree links = new LinkTree(router, Flags.of(Strategy.ONE_FOR_ONE));
        Link link = router.links().iterator().next();
        FutureTask<byte[]> alone = new FutureTask<>(() -> link.call(CALL));
        FutureTask<List<String>> together =
            new FutureTask<>(() -> RouterClient.ask(router, "GET a k"));
        try (Supervisor supervisor = links.start()) {
          new Thread(alone, "alone").start();
          new Thread(together, "together").start();
          begun.await();
          only(supervisor).kill();
          assertThat(together.get()).asString().contains("may have been carried out");
          isOver.countDown();
          assertThat(alone.get()).isEqualTo(Wire.oks(1));
          assertThat(link.isUnreachable()).isFalse();
        } finally {
          isOver.countDown();
        }
      }
    }

    private void awaitOpen(CountDownLatch gate) {
      try {
        gate.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Nested
  class AWriteToAPeerThatDoesNotRead {
    @ParameterizedTest
    @ValueSource(ints = {8 * 1024 * 1024, Peer.MAX_BYTES})
    void lastsNoLongerThanTheCallMay(int length, LogCapture log) throws Exception {
      PeerDouble bar = PeerDouble.start("bar", PeerDouble::failsRemotely);
      Router router = router(SHORT, bar.address());
      Link link = router.links().iterator().next();
      try (bar) {
        assertThat(failure(link, CALL)).hasMessageContaining("broke off"); // so it is known
      }
      Manners manners = Manners.SAYS_NOTHING_AFTER_THE_HANDSHAKE;
      Supervisor links = start(router);
      try (UnrulyListener frozen = UnrulyListener.startAt(bar.address(), manners)) {
        assertThat(failure(link, new byte[length]))
            .hasMessage(
                "node " + frozen.address()
                    + " gave no answer in 3000 ms; the command may have been carried out");
        log.await("node " + frozen.address() + " is unreachable: timed out"); // says a probe
        assertThat(link.isUnreachable()).isTrue();
      } finally {
        links.close();
      }
    }

    @Test
    void isLeftAloneWhileItHasTime() throws Exception {
      try (PeerDouble bar = PeerDouble.start("bar", call -> new byte[1])) {
        Router router = router(Routing.LONG, bar.address());
        Link link = router.links().iterator().next();
        FutureTask<byte[]> call = new FutureTask<>(() -> link.call(new byte[Peer.MAX_BYTES]));
        new Thread(call, "call").start();
        while (!call.isDone()) router.sockets().closeLate(System.nanoTime());
        assertThat(call.get()).hasSize(1);
      }
    }
  }
}
