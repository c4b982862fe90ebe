package kv.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import kv.server.Config;
import kv.server.Node;
import kv.store.Bucket;
import kv.store.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A load on a node that has a peer for buckets from {@code n} to {@code z}. */
class TwoNodesBenchTest {
  @TempDir Path folder;
  private Node foo;
  private Node bar;
  private String address;
  private int port;

  @BeforeEach
  void start() throws Exception {
    bar = Node.start(
        Config.defaults()
            .with("node.name", "bar")
            .with("server.port", "none")
            .with("router.port", "0"));
    address = "bar@127.0.0.1:" + bar.routerPort().getAsInt();
    Path table = folder.resolve("routing.properties");
    Files.writeString(table, "a-m=foo@127.0.0.1:1\nn-z=" + address + "\n", US_ASCII);
    foo = Node.start(
        Config.defaults()
            .with("node.name", "foo")
            .with("server.port", "0")
            .with("router.connect-timeout", "30s") // the machine may be busy
            .with("router.call-timeout", "30s")
            .with("router.table", table.toString()));
    port = foo.serverPort().getAsInt();
  }

  @AfterEach
  void stop() {
    foo.close();
    bar.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"line", "resp"})
  void endsAtThePeerIfTheBucketIsThere(String framing) throws Exception {
    BenchRun run =
        BenchRun.of(
            port, "bucket=zoo", "framing=" + framing, "pipeline=8", "keys=321", "connections=5");
    assertThat(run.errors()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out()).startsWith(
        "node foo, version (not packaged), at 127.0.0.1:" + port,
        "bucket \"zoo\" is held by " + address + ", over RMI");
    Bucket zoo = bar.storage().lookup(Bytes.of("zoo")).orElseThrow();
    assertThat(zoo.count()).isEqualTo(321);
    assertThat(foo.storage().all()).isEmpty();
  }

  @Test
  void staysAtTheNodeIfTheBucketIsThere() throws Exception {
    BenchRun run = BenchRun.of(port, "bucket=apple", "keys=10");
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("bucket \"apple\" is held there");
    assertThat(foo.storage().lookup(Bytes.of("apple")).orElseThrow().count()).isEqualTo(10);
    assertThat(bar.storage().all()).isEmpty();
  }

  @Test
  void doesNotBeginIfThePeerIsDown() throws Exception {
    bar.close();
    BenchRun run = BenchRun.of(port, "bucket=zoo");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.errors()).containsExactly("127.0.0.1:" + port + " answers CREATE zoo with 'ERROR"
        + " node " + address + " is unreachable: connection refused'; set host and port to a"
        + " node's for clients, and bucket to a name that it can route to a node that runs");
  }

  @Test
  void doesNotBeginIfTheBucketIsNowhere() throws Exception {
    BenchRun run = BenchRun.of(port, "bucket=Zoo");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.errors()).singleElement().asString()
        .startsWith("127.0.0.1:" + port + " answers ROUTE Zoo with 'ERROR no route for bucket")
        .endsWith("and bucket to a name that it can route to a node that runs");
  }
}
