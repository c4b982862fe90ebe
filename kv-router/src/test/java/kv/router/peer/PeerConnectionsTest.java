package kv.router.peer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.logging.Level;
import kv.memory.Memory;
import kv.router.link.CallFailedException;
import kv.router.link.Link;
import kv.router.link.Links;
import kv.router.table.NodeAddress;
import kv.router.testing.Routing;
import kv.router.testing.Wire;
import kv.router.wire.Figures.Event;
import kv.router.wire.Figures;
import kv.router.wire.KeepAlive;
import kv.store.Bytes;
import kv.store.Storage;
import kv.testing.Jrmp.Target;
import kv.testing.Jrmp;
import kv.testing.LogCapture;
import kv.testing.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What whoever can connect to the port for peers may take of a node, and what not. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class PeerConnectionsTest {
  private static final byte[] CALL = Wire.call(List.of("foo"), "CREATE b");

  /** What RMI's client begins with, for several calls over one connection. */
  private static final byte[] GREETING = {'J', 'R', 'M', 'I', 0, 2, 0x4b};

  /** A call that RMI answers by itself, behind a host and a port that the peer says it has. */
  private static final byte[] PING = {0, 0, 0, 0, 0, 0, 0x52};

  private final ManualClock clock = new ManualClock();
  private final Figures figures = new Figures();
  private final List<Socket> clients = new ArrayList<>();
  private Storage storage;
  private PeerConnections connections;
  private PeerServer server;

  @BeforeEach
  void startStorage() throws InterruptedException {
    storage = Storage.start();
  }

  @AfterEach
  void stop() throws Exception {
    for (Socket client : clients) client.close();
    server.proc().stop();
    storage.close();
  }

  private void serve(int maxConnections, Duration idle) throws Exception {
    serve(maxConnections, idle, Memory.unlimited());
  }

  private void serve(int maxConnections, Duration idle, Memory memory) throws Exception {
    PeerLimits limits = new PeerLimits(maxConnections, idle, KeepAlive.OFF);
    connections = new PeerConnections(limits, Optional.empty(), figures, memory, clock);
    server = Routing.serve(Routing.router("bar", storage), "127.0.0.1", 0, connections);
  }

  private Socket connect() throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port());
    clients.add(client);
    return client;
  }

  private Socket greet() throws IOException {
    Socket client = connect();
    client.getOutputStream().write(GREETING);
    assertThat(client.getInputStream().read()).isEqualTo(0x4e);
    return client;
  }

  /** Connects and brings a whole call, as only peers do. */
  private Socket ping() throws IOException {
    Socket client = greet();
    DataInputStream in = new DataInputStream(client.getInputStream());
    in.readUTF();
    in.readInt();
    client.getOutputStream().write(PING);
    assertThat(in.read()).isEqualTo(0x53);
    return client;
  }

  /** Waits until the node has closed it. */
  private static void awaitEnd(Socket client) throws IOException {
    InputStream in = client.getInputStream();
    try {
      while (in.read() >= 0) continue;
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("reset"); // closed before all was read
    }
  }

  private void assertServes() throws Exception {
    NodeAddress bar = new NodeAddress("bar", "127.0.0.1", server.port());
    assertThat(Links.to(bar, Routing.LONG, Routing.LONG).call(CALL)).isEqualTo(Wire.oks(1));
  }

  @Nested
  class Connections {
    private static final String FULL =
        "connections of peers are refused: 3 are open (router.max-connections)"
            + "; INFO: refused_peer_connections ";

    @BeforeEach
    void allowTheWarning(LogCapture log) {
      log.allow("^connections of peers are refused");
    }

    @Test
    void areNoMoreThanMayBeAndOneMoreIsClosedAtOnceAndCounted(LogCapture log) throws Exception {
      serve(3, Routing.LONG);
      for (int i = 0; i < 3; i++) ping();
      for (int i = 0; i < 5; i++) awaitEnd(connect());
      assertThat(connections.count()).isEqualTo(3);
      assertThat(figures.total(Event.REFUSED_PEER_CONNECTIONS)).isEqualTo(5);
      assertThat(log.messages(Level.WARNING)).containsExactly(FULL + 1);
    }

    @Test
    void areAcceptedAgainOnceOneHasEnded() throws Exception {
      serve(1, Routing.LONG);
      Guest first = new Guest(1, true).admitted();
      awaitEnd(connect());
      first.close();
      ping();
      awaitEnd(connect());
      assertThat(figures.total(Event.REFUSED_PEER_CONNECTIONS)).isEqualTo(2);
    }

    @Test
    void thatAreRefusedAreSaidOnceAMinuteHoweverOftenThereIsRoomMeanwhile(LogCapture log)
        throws Exception {
      serve(3, Routing.LONG);
      for (int i = 0; i < 50; i++) refuseOneAndMakeRoom();
      clock.advance(Duration.ofSeconds(59));
      refuseOneAndMakeRoom();
      assertThat(log.messages(Level.WARNING)).containsExactly(FULL + 1);
      clock.advance(Duration.ofSeconds(1));
      refuseOneAndMakeRoom();
      assertThat(log.messages(Level.WARNING)).containsExactly(FULL + 1, FULL + 52);
      assertThat(figures.total(Event.REFUSED_PEER_CONNECTIONS)).isEqualTo(52);
    }

    private void refuseOneAndMakeRoom() throws Exception {
      List<Guest> peers = new ArrayList<>();
      for (int i = 0; i < 3; i++) peers.add(new Guest(1, true).admitted());
      assertThat(connections.admit(new Guest(1, false))).isFalse();
      for (Guest peer : peers) peer.close();
    }

    @Test
    void ofAFormerLifeCount() throws Exception {
      serve(3, Routing.LONG);
      greet();
      server.proc().stop();
      server =
          Routing.serve(Routing.router("bar", storage), "127.0.0.1", 0, connections);
      greet();
      assertThat(connections.count()).isEqualTo(2);
    }

    @Test
    void inTensOfThousandsLeaveNothingBehind() throws Exception {
      serve(8, Routing.LONG);
      for (int i = 0; i < 10_000; i++)
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
          if (i % 2 == 0) client.getOutputStream().write(GREETING, 0, i % 8);
        }
      assertThat(connections.count()).isLessThanOrEqualTo(8);
      assertServesOnceTheyAreGone();
      assertThat(connections.count()).isLessThanOrEqualTo(8);
    }

    /** Those that were left are seen to be gone by threads of RMI, of which nobody can wait. */
    private void assertServesOnceTheyAreGone() throws Exception {
      while (true)
        try {
          assertServes();
          return;
        } catch (CallFailedException e) {
          assertThat(e).hasMessageContaining(" is unreachable");
        }
    }
  }

  /** One that is accepted from an address of which only the last byte matters. */
  private final class Guest extends PeerSocket {
    private final byte address;
    private boolean isProven;
    private boolean isAboutToProve;

    Guest(int address, boolean isProven) throws IOException {
      super(
          Routing.LIMITS,
          Optional.empty(),
          (peer, why) -> {},
          new CallAccount(Memory.unlimited(), new RefusalLog(figures, clock)),
          connections::forget);
      this.address = (byte) address;
      this.isProven = isProven;
    }

    Guest admitted() {
      assertThat(connections.admit(this)).isTrue();
      return this;
    }

    @Override
    public InetAddress getInetAddress() {
      try {
        return InetAddress.getByAddress(new byte[] {10, 0, 0, address});
      } catch (UnknownHostException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    boolean isProven() {
      boolean answer = isProven;
      isProven |= isAboutToProve;
      return answer;
    }
  }

  @Nested
  class WhoeverHasNotShownToBeAPeer {
    @BeforeEach
    void allowTheWarning(LogCapture log) {
      log.allow("^connections of peers are refused");
    }

    @Test
    void makesRoomForAnother() throws Exception {
      serve(3, Routing.LONG);
      for (int i = 0; i < 30; i++) greet();
      assertServes();
      assertThat(connections.count()).isEqualTo(3);
      assertThat(figures.total(Event.REFUSED_PEER_CONNECTIONS)).isGreaterThanOrEqualTo(28);
      awaitEnd(clients.get(0));
    }

    @Test
    void leavesAPeerAlone() throws Exception {
      serve(2, Routing.LONG);
      Socket peer = ping();
      for (int i = 0; i < 30; i++) greet();
      peer.getOutputStream().write(0x52);
      assertThat(peer.getInputStream().read()).isEqualTo(0x53);
      assertThat(connections.count()).isEqualTo(2);
    }

    @Test
    void goesInTheOrderInWhichTheyHaveCome() throws Exception {
      serve(3, Routing.LONG);
      List<Guest> all = new ArrayList<>();
      for (int i = 0; i < 5; i++) all.add(new Guest(1, i == 1).admitted());
      assertThat(all)
          .extracting(Guest::isClosed)
          .containsExactly(true, false, true, false, false);
    }

    @Test
    void goesFirstIfItsAddressHasMostOfThem() throws Exception {
      serve(4, Routing.LONG);
      Guest only = new Guest(1, false).admitted();
      Guest one = new Guest(2, false).admitted();
      Guest another = new Guest(2, false).admitted();
      new Guest(3, true).admitted();
      new Guest(1, false).admitted(); // two of each
      assertThat(only.isClosed()).isTrue();
      for (int i = 0; i < 30; i++) new Guest(3, false).admitted();
      assertThat(one.isClosed()).isTrue();
      assertThat(another.isClosed()).isFalse();
    }

    @Test
    void staysIfItShowsToBeOneBeforeItIsClosed() throws Exception {
      serve(1, Routing.LONG);
      Guest first = new Guest(1, false).admitted();
      first.isAboutToProve = true; // once it has been looked at
      Guest next = new Guest(2, false);
      assertThat(connections.admit(next)).isFalse();
      assertThat(next.isClosed()).isTrue();
      assertThat(first.isClosed()).isFalse();
      assertThat(figures.total(Event.REFUSED_PEER_CONNECTIONS)).isEqualTo(1);
    }

    @Test
    void isNotLetInIfAllOthersAreKnown() throws Exception {
      serve(1, Routing.LONG);
      Guest known = new Guest(1, true).admitted();
      Guest next = new Guest(2, false);
      assertThat(connections.admit(next)).isFalse();
      assertThat(next.isClosed()).isTrue();
      assertThat(known.isClosed()).isFalse();
    }
  }

  @Nested
  class AConnectionOnWhichNoCallComes {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 6})
    void isClosedWhereverItStopsInItsGreeting(int bytes) throws Exception {
      assertClosedAfter(Arrays.copyOf(GREETING, bytes));
    }

    @Test
    void isClosedIfItOnlyGreets() throws Exception {
      assertClosedAfter(GREETING);
    }

    @Test
    void isClosedIfACallIsNeverSentToItsEnd() throws Exception {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.write(GREETING);
      out.writeUTF("127.0.0.1");
      out.writeInt(0);
      out.write(new byte[] {0x50, (byte) 0xac, (byte) 0xed, 0, 5, 0x77, 34, 0, 0, 0});
      assertClosedAfter(bytes.toByteArray());
    }

    /** All at once: who is slow to send more may find it closed. */
    private void assertClosedAfter(byte[] bytes) throws Exception {
      serve(3, Duration.ofMillis(200));
      Socket client = connect();
      client.getOutputStream().write(bytes);
      awaitEnd(client);
      assertThat(connections.count()).isZero();
    }

    @Test
    void isClosedThoughAByteComesNowAndThen() throws Exception {
      serve(3, Duration.ofMillis(400));
      Socket client = connect();
      client.getOutputStream().write(GREETING);
      assertThatThrownBy(() -> dripWhileItIsOpen(client)).isInstanceOf(IOException.class);
      assertThat(connections.count()).isZero();
    }

    /** Behind the answer to the greeting, a host of the peer's with one letter at a time. */
    private void dripWhileItIsOpen(Socket client) throws IOException {
      DataOutputStream out = new DataOutputStream(client.getOutputStream());
      client.getInputStream().skipNBytes(1 + 2 + "127.0.0.1".length() + 4);
      client.setSoTimeout(100);
      out.writeShort(60_000);
      while (true) {
        out.write('x');
        try {
          if (client.getInputStream().read() < 0) throw new IOException("closed");
        } catch (SocketTimeoutException e) {
          continue;
        }
      }
    }
  }

  @Nested
  class ACallForWhichThereIsNoRoom {
    private static final int MOST = 500_000;

    private final Memory memory = Memory.of(Memory.ofArray(MOST));

    @BeforeEach
    void allowTheWarning(LogCapture log) throws Exception {
      log.allow("^calls of peers are refused");
      serve(3, Routing.LONG, memory);
    }

    @Test
    void isNotReadThoughItAnnouncesItselfOnly() throws Exception {
      Target peer = Target.named(server.port(), "bar", "call([B)[B");
      byte[] announced = Jrmp.call(peer, (Object) new byte[MOST + 1]);
      byte[] answer = Jrmp.exchange(server.port(), Arrays.copyOf(announced, 1000));
      assertThat(new String(answer, ISO_8859_1)).contains("filter status: REJECTED");
      assertThat(figures.total(Event.REFUSED_PEER_CALLS)).isEqualTo(1);
      assertThat(memory.held()).isZero();
      assertServes();
    }

    @Test
    void leavesRoomToThoseThatFit() throws Exception {
      NodeAddress bar = new NodeAddress("bar", "127.0.0.1", server.port());
      Link link = Links.to(bar, Routing.LONG, Routing.LONG);
      byte[] fits = Wire.call(List.of("foo"), "CREATE b", "PUT b k " + "v".repeat(MOST - 100));
      byte[] tooLong = Wire.call(List.of("foo"), "CREATE c", "PUT c k " + "v".repeat(MOST));
      for (int i = 0; i < 3; i++) {
        assertThat(link.call(fits)).isEqualTo(Wire.oks(2));
        assertThatThrownBy(() -> link.call(tooLong)).isInstanceOf(CallFailedException.class);
      }
      assertThat(storage.lookup(Bytes.of("c"))).isEmpty();
      assertThat(figures.total(Event.REFUSED_PEER_CALLS)).isEqualTo(3);
      assertThat(memory.held()).isZero();
    }

    @Test
    void isOneThatGoesOnAndOnWithoutHavingSaidSo() throws Exception {
      byte[] endless =
          Jrmp.call(Target.registry(Target.LOOKUP), "x".repeat(2 * CallAccount.FREE_BYTES));
      byte[] answer = Jrmp.exchange(server.port(), endless); // none, if the end came first
      assertThat(new String(answer, ISO_8859_1)).doesNotContain("NotBound");
      assertServes();
    }
  }

  @Nested
  class Rubbish {
    @Test
    void endsItsOwnConnectionAndNothingElse() throws Exception {
      serve(3, Routing.LONG);
      Random random = new Random(4050);
      for (int i = 0; i < 200; i++) {
        byte[] noise = new byte[1 + random.nextInt(2000)];
        random.nextBytes(noise);
        if (i % 2 == 0) System.arraycopy(GREETING, 0, noise, 0, Math.min(7, noise.length));
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
          client.getOutputStream().write(noise);
          client.shutdownOutput();
          awaitEnd(client);
        }
      }
      assertServes();
    }
  }
}
