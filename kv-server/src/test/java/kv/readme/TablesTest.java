package kv.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kv.command.Access;
import kv.command.Command;
import kv.config.PropertiesFile;
import kv.config.Setting;
import kv.observer.metrics.ParsedMetrics;
import kv.observer.metrics.WatchedNode;
import kv.server.Config;
import kv.server.Node;
import kv.server.redis.RedisCommands;
import kv.server.testing.TestClient;
import kv.server.verbs.Commands;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables of kv-server's README say what the code says; a test prints the rows that do not. */
class TablesTest {
  private static final String README = "kv-server/README.md";
  private static final List<Command> COMMANDS =
      List.copyOf(Commands.manual());

  @Test
  void everyRequestIsThere() throws Exception {
    Rows.of(README, "| request | what it does and answers |")
        .mustBe(
            COMMANDS.stream()
                .map(command -> "| `" + command.usage() + "` | " + command.summary() + " |")
                .toList());
  }

  @Test
  void everyRequestHasItsRole() throws Exception {
    List<String> expected = new ArrayList<>();
    for (Access access : Access.values())
      expected.add(
          access == Access.NONE
              ? "| anybody, before the login too | " + verbs(access) + " |"
              : "| `" + access + "` | also " + verbs(access) + " |");
    Rows.of(README, "| role | may send |").mustBe(expected);
  }

  @Test
  void everyRequestThatIsThereInRespOnlyHasItsRole() throws Exception {
    Rows.of(README, "| in RESP | who may | what it does and answers |")
        .mustBe(withRoles(RedisCommands.manual()));
  }

  @Test
  void everyWordOfRedisHasItsRole() throws Exception {
    Rows.of(README, "| word of Redis | who may | what it does and answers |")
        .mustBe(withRoles(RedisCommands.onSelected()));
  }

  private static List<String> withRoles(List<Command> commands) {
    return commands.stream()
        .map(
            command ->
                "| `" + command.usage() + "` | "
                    + (command.access() == Access.NONE ? "anybody" : "`" + command.access() + "`")
                    + " | " + command.summary() + " |")
        .toList();
  }

  private static String verbs(Access access) {
    return COMMANDS.stream()
        .filter(command -> command.access() == access)
        .map(command -> command.usage().split(" ")[0])
        .collect(Collectors.joining(" ", "`", "`"));
  }

  @Test
  void everyFigureIsThere() throws Exception {
    List<String> figures;
    try (Node node = Node.start(Config.defaults().with("server.port", "0"));
        TestClient client = new TestClient(node.serverPort().getAsInt())) {
      figures = client.listing("INFO").stream().map(line -> line.split(" ")[0]).toList();
    }
    assertThat(Rows.of(README, "| figure | what it tells |").firstCells())
        .containsExactlyElementsOf(figures);
  }

  @Test
  void everyMetricIsThere(@TempDir Path folder) throws Exception {
    List<String> expected;
    try (WatchedNode node = WatchedNode.startBusy(folder)) {
      expected =
          ParsedMetrics.ofPrometheus(node.text()).families().values().stream()
              .filter(family -> family.name().startsWith("kv_"))
              .map(TablesTest::row)
              .toList();
    }
    Rows.of(README, "| metric | type | labels | what it tells |").mustBe(expected);
  }

  private static String row(ParsedMetrics.Family family) {
    String labels =
        family.labelNames().stream()
            .sorted()
            .map(label -> "`" + label + "`")
            .collect(Collectors.joining(", "));
    return "| `" + family.name() + "` | " + family.type() + " | "
        + (labels.isEmpty() ? "" : labels + " ") + "| " + family.help() + " |";
  }

  @Test
  void everyExitStatusIsThere() throws Exception {
    String help = Config.help();
    List<String> expected =
        Stream.of(help.substring(help.indexOf("Exit status:\n")).split("\n"))
            .skip(1)
            .takeWhile(line -> !line.isEmpty())
            .map(line -> "| " + line.strip().replaceFirst("  ", " | ") + " |")
            .toList();
    Rows.of(README, "| status | what it means |").mustBe(expected);
  }

  @Test
  void everyBoundWithAKeyIsInTheManual() throws Exception {
    List<String> known =
        PropertiesFile.read(Readme.ROOT.resolve("config/kv.properties")).stream()
            .map(Setting::key)
            .toList();
    assertThat(Rows.of(README, "| bound | by default | beyond it | `INFO` |").firstCells())
        .filteredOn(bound -> bound.matches("[a-z]+\\.[a-z.-]+"))
        .isNotEmpty()
        .isSubsetOf(known);
  }
}
