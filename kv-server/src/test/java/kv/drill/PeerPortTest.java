package kv.drill;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.FutureTask;
import kv.testing.Form;
import kv.testing.Jrmp;
import kv.testing.Jrmp.Target;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever reaches the port for peers and is none, while a client is served through that port. */
@Tag("distributed")
class PeerPortTest {
  private static final int CONNECTS = Form.of(2_000, 10_000);
  private static final int STREAMS = Form.of(200, 1_000);
  private static final int HALF_WAY = 200;
  private static final int SLACK = 4;
  private static final long MOST_KIB = 400 * 1024;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @TempDir Path folder;
  private final Drill drill = new Drill();
  private Network network;
  private Pair pair;
  private Shopper client;
  private List<Door> door;
  private int port;
  private ProcessUsage before;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(
        ProcessUsage.isKnown(), "no /proc here: nothing can be said of threads and descriptors");
    network = new BridgedNetwork();
    pair = new Pair(network, folder);
    port = pair.bar().peerPort();
    door = List.of(() -> new DrillClient(pair.foo().clients(), false));
    client = new Shopper(0, drill, List.of(new Shelf("zebra", pair.bar()::life)), door.get(0));
    client.checkAll(door, PATIENCE);
    before = pair.bar().usage();
  }

  @AfterEach
  void stop() throws Exception {
    if (pair != null) pair.close();
    if (network != null) network.close();
  }

  /** What somebody does to the port. */
  private interface Attack {
    void run() throws Exception;
  }

  /** Serves a client beside it; afterwards the node must be as it was. */
  private void endure(Attack attack) throws Exception {
    FutureTask<Void> served = new FutureTask<>(client);
    Thread thread = new Thread(served, "client");
    thread.start();
    try {
      attack.run();
    } finally {
      drill.end();
      served.get();
      client.leave();
    }
    client.checkAll(door, PATIENCE);
    assertThat(drill.findings()).isEmpty();
    assertThat(Patience.until(PATIENCE, () -> pair.bar().usage().leaked(before, SLACK))).isNull();
    assertThat(pair.bar().usage().residentKib()).isLessThan(MOST_KIB);
    assertThat(pair.bar().life()).isZero();
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port);
  }

  @Test
  void thousandsWhoComeAndGoLeaveNothingBehind() throws Exception {
    endure(
        () -> {
          for (int i = 0; i < CONNECTS; i++)
            try (Socket socket = connect()) {
              socket.setSoLinger(i % 2 == 0, 0); // every second one without a farewell
            }
        });
  }

  @Test
  void randomBytesAreNoCalls() throws Exception {
    Random random = new Random(1);
    endure(
        () -> {
          for (int i = 0; i < STREAMS; i++) {
            byte[] bytes = new byte[1 + random.nextInt(2000)];
            random.nextBytes(bytes);
            int head = random.nextInt(Jrmp.HANDSHAKE.length + 1);
            System.arraycopy(Jrmp.HANDSHAKE, 0, bytes, 0, Math.min(head, bytes.length));
            Jrmp.exchange(port, bytes);
          }
        });
  }

  @Test
  void whoStopsInTheMiddleOfAHandshakeHoldsNoMoreThanAThread() throws Exception {
    endure(
        () -> {
          List<Socket> sockets = new ArrayList<>();
          try {
            for (int i = 0; i < HALF_WAY; i++) {
              sockets.add(connect());
              int sent = i % Jrmp.HANDSHAKE.length;
              sockets.get(i).getOutputStream().write(Jrmp.HANDSHAKE, 0, sent);
            }
            ProcessUsage during = ProcessUsage.of(pair.bar().pid());
            assertThat(during.threads()).isLessThan(before.threads() + HALF_WAY + 20);
            assertThat(during.descriptors()).isLessThan(before.descriptors() + HALF_WAY + 20);
          } finally {
            for (Socket socket : sockets) socket.close();
          }
        });
  }

  @Test
  void noObjectComesToLifeThatIsNotOnTheList() throws Exception {
    Path trace = folder.resolve("trace");
    Object gadget = new LeavesFile(trace);
    List<Object> graphs =
        List.of(gadget, new HashMap<>(Map.of(gadget, 1)), new Object[] {gadget}, List.of(gadget));
    Target peer = Target.named(port, "bar", "call([B)[B");
    endure(
        () -> {
          for (Object graph : graphs) {
            for (int operation : new int[] {0, 2, 3, 4})
              Jrmp.exchange(port, Jrmp.call(Target.registry(operation), graph, graph));
            for (int operation : new int[] {0, 1})
              Jrmp.exchange(port, Jrmp.call(Target.dgc(operation), graph, 0L, graph));
            assertThat(Jrmp.exchange(port, Jrmp.call(peer, graph))).isNotEmpty();
          }
        });
    assertThat(trace).doesNotExist();
  }

  @Test
  void aCallByHandIsAnsweredSoThatOneThatIsNotIsRefused() throws Exception {
    Target peer = Target.named(port, "bar", "call([B)[B");
    byte[] answer = Jrmp.exchange(port, Jrmp.call(peer, (Object) new byte[0]));
    assertThat(new String(answer, ISO_8859_1)).contains("malformed call");
  }

  @Test
  void arraysThatAreTooLargeAreRefusedBeforeTheyAreMade() throws Exception {
    Target peer = Target.named(port, "bar", "call([B)[B");
    byte[] call = Jrmp.call(peer, (Object) new byte[] {1, 2, 3, 4, 5, 6, 7});
    endure(
        () -> {
          for (int i = 1; i <= 200; i++) { // together more than any heap
            byte[] large = call.clone();
            int length = call.length - 7 - 4; // where the length of the array is
            Arrays.fill(large, length, length + 1, (byte) (i % 2 == 0 ? 0x7f : 0x02));
            Arrays.fill(large, length + 1, length + 4, (byte) 0xff);
            String answer = new String(Jrmp.exchange(port, large), ISO_8859_1);
            assertThat(answer).contains("InvalidClassException");
          }
        });
  }
}
