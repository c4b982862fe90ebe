package kv.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.RMIClientSocketFactory;
import java.rmi.server.RemoteObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.Stream;
import kv.router.link.CallFailedException;
import kv.router.link.Link;
import kv.router.link.Links;
import kv.router.link.PeerFilter;
import kv.router.table.NodeAddress;
import kv.router.testing.PeerDouble;
import kv.router.testing.Routing;
import kv.router.testing.RunsWhenRead;
import kv.router.testing.TestNode;
import kv.router.testing.UnrulyListener;
import kv.router.testing.UnrulyListener.Manners;
import kv.router.testing.Wire;
import kv.router.wire.Peer;
import kv.router.wire.PeerSockets;
import kv.testing.Jrmp;
import kv.testing.LogCapture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

class PeerFilterTest {
  private static final byte[] CALL = Wire.call(List.of("foo"), "GET shopping milk");

  @Nested
  class OfTheNodeThatIsCalled {
    @ParameterizedTest
    @MethodSource("kv.router.PeerFilterTest#attacks")
    void doesNotReadWhatIsNoArrayOfBytes(Object argument) throws Exception {
      int runsBefore = RunsWhenRead.runs();
      try (TestNode bar = TestNode.start("bar")) {
        assertThatThrownBy(() -> callWith(argument, bar.address())).isInstanceOf(IOException.class);
        assertThat(RunsWhenRead.runs()).isEqualTo(runsBefore);
      }
    }

    @Test
    void letsNothingLongerThanACallMayBeReachTheNode(LogCapture log) throws Exception {
      try (TestNode bar = TestNode.start("bar")) {
        assertThatThrownBy(() -> callWith(new byte[Peer.MAX_BYTES + 1], bar.address()))
            .isInstanceOf(IOException.class);
        assertThat(log.records()).noneMatch(record -> record.getMessage().contains("malformed"));
      }
    }

    @Test
    void takesACallAsLongAsOneMayBe(LogCapture log) throws Exception {
      log.allow("^malformed calls of peers are refused: ");
      try (TestNode bar = TestNode.start("bar")) {
        assertThat(Wire.replies(link(bar.address()).call(new byte[Peer.MAX_BYTES])))
            .containsExactly(
                "ERROR malformed call to node bar: version 0 of the form between nodes");
      }
    }

    @Test
    void leavesTheNodeAsGoodAsNew() throws Exception {
      try (TestNode bar = TestNode.start("bar")) {
        assertThatThrownBy(() -> callWith(new RunsWhenRead(), bar.address()))
            .isInstanceOf(IOException.class);
        assertThat(Wire.replies(link(bar.address()).call(CALL))).containsExactly("NOT FOUND");
      }
    }
  }

  @Nested
  class OfTheNodeThatCalls {
    @Test
    void doesNotReadWhatAPeerGivesOutInPlaceOfItself() throws Exception {
      int runsBefore = RunsWhenRead.runs();
      try (PeerDouble bar = PeerDouble.start("bar", Wire::okToAll)) {
        bar.bind(new RunsWhenRead());
        assertFails(link(bar.address()), "node " + bar.address() + " is unreachable");
        assertThat(RunsWhenRead.runs()).isEqualTo(runsBefore);
      }
    }

    @Test
    void doesNotReadAnExceptionThatIsNotRmisOwn() throws Exception {
      int runsBefore = RunsWhenRead.runs();
      PeerDouble.Behaviour throwsAnAttack =
          call -> {
            throw new RunsWhenRead.Thrown();
          };
      try (PeerDouble bar = PeerDouble.start("bar", throwsAnAttack)) {
        assertBreaksOff(link(bar.address()), bar.address());
        assertThat(RunsWhenRead.runs()).isEqualTo(runsBefore);
      }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_ANY, names = ".*WHAT_IS_NOT_ALLOWED")
    void doesNotReadAnAttackForAnAnswer(Manners manners) throws Exception {
      int runsBefore = RunsWhenRead.runs();
      Link link;
      PeerDouble bar = PeerDouble.start("bar", PeerDouble::failsRemotely);
      try (bar) {
        link = link(bar.address());
        assertBreaksOff(link, bar.address());
      }
      try (UnrulyListener unruly = UnrulyListener.startAt(bar.address(), manners)) {
        assertBreaksOff(link, unruly.address());
        assertThat(RunsWhenRead.runs()).isEqualTo(runsBefore);
      }
    }

    @Test
    void takesAnAnswerAsLongAsOneMayBe() throws Exception {
      try (PeerDouble bar = PeerDouble.start("bar", call -> new byte[Peer.MAX_BYTES])) {
        assertThat(link(bar.address()).call(CALL).length).isEqualTo(Peer.MAX_BYTES);
      }
    }

    @Test
    void refusesALongerAnswer() throws Exception {
      try (PeerDouble bar = PeerDouble.start("bar", call -> new byte[Peer.MAX_BYTES + 1])) {
        assertBreaksOff(link(bar.address()), bar.address());
      }
    }

    @Test
    void isSetForTheWholeJvmOnlyOnce() {
      assertThatThrownBy(PeerFilter::setForWholeJvm).isInstanceOf(IllegalStateException.class);
    }
  }

  static Stream<Arguments> attacks() {
    return Stream.of(
            new RunsWhenRead(),
            new RunsWhenRead.Thrown(),
            new RunsWhenRead[] {new RunsWhenRead()},
            new Object[] {new byte[0], new RunsWhenRead()},
            new ArrayList<>(List.of(new RunsWhenRead())),
            Map.of(new RunsWhenRead(), "value"),
            new HashMap<>(Map.of(new RunsWhenRead(), "value")),
            new PriorityQueue<>(List.of(new RunsWhenRead())),
            new byte[][] {new byte[1]},
            new int[8_000_000],
            new long[0],
            nested(new RunsWhenRead(), 500))
        .map(attack -> Arguments.of(attack));
  }

  private static Object nested(Object core, int depth) {
    Object nested = core;
    for (int i = 0; i < depth; i++) nested = new Object[] {nested};
    return nested;
  }

  /** Calls the peer, past the compiler, with an argument that need not be an array of bytes. */
  private static void callWith(Object argument, NodeAddress peer) throws Exception {
    RMIClientSocketFactory sockets = Links.sockets(peer, Routing.LONG, Routing.LONG);
    Registry registry = LocateRegistry.getRegistry(peer.host(), peer.port(), sockets);
    Peer stub = PeerSockets.readingAs(sockets, () -> (Peer) registry.lookup(peer.name()));
    RemoteObject remote = (RemoteObject) Proxy.getInvocationHandler(stub);
    remote
        .getRef()
        .invoke(
            stub,
            Peer.class.getMethod("call", byte[].class),
            new Object[] {argument},
            Jrmp.hash("call([B)[B"));
  }

  private static Link link(NodeAddress to) {
    return Links.to(to, Routing.LONG, Routing.LONG);
  }

  private static void assertBreaksOff(Link link, NodeAddress peer) {
    assertFails(
        link, "node " + peer + " broke off the call; the command may have been carried out");
  }

  private static void assertFails(Link link, String message) {
    assertThatThrownBy(() -> link.call(CALL))
        .isInstanceOf(CallFailedException.class)
        .hasMessage(message);
  }
}
