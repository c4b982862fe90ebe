package kv.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.rmi.RemoteException;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.logging.Level;
import kv.command.ByteBuilder;
import kv.otp.ChildResult;
import kv.router.link.Link;
import kv.router.link.Links;
import kv.router.peer.AnswerBuilder;
import kv.router.peer.PeerListener;
import kv.router.peer.PeerServer;
import kv.router.table.NodeAddress;
import kv.router.testing.PeerDouble;
import kv.router.testing.Routing;
import kv.router.testing.TestNode;
import kv.router.testing.Wire;
import kv.store.Bucket;
import kv.store.Bytes;
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

class PeerServerTest {
  private static final List<String> PATH = List.of("qux");

  private Storage storage;
  private PeerServer server;

  @BeforeEach
  void start() throws Exception {
    storage = Storage.start();
    Router router = Routing.router("foo", storage);
    server = Routing.serve(router, "127.0.0.1", 0, Routing.connections());
  }

  @AfterEach
  void stop() throws InterruptedException {
    server.proc().stop();
    storage.close();
  }

  @Nested
  class ACall {
    @Test
    void isAnsweredInTheOrderOfItsCommands() {
      assertThat(ask("CREATE b", "PUT b k v", "GET b k", "GET b l", "DELETE b k", "GET c k"))
          .containsExactly("OK", "OK", "value v", "missing", "OK", "NOT FOUND");
    }

    @Test
    void withNoCommandsHasAnEmptyAnswer() {
      assertThat(server.call(Wire.call(PATH))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "HELP", "create b", "CREATE", "CREATE b c", "GET b", "PUT b k", "PUT b k v w", "",
        "CREAT b", "CREATEE b", "1 2 3 4 5 6 7 8"})
    void withAnUnknownCommandIsAnsweredSo(String unknown) {
      assertThat(ask("CREATE b", unknown, "GET b k"))
          .containsExactly("OK", "UNKNOWN COMMAND", "missing");
    }

    @ParameterizedTest
    @ValueSource(ints = {255, 256, 5000})
    void withACommandOfTooManyWordsIsAnsweredSo(int count) {
      String many = "CREATE ".repeat(count).strip();
      assertThat(ask("CREATE b", many, "GET b k"))
          .containsExactly("OK", "UNKNOWN COMMAND", "missing");
    }

    @Test
    void withACommandOfNoWordsIsAnsweredSo() {
      byte[] call = new ByteBuilder(0).append(Wire.call(PATH)).append(0).appendInt(0).copyFrom(0);
      assertThat(Wire.replies(server.call(call))).containsExactly("UNKNOWN COMMAND");
    }

    @Test
    void withABucketNameThatIsNoneIsAnsweredSo() {
      assertThat(ask("CREATE ", "CREATE " + "n".repeat(4097), "CREATE n"))
          .containsExactly(
              "ERROR a bucket's name has 1 to 4096 bytes, not 0",
              "ERROR a bucket's name has 1 to 4096 bytes, not 4097",
              "OK");
    }

    @Test
    void isAnsweredWithAnErrorWhenItsThreadIsInterrupted() throws Exception {
      CountDownLatch stopping = new CountDownLatch(1);
      CountDownLatch interrupted = new CountDownLatch(1);
      Bucket stubborn = storage.create(Bytes.of("stubborn"));
      stubborn
          .proc()
          .owns(
              () -> {
                stopping.countDown();
                interrupted.await();
              });
      FutureTask<ChildResult> stop =
          new FutureTask<>(() -> storage.buckets().get().terminateChild(stubborn.proc()));
      new Thread(stop, "stop").start();
      stopping.await(); // until it is over, no bucket can be created
      Thread.currentThread().interrupt();
      List<String> replies = ask("CREATE b");
      boolean isStillInterrupted = Thread.interrupted();
      interrupted.countDown();
      assertThat(stop.get()).isEqualTo(ChildResult.DONE);
      assertThat(replies)
          .containsExactly(
              "ERROR node foo was interrupted; the command may have been carried out");
      assertThat(isStillInterrupted).isTrue();
    }

