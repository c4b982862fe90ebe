package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import kv.server.testing.NodeProcess;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import kv.testing.Form;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A node with a heap of 64 MiB that is full, in a JVM of its own, and clients who have it hold more
 * for them: none of that ends the node, and the others are served.
 */
@Tag("distributed")
class GreedyClientsTest {
  private static final int MEGABYTE = 1_000_000;

  private static final String KEY = "k".repeat(50);

  private final List<TestClient> greedy = new ArrayList<>();
  private NodeProcess node;
  private int port;

  @BeforeEach
  void start() throws Exception {
    node = NodeProcess.startWithHeap("64m", "server.port=0");
    port = node.clientPort();
  }

  @AfterEach
  void stop() throws Exception {
    for (TestClient client : greedy) client.close();
    node.close();
  }

  private TestClient fill() throws Exception {
    TestClient client = new TestClient(port);
    greedy.add(client);
    client.ask("CREATE kept");
    client.ask("PUT kept milk 1");
    client.ask("CREATE flood");
    client.send(Resp.array("PUT", "flood", "large", "v".repeat(MEGABYTE))).line();
    HeapTest.flood(client, 1000, i -> "PUT flood " + KEY + i + " value\n");
    return client;
  }

  private void assertServes(TestClient client) throws Exception {
    assertThat(client.get("kept", "milk")).isEqualTo("1");
    assertThat(client.ask("DELETE kept milk")).isEqualTo("OK");
    assertThat(HeapTest.figure(client, "clients_held_bytes"))
        .isBetween(0L, HeapTest.figure(client, "clients_limit_bytes"));
  }

  private void assertServesAndHasRefused(TestClient client) throws Exception {
    assertServes(client);
    assertThat(HeapTest.figure(client, "refused_for_memory")).isPositive();
  }

  /** So many clients that ask for more than sockets take, and read no further than a byte. */
  private void askAndReadNoFurther(int count, String request) throws IOException {
    for (int i = 0; i < count; i++) {
      Socket socket = new Socket();
      socket.setReceiveBufferSize(4096);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      TestClient client = new TestClient(socket);
      greedy.add(client);
      assertThat(client.send(request).read()).isIn((int) 'E', (int) 'k', (int) '$', (int) '-');
    }
  }

  @Test
  void whoListManyKeysAndReadSlowly() throws Exception {
    TestClient client = fill();
    askAndReadNoFurther(Form.of(20, 60), "KEYS flood\n".repeat(3));
    assertServesAndHasRefused(client);
  }

  @Test
  void whoListLongKeysAndReadSlowly() throws Exception {
    TestClient client = fill();
    client.ask("DROP flood");
    client.ask("CREATE long");
    client.send(Resp.array("PUT", "long", "k".repeat(MEGABYTE), "v")).line();
    askAndReadNoFurther(100, "KEYS long\n".repeat(20));
    assertServesAndHasRefused(client);
  }

  @Test
  void whoGetALongValueAndReadSlowly() throws Exception {
    TestClient client = fill();
    askAndReadNoFurther(100, Resp.array("GET", "flood", "large").repeat(20));
    assertServesAndHasRefused(client);
  }

  @Test
  void whoSendHalfOfALongWord() throws Exception {
    TestClient client = fill();
    String half = "*4\r\n$3\r\nPUT\r\n$" + MEGABYTE + "\r\n" + "v".repeat(MEGABYTE);
    for (int i = 0; i < 100; i++) sendAsMuchAsIsTaken(half);
    assertServesAndHasRefused(client);
  }

  @Test
  void whoHaveHadAValueOf60000BytesAndAreIdle() throws Exception {
    TestClient client = fill();
    client.ask("PUT kept value " + "v".repeat(60_000));
    client.ask("DELETE flood large");
    client.ask("PUT kept value " + "v".repeat(60_000));
    for (int i = 0; i < 300; i++) {
      TestClient other = new TestClient(port);
      greedy.add(other);
      assertThat(other.send("GET kept value\n").line()).matches("(v{60000}|ERROR out of .*)\r\n");
    }
    assertServes(client);
  }

  private void sendAsMuchAsIsTaken(String request) throws IOException {
    TestClient client = new TestClient(port);
    greedy.add(client);
    try {
      client.send(request);
    } catch (IOException e) {
      assertThat(e).hasMessageMatching("Broken pipe|Connection reset.*");
    }
  }
}
