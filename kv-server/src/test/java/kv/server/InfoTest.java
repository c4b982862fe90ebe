package kv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
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
            "version", "node", "uptime_seconds", "connections", "commands", "buckets", "keys",
            "memory_used_bytes", "memory_max_bytes", "routed_calls", "restarts",
            "failed_logins", "refused_commands");
    assertThat(figures).containsEntry("version", Main.version()).containsEntry("node", "kv");
    assertThat(figures)
        .containsEntry("connections", "1")
        .containsEntry("commands", "1")
        .containsEntry("buckets", "0")
        .containsEntry("keys", "0")
        .containsEntry("routed_calls", "0")
        .containsEntry("restarts", "0")
        .containsEntry("failed_logins", "0")
        .containsEntry("refused_commands", "0");
    assertThat(Long.parseLong(figures.get("uptime_seconds"))).isBetween(0L, 100L);
    assertThat(Long.parseLong(figures.get("memory_used_bytes")))
        .isBetween(100_000L, Long.parseLong(figures.get("memory_max_bytes")));
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
    assertThat(client.send("INFO\r\n").lines(14)).contains("commands 2\r\n");
  }

  @Test
  void countsWhatIsOverALimitAndNotWhatIsOnlyWrong() throws Exception {
    for (String overLimit :
        List.of(
            "x".repeat(65_537), "*1025\r\n", "*2\r\n$4\r\nSIZE\r\n$1048577\r\n",
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
          .containsEntry("routed_calls", "2");
    }
  }

  @Test
  void isAnArrayOfTheSameLinesInRespToTheByte() throws Exception {
    client.ask("CREATE shopping");
    client.ask("PUT shopping milk 1");
    String reply = Resp.ask(client, "INFO");
    String[] lines = reply.replaceAll("\\$\\d+\r\n", "").split("\r\n");
    String[] figures = Arrays.copyOfRange(lines, 1, lines.length);
    assertThat(reply).isEqualTo(Resp.array(figures));
    assertThat(String.join("|", figures))
        .matches(
            "version "
                + Pattern.quote(Main.version())
                + "\\|node kv\\|uptime_seconds \\d+\\|connections 1\\|commands 3\\|buckets 1"
                + "\\|keys 1\\|memory_used_bytes \\d+\\|memory_max_bytes \\d+"
                + "\\|routed_calls 0\\|restarts 0\\|failed_logins 0\\|refused_commands 0");
  }
}
