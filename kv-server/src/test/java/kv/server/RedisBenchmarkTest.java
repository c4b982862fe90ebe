package kv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static kv.server.testing.RealClients.assumeInstalled;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kv.server.testing.ClientProgram;
import kv.server.testing.TestClient;
import kv.store.Bucket;
import kv.store.Bytes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redis' own load, as it comes: 50 clients, 16 requests at a time. */
@Tag("clients")
class RedisBenchmarkTest {
  private static final Bytes BENCH = Bytes.of("bench");

  @TempDir Path folder;

  @BeforeEach
  void assumeThereIsOne() {
    assumeInstalled("redis-benchmark");
  }

  private static void run(Node node) throws Exception {
    String port = Integer.toString(node.serverPort().getAsInt());
    try (TestClient client = new TestClient(node.serverPort().getAsInt());
        ClientProgram load =
            new ClientProgram(
                "redis-benchmark", "-p", port, "-c", "50", "-n", "20000", "-r", "1000", "-P", "16",
                "PUT", "bench", "key:__rand_int__", "12345678")) {
      List<String> output = load.rest();
      assertThat(output).anyMatch(line -> line.contains("20000 requests completed"));
      assertThat(output).noneMatch(line -> line.contains("rror"));
      assertThat(load.exitStatus()).isZero();
      String commands = client.listing("INFO").get(4);
      assertThat(Integer.parseInt(commands.split(" ")[1])).isGreaterThanOrEqualTo(20_000);
    }
  }

  /** A key has twelve digits, of a number below a thousand: nearly all of them come up. */
  private static void assertFilled(Bucket bucket) {
    assertThat(bucket.size()).isBetween(990, 1000);
    for (Bytes key : bucket.keys()) {
      assertThat(key.utf8()).matches("key:0{9}\\d{3}");
      assertThat(bucket.get(key)).contains(Bytes.of("12345678"));
    }
  }

  @Test
  void runsItsOwnTestsToTheEndAndFindsTheConfigurationThatItAsksFor() throws Exception {
    try (Node node = Node.start(Config.defaults().with("server.port", "0"));
        ClientProgram load =
            new ClientProgram(
                "redis-benchmark", "-p", Integer.toString(node.serverPort().getAsInt()),
                "-n", "10000", "-r", "1000", "-t", "ping_mbulk,set,get,incr,mset")) {
      List<String> printed = load.rest();
      assertThat(printed)
          .filteredOn(line -> line.contains("10000 requests completed"))
          .hasSize(5);
      assertThat(printed)
          .noneMatch(line -> line.contains("rror") || line.contains("WARN"));
      assertThat(load.exitStatus()).isZero();
      Bucket selected = node.storage().lookup(Bytes.of("0")).orElseThrow();
      assertThat(selected.size()).isBetween(1990, 2001); // key:… and counter:…
    }
  }

  @Test
  void completesWithoutAnErrorAgainstOneNode() throws Exception {
    try (Node node = Node.start(Config.defaults().with("server.port", "0"))) {
      Bucket bucket = node.storage().create(BENCH);
      run(node);
      assertFilled(bucket);
    }
  }

  @Test
  void completesWithoutAnErrorAgainstANodeThatHasToAskAnother() throws Exception {
    Config config = Config.defaults();
    try (Node bar =
        Node.start(
            config
                .with("node.name", "bar")
                .with("server.port", "none")
                .with("router.port", "0"))) {
      String table = "a-z=bar@127.0.0.1:" + bar.routerPort().getAsInt();
      Path file = Files.writeString(folder.resolve("routing.properties"), table, US_ASCII);
      Bucket bucket = bar.storage().create(BENCH);
      try (Node foo =
          Node.start(
              config
                  .with("node.name", "foo")
                  .with("server.port", "0")
                  .with("router.table", file.toString()))) {
        run(foo);
        assertThat(foo.storage().all()).isEmpty();
      }
      assertFilled(bucket);
    }
  }
}
