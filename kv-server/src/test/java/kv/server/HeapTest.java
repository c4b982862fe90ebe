package kv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import kv.server.testing.NodeProcess;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import kv.testing.Concurrently;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes with little heap, in JVMs of their own, and clients that send more than they can hold. */
@Tag("distributed")
class HeapTest {
  private static final int CLIENTS = 4;
  private static final String REFUSAL =
      "(ERROR|-ERR) out of memory: \\d+ of \\d+ bytes are held; delete something, or drop a"
          + " bucket\r\n";

  /**
   * Sends {@code request} of 0, 1 and so on, {@code together} at a time, until one is refused;
   * answers its reply.
   */
  static String flood(TestClient client, int together, IntFunction<String> request)
      throws IOException {
    for (int next = 0; ; next += together) {
      StringBuilder requests = new StringBuilder();
      for (int i = 0; i < together; i++) requests.append(request.apply(next + i));
      client.send(requests.toString());
      String refused = null;
      for (String reply : client.lines(together))
        if (!reply.matches("\\+?OK\r\n")) refused = reply;
      if (refused != null) return refused;
    }
  }

  static long figure(TestClient client, String name) throws IOException {
    Map<String, String> figures = new TreeMap<>();
    for (String line : client.listing("INFO"))
      figures.put(line.split(" ")[0], line.split(" ")[1]);
    return Long.parseLong(figures.get(name));
  }

  @Nested
  class ANodeThatIsFlooded {
    /** What client {@code number} sends as its {@code i}th request. */
    private interface Flood {
      String request(int number, int i);
    }

    private void refusesAndTakesWritesAgain(int together, Flood flood) throws Exception {
      try (NodeProcess node = NodeProcess.startWithHeap("64m", "server.port=0")) {
        int port = node.clientPort();
        try (TestClient client = new TestClient(port)) {
          assertThat(client.ask("CREATE kept")).isEqualTo("OK");
          assertThat(client.ask("PUT kept milk 1")).isEqualTo("OK");
          assertThat(client.ask("CREATE flood")).isEqualTo("OK");
          Concurrently.run(CLIENTS, number -> isRefused(port, number, together, flood));
          assertServesAndTakesWritesAgain(client);
        }
      }
    }

    private String isRefused(int port, int number, int together, Flood flood) throws IOException {
      try (TestClient client = new TestClient(port)) {
        String reply = flood(client, together, i -> flood.request(number, i));
        assertThat(reply).matches(REFUSAL);
        return reply;
      }
    }

    private void assertServesAndTakesWritesAgain(TestClient client) throws IOException {
      assertThat(client.get("kept", "milk")).isEqualTo("1");
      assertThat(figure(client, "refused_writes")).isGreaterThanOrEqualTo(CLIENTS);
      assertThat(figure(client, "memory_held_bytes"))
          .isGreaterThan(figure(client, "memory_limit_bytes") * 9 / 10);
      List<String> buckets = new ArrayList<>(client.listing("BUCKETS"));
      buckets.remove("kept");
      flood(client, 500, i -> i < buckets.size() ? "DROP " + buckets.get(i) + "\n" : "PING\n");
      assertThat(figure(client, "memory_held_bytes")).isLessThan(2000);
      assertThat(client.ask("CREATE flood")).isEqualTo("OK");
      assertThat(client.ask("PUT flood k " + "v".repeat(60_000))).isEqualTo("OK");
    }

    @Test
    void withSmallValuesRefusesAndGoesOn() throws Exception {
      refusesAndTakesWritesAgain(
          1000, (number, i) -> "PUT flood " + number + "-" + i + " value\n");
    }

    @Test
    void withLongLinesRefusesAndGoesOn() throws Exception {
      String value = "v".repeat(60 * 1024);
      refusesAndTakesWritesAgain(
          16, (number, i) -> "PUT flood " + number + "-" + i + " " + value + "\n");
    }

    @Test
    void withVeryLongValuesRefusesAndGoesOn() throws Exception {
      String value = "v".repeat(900 * 1024);
      refusesAndTakesWritesAgain(
          2, (number, i) -> Resp.array("PUT", "flood", number + "-" + i, value));
    }

    @Test
    void withEmptyBucketsRefusesAndGoesOn() throws Exception {
      refusesAndTakesWritesAgain(200, (number, i) -> "CREATE flood-" + number + "-" + i + "\n");
    }
  }

  @Nested
  class ANodeWhoseHeapRunsOut {
    private static final String LAST_WORD =
        "the heap is exhausted: the node ends; give it more with java -Xmx, or lower"
            + " storage.max-memory";

    @TempDir Path folder;

    private void assertEnds(NodeProcess node) throws Exception {
      assertThat(node.exitStatus()).isEqualTo(4);
      assertThat(node.stderr().lines()).contains(LAST_WORD);
    }

    /** Until the connection ends, or there is no such node any more. */
    private String putUntilTheEnd(int port, int number) {
      String value = "v".repeat(1000);
      String refused = "";
      try (TestClient client = new TestClient(port)) {
        client.ask("CREATE zoo");
        for (int round = 0; !refused.contains("is unreachable"); round++) {
          String key = number + "-" + round + "-";
          refused = flood(client, 50, i -> "PUT zoo " + key + i + " " + value + "\n");
        }
        return refused;
      } catch (IOException e) {
        return refused;
      }
    }

    @Test
    void endsAtOnceAndSaysWhy() throws Exception {
      try (NodeProcess node =
          NodeProcess.startWithHeap("24m", "server.port=0", "storage.max-memory=90%")) {
        int port = node.clientPort();
        Concurrently.run(CLIENTS, number -> putUntilTheEnd(port, number));
        assertEnds(node);
      }
    }

    @Test
    void endsAtOnceAlsoIfOnlyOtherNodesSendToIt() throws Exception {
      try (NodeProcess bar =
          NodeProcess.startWithHeap(
              "24m", "server.port=none", "router.port=0", "node.name=bar",
              "storage.max-memory=90%")) {
        Path table = folder.resolve("routing.properties");
        Files.writeString(table, "z=bar@127.0.0.1:" + bar.peerPort(), US_ASCII);
        Config config = Config.defaults().with("server.port", "0").with("node.name", "foo");
        try (Node foo = Node.start(config.with("router.table", table.toString()))) {
          int port = foo.serverPort().getAsInt();
          Concurrently.run(CLIENTS, number -> putUntilTheEnd(port, number));
          assertEnds(bar);
        }
      }
    }
  }
}
