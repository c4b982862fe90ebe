package kv.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kv.server.testing.TestClient;
import kv.testing.Concurrently;
import kv.testing.Form;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Connections that are killed, or cut off by their clients, in the middle of writes: the log, which
 * their threads write to as well, stays open for all others.
 */
@Tag("distributed")
class CutConnectionsTest {
  private static final int CLIENTS = Form.of(2, 50);
  private static final int CUTTERS = 4;
  private static final int CUTS = Form.of(75, 2_500);
  private static final int PIPELINE = 500;
  private static final int MOST_BEFORE_A_KILL = 10;

  private final Drill drill = new Drill();
  private final LongAdder writes = new LongAdder();
  private DrillNode node;
  private Crew crew;

  @AfterEach
  void stop() throws Exception {
    if (crew != null) crew.close();
    if (node != null) node.close();
  }

  /** Writes again and again, each time on a connection that ends before all is answered. */
  private final class Cutter {
    private final int number;

    /** The last value that was acknowledged, for the key of each connection. */
    private final List<Integer> last = new ArrayList<>();

    /** The last that was sent. */
    private final List<Integer> sent = new ArrayList<>();

    Cutter(int number) {
      this.number = number;
    }

    private String key(int connection) {
      return "k" + number + "-" + connection;
    }

    void cut() throws Exception {
      try (TestClient killer = new TestClient(node.clients().getPort())) {
        while (last.size() < CUTS && !drill.isOver()) {
          int acknowledged = last.size() % 4 > 0 ? kill(killer) : reset();
          last.add(acknowledged);
          writes.add(acknowledged);
        }
      }
    }

    private String put(int value) {
      return "PUT mine " + key(last.size()) + " " + value + "\r\n";
    }

    /** Has the node kill the connection while it writes, each time the log too. */
    private int kill(TestClient killer) throws IOException, InterruptedException {
      int killedAt = 1 + last.size() % MOST_BEFORE_A_KILL;
      int count = 0;
      try (TestClient client = new TestClient(node.clients().getPort())) {
        boolean isOpen = true;
        while (isOpen) {
          if (count == killedAt) killer.send("KILL server/pool/" + client.address() + "\r\n");
          isOpen = isDone(client, put(count + 1));
          if (isOpen) count++;
        }
      }
      assertThat(count).as("writes before the kill").isGreaterThanOrEqualTo(killedAt);
      assertThat(killer.line()).isEqualTo("OK\r\n");
      sent.add(count + 1);
      return count;
    }

    private static boolean isDone(TestClient client, String request) throws IOException {
      try {
        return client.send(request).line().equals("OK\r\n");
      } catch (SocketException e) { // it is killed
        return false;
      }
    }

    /** Closes the connection so that the node gets a reset, with replies that nobody reads. */
    private int reset() throws IOException, InterruptedException {
      Socket socket = new Socket(node.clients().getAddress(), node.clients().getPort());
      socket.setSoLinger(true, 0);
      StringBuilder requests = new StringBuilder();
      for (int i = 1; i <= PIPELINE; i++) requests.append(put(i));
      try (TestClient client = new TestClient(socket)) {
        client.send(requests.toString());
        int count = last.size() * 37 % PIPELINE;
        for (int i = 0; i < count; i++) assertThat(client.line()).isEqualTo("OK\r\n");
        sent.add(PIPELINE);
        return count;
      }
    }

    void check(TestClient client) throws IOException {
      for (int i = 0; i < last.size(); i++) {
        String value = client.get("mine", key(i));
        assertThat(value.isEmpty() ? 0 : Integer.parseInt(value))
            .as(key(i))
            .isBetween(last.get(i), sent.get(i));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"everysec", "always"})
  @Timeout(value = 300, unit = TimeUnit.SECONDS)
  void leaveTheLogOpenForAllOthers(String policy) throws Exception {
    if (policy.equals("always"))
      assumeTrue(Form.IS_LONG, "part of the long form only: mvn test -Pdrills");
    node =
        new DrillNode(
            "alone",
            List.of(),
            "127.0.0.1",
            "256m",
            List.of("server.port=0", "server.drills=true", "storage.sync=" + policy));
    node.start();
    crew =
        new Crew(
            CLIENTS,
            drill,
            Stream.of("apple", "zebra").map(Shelf::durable).toList(),
            () -> new DrillClient(node.clients(), true));
    crew.work();
    try (TestClient client = new TestClient(node.clients().getPort())) {
      assertThat(client.ask("CREATE mine")).isEqualTo("OK");
    }
    List<Cutter> cutters = IntStream.range(0, CUTTERS).mapToObj(Cutter::new).toList();
    Concurrently.run(
        CUTTERS,
        i -> {
          cutters.get(i).cut();
          return i;
        });
    crew.awaitProgress();
    try (TestClient client = new TestClient(node.clients().getPort())) {
      assertThat(client.listing("INFO"))
          .contains("storage_state open", "storage_error none", "failed_syncs 0", "restarts 0");
    }
    crew.rest();
    node.crash();
    node.start();
    crew.assertNothingIsLost();
    try (TestClient client = new TestClient(node.clients().getPort())) {
      for (Cutter cutter : cutters) cutter.check(client);
    }
    System.out.println(
        String.format(
            Locale.ROOT,
            "drill 9, storage.sync=%s: %d connections killed or reset, after %d writes of theirs,"
                + " requests %d, acknowledged writes checked %d, lost: 0",
            policy,
            CUTTERS * CUTS,
            writes.sum(),
            drill.done(),
            drill.confirmed() + CUTTERS * CUTS));
  }
}
