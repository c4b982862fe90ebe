package kv.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kv.server.Config;
import kv.server.Node;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** INFO as the clients of Redis read it. */
class RedisInfoTest {
  private Node node;
  private TestClient client;

  @BeforeEach
  void start() throws Exception {
    node = Node.start(Config.defaults().with("server.port", "0"));
    client = new TestClient(node.serverPort().getAsInt());
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    node.close();
  }

  private List<String> lines(String... sections) throws Exception {
    List<String> words = new ArrayList<>(List.of("INFO"));
    words.addAll(List.of(sections));
    String reply = Resp.ask(client, words.toArray(String[]::new));
    assertThat(reply).startsWith("$").endsWith("\r\n");
    String text = reply.substring(reply.indexOf("\r\n") + 2, reply.length() - 2);
    assertThat(text.replace("\r\n", "")).doesNotContain("\r", "\n");
    return text.lines().toList();
  }

  private Map<String, String> figures(String... sections) throws Exception {
    return lines(sections).stream()
        .filter(line -> line.contains(":"))
        .map(line -> line.split(":", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }

  private static List<String> headings(List<String> lines) {
    return lines.stream().filter(line -> line.startsWith("# ")).toList();
  }

  @Test
  void isSectionsOfNamesAndValues() throws Exception {
    assertThat(headings(lines()))
        .containsExactly(
            "# Server", "# Clients", "# Memory", "# Persistence", "# Stats", "# Replication",
            "# Cluster", "# Keyspace", "# Kv");
    assertThat(lines())
        .allMatch(line -> line.isEmpty() || line.matches("# \\w+|[a-z0-9_]+:[^\r\n]+"));
    assertThat(lines().get(0)).isEqualTo("# Server");
  }

  @Test
  void hasTheNamesThatClientsLookFor() throws Exception {
    assertThat(figures())
        .containsEntry("redis_version", "7.0.0")
        .containsEntry("redis_mode", "standalone")
        .containsEntry("loading", "0")
        .containsEntry("role", "master")
        .containsEntry("blocked_clients", "0")
        .containsEntry("cluster_enabled", "0")
        .containsEntry("maxclients", "10000")
        .containsEntry("aof_enabled", "0")
        .containsKeys("uptime_in_seconds", "uptime_in_days", "used_memory", "maxmemory");
  }

  @Test
  void countsWhatHappens() throws Exception {
    try (TestClient other = new TestClient(node.serverPort().getAsInt())) {
      other.ask("CREATE b");
      other.ask("PUT b k 1");
      other.ask("PUT b l 2");
      other.ask("EXPIRE b l 10m");
      other.line();
      other.ask("EXPIRE b k 0s");
      other.line();
      assertThat(figures())
          .containsEntry("connected_clients", "2")
          .containsEntry("total_connections_received", "2")
          .containsEntry("total_commands_processed", "6")
          .containsEntry("rejected_connections", "0")
          .containsEntry("db0", "keys=1,expires=1,avg_ttl=0");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "server, # Server", "REPLICATION, # Replication", "Keyspace, # Keyspace", "kv, # Kv"
  })
  void ofASectionIsThatSectionAlone(String section, String heading) throws Exception {
    assertThat(headings(lines(section))).containsExactly(heading);
    assertThat(lines(section).get(0)).isEqualTo(heading);
  }

  @Test
  void ofSeveralSectionsIsInItsOwnOrder() throws Exception {
    assertThat(headings(lines("stats", "nothing", "server")))
        .containsExactly("# Server", "# Stats");
    assertThat(lines("nothing")).isEmpty();
  }

  @Test
  void ofAllIsAll() throws Exception {
    for (String all : List.of("all", "everything", "default", "ALL"))
      assertThat(headings(lines(all))).isEqualTo(headings(lines()));
  }

  @Test
  void hasTheFiguresOfTheLineProtocolToo() throws Exception {
    List<String> names = client.listing("INFO").stream().map(line -> line.split(" ")[0]).toList();
    Stream<String> own = lines("kv").stream().filter(line -> line.contains(":"));
    assertThat(own.map(line -> line.split(":")[0]))
        .containsExactlyElementsOf(
            names.stream().filter(name -> !name.equals("expired_keys")).toList()); // is in Stats
  }
}
