package kv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputFilter.Status;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.rmi.Remote;
import java.rmi.RemoteException;
import java.rmi.dgc.Lease;
import java.rmi.dgc.VMID;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.ObjID;
import java.rmi.server.UnicastRemoteObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.Stream;
import kv.server.testing.NodeProcess;
import kv.server.testing.TestClient;
import kv.testing.Form;
import kv.testing.Jrmp;
import kv.testing.Jrmp.Target;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a process of this machine can do to a node by its port for peers: to be a nuisance. The node
 * is a process of its own, bar, with little memory; foo, here, is an honest peer of it.
 */
@Tag("distributed")
class HostilePeersTest {
  private static final int CONNECTS = Form.of(2_000, 10_000);

  @TempDir Path folder;
  private Path trace;
  private NodeProcess bar;
  private int port;
  private TestClient atBar;

  @BeforeEach
  void start() throws Exception {
    trace = folder.resolve("trace");
    bar =
        NodeProcess.startWithHeap(
            "48m", "node.name=bar", "server.port=0", "router.port=0", "router.idle-timeout=4s",
            "router.max-connections=20");
    port = bar.peerPort();
    atBar = new TestClient(bar.clientPort());
  }

  @AfterEach
  void stop() throws Exception {
    atBar.close();
    bar.close();
  }

  /** For a new peer, which must look bar up, and for bar's clients. */
  private void assertServes() throws Exception {
    Path table = folder.resolve("table.properties");
    Files.writeString(table, "n-z=bar@127.0.0.1:" + port, US_ASCII);
    Config config =
        Config.defaults()
            .with("node.name", "foo")
            .with("server.port", "0")
            .with("router.connect-timeout", "4s") // bar may be slow at first
            .with("router.table", table.toString());
    try (Node foo = Node.start(config);
        TestClient atFoo = new TestClient(foo.serverPort().getAsInt())) {
      assertThat(atFoo.askOnceReachable("CREATE zoo")).isEqualTo("OK");
      assertThat(atFoo.ask("PUT zoo lion 1")).isEqualTo("OK");
      assertThat(atBar.get("zoo", "lion")).isEqualTo("1");
    }
  }

  private long figure(String name) throws Exception {
    for (String line : atBar.listing("INFO"))
      if (line.startsWith(name + " ")) return Long.parseLong(line.substring(name.length() + 1));
    throw new AssertionError("no " + name);
  }

  /** What can carry an attack into whoever reads it. */
  private Stream<Object> attacks() {
    LeavesATrace attack = new LeavesATrace(trace);
    HashMap<Object, Object> map = new HashMap<>(Map.of(attack, attack));
    Object nested = attack;
    for (int i = 0; i < 50; i++) nested = new Object[] {nested};
    return Stream.of(
        attack,
        map,
        new PriorityQueue<>(List.of(attack, new LeavesATrace(trace))),
        new LeavesATrace[] {attack},
        new Object[][] {{attack}},
        nested);
  }

