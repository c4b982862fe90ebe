package kv.observer.metrics;

import static kv.server.testing.RealClients.assumeInstalled;
import static kv.server.testing.RealClients.output;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard for Grafana asks for what there is. */
class DashboardTest {
  private static final Path DASHBOARD = Path.of("..", "config", "grafana-dashboard.json");
  private static final Pattern TARGET =
      Pattern.compile("\"expr\": \"((?:[^\"\\\\]|\\\\.)*)\",\\s*\"legendFormat\": \"([^\"]*)\"");
  private static final Pattern METRIC = Pattern.compile("\\b(?:kv|jvm|process)_[a-z0-9_]+");
  private static final Pattern MATCHER = Pattern.compile("([a-z_]+)(?:=~|=|!=|!~)\"");
  private static final Pattern BY = Pattern.compile("by \\(([^)]*)\\)");
  private static final Pattern LEGEND = Pattern.compile("\\{\\{(.*?)}}");

  /** What Prometheus adds to each series. */
  private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job");

  /** A query, and what its lines are called. */
  private record Query(String text, String legend) {}

  @TempDir Path folder;
  private final Map<String, Set<String>> labels = new HashMap<>();
  private List<Query> queries;

  @BeforeEach
  void read() throws Exception {
    try (WatchedNode node = WatchedNode.startBusy(folder.resolve("log"))) {
      for (ParsedMetrics.Family family :
          ParsedMetrics.ofPrometheus(node.text()).families().values())
        for (ParsedMetrics.Sample sample : family.samples())
          labels
              .computeIfAbsent(family.name() + sample.suffix(), name -> new HashSet<>())
              .addAll(sample.labels().keySet());
    }
    queries =
        TARGET
            .matcher(Files.readString(DASHBOARD))
            .results()
            .map(found -> new Query(found.group(1).replace("\\\"", "\""), found.group(2)))
            .toList();
  }

  private static Set<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .flatMap(one -> Pattern.compile(", *").splitAsStream(one.group(one.groupCount())))
        .collect(Collectors.toSet());
  }

  @Test
  void hasAQueryForEachTarget() throws Exception {
    Matcher targets = Pattern.compile("\"refId\"").matcher(Files.readString(DASHBOARD));
    assertThat(queries).hasSize((int) targets.results().count()).hasSizeGreaterThan(20);
  }

  @Test
  void asksForMetricsAndLabelsThatThereAre() {
    for (Query query : queries) {
      Set<String> metrics = found(METRIC, query.text);
      assertThat(labels.keySet()).as("of %s", query).containsAll(metrics);
      assertThat(metrics).as("of %s", query).hasSize(1);
      Set<String> known = new HashSet<>(labels.get(metrics.iterator().next()));
      known.addAll(OF_PROMETHEUS);
      assertThat(known)
          .as("of %s", query)
          .containsAll(found(MATCHER, query.text))
          .containsAll(found(BY, query.text))
          .containsAll(found(LEGEND, query.legend));
    }
  }

  @Test
  void choosesTheNodeByAMetricThatThereIs() throws Exception {
    Matcher choice =
        Pattern.compile("label_values\\((\\w+), instance\\)").matcher(Files.readString(DASHBOARD));
    assertThat(choice.results()).allMatch(found -> labels.containsKey(found.group(1))).hasSize(2);
  }

  @Test
  void asksWhatPrometheusUnderstands() throws IOException {
    assumeInstalled("promtool");
    StringBuilder rules = new StringBuilder("groups:\n- name: dashboard\n  rules:\n");
    for (int i = 0; i < queries.size(); i++) {
      String text = queries.get(i).text;
      text = text.replace("$__rate_interval", "1m").replace("$instance", ".*");
      rules.append("  - record: query:").append(i).append("\n    expr: '");
      rules.append(text.replace("'", "''")).append("'\n");
    }
    Path file = Files.writeString(folder.resolve("rules.yml"), rules);
    assertThat(output("", "promtool", "check", "rules", file.toString()))
        .contains("  SUCCESS: " + queries.size() + " rules found");
  }

  @Test
  void isJson() throws IOException {
    assumeInstalled("python3");
    assertThat(output("", "python3", "-m", "json.tool", DASHBOARD.toString(), "/dev/null"))
        .isEmpty();
  }
}
