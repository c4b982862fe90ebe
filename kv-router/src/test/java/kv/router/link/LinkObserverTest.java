package kv.router.link;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.logging.Level;
import kv.router.table.NodeAddress;
import kv.router.testing.PeerDouble;
import kv.router.testing.Routing;
import kv.router.testing.RunsWhenRead;
import kv.router.testing.TestNode;
import kv.router.testing.UnrulyListener;
import kv.router.testing.UnrulyListener.Manners;
import kv.router.testing.Wire;
import kv.router.wire.ObserverAddress;
import kv.testing.LogCapture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the observer of a peer is, as the peer tells it. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class LinkObserverTest {
  private static final byte[] CALL = Wire.call(List.of("foo"), "GET shopping milk");

  private static Link link(NodeAddress to) {
    return Links.to(to, Routing.LONG, Routing.LONG);
  }

  @Test
  void isWhereThePeerSaysThatItIs() throws Exception {
    try (TestNode bar = TestNode.start("bar")) {
      Link link = link(bar.address());
      assertThat(link.observer()).isEmpty();
      ObserverAddress there = new ObserverAddress(true, "::1", 4061);
      bar.tellOfObserver(there);
      assertThat(link.observer()).contains(there);
    }
  }

  @Test
  void isAtTheHostOfTheTableIfThePeerListensOnAll() throws Exception {
    try (PeerDouble bar = PeerDouble.start("bar", Wire::okToAll)) {
      bar.tellOfObserver(() -> "http://0.0.0.0:4061/".getBytes(UTF_8));
      assertThat(link(bar.address()).observer())
          .map(ObserverAddress::url)
          .contains("http://127.0.0.1:4061/");
    }
  }

  @Test
  void isNotAskedOfAPeerThatDoesNotAnswer() throws Exception {
    NodeAddress bar;
    try (PeerDouble once = PeerDouble.start("bar", Wire::okToAll)) {
      bar = once.address();
    }
    Link link = link(bar);
    assertThat(link.observer()).isEmpty();
    assertThat(link.isUnreachable()).isTrue();
    try (ServerSocket there = new ServerSocket(bar.port(), 1, InetAddress.getLoopbackAddress())) {
      assertThat(link.observer()).isEmpty();
      there.setSoTimeout(1);
      assertThatThrownBy(there::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Nested
  class OfAPeerThatDoesNotTell {
    @Test
    void asItsVersionDoesNotIsNowhereAndNobodysFailure(LogCapture log) throws Exception {
      try (PeerDouble bar = PeerDouble.start("bar", Wire::okToAll)) {
        Link link = link(bar.address());
        assertThat(link.observer()).isEmpty();
        assertThat(log.messages(Level.INFO)).isEmpty();
        assertThat(link.state().isReachable()).isTrue();
        assertThat(link.state().failedCalls()).isZero();
        assertThat(link.call(CALL)).isEqualTo(Wire.oks(1));
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"javascript:alert(1)", "<script>", "\n"})
    void butSaysSomethingElseIsNowhereAndToldOfOnce(String told, LogCapture log)
        throws Exception {
      log.allow(" gave a malformed answer: ");
      try (PeerDouble bar = PeerDouble.start("bar", Wire::okToAll)) {
        bar.tellOfObserver(() -> told.getBytes(UTF_8));
        Link link = link(bar.address());
        for (int i = 0; i < 3; i++) assertThat(link.observer()).isEmpty();
        assertThat(log.messages(Level.WARNING))
            .singleElement()
            .asString()
            .endsWith(
                "no address of an observer, such as http://127.0.0.1:4061/;"
                    + " malformed answers so far: 1");
        assertThat(link.state().isReachable()).isTrue();
      }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_ANY, names = "CLOSES_AFTER.*|SENDS.*AFTER.*|ANSWERS.*|THROWS.*")
    void andIsNoneIsNowhereWhateverItsManners(Manners manners) throws Exception {
      int runsBefore = RunsWhenRead.runs();
      PeerDouble bar = PeerDouble.start("bar", PeerDouble::failsRemotely);
      Link link = link(bar.address());
      try (bar) {
        assertThatThrownBy(() -> link.call(CALL)).isInstanceOf(CallFailedException.class);
      }
      try (UnrulyListener unruly = UnrulyListener.startAt(bar.address(), manners)) {
        assertThat(link.observer()).isEmpty();
        assertThat(unruly.address()).isEqualTo(bar.address());
        assertThat(link.isUnreachable()).isFalse();
        assertThat(RunsWhenRead.runs()).isEqualTo(runsBefore);
      }
    }
  }
}
