package kv.observer.metrics;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static kv.server.testing.RealClients.assumeInstalled;
import static kv.server.testing.RealClients.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import kv.figures.BucketFigures;
import kv.observer.metrics.ParsedMetrics.Family;
import kv.otp.ExitedException;
import kv.store.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsTest {
  @TempDir Path folder;
  private WatchedNode node;

  @BeforeEach
  void start() throws Exception {
    node = WatchedNode.startBusy(folder);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private ParsedMetrics metrics() throws Exception {
    return ParsedMetrics.ofPrometheus(node.text());
  }

  private Family family(String name) throws Exception {
    return metrics().family(name);
  }

  @Nested
  class TheNode {
    /** What is no number, or is told in another way. */
    private static final Set<String> OTHERWISE =
        Set.of("version", "node", "commands", "storage_state", "storage_error", "restarts");

    @Test
    void tellsEachFigureThatInfoHas() throws Exception {
      Set<String> told = metrics().families().keySet();
      for (String figure : node.info().keySet())
        if (!OTHERWISE.contains(figure))
          assertThat(told)
              .as("%s of INFO needs a line in Metrics", figure)
              .containsAnyOf(
                  "kv_" + figure, "kv_" + figure + "_total",
                  "kv_storage_" + figure, "kv_storage_" + figure + "_total");
    }

    @Test
    void tellsThemAsInfoDoes() throws Exception {
      ParsedMetrics metrics = metrics();
      assertThat(metrics.family("kv_buckets").value()).isEqualTo(1);
      assertThat(metrics.family("kv_keys").value()).isEqualTo(1);
      assertThat(metrics.family("kv_memory_held_bytes").value())
          .isEqualTo(((Number) node.info().get("memory_held_bytes")).doubleValue());
      assertThat(metrics.family("kv_clients_limit_bytes").value()).isEqualTo(1_000_000);
      assertThat(metrics.family("kv_node_info").value("node", "kv", "version", "1.0")).isOne();
    }

    @Test
    void countsRequestsByVerbInLowerCase() throws Exception {
      node.ask("PUT", 3);
      node.ask("what", 1);
      Family commands = family("kv_commands_total");
      assertThat(commands.samples()).hasSize(3);
      assertThat(commands.value("verb", "get")).isEqualTo(2);
      assertThat(commands.value("verb", "put")).isEqualTo(3);
      assertThat(commands.value("verb", "(unknown)")).isEqualTo(1);
    }

    @Test
    void tellsHowLongRequestsTook() throws Exception {
      Family durations = family("kv_command_duration_seconds");
      assertThat(durations.type()).isEqualTo("histogram");
      assertThat(durations.values("le"))
          .startsWith(
              "1e-05", "2.5e-05", "5e-05", "0.0001", "0.00025", "0.0005", "0.001", "0.0025",
              "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1.0", "2.5", "5.0", "10.0",
              "+Inf");
      assertThat(durations.value("le", "+Inf")).isEqualTo(2);
      double sum =
          durations.samples().stream()
              .filter(one -> one.suffix().equals("_sum"))
              .findAny()
              .get()
              .value();
      assertThat(sum).isPositive();
    }

    @Test
    void tellsOfOneStateThatTheStorageIsIn() throws Exception {
      Family state = family("kv_storage_state");
      assertThat(state.values("state"))
          .containsExactly(
              "memory", "loading", "open", "full", "slow", "failed", "healing", "closed");
      assertThat(state.value("state", "open")).isOne();
      assertThat(state.samples().stream().mapToDouble(one -> one.value()).sum()).isOne();
    }

    @Test
    void saysNothingOfTheSpaceOnADiskThatItDoesNotHave() throws Exception {
      assertThat(family("kv_storage_free_bytes").value()).isPositive();
      try (WatchedNode inMemory = WatchedNode.start()) {
        ParsedMetrics metrics = ParsedMetrics.ofPrometheus(inMemory.text());
        assertThat(metrics.families()).doesNotContainKey("kv_storage_free_bytes");
        assertThat(metrics.family("kv_storage_state").value("state", "memory")).isOne();
      }
    }

    @Test
    void namesItsSupervisorsByTheirPaths() throws Exception {
      assertThat(family("kv_supervisor_restarts_total").values("supervisor"))
          .containsExactly("node", "storage", "storage/buckets", "storage/log");
    }

    @Test
    void thatHasEndedIsNoneToTellOf() {
      node.close();
      assertThatThrownBy(() -> node.text()).isInstanceOf(ExitedException.class);
    }
  }

  @Nested
  class APeer {
    @Test
    void isUpOrNotAndWasCalledSoOften() throws Exception {
      node.add(WatchedNode.peer("baz", Optional.of("connection refused"), 7, 7));
      ParsedMetrics metrics = metrics();
      assertThat(metrics.family("kv_peer_up").value("peer", "bar")).isOne();
      assertThat(metrics.family("kv_peer_up").value("peer", "baz")).isZero();
      assertThat(metrics.family("kv_peer_calls_total").value("peer", "bar")).isEqualTo(5);
      assertThat(metrics.family("kv_peer_failed_calls_total").value("peer", "baz")).isEqualTo(7);
    }
  }

  @Nested
  class ABucket {
    @Test
    void hasKeysAndBytes() throws Exception {
      ParsedMetrics metrics = metrics();
      assertThat(metrics.family("kv_bucket_keys").value("bucket", "shopping")).isEqualTo(1);
      assertThat(metrics.family("kv_bucket_bytes").value("bucket", "shopping"))
          .isCloseTo(((Number) node.info().get("memory_held_bytes")).doubleValue(), within(64.0));
    }

    @Test
    void isToldOfIfItIsOneOfTheLargestFifty() throws Exception {
      for (int i = 0; i < 60; i++) node.storage().create(Bytes.of("empty" + i));
      Family keys = family("kv_bucket_keys");
      assertThat(keys.samples()).hasSize(50);
      assertThat(keys.values("bucket")).startsWith("shopping");
      assertThat(family("kv_buckets").value()).isEqualTo(61);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "\"", "\\", "\n", "\\n", "a\" 1\nkv_buckets 99\nx{y=\"", "}", "{,}", "# EOF", "\u00ff",
          "\u00c3", "\u0000", "\r", "<script>", "\u00e2\u0080\u00ae"
        })
    void mayHaveAnyName(String bytes) throws Exception {
      node.storage().create(Bytes.of(bytes.getBytes(ISO_8859_1)));
      for (ParsedMetrics metrics :
          List.of(metrics(), ParsedMetrics.ofOpenMetrics(node.openText()))) {
        assertThat(metrics.family("kv_bucket_bytes").samples()).hasSize(2);
        assertThat(metrics.family("kv_bucket_keys").values("bucket"))
            .containsExactlyInAnyOrder(
                "shopping", BucketFigures.text(Bytes.of(bytes.getBytes(ISO_8859_1))));
        assertThat(metrics.family("kv_buckets").value()).isEqualTo(2);
      }
    }
  }

  @Nested
  class TheJvm {
    /** As Prometheus' own library for Java has them. */
    private static final Map<String, String> OF_CLIENT_JAVA =
        Map.ofEntries(
            Map.entry("jvm_memory_used_bytes", "gauge [area]"),
            Map.entry("jvm_memory_committed_bytes", "gauge [area]"),
            Map.entry("jvm_memory_max_bytes", "gauge [area]"),
            Map.entry("jvm_memory_init_bytes", "gauge [area]"),
            Map.entry("jvm_memory_objects_pending_finalization", "gauge []"),
            Map.entry("jvm_memory_pool_used_bytes", "gauge [pool]"),
            Map.entry("jvm_memory_pool_committed_bytes", "gauge [pool]"),
            Map.entry("jvm_memory_pool_max_bytes", "gauge [pool]"),
            Map.entry("jvm_memory_pool_init_bytes", "gauge [pool]"),
            Map.entry("jvm_memory_pool_collection_used_bytes", "gauge [pool]"),
            Map.entry("jvm_memory_pool_collection_committed_bytes", "gauge [pool]"),
            Map.entry("jvm_memory_pool_collection_max_bytes", "gauge [pool]"),
            Map.entry("jvm_memory_pool_collection_init_bytes", "gauge [pool]"),
            Map.entry("jvm_buffer_pool_used_bytes", "gauge [pool]"),
            Map.entry("jvm_buffer_pool_capacity_bytes", "gauge [pool]"),
            Map.entry("jvm_buffer_pool_used_buffers", "gauge [pool]"),
            Map.entry("jvm_gc_collection_seconds", "summary [gc]"),
            Map.entry("jvm_threads_current", "gauge []"),
            Map.entry("jvm_threads_daemon", "gauge []"),
            Map.entry("jvm_threads_peak", "gauge []"),
            Map.entry("jvm_threads_started_total", "counter []"),
            Map.entry("jvm_threads_state", "gauge [state]"),
            Map.entry("jvm_classes_currently_loaded", "gauge []"),
            Map.entry("jvm_classes_loaded_total", "counter []"),
            Map.entry("jvm_classes_unloaded_total", "counter []"),
            Map.entry("jvm_compilation_time_seconds_total", "counter []"),
            Map.entry("jvm_runtime_info", "gauge [runtime, vendor, version]"),
            Map.entry("process_start_time_seconds", "gauge []"),
            Map.entry("process_cpu_seconds_total", "counter []"),
            Map.entry("process_open_fds", "gauge []"),
            Map.entry("process_max_fds", "gauge []"),
            Map.entry("process_virtual_memory_bytes", "gauge []"),
            Map.entry("process_resident_memory_bytes", "gauge []"));

    @Test
    void isToldOfUnderTheNamesThatDashboardsKnow() throws Exception {
      Map<String, String> told =
          metrics().families().values().stream()
              .filter(family -> !family.name().startsWith("kv_"))
              .collect(
                  toMap(
                      Family::name,
                      family ->
                          family.type() + " "
                              + family.labelNames().stream().sorted().toList()));
      assertThat(new TreeMap<>(told)).isEqualTo(new TreeMap<>(OF_CLIENT_JAVA));
    }

    @Test
    void isToldOfAsItIs() throws Exception {
      ParsedMetrics metrics = metrics();
      assertThat(metrics.family("jvm_memory_max_bytes").value("area", "heap"))
          .isEqualTo(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getMax());
      assertThat(metrics.family("process_start_time_seconds").value())
          .isEqualTo(ManagementFactory.getRuntimeMXBean().getStartTime() / 1000.0);
      assertThat(metrics.family("jvm_threads_state").value("state", "RUNNABLE")).isPositive();
      assertThat(metrics.family("process_resident_memory_bytes").value()).isGreaterThan(1e7);
    }
  }

  @Nested
  class TheText {
    @Test
    void hasTheSameInBothFormats() throws Exception {
      Set<String> classic = metrics().families().keySet();
      Map<String, Family> open = ParsedMetrics.ofOpenMetrics(node.openText()).families();
      Set<String> named =
          open.values().stream()
              .map(family -> family.name() + family.samples().get(0).suffix())
              .map(name -> name.replaceAll("_(bucket|count)$", ""))
              .collect(toSet());
      assertThat(named).isEqualTo(classic);
      assertThat(open.get("kv_commands").type()).isEqualTo("counter");
      assertThat(open.get("kv_node").type()).isEqualTo("info");
      assertThat(open.get("jvm_runtime").type()).isEqualTo("info");
    }

    @Test
    void pleasesPromtool() throws Exception {
      assumeInstalled("promtool");
      assertThat(output(node.text(), "promtool", "check", "metrics")).isEmpty();
    }

    @Test
    void isOfAType() {
      assertThat(Metrics.contentType(false))
          .isEqualTo("text/plain; version=0.0.4; charset=utf-8");
      assertThat(Metrics.contentType(true))
          .isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "true  | application/openmetrics-text",
          "true  | Application/OpenMetrics-Text; Version=1.0.0; charset=utf-8",
          "true  | application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5",
          "true  | application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3",
          "true  | text/plain;q=0.5 , application/openmetrics-text;q=0.5;version=1.0.0",
          "false | application/openmetrics-text;version=1.0.0;q=0.3,text/plain;version=0.0.4",
          "false | application/openmetrics-text;version=0.0.1",
          "false | application/openmetrics-text;version=2.0.0;q=1",
          "false | application/openmetrics-text;q=0",
          "false | application/openmetrics-text;q=x",
          "false | application/openmetrics-textual",
          "false | text/plain;version=0.0.4",
          "false | */*",
          "false | ;;,,q=,",
          "false | ''",
          "false |"
        })
    void isOpenMetricsForWhoAsksForIt(boolean isOpenMetrics, String accept) {
      assertThat(Metrics.isOpenMetricsFor(accept)).isEqualTo(isOpenMetrics);
    }
  }
}
