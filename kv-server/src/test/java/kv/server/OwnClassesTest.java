package kv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kv.server.testing.NodeProcess;
import kv.server.testing.TestClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose jar is overwritten while it runs, as by a build. */
@Tag("distributed")
class OwnClassesTest {
  private static final int FILES = 1000;

  @TempDir private Path folder;

  @Test
  void areAllLoadedBeforeItAcceptsAnybody() throws Exception {
    Path jar = folder.resolve("kv.jar");
    Path table = folder.resolve("routing.properties");
    Config ofPeer =
        Config.defaults()
            .with("node.name", "bar")
            .with("server.port", "none")
            .with("router.port", "0");
    try (Node peer = Node.start(ofPeer)) {
      String ranges = "a-m=foo@127.0.0.1:1\nn-z=bar@127.0.0.1:" + peer.routerPort().getAsInt();
      Files.writeString(table, ranges, US_ASCII);
      try (NodeProcess process =
          NodeProcess.startWithFiles(
              FILES,
              jar,
              "node.name=foo",
              "server.port=0",
              "server.drills=true",
              "router.port=0",
              "router.table=" + table)) {
        process.peerPort();
        int port = process.clientPort();
        Files.write(jar, new byte[100]);
        useEverything(port);
        process.signal("TERM");
        assertThat(process.stdout())
            .contains("event=child_terminated")
            .doesNotContain("NoClassDefFound", "ClassNotFound", "Zip");
        assertThat(process.exitStatus()).isZero();
      }
    }
  }

  private static void useEverything(int port) throws Exception {
    try (TestClient client = new TestClient(port)) {
      for (String bucket : List.of("apple", "zoo")) {
        assertThat(client.ask("CREATE " + bucket)).isEqualTo("OK");
        assertThat(client.ask("PUT " + bucket + " lion 1")).isEqualTo("OK");
        assertThat(client.get(bucket, "lion")).isEqualTo("1");
      }
      for (String part :
          List.of(
              "storage/buckets/apple",
              "storage/registry",
              "storage/events",
              "storage/log/keeper",
              "router/peers",
              "router/table",
              "server/reaper",
              "server/acceptor"))
        assertThat(client.ask("KILL " + part)).as(part).isEqualTo("OK");
      assertThat(client.ask("PING")).isEqualTo("PONG"); // comes after the last restart
    }
    try (TestClient late = new TestClient(port)) {
      assertThat(late.get("apple", "lion")).isEqualTo("1");
      for (String listing : List.of("TREE", "INFO", "HELP", "BUCKETS"))
        late.send(listing + "\r\n");
      late.send("*2\r\n$5\r\nROUTE\r\n$5\r\nhorse\r\n").endOfInput();
      assertThat(late.rest()).contains("server/acceptor", "uptime", "apple", "foo");
    }
  }
}
