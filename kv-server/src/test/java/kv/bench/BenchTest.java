package kv.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kv.server.Config;
import kv.server.Node;
import kv.store.Bucket;
import kv.store.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A load on one node. */
class BenchTest {
  private Node node;
  private int port;

  @BeforeEach
  void start() throws Exception {
    node = Node.start(Config.defaults().with("server.port", "0"));
    port = node.serverPort().getAsInt();
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private Bucket bucket(String name) {
    return node.storage().lookup(Bytes.of(name)).orElseThrow();
  }

  private static void assertWentWell(BenchRun run) {
    assertThat(run.errors()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.result("errors")).isEqualTo("0");
    assertThat(run.number("requests")).isPositive();
  }

  @Nested
  class Requests {
    @ParameterizedTest
    @CsvSource({
        "line, 0, 8", "line, 50, 8", "line, 100, 8", "line, 50, 0", "line, 50, 60000",
        "resp, 0, 8", "resp, 50, 8", "resp, 100, 8", "resp, 50, 0", "resp, 50, 100000"})
    void areAllAnsweredAsTheyShould(String framing, int mix, int valueBytes) throws Exception {
      BenchRun run = BenchRun.of(port, "framing=" + framing, "mix=" + mix, "keys=100",
          "pipeline=5", "connections=10", "value-bytes=" + valueBytes);
      assertWentWell(run);
      assertThat(bucket("bench").get(Bytes.of("key:42")))
          .hasValue(Bytes.of("x".repeat(valueBytes)));
    }

    @Test
    void thatNoBufferHasRoomForAreSentWhileRepliesAreRead() throws Exception {
      assertWentWell(BenchRun.of(50, port, "framing=resp", "mix=50", "keys=10", "pipeline=40",
          "connections=2", "value-bytes=1000000"));
    }

    @Test
    void putEveryKeyFirstAndNoOtherIfThereAreGets() throws Exception {
      assertWentWell(BenchRun.of(port, "mix=1", "keys=1237", "pipeline=10", "threads=3"));
      assertThat(bucket("bench").count()).isEqualTo(1237);
    }

    @Test
    void putNothingFirstIfThereAreNone() throws Exception {
      BenchRun run = BenchRun.of(port, "mix=0", "keys=1000000");
      assertWentWell(run);
      assertThat(run.out()).noneMatch(line -> line.startsWith("putting"));
      assertThat(bucket("bench").count()).isBetween(1L, (long) run.number("requests"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"zoo", "two words", "\"", "key:1", "GET", "\u00e9t\u00e9"})
    void areAboutTheBucketWhateverItIsCalled(String name) throws Exception {
      for (String framing : new String[] {"line", "resp"})
        assertWentWell(
            BenchRun.of(port, "bucket=" + name, "keys=100", "framing=" + framing, "mix=100"));
      assertThat(bucket(name).count()).isEqualTo(100);
      assertThat(node.storage().all()).hasSize(1);
    }

    @Test
    void ofOneConnectionAreAlwaysTheSameWithTheSameSeed() throws Exception {
      String[] settings = {"connections=1", "mix=0", "keys=1000000"};
      assertWentWell(BenchRun.of(port, "bucket=a", settings[0], settings[1], settings[2]));
      assertWentWell(BenchRun.of(port, "bucket=b", settings[0], settings[1], settings[2]));
      assertWentWell(
          BenchRun.of(port, "bucket=c", "seed=2", settings[0], settings[1], settings[2]));
      List<Bytes> keys = bucket("a").keys();
      assertThat(bucket("b").keys()).containsExactlyInAnyOrderElementsOf(keys);
      assertThat(bucket("c").keys()).doesNotContainAnyElementsOf(keys.subList(0, 5));
    }

    @Test
    void areSharedAmongAllConnectionsAndThreads() throws Exception {
      BenchRun run = BenchRun.of(port, "connections=37", "threads=4", "pipeline=3", "keys=50");
      assertWentWell(run);
      assertThat(run.number("requests")).isGreaterThanOrEqualTo(37 * 3);
    }
  }

  @Nested
  class Output {
    @Test
    void beginsWithWhomItAsksAndWhat() throws Exception {
      BenchRun run = BenchRun.of(port, "bucket=z\u00f6o", "keys=10");
      assertThat(run.out().subList(0, 4)).containsExactly(
          "node kv, version (not packaged), at 127.0.0.1:" + port,
          "bucket \"z\u00f6o\" is held there",
          "connections=50 pipeline=1 keys=10 value-bytes=8 mix=50 seconds=1 framing=line"
              + " threads=1 timeout=10s seed=1",
          "putting every key first");
    }

    @Test
    void endsWithFiguresThatFitTogether() throws Exception {
      BenchRun run = BenchRun.of(1, port, "pipeline=7", "mix=0");
      assertThat(run.out().subList(3, run.out().size()))
          .extracting(line -> line.split(" ")[0])
          .containsExactly("requests", "seconds", "requests_per_second", "batch_us_p50",
              "batch_us_p90", "batch_us_p99", "batch_us_p99.9", "batch_us_max", "errors");
      assertThat(run.number("requests") % 7).isZero();
      assertThat(run.number("seconds")).isBetween(1.0, 1.2); // by the clock that counts readings
      assertThat(run.number("requests_per_second"))
          .isEqualTo(Math.round(run.number("requests") / run.number("seconds")));
      assertThat(run.number("batch_us_p50")).isLessThanOrEqualTo(run.number("batch_us_p99.9"));
      assertThat(run.number("batch_us_p99.9")).isLessThanOrEqualTo(run.number("batch_us_max"));
    }

    @Test
    void ofOneConnectionHasTheClocksOwnStepAsLatency() throws Exception {
      BenchRun run = BenchRun.of(1, port, "connections=1", "mix=0");
      assertThat(run.number("batch_us_max")).isEqualTo(1000.0);
      assertThat(run.number("requests")).isBetween(490.0, 510.0);
    }

    @Test
    void hasALineOfProgressEachSecond() throws Exception {
      BenchRun run = BenchRun.ofArguments("port=" + port, "seconds=2", "mix=0");
      assertThat(run.status()).isZero();
      assertThat(run.err())
          .isNotEmpty()
          .allMatch(line -> line.matches("[12] s: [1-9][0-9]* requests a second, 0 errors"));
      assertThat(run.number("seconds")).isBetween(2.0, 20.0);
    }
  }
}
