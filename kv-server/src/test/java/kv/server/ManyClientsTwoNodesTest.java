package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kv.server.testing.FooAndBar;
import kv.server.testing.TestClient;
import kv.store.Bytes;
import kv.testing.Concurrently;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many clients of one node at once, who all want what the other node has. */
class ManyClientsTwoNodesTest {
  private static final int CLIENTS = 50;
  private static final int ROUNDS = 20;

  @TempDir Path folder;
  private FooAndBar nodes;

  @BeforeEach
  void start() throws Exception {
    nodes = new FooAndBar(folder);
    nodes.bar().storage().create(Bytes.of("zoo"));
  }

  @AfterEach
  void stop() {
    nodes.close();
  }

  @Test
  void haveEachReplyRightOneRequestAfterAnother() throws Exception {
    Concurrently.run(CLIENTS, this::askOneByOne);
    assertThat(nodes.bar().storage().lookup(Bytes.of("zoo")).orElseThrow().count())
        .isEqualTo(CLIENTS);
    assertThat(routedCalls()).isEqualTo(3L * ROUNDS * CLIENTS);
  }

  private Void askOneByOne(int client) throws Exception {
    try (TestClient connection = nodes.atFoo()) {
      for (int i = 0; i < ROUNDS; i++) {
        String value = client + "-" + i;
        assertThat(connection.ask("PUT zoo " + client + " " + value)).isEqualTo("OK");
        assertThat(connection.get("zoo", Integer.toString(client))).isEqualTo(value);
        assertThat(connection.ask("GET zebra " + client)).isEqualTo("NOT FOUND");
      }
    }
    return null;
  }

  /** Each request of a client changes what the next one reads: any other order would show. */
  @Test
  void haveTheirRequestsRunInTheirOrderAlsoIfTheySendManyAtOnce() throws Exception {
    List<String> replies = Concurrently.run(CLIENTS, this::askAtOnce);
    for (int client = 0; client < CLIENTS; client++)
      assertThat(replies.get(client)).isEqualTo(String.join("", expected(client)));
    assertThat(routedCalls()).isBetween(1L * ROUNDS * CLIENTS, 4L * ROUNDS * CLIENTS);
  }

  private String askAtOnce(int client) throws Exception {
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < ROUNDS; i++)
      requests
          .append("PUT zoo " + client + " " + client + "-" + i + "\r\n")
          .append("GET zoo " + client + "\r\n")
          .append("DELETE zoo " + client + "\r\n")
          .append("GET zoo " + client + "\r\n")
          .append("GET apple " + client + "\r\n"); // of this node, in between
    try (TestClient connection = nodes.atFoo()) {
      return connection.send(requests.toString()).endOfInput().rest();
    }
  }

  private static List<String> expected(int client) {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++)
      expected.add("OK\r\n" + client + "-" + i + "\r\nOK\r\nOK\r\n\r\nOK\r\nNOT FOUND\r\n");
    return expected;
  }

  private long routedCalls() throws Exception {
    try (TestClient client = nodes.atFoo()) {
      return client.listing("INFO").stream()
          .filter(line -> line.startsWith("routed_calls "))
          .mapToLong(line -> Long.parseLong(line.substring("routed_calls ".length())))
          .findFirst()
          .orElseThrow();
    }
  }
}
