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
import java.util.concurrent.FutureTask;
import kv.otp.ExitReason;
import kv.otp.Proc;
import kv.otp.Task;
import kv.router.link.Link;
import kv.router.link.LinkRules;
import kv.router.table.NodeAddress;
import kv.router.testing.PeerDouble;
import kv.router.testing.Routing;
import kv.router.testing.UnrulyListener;
import kv.router.testing.UnrulyListener.Manners;
import kv.router.testing.Wire;
import kv.router.wire.Call;
import kv.router.wire.Peer;
import kv.store.Memory;
import kv.store.Storage;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code links} does of its own accord, on its own thread and in its own time. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class LinksTest {
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

  private static Proc start(Router router) {
    return Task.start("links", new Links(router, Optional.empty()));
  }

  private static Link.FailedException failure(Link link, byte[] call) {
    return catchThrowableOfType(Link.FailedException.class, () -> link.call(call));
  }

  /** An address at which there is nobody any more. */
  private static NodeAddress gone(String name) throws Exception {
    try (PeerDouble once = PeerDouble.start(name, Wire::okToAll)) {
      return once.address();
    }
  }

  @Nested
  class APeerThatIsUnreachable {
    @Test
    void isCalledAgainWithoutAnybodysDoingOnceItIsBack(LogCapture log) throws Exception {
      NodeAddress bar = gone("bar");
      Router router = router(Routing.LONG, bar);
      Link link = router.links().iterator().next();
      Proc links = start(router);
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
        links.stop();
      }
    }

    @Test
    void doesNotWaitForManyOthersWhoAreStuck(LogCapture log) throws Exception {
      List<UnrulyListener> frozen = new ArrayList<>();
      NodeAddress[] peers = new NodeAddress[20];
      for (int i = 0; i < peers.length; i++) peers[i] = gone(i < peers.length - 1 ? "s" + i : "z");
      Router router = router(Routing.LONG, peers);
      for (Link link : router.links()) failure(link, CALL);
      for (NodeAddress peer : peers)
        if (!peer.name().equals("z"))
          frozen.add(UnrulyListener.startAt(peer, Manners.SAYS_NOTHING));
      Proc links = start(router);
      NodeAddress last = peers[peers.length - 1];
      try (PeerDouble back = PeerDouble.startAt(last, Wire::okToAll)) {
        log.await("node " + last + " answers again"); // a stuck probe would take a minute
        assertThat(router.unreachablePeers()).isEqualTo(peers.length - 1);
        assertThat(back.calls()).containsExactly(Call.OF_NOTHING);
      } finally {
        links.stop();
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
        Proc links = start(router);
        silent.accept(); // a probe is under way
        if (isKilled) links.kill();
        else assertThat(links.stop()).isEqualTo(ExitReason.NORMAL);
        assertThat(links.isAlive()).isFalse();
      }
      assertThat(router.sockets().count()).isZero();
    }
  }

  @Nested
  class APeerThatHasLeftTheTable {
    @Test
    void isProbedNoMoreAndAProbeThatIsUnderWayEnds() throws Exception {
      NodeAddress bar = gone("bar");
      Router router = router(Routing.LONG, bar);
      failure(router.links().iterator().next(), CALL);
      Links links = new Links(router, Optional.empty());
      try (ServerSocket silent =
          new ServerSocket(bar.port(), 5, InetAddress.getLoopbackAddress())) {
        links.probe();
        try (Socket probe = silent.accept()) {
          router.takeOver(Routing.table("a=foo@127.0.0.1:1").orElseThrow());
          links.probe();
          probe.getInputStream().readAllBytes(); // to its end, which else comes in a minute
        }
        silent.setSoTimeout(100);
        assertThatThrownBy(silent::accept).isInstanceOf(SocketTimeoutException.class);
      } finally {
        links.close();
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
      Proc links = start(router);
      try (UnrulyListener frozen = UnrulyListener.startAt(bar.address(), manners)) {
        assertThat(failure(link, new byte[length]))
            .hasMessage(
                "node " + frozen.address()
                    + " gave no answer in 3000 ms; the command may have been carried out");
        log.await("node " + frozen.address() + " is unreachable"); // says a probe
        assertThat(link.isUnreachable()).isTrue();
      } finally {
        links.stop();
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
