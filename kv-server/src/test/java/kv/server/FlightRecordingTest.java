package kv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import kv.server.testing.NodeProcess;
import kv.server.testing.TestClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Flight Recorder shows of the two-node example, with the settings that its users know. */
@Tag("distributed")
class FlightRecordingTest {
  @TempDir Path folder;

  private NodeProcess start(String name, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "node.name=" + name, "server.port=0", "router.port=0", "storage.folder=" + folder));
    arguments.addAll(List.of(more));
    return NodeProcess.start(arguments.toArray(String[]::new));
  }

  private static void jcmd(NodeProcess node, String... command) throws Exception {
    Path program = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    List<String> line = new ArrayList<>(List.of(program.toString(), "" + node.pid()));
    line.addAll(List.of(command));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private static RecordedEvent find(
      List<RecordedEvent> events, String type, String field, Object is) {
    return events.stream()
        .filter(one -> one.getEventType().getName().equals(type))
        .filter(one -> is.equals(one.getValue(field)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + type + " with " + field + "=" + is));
  }

  @Test
  void hasCommandsCallsForcesAndRestarts() throws Exception {
    try (NodeProcess bar = start("bar")) {
      String address = "bar@127.0.0.1:" + bar.peerPort();
      Path table =
          Files.writeString(
              folder.resolve("routing.properties"),
              "a-m=foo@127.0.0.1:1\nn-z=" + address + "\n",
              US_ASCII);
      try (NodeProcess foo =
              start(
                  "foo", "router.table=" + table, "storage.sync=always", "server.drills=true");
          TestClient client = clientOf(foo)) {
        jcmd(
            foo,
            "JFR.start",
            "name=kv",
            "+kv.Command#threshold=0ms",
            "+kv.PeerCall#threshold=0ms",
            "+kv.LogForce#threshold=0ms");
        assertThat(client.ask("CREATE apple")).isEqualTo("OK");
        assertThat(client.ask("CREATE world")).isEqualTo("OK");
        assertThat(client.ask("PUT world hello 1")).isEqualTo("OK");
        assertThat(client.ask("KILL storage/registry")).isEqualTo("OK");
        assertThat(client.ask("PING")).as("behind the restart").isEqualTo("PONG");
        Path file = folder.resolve("foo.jfr");
        jcmd(foo, "JFR.dump", "name=kv", "filename=" + file);
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        find(events, "kv.Command", "verb", "PUT");
        RecordedEvent call = find(events, "kv.PeerCall", "peer", address);
        assertThat(call.getDuration()).isPositive().isLessThan(Duration.ofMinutes(1));
        assertThat(events).anyMatch(one -> one.getEventType().getName().equals("kv.LogForce"));
        assertThat(find(events, "kv.Restart", "child", "registry").getString("supervisor"))
            .isEqualTo("storage");
      }
    }
  }

  private static TestClient clientOf(NodeProcess node) throws IOException {
    node.peerPort();
    return new TestClient(node.clientPort());
  }
}