    @Test
    void keepsTheOrderWhenSomeCommandsGoOnToAnotherNode() throws Exception {
      try (TestNode baz = TestNode.start("baz");
          TestNode bar = TestNode.start("bar", "a=bar@127.0.0.1:1", "z=" + baz.address())) {
        Link link = Links.to(bar.address(), Routing.LONG, Routing.LONG);
        String[] requests = {"CREATE z", "NONE a", "CREATE a", "GET z k", "GET q k"};
        assertThat(Wire.replies(link.call(Wire.call(PATH, requests))))
            .containsExactly(
                "OK", "UNKNOWN COMMAND", "OK", "missing", "ERROR no route for bucket \"q\"");
      }
    }

    @Test
    void tellsTheNextNodeTheWholePath() throws Exception {
      try (PeerDouble baz = PeerDouble.start("baz", Wire::okToAll);
          TestNode bar = TestNode.start("bar", "z=" + baz.address())) {
        Links.to(bar.address(), Routing.LONG, Routing.LONG)
            .call(Wire.call(List.of("qux", "foo"), "CREATE z"));
        assertThat(baz.calls())
            .extracting(Wire::path)
            .containsExactly(List.of("qux", "foo", "bar"));
      }
    }
  }

  @Nested
  class AnAnswer {
    private static final int BIG = 20_000;

    @BeforeEach
    void putBigValue() {
      ask("CREATE b", "PUT b k " + "v".repeat(BIG));
    }

    @Test
    void endsWhenItIsFull() {
      assertThat(ask(gets(10))).hasSize(4).containsOnly("value " + "v".repeat(BIG));
    }

    @Test
    void hasAtLeastOneReplyHoweverLong() {
      ask("PUT b k " + "v".repeat(2_000_000));
      assertThat(ask(gets(2))).hasSize(1);
    }

    @Test
    void hasAnErrorInPlaceOfAValueThatIsTooLongToTravel() throws Exception {
      int most = AnswerBuilder.MAX_VALUE_BYTES;
      Bucket bucket = storage.create(Bytes.of("b"));
      bucket.put(Bytes.of("longest"), Bytes.of(new byte[most]));
      bucket.put(Bytes.of("longer"), Bytes.of(new byte[most + 1]));
      NodeAddress foo = new NodeAddress("foo", "127.0.0.1", server.port());
      Link link = Links.to(foo, Routing.LONG, Routing.LONG);
      byte[] longest = link.call(Wire.call(PATH, "GET b k", "GET b k", "GET b longest"));
      assertThat(Wire.replies(longest)).hasSize(3);
      assertThat(Wire.replies(link.call(Wire.call(PATH, "GET b longer", "GET b none"))))
          .containsExactly(
              "ERROR the value has 31457281 bytes; it can be had on its own node only, for 31457280"
                  + " are the most that go from node to node",
              "missing");
    }

    @Test
    void endsBeforeACommandThatIsNotRun() {
      String[] requests = gets(5);
      requests[4] = "CREATE late";
      ask(requests);
      assertThat(storage.lookup(Bytes.of("late"))).isEmpty();
    }

    private String[] gets(int count) {
      return Collections.nCopies(count, "GET b k").toArray(String[]::new);
    }
  }

  @Nested
  class AMalformedCall {
    private final byte[] head = Wire.call(PATH);
    private final byte[] whole = Wire.call(PATH, "PUT b key value");

    @BeforeEach
    void allowTheWarning(LogCapture log) {
      log.allow("^malformed calls of peers are refused: ");
    }

