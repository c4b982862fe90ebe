package kv.server.verbs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import kv.server.Config;
import kv.server.Main;
import kv.server.Node;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The figures about a node. */
class InfoTest {
  @TempDir Path folder;
  private Node node;
  private TestClient client;

  @BeforeEach
  void start() throws Exception {
    node = Node.start(Config.defaults().with("server.port", "0"));
    client = client(node);
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    node.close();
  }

  private static TestClient client(Node node) throws Exception {
    return new TestClient(node.serverPort().getAsInt());
  }

  private static Map<String, String> figures(List<String> lines) {
    Map<String, String> figures = new LinkedHashMap<>();
    for (String line : lines) {
      String[] words = line.split(" ", 2);
      figures.put(words[0], words[1]);
    }
    return figures;
  }

  @Test
  void namesEachFigure() throws Exception {
    Map<String, String> figures = figures(client.listing("INFO"));
    assertThat(figures.keySet())
        .containsExactly(
            "version", "node", "uptime_seconds", "connections", "commands", "refused_connections",
            "idle_connections_closed", "anonymous_connections_closed", "stuck_connections_closed",
            "failed_handshakes", "requests_over_limit", "failed_logins", "refused_logins",
            "refused_commands", "refused_observer_connections", "slow_observer_requests",
            "stuck_observer_streams", "refused_observer_requests", "malformed_observer_requests",
            "clients_held_bytes", "clients_limit_bytes", "refused_for_memory",
            "buckets", "keys", "expiring_keys", "memory_used_bytes",
            "memory_max_bytes", "memory_held_bytes",
            "memory_limit_bytes", "refused_writes", "expired_keys",
            "storage_state", "storage_error", "storage_free_bytes", "storage_log_bytes",
            "storage_snapshot_bytes", "storage_unwritten_bytes", "unsynced_seconds", "syncs",
            "failed_syncs", "unreachable_peers", "routed_calls", "failed_calls",
            "refused_peer_connections", "refused_peer_calls", "malformed_peer_calls",
            "failed_peer_handshakes", "table_reloads", "refused_table_reloads", "restarts");
    assertThat(figures).containsEntry("version", Main.version()).containsEntry("node", "kv");
    assertThat(figures).containsEntry("connections", "1").containsEntry("commands", "1");
    assertThat(figures)
        .containsEntry("storage_state", "memory")
        .containsEntry("storage_error", "none");
    assertThat(without(figures, "version", "node", "uptime_seconds", "connections", "commands",
            "memory_used_bytes", "memory_max_bytes", "memory_limit_bytes", "clients_limit_bytes",
            "storage_state", "storage_error"))
        .containsOnly("0");
    assertThat(Long.parseLong(figures.get("uptime_seconds"))).isBetween(0L, 100L);
    assertThat(Long.parseLong(figures.get("memory_used_bytes")))
        .isBetween(100_000L, Long.parseLong(figures.get("memory_max_bytes")));
    assertThat(Long.parseLong(figures.get("memory_limit_bytes")))
        .isEqualTo(Long.parseLong(figures.get("memory_max_bytes")) / 100 * 50);
    assertThat(Long.parseLong(figures.get("clients_limit_bytes")))
        .isEqualTo(Long.parseLong(figures.get("memory_max_bytes")) / 200 * 30);
  }

  private static Collection<String> without(Map<String, String> figures, String... names) {
    Map<String, String> rest = new LinkedHashMap<>(figures);
    List.of(names).forEach(rest::remove);
    return rest.values();
  }

  /** What is written behind a force, to say that all before it is safe. */
  private static final String MARK_BYTES = "32";

  @Test
  void tellsHowTheLogIs() throws Exception {
    Config durable = Config.defaults().with("server.port", "0").with("storage.sync", "always");
    try (Node kept = Node.start(durable.with("storage.folder", folder.toString()));
        TestClient other = client(kept)) {
      assertThat(other.ask("CREATE shopping")).isEqualTo("OK");
      Map<String, String> figures = figures(other.listing("INFO"));
      assertThat(figures)
          .containsEntry("storage_state", "open")
          .containsEntry("storage_error", "none")
          .containsEntry("failed_syncs", "0");
      assertThat(figures.get("storage_unwritten_bytes")).isIn("0", MARK_BYTES);
      for (String name : List.of("storage_free_bytes", "storage_log_bytes", "syncs"))
        assertThat(Long.parseLong(figures.get(name))).as(name).isPositive();
    }
  }

  @Test
  void tellsHowMuchTheBucketsHold() throws Exception {
    client.ask("CREATE shopping");
    client.ask("PUT shopping milk " + "1".repeat(50_000));
    String held = figures(client.listing("INFO")).get("memory_held_bytes");
    assertThat(Long.parseLong(held)).isBetween(48_000L, 55_000L);
    client.ask("DROP shopping");
    assertThat(figures(client.listing("INFO"))).containsEntry("memory_held_bytes", "0");
  }

