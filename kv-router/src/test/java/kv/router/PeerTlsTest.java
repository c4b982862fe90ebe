package kv.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.rmi.RemoteException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.RMIClientSocketFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.logging.Level;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import kv.config.Place;
import kv.config.Setting;
import kv.memory.Memory;
import kv.otp.Clock;
import kv.router.link.CallFailedException;
import kv.router.link.Link;
import kv.router.link.LinkRules;
import kv.router.link.Links;
import kv.router.link.OpenSockets;
import kv.router.peer.PeerConnections;
import kv.router.peer.PeerLimits;
import kv.router.peer.PeerListener;
import kv.router.peer.PeerServer;
import kv.router.table.NodeAddress;
import kv.router.testing.Routing;
import kv.router.testing.UnrulyListener.Manners;
import kv.router.testing.UnrulyListener;
import kv.router.testing.Wire;
import kv.router.wire.Figures.Event;
import kv.router.wire.KeepAlive;
import kv.store.Bytes;
import kv.store.Storage;
import kv.testing.KeepAliveOptions;
import kv.testing.Keystores;
import kv.testing.LogCapture;
import kv.testing.Replacing;
import kv.testing.TrustsEverybody;
import kv.tls.Password;
import kv.tls.Tls;
import kv.tls.TlsFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nodes that know each other by their certificates. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class PeerTlsTest {
  private static final byte[] CALL = Wire.call(List.of("foo"), "CREATE shopping");

  private static final int MAX_CONNECTIONS = 16;

  /** The head of a record that would have 512 bytes, and of the client's first message. */
  private static final byte[] CLIENT_HELLO = {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc};

  @TempDir static Path folder;
  private static Keystores stores;
  private static Tls foo;
  private static Tls bar;

  private Storage storage;
  private LinkRules rules;
  private Router router;
  private PeerServer server;

  @BeforeAll
  static void makeKeystores() throws Exception {
    stores = new Keystores(folder);
    foo = tls(stores.of("foo"), stores.trust());
    bar = tls(stores.of("bar"), stores.trust());
  }

  private static Tls tls(Path keystore, Path truststore) {
    Place place = Place.ofArgument("a test");
    Password password =
        new Password("file", Optional.empty(), "VARIABLE", Optional.of(Keystores.PASSWORD));
    return Tls.read(
        new TlsFiles(
            new Setting("keystore", keystore.toString(), place),
            Optional.of(new Setting("truststore", truststore.toString(), place)),
            password));
  }

  @BeforeEach
  void start() throws Exception {
    storage = Storage.start();
    startServer(bar);
  }

  @AfterEach
  void stop() throws InterruptedException {
    server.proc().stop();
    storage.close();
  }

  private void startServer(Tls tls) throws Exception {
    if (server != null) server.proc().stop();
    rules = rules(Optional.ofNullable(tls), Routing.LONG);
    router =
        new Router(
            "bar",
            Optional.empty(),
            storage,
            rules,
            Memory.unlimited());
    server = start(0);
  }

  private NodeAddress address(String name) {
    return new NodeAddress(name, "127.0.0.1", server.port());
  }

  private Link link(Tls tls, String name) {
    return link(address(name), Optional.ofNullable(tls), Routing.LONG);
  }

  private static Link link(NodeAddress to, Optional<Tls> tls, Duration connectTimeout) {
    return new Link(to, rules(tls, connectTimeout), new OpenSockets());
  }

  private static LinkRules rules(Optional<Tls> tls, Duration connectTimeout) {
    return new LinkRules(connectTimeout, Routing.LONG, 64, tls, KeepAlive.OFF);
  }

  private PeerServer start(int port) throws Exception {
    PeerLimits limits = new PeerLimits(MAX_CONNECTIONS, Routing.LONG, KeepAlive.OFF);
    PeerConnections connections =
        new PeerConnections(
            limits, rules.tls(), router.figures(), router.memory(), Clock.SYSTEM);
    return Routing.serve(router, "127.0.0.1", port, connections);
  }

  private void assertUnreachable(Link link, String name, String why) {
    assertThatThrownBy(() -> link.call(CALL))
        .isInstanceOf(CallFailedException.class)
        .hasMessage("node " + address(name) + " is unreachable" + why);
    assertThat(storage.lookup(Bytes.of("shopping"))).isEmpty();
  }

  /** Sets the options of the plain sockets, which TLS lies upon. */
  @Test
  void bothSidesAreProbedByTcp() throws Exception {
    KeepAlive keepAlive = new KeepAlive(Duration.ofSeconds(42));
    PeerLimits limits = new PeerLimits(1, Routing.LONG, keepAlive);
    PeerConnections connections =
        new PeerConnections(
            limits, Optional.of(bar), router.figures(), router.memory(), Clock.SYSTEM);
    LinkRules probing =
        new LinkRules(Routing.LONG, Routing.LONG, 1, Optional.of(foo), keepAlive);
    try (ServerSocket listener =
        new PeerListener("127.0.0.1", connections).createServerSocket(0)) {
      NodeAddress to = new NodeAddress("bar", "127.0.0.1", listener.getLocalPort());
      FutureTask<Socket> near =
          new FutureTask<>(() -> Links.sockets(to, probing).createSocket(to.host(), to.port()));
      Thread connects = new Thread(near);
      connects.start();
      try (Socket far = listener.accept()) {
        far.getInputStream(); // as RMI does, on its thread
        far.getOutputStream().write(1); // shakes hands
        try (Socket connected = near.get()) {
          KeepAliveOptions.assertThat(connected).isProbed(42, 14, 3);
          KeepAliveOptions.assertThat(far).isProbed(42, 14, 3);
        }
      }
      connects.join();
    }
  }

  @Nested
  class ALink {
    @Test
    void callsThePeerOfTheRightName() throws Exception {
      assertThat(link(foo, "bar").call(CALL)).isEqualTo(Wire.oks(1));
      assertThat(storage.lookup(Bytes.of("shopping"))).isPresent();
      assertThat(router.figures().total(Event.FAILED_PEER_HANDSHAKES)).isZero();
    }

    @Test
    void callsThePeerInItsNextLife() throws Exception {
      Link link = link(foo, "bar");
      link.call(CALL);
      int port = server.port();
      server.proc().stop();
      server = start(port);
      assertThat(link.call(CALL)).isEqualTo(Wire.oks(1));
    }

    @Test
    void carriesTheLargestAnswer() throws Exception {
      String value = "v".repeat(2_000_000);
      Link link = link(foo, "bar");
      link.call(Wire.call(List.of("foo"), "CREATE b", "PUT b k " + value));
      assertThat(Wire.replies(link.call(Wire.call(List.of("foo"), "GET b k"))))
          .containsExactly("value " + value);
    }

    @Test
    void doesNotCallAnotherNode() {
      assertUnreachable(link(foo, "baz"), "baz", ": its certificate is not that of baz");
    }

    @Test
    void doesNotCallAStranger(LogCapture log) throws Exception {
      log.allow("was refused");
      Path alien = stores.selfSigned("alien", "-ext", "san=dns:bar");
      startServer(tls(alien, stores.trust()));
      assertUnreachable(link(foo, "bar"), "bar", ": its certificate is not trusted");
    }

    @Test
    void doesNotCallWhoeverHasExpired(LogCapture log) throws Exception {
      log.allow("has expired|was refused");
      startServer(
          tls(
              stores.signed("old", "-dname", "CN=bar", "-startdate", "-9d", "-validity", "1"),
              stores.trust()));
      assertUnreachable(link(foo, "bar"), "bar", ": its certificate has expired");
    }

    @Test
    void doesNotCallAPlainPeer() throws Exception {
      startServer(null);
      assertUnreachable(link(foo, "bar"), "bar", ": it broke off the TLS handshake");
    }

    @Test
    void withoutTlsDoesNotCallAPeerThatHasIt(LogCapture log) {
      log.allow("was refused");
      assertUnreachable(
          link(null, "bar"), "bar", ": it speaks TLS, and this node does not");
    }

    @ParameterizedTest
    @EnumSource
    void doesNotWaitForWhoeverIsNone(Manners manners) throws Exception {
      try (UnrulyListener unruly = UnrulyListener.start(manners)) {
        Duration time = Duration.ofMillis(300);
        Link link = link(unruly.address(), Optional.of(foo), time);
        assertThatThrownBy(() -> link.call(CALL))
            .isInstanceOf(CallFailedException.class)
            .hasMessageStartingWith("node " + unruly.address() + " is unreachable");
      }
    }
  }

  @Nested
  class APeer {
    @Test
    void doesNotTakeCallsOfAStranger(LogCapture log) throws Exception {
      log.allow("was refused");
      Tls stranger = tls(stores.selfSigned("stranger"), stores.trust());
      assertUnreachable(link(stranger, "bar"), "bar", ": the TLS handshake with it failed");
      log.await("failed_peer_handshakes 1");
      assertThat(router.figures().total(Event.FAILED_PEER_HANDSHAKES)).isEqualTo(1);
    }

    @Test
    void saysInItsLogWhomItHasRefusedButNotEveryTime(LogCapture log) throws Exception {
      log.allow("was refused");
      for (int i = 0; i < 5; i++) assertUnreachable(link(null, "bar"), "bar",
          ": it speaks TLS, and this node does not");
      log.await("failed_peer_handshakes 5");
      assertThat(log.messages(Level.WARNING))
          .hasSize(1)
          .first()
          .asString()
          .startsWith(
              "a connection of 127.0.0.1 to the port for other nodes was refused:"
                  + " it does not speak TLS as it should");
      assertThat(router.figures().total(Event.FAILED_PEER_HANDSHAKES)).isEqualTo(5);
    }

    @Test
    void servesOthersWhileSomebodySaysNothing(LogCapture log) throws Exception {
      log.allow("was refused"); // in the end
      try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        assertThat(link(foo, "bar").call(CALL)).isEqualTo(Wire.oks(1));
        assertThat(silent.isConnected()).isTrue();
      }
      log.await("failed_peer_handshakes 1");
    }
  }

  /** At both sides; nobody starts a node again. */
  @Nested
  class ChangedFiles {
    @TempDir Path scratch;
    private Path keystore;
    private Path truststore;

    /** What changes, of the node {@code bar}. */
    private Tls follows;

    @BeforeEach
    void read() throws Exception {
      keystore = Files.copy(folder.resolve("bar.p12"), scratch.resolve("keys.p12"));
      truststore = Files.copy(stores.trust(), scratch.resolve("trust.p12"));
      follows = tls(keystore, truststore);
    }

    private void assertCalls(Tls caller) throws Exception {
      assertThat(link(caller, "bar").call(CALL)).isEqualTo(Wire.oks(1));
      storage.lookup(Bytes.of("shopping")).orElseThrow().stop();
    }

    @Test
    void renewAtTheNextHandshakeWhatHasExpired(LogCapture log) throws Exception {
      log.allow("has expired|was refused");
      Path late = stores.signed("late", "-dname", "CN=bar", "-startdate", "-9d", "-validity", "1");
      for (Replacing way : Replacing.values()) {
        way.with(late, keystore);
        assertUnreachable(link(follows, "bar"), "bar", ": the TLS handshake with it failed");
        way.with(folder.resolve("bar.p12"), keystore);
        assertCalls(follows);
      }
      startServer(follows);
      for (Replacing way : Replacing.values()) {
        way.with(late, keystore);
        assertUnreachable(link(foo, "bar"), "bar", ": its certificate has expired");
        way.with(folder.resolve("bar.p12"), keystore);
        assertCalls(foo);
      }
    }

    @Test
    void sayAtTheNextHandshakeWhoIsTrusted(LogCapture log) throws Exception {
      log.allow("was refused");
      Path keys = stores.selfSigned("outsider", "-ext", "san=dns:bar");
      Tls outsider = tls(keys, stores.trust());
      Path others = scratch.resolve("others.p12");
      Keystores.trust(others, keys, "outsider");
      startServer(follows);
      for (Replacing way : Replacing.values()) {
        assertCalls(foo);
        assertUnreachable(link(outsider, "bar"), "bar", ": the TLS handshake with it failed");
        way.with(others, truststore);
        assertUnreachable(link(foo, "bar"), "bar", ": the TLS handshake with it failed");
        assertCalls(outsider);
        way.with(stores.trust(), truststore);
      }
      startServer(outsider);
      assertUnreachable(link(follows, "bar"), "bar", ": its certificate is not trusted");
    }

    @Test
    void thatAreBrokenLeaveAllAsItWasWithOneWarning(LogCapture log) throws Exception {
      log.allow("the certificates stay what they were");
      startServer(follows);
      Replacing.IN_PLACE.with(new byte[100], keystore);
      for (int i = 0; i < 3; i++) assertCalls(foo);
      startServer(bar);
      assertCalls(follows);
      assertThat(log.messages(Level.WARNING)).singleElement().asString()
          .startsWith(
              "the certificates stay what they were, for argument 'a test': keystore is '"
                  + keystore + "', which is no PKCS12");
    }
  }

  @Nested
  class HalfAHandshake {
    private final List<Socket> strangers = new ArrayList<>();

    /** As many as there are places for, and as many more. */
    private void attack() throws Exception {
      for (int i = 0; i < 2 * MAX_CONNECTIONS; i++) {
        Socket stranger = new Socket(InetAddress.getLoopbackAddress(), server.port());
        strangers.add(stranger);
        if (i % 2 == 0) stranger.getOutputStream().write(CLIENT_HELLO);
      }
    }

    /** Ends those that are left, and waits until the node has found that they broke off. */
    private void leave(LogCapture log) throws Exception {
      long left = strangers.size() - router.figures().total(Event.REFUSED_PEER_CONNECTIONS);
      for (Socket stranger : strangers) stranger.close();
      for (long i = 1; i <= left; i++) log.await("failed_peer_handshakes " + i);
    }

    @Test
    void doesNotKeepAPeerOutHoweverManyThereAre(LogCapture log) throws Exception {
      log.allow("^connections of peers are refused|was refused");
      attack();
      Link former = link(foo, "bar");
      assertThat(former.call(CALL)).isEqualTo(Wire.oks(1));
      attack();
      assertThat(link(foo, "bar").call(CALL)).isEqualTo(Wire.oks(1));
      assertThat(former.call(CALL)).isEqualTo(Wire.oks(1));
      assertThat(router.figures().total(Event.REFUSED_PEER_CONNECTIONS))
          .isGreaterThan(2 * MAX_CONNECTIONS);
      leave(log);
    }
  }

  @Nested
  class TheRegistry {
    private Registry registry(RMIClientSocketFactory sockets) throws RemoteException {
      return sockets == null
          ? LocateRegistry.getRegistry("127.0.0.1", server.port())
          : LocateRegistry.getRegistry("127.0.0.1", server.port(), sockets);
    }

    private void assertClosedTo(Registry registry) throws Exception {
      assertThatThrownBy(() -> registry.unbind("bar")).isInstanceOf(RemoteException.class);
      assertThatThrownBy(() -> registry.rebind("bar", server))
          .isInstanceOf(RemoteException.class);
      assertThatThrownBy(registry::list).isInstanceOf(RemoteException.class);
      assertThat(link(foo, "bar").call(CALL)).isEqualTo(Wire.oks(1));
    }

    @Test
    void isClosedToPlainClients(LogCapture log) throws Exception {
      log.allow("was refused");
      assertClosedTo(registry(null));
    }

    @Test
    void isClosedToStrangers(LogCapture log) throws Exception {
      log.allow("was refused");
      Tls stranger = tls(stores.selfSigned("thief"), stores.trust());
      assertClosedTo(
          registry(
              Links.sockets(address("bar"), rules(Optional.of(stranger), Routing.LONG))));
    }

    @Test
    void isClosedToWhoeverHasNoCertificate(LogCapture log) throws Exception {
      log.allow("was refused");
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustsEverybody()}, null);
      Registry registry =
          LocateRegistry.getRegistry(
              "127.0.0.1",
              server.port(),
              (host, port) -> context.getSocketFactory().createSocket(host, port));
      assertClosedTo(registry);
    }

    /** Without TLS, it is as the package says; this is what the others are measured by. */
    @Test
    void withoutTlsIsOpenToThisMachine() throws Exception {
      startServer(null);
      registry(null).unbind("bar");
      assertUnreachable(
          link(null, "bar"), "bar", ": there is another node at that address");
    }
  }
}