    @Test
    void isRefusedWhereverItIsCutOff() {
      for (int length = 0; length < whole.length; length++) {
        if (length == head.length) continue; // a call without commands
        byte[] call = new ByteBuilder(0).append(whole, 0, length).copyFrom(0);
        assertThat(Wire.replies(server.call(call)))
            .singleElement()
            .asString()
            .startsWith("ERROR malformed call to node foo: ");
      }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 9, 0x01000000})
    void isRefusedWhenAWordIsLongerThanTheRest(int length) {
      byte[] call =
          new ByteBuilder(0)
              .append(head)
              .append(1)
              .appendInt(length)
              .append("CREATE b")
              .copyFrom(0);
      assertRefused(call, length + " bytes at " + (head.length + 5) + " of " + call.length);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 0x4a, 0xac, 0xff})
    void isRefusedWhenItsFormIsOfAnotherVersion(int version) {
      byte[] call = whole.clone();
      call[0] = (byte) version;
      assertRefused(call, "version " + version + " of the form between nodes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "f\u00ff", "a@b", "\n", "-> foo"})
    void isRefusedWhenItHasPassedWhatIsNoNode(String name) {
      byte[] call =
          new ByteBuilder(0).append(1).append(1).append(name.length()).append(name).copyFrom(0);
      assertRefused(call, "a node without a name");
    }

    @Test
    void isRefusedWhenItsWordsAreFewerThanItSays() {
      byte[] call = new ByteBuilder(0).append(head).append(255).copyFrom(0);
      assertRefused(call, "1 bytes at " + call.length + " of " + call.length);
    }

    @Test
    void isRefusedWhenItsManyWordsAreFewerThanItSays() {
      byte[] call = new ByteBuilder(0).append(head).append(0).appendInt(1 << 30).copyFrom(0);
      assertRefused(call, "1073741824 words in 0 bytes");
    }

    @Test
    void isCountedAndWarnedOfOnceAMinuteInOneLine(LogCapture log) {
      for (int i = 0; i < 100; i++) server.call(new byte[0]);
      for (int i = 0; i < 100; i++) server.share(new byte[] {1});
      assertThat(log.records())
          .filteredOn(record -> record.getLevel().intValue() >= Level.WARNING.intValue())
          .singleElement()
          .satisfies(record -> assertThat(record.getThrown()).isNull());
      assertThat(log.messages(Level.ALL).toString()).contains("INFO: malformed_peer_calls 200");
    }

    @Test
    void isCarriedOutAndAnsweredUpToTheFault() {
      byte[] call =
          new ByteBuilder(0)
              .append(Wire.call(PATH, "CREATE b", "PUT b k v"))
              .append(0xff)
              .copyFrom(0);
      assertThat(Wire.replies(server.call(call)))
          .startsWith("OK", "OK")
          .hasSize(3)
          .last()
          .asString()
          .startsWith("ERROR malformed call to node foo: ");
      assertThat(ask("GET b k")).containsExactly("value v");
    }

    @Test
    void hasTheAnswersOfTheNextNodeBeforeTheFault() throws Exception {
      try (PeerDouble baz = PeerDouble.start("baz", Wire::okToAll);
          TestNode bar = TestNode.start("bar", "z=" + baz.address())) {
        byte[] call =
            new ByteBuilder(0).append(Wire.call(PATH, "CREATE z")).append(0xff).copyFrom(0);
        Link link = Links.to(bar.address(), Routing.LONG, Routing.LONG);
        assertThat(Wire.replies(link.call(call)))
            .hasSize(2)
            .startsWith("OK")
            .last()
            .asString()
            .startsWith("ERROR malformed call to node bar: ");
      }
    }

    @Test
    void ofRandomBytesIsAnsweredWithoutAnException() {
      Random random = new Random(4050);
      for (int i = 0; i < 1000; i++) {
        byte[] noise = new byte[random.nextInt(64)];
        random.nextBytes(noise);
        byte[] call = new ByteBuilder(0).append(head).append(noise).copyFrom(0);
        assertThatCode(() -> Wire.replies(server.call(call))).doesNotThrowAnyException();
      }
    }

    private void assertRefused(byte[] call, String fault) {
      assertThat(Wire.replies(server.call(call)))
          .containsExactly("ERROR malformed call to node foo: " + fault);
    }
  }

  @Nested
  class ACallOfNothing {
    @Test
    void isAnsweredWithAnErrorAndNoException(LogCapture log) throws Exception {
      log.allow("^malformed calls of peers are refused: ");
      assertThat(Wire.replies(server.call(null)))
          .containsExactly("ERROR malformed call to node foo: 1 bytes at 0 of 0");
    }
  }

  @Nested
  class ThePort {
    @Test
    void isThatOfTheConfiguredHostOnly() throws Exception {
      InetAddress host = InetAddress.getByName("127.0.0.1");
      PeerListener listener = new PeerListener("127.0.0.1", Routing.connections());
      try (ServerSocket socket = listener.createServerSocket(0)) {
        assertThat(socket.getInetAddress()).isEqualTo(host);
      }
    }

    private FutureTask<Socket> startToAccept(ServerSocket socket) {
      FutureTask<Socket> accept = new FutureTask<>(socket::accept);
      Thread thread = new Thread(accept, "accept");
      thread.setDaemon(true); // a test that fails must end all the same
      thread.start();
      return accept;
    }

    /** RMI would log each failure, with its stack trace. */
    @Test
    @Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
    void bearsWithWhatHasRunOutAndSaysSoOnce(LogCapture log) throws Exception {
      log.allow("^no connection of a peer can be accepted for now");
      PeerListener listener = new PeerListener("127.0.0.1", Routing.connections());
      try (ServerSocket socket = listener.createServerSocket(0)) {
        socket.setSoTimeout(1); // each accept fails, for want of a client
        FutureTask<Socket> accept = startToAccept(socket);
        log.await("failures so far: 2");
        socket.setSoTimeout(0);
        try (Socket client = new Socket(socket.getInetAddress(), socket.getLocalPort());
            Socket accepted = accept.get()) {
          assertThat(accepted.getPort()).isEqualTo(client.getLocalPort());
        }
        assertThat(log.messages(Level.INFO))
            .containsExactly(
                "no connection of a peer can be accepted for now; failures so far: 1",
                "connections of peers are accepted again");
      }
    }

    @Test
    @Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
    void isFreeWhenItIsClosedWhileNothingCanBeAccepted(LogCapture log) throws Exception {
      log.allow("^no connection of a peer can be accepted for now");
      PeerListener listener = new PeerListener("127.0.0.1", Routing.connections());
      ServerSocket socket = listener.createServerSocket(0);
      socket.setSoTimeout(1);
      FutureTask<Socket> accept = startToAccept(socket);
      log.await("failures so far: 2");
      socket.close();
      assertThatThrownBy(accept::get).hasCauseInstanceOf(SocketException.class);
      new ServerSocket(socket.getLocalPort(), 1, socket.getInetAddress()).close();
    }

    @Test
    void bearsWhoeverSpeaksRubbish() throws Exception {
      byte[] noise = new byte[4096];
      new Random(4050).nextBytes(noise);
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        client.getOutputStream().write(noise);
        client.shutdownOutput();
        InputStream in = client.getInputStream();
        while (in.read() >= 0) continue; // to the end of the connection
      }
      assertServes();
    }

    @Test
    void bearsWhoeverConnectsAndSaysNothing() throws Exception {
      try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        assertThat(silent.isConnected()).isTrue();
        assertServes();
      }
    }

    @Test
    void thatIsTakenIsSaidToBeWithTheRemedy() {
      assertThatThrownBy(
              () -> Routing.serve(
                      Routing.router("bar", storage),
                      "127.0.0.1",
                      server.port(),
                      Routing.connections()))
          .isInstanceOf(RemoteException.class)
          .hasMessageContaining(
              "cannot listen for peers on 127.0.0.1, port " + server.port()
                  + ": Address already in use; set router.host and router.port to an address"
                  + " that is free");
    }

    private void assertServes() throws Exception {
      NodeAddress address = new NodeAddress("foo", "127.0.0.1", server.port());
      Link link = Links.to(address, Routing.LONG, Routing.LONG);
      assertThat(link.call(Wire.call(PATH, "CREATE b"))).isEqualTo(Wire.oks(1));
    }
  }

  private List<String> ask(String... requests) {
    return Wire.replies(server.call(Wire.call(PATH, requests)));
  }
}
