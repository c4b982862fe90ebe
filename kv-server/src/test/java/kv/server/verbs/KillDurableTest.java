package kv.server.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import kv.server.Config;
import kv.server.Node;
import kv.server.testing.TestClient;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Drills on a node with a log: what crashes comes back with what it held. */
class KillDurableTest {
  @TempDir Path folder;
  private Node node;
  private TestClient client;

  @BeforeEach
  void start() throws Exception {
    node =
        Node.start(
            Config.defaults()
                .with("server.port", "0")
                .with("server.drills", "true")
                .with("storage.folder", folder.toString()));
    client = new TestClient(node.serverPort().getAsInt());
    client.ask("CREATE shopping");
    client.ask("PUT shopping milk 1");
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    node.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "storage/buckets/shopping", "storage/buckets", "storage/registry", "storage/events",
        "storage/log", "storage/log/keeper", "storage/log/syncer", "storage/log/compactor",
        "storage"})
  void theNextRequestFindsAll(String path, LogCapture log) throws Exception {
    log.allow("event=child_terminated reason=killed");
    for (int i = 0; i < 3; i++) {
      assertThat(client.ask("KILL " + path)).isEqualTo("OK");
      assertThat(client.ask("PING")).isEqualTo("PONG"); // after the restart
      node.storage().awaitRecovered();
      assertThat(client.get("shopping", "milk")).isEqualTo("1");
      assertThat(client.ask("PUT shopping eggs " + i)).isEqualTo("OK");
      assertThat(client.get("shopping", "eggs")).isEqualTo("" + i);
    }
    assertThat(client.listing("INFO")).contains("restarts 3", "storage_state open");
  }

  @Test
  void fourCrashesOfBucketsInARowEndNoOther(LogCapture log) throws Exception {
    log.allow("child=bucket .* event=child_terminated reason=killed");
    client.ask("CREATE other");
    client.ask("PUT other milk 2");
    for (int i = 0; i < 10; i++)
      assertThat(client.ask("KILL storage/buckets/shopping")).isEqualTo("OK");
    assertThat(client.get("other", "milk")).isEqualTo("2");
    assertThat(client.get("shopping", "milk")).isEqualTo("1");
  }
}