  @Test
  void countsWhatIsThereAndWhatHasHappened() throws Exception {
    try (TestClient other = client(node)) {
      for (String request :
          List.of(
              "CREATE a", "CREATE b", "CREATE c", "PUT a k 1", "PUT a l 2", "PUT a k 3",
              "PUT b k 1", "PUT c k 1", "DROP c", "GET none k", "FOO", ""))
        other.ask(request);
      assertThat(figures(client.listing("INFO")))
          .containsEntry("connections", "2")
          .containsEntry("commands", "13")
          .containsEntry("buckets", "2")
          .containsEntry("keys", "3");
      Resp.ask(other, "PING");
      assertThat(figures(client.listing("INFO"))).containsEntry("commands", "15");
    }
  }

  @Test
  void countsNothingThatTelnetSaysToTelnetAsACommand() throws Exception {
    String mark = "\u00ff\u00fd\u0006";
    client.send("\u00ff\u00f4" + mark + "PI" + mark + "NG\r\n" + mark);
    assertThat(client.line()).isEqualTo("\u00ff\u00fb\u0006".repeat(2) + "PONG\r\n");
    assertThat(client.listing("INFO")).contains("commands 2");
  }

  @Test
  void countsWhatIsOverALimitAndNotWhatIsOnlyWrong() throws Exception {
    for (String overLimit :
        List.of(
            "x".repeat(65_537), "*1048577\r\n", "*2\r\n$4\r\nSIZE\r\n$1048577\r\n",
            "\u00ff\u00fa" + "x".repeat(513)))
      refuse(overLimit);
    for (String wrong : List.of("*x\r\n", "*1\r\nPING\r\n", "GET / HTTP/1.1\r\n")) refuse(wrong);
    assertThat(client.ask("GET \"")).startsWith("ERROR ");
    assertThat(client.ask("CREATE " + "n".repeat(4097))).startsWith("ERROR ");
    assertThat(figures(client.listing("INFO")))
        .containsEntry("requests_over_limit", "4")
        .containsEntry("commands", "10");
  }

  private void refuse(String request) throws Exception {
    try (TestClient other = client(node)) {
      assertThat(other.send(request).rest()).isNotEmpty();
    }
  }

  @Test
  void countsTheCallsOfOtherNodesAlsoThoseThatFailed() throws Exception {
    Path table = folder.resolve("routing.properties");
    Files.writeString(table, "a-m=foo@127.0.0.1:1\nn-z=bar@127.0.0.1:2", US_ASCII);
    Config config = Config.defaults().with("server.port", "0").with("node.name", "foo");
    try (Node routed = Node.start(config.with("router.table", table.toString()));
        TestClient other = client(routed)) {
      other.ask("CREATE apple");
      other.ask("CREATE zoo");
      other.ask("GET zoo lion");
      assertThat(figures(other.listing("INFO")))
          .containsEntry("node", "foo")
          .containsEntry("routed_calls", "2")
          .containsEntry("failed_calls", "2")
          .containsEntry("unreachable_peers", "1");
    }
  }

  @Test
  void isTheseLinesToTheByte() throws Exception {
    client.ask("CREATE shopping");
    client.ask("PUT shopping milk 1");
    assertThat(String.join("|", client.listing("INFO")))
        .matches(
            "version "
                + Pattern.quote(Main.version())
                + "\\|node kv\\|uptime_seconds \\d+\\|connections 1\\|commands 3"
                + "\\|refused_connections 0\\|idle_connections_closed 0"
                + "\\|anonymous_connections_closed 0\\|stuck_connections_closed 0"
                + "\\|failed_handshakes 0"
                + "\\|requests_over_limit 0\\|failed_logins 0\\|refused_logins 0"
                + "\\|refused_commands 0\\|refused_observer_connections 0"
                + "\\|slow_observer_requests 0\\|stuck_observer_streams 0"
                + "\\|refused_observer_requests 0\\|malformed_observer_requests 0"
                + "\\|clients_held_bytes 0\\|clients_limit_bytes \\d+\\|refused_for_memory 0"
                + "\\|buckets 1\\|keys 1\\|expiring_keys 0\\|memory_used_bytes \\d+"
                + "\\|memory_max_bytes \\d+\\|memory_held_bytes \\d+\\|memory_limit_bytes \\d+"
                + "\\|refused_writes 0\\|expired_keys 0\\|storage_state memory\\|storage_error none"
                + "\\|storage_free_bytes 0\\|storage_log_bytes 0\\|storage_snapshot_bytes 0"
                + "\\|storage_unwritten_bytes 0\\|unsynced_seconds 0\\|syncs 0\\|failed_syncs 0"
                + "\\|unreachable_peers 0\\|routed_calls 0"
                + "\\|failed_calls 0\\|refused_peer_connections 0\\|refused_peer_calls 0"
                + "\\|malformed_peer_calls 0\\|failed_peer_handshakes 0\\|table_reloads 0"
                + "\\|refused_table_reloads 0\\|restarts 0");
  }
}