  @Test
  void theAttacksAreOnes() throws Exception {
    for (Object attack : attacks().toList()) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      new ObjectOutputStream(bytes).writeObject(attack);
      ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()));
      in.setObjectInputFilter(info -> Status.ALLOWED); // whatever this JVM has
      in.readObject();
      assertThat(Files.deleteIfExists(trace)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Target.BIND, Target.REBIND})
  void nothingIsReadThatIsMeantForTheRegistry(int method) throws Exception {
    for (Object attack : attacks().toList())
      assertThat(
              Jrmp.isCarriedOut(port, Jrmp.call(Target.registry(method), "bar", attack)))
          .isFalse();
    assertThat(trace).doesNotExist();
    assertServes();
  }

  @ParameterizedTest
  @ValueSource(ints = {Target.CLEAN, Target.DIRTY})
  void nothingIsReadThatIsMeantForTheKeeperOfLeases(int method) throws Exception {
    for (Object attack : attacks().toList())
      assertThat(Jrmp.isCarriedOut(port, Jrmp.call(Target.dgc(method), attack)))
          .isFalse();
    assertThat(trace).doesNotExist();
    assertServes();
  }

  @Test
  void leasesAreForFewObjectsAndTakeLittle() throws Exception {
    ObjID[] many = new ObjID[10_000];
    Arrays.setAll(many, i -> new ObjID(i));
    assertThat(dirty(many)).isFalse();
    assertThat(dirty(Arrays.copyOf(many, 65))).isFalse();
    for (int i = 0; i < 1_000; i++) assertThat(dirty(Arrays.copyOf(many, 64))).isTrue();
    assertServes();
    assertThat(figure("memory_used_bytes")).isLessThan(48L * 1024 * 1024);
  }

  private boolean dirty(ObjID[] objects) throws Exception {
    byte[] call =
        Jrmp.call(
            Target.dgc(Target.DIRTY),
            arguments -> {
              arguments.writeObject(objects);
              arguments.writeLong(1);
              arguments.writeObject(new Lease(new VMID(), Long.MAX_VALUE));
            });
    return Jrmp.isCarriedOut(port, call);
  }

  @Test
  void nobodyPutsAnotherObjectInTheNodesPlace() throws Exception {
    Registry registry = LocateRegistry.getRegistry("127.0.0.1", port);
    Remote own = new Remote() {};
    Remote stub = UnicastRemoteObject.exportObject(own, 0);
    try {
      assertThatThrownBy(() -> registry.rebind("bar", stub)).isInstanceOf(RemoteException.class);
      assertThatThrownBy(() -> registry.bind("baz", stub)).isInstanceOf(RemoteException.class);
      assertServes();
    } finally {
      UnicastRemoteObject.unexportObject(own, true);
    }
  }

  @Test
  void aNameThatIsTakenOutIsPutBack() throws Exception {
    LocateRegistry.getRegistry("127.0.0.1", port).unbind("bar");
    assertServes();
  }

  @Test
  void callsThatAreAnnouncedAndNeverSentTakeNoMemory() throws Exception {
    Target peer = Target.named(port, "bar", "call([B)[B");
    byte[] announced = Arrays.copyOf(Jrmp.call(peer, (Object) new byte[30 << 20]), 1500);
    List<Socket> open = new ArrayList<>();
    for (int i = 0; i < 18; i++) {
      open.add(new Socket(InetAddress.getLoopbackAddress(), port));
      open.get(i).getOutputStream().write(announced);
    }
    assertServes(); // when those before have been refused, or been idle for too long
    assertThat(figure("refused_peer_calls")).isPositive();
    for (Socket socket : open) socket.close();
  }

  @Test
  void connectionsByTheThousandsAreBoundedAndCounted() throws Exception {
    Random random = new Random(4050);
    Socket[] open = new Socket[100];
    for (int i = 0; i < CONNECTS; i++) {
      Socket next = new Socket(InetAddress.getLoopbackAddress(), port);
      Socket former = open[i % open.length];
      if (former != null) former.close();
      open[i % open.length] = next;
      if (i % 2 == 0) continue; // one that says nothing keeps its place for a while
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      try {
        next.getOutputStream().write(noise);
      } catch (IOException refused) {
        continue; // closed meanwhile, as it is to be
      }
    }
    assertThat(atBar.ask("CREATE q")).isEqualTo("OK");
    assertThat(figure("refused_peer_connections")).isPositive();
    for (Socket socket : open) socket.close();
    assertServes();
  }

  @Test
  void connectionsThatStayAreClosedAndMakeRoom() throws Exception {
    Socket[] open = new Socket[20];
    for (int i = 0; i < open.length; i++)
      open[i] = new Socket(InetAddress.getLoopbackAddress(), port);
    assertServes(); // once they have been idle for too long
    for (Socket socket : open) {
      assertThat(socket.getInputStream().read()).isNegative();
      socket.close();
    }
  }
}
