package kv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static kv.server.HeapTest.figure;
import static kv.server.HeapTest.flood;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import kv.log.Content;
import kv.log.Log;
import kv.log.LogSettings;
import kv.log.Replay;
import kv.log.disk.Disk;
import kv.server.testing.NodeProcess;
import kv.server.testing.TestClient;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes with little heap, in JVMs of their own, that recover what they keep. */
@Tag("distributed")
class RecoveryHeapTest {
  private static final int VALUE_BYTES = 60_000;

  @TempDir Path folder;

  private NodeProcess start(String heap) throws IOException {
    return NodeProcess.startWithHeap(
        heap, "server.port=0", "server.drills=true", "storage.folder=" + folder);
  }

  @Nested
  class ANodeAtItsBound {
    private int fillAndKill() throws Exception {
      try (NodeProcess node = start("64m");
          TestClient client = new TestClient(node.clientPort())) {
        assertThat(client.ask("CREATE zoo")).isEqualTo("OK");
        String value = "v".repeat(VALUE_BYTES);
        flood(client, 10, i -> "PUT zoo " + i + " " + value + "\n");
        assertThat(figure(client, "memory_held_bytes"))
            .isGreaterThan(figure(client, "memory_limit_bytes") * 9 / 10);
        int keys = Integer.parseInt(client.ask("SIZE zoo"));
        assertThat(client.line()).isEqualTo("OK\r\n");
        node.kill();
        return keys;
      }
    }

    @Test
    void recoversIntoTheSameHeapAlsoWhileItHoldsWhatItHad() throws Exception {
      int keys = fillAndKill();
      try (NodeProcess node = start("64m");
          TestClient client = new TestClient(node.clientPort())) {
        assertThat(node.line())
            .isEqualTo("Keeping 1 buckets, " + keys + " keys in " + folder.resolve("kv"));
        for (int i = 0; i < 3; i++) {
          assertThat(client.ask("KILL storage")).isEqualTo("OK");
          String size = client.ask("SIZE zoo");
          while (size.startsWith("ERROR loading")) size = client.ask("SIZE zoo");
          assertThat(size).isEqualTo(Integer.toString(keys));
          assertThat(client.line()).isEqualTo("OK\r\n");
        }
      }
    }
  }

  @Nested
  class ANodeThatHoldsMoreThanItsHeap {
    private static final int KEYS = 1_000;
    private static final String LINE =
        "the node did not start: .* holds more than a heap of 32 MiB has room for;"
            + " start java with -Xmx(\\d+m), or more";

    /** A folder that is new has nothing to tell. */
    private static Replay nobody() {
      Class<?>[] type = {Replay.class};
      return (Replay)
          Proxy.newProxyInstance(Replay.class.getClassLoader(), type, (self, what, with) -> null);
    }

    private Log open() throws InterruptedException {
      Log log = Log.open(Disk.of(folder.resolve("kv")), LogSettings.DEFAULT);
      log.recover(nobody());
      log.create(() -> {}, Zoo.NUMBER, Zoo.NAME);
      return log;
    }

    /** Answers the heap that it asks for; the JVM itself says one line more. */
    private String refused(NodeProcess node) throws Exception {
      assertThat(node.exitStatus()).isEqualTo(1);
      List<String> lines =
          node.stderr().lines().filter(line -> !line.contains("JDK_JAVA_OPTIONS")).toList();
      assertThat(lines).singleElement().asString().matches(LINE);
      return lines.get(0).replaceAll(LINE, "$1");
    }

    @Test
    void inASnapshotDoesNotListenAndStartsWithTheHeapThatItNames() throws Exception {
      Log log = open();
      log.writeSnapshot(() -> List.of(new Zoo(KEYS, VALUE_BYTES)));
      log.close();
      String heap;
      try (NodeProcess node = start("32m")) {
        assertThat(node.stdout()).isEmpty();
        heap = refused(node);
      }
      try (NodeProcess node = start(heap)) {
        assertThat(node.clientPort()).isPositive();
        assertThat(node.line()).startsWith("Keeping 1 buckets, 1000 keys in ");
      }
    }

    @Test
    void inTheLogEndsWhenItsHeapHasRunOut() throws Exception {
      Log log = open();
      new Zoo(KEYS, VALUE_BYTES)
          .forEach((key, value, deadline) -> log.put(() -> {}, Zoo.NUMBER, key, value, deadline));
      log.close();
      try (NodeProcess node = start("32m")) {
        refused(node);
      }
    }
  }

  /** A bucket for a log that has more in it than a test could hold. */
  private record Zoo(int keys, int valueBytes) implements Content.Bucket {
    static final long NUMBER = 1;
    static final byte[] NAME = "zoo".getBytes(US_ASCII);

    @Override
    public long number() {
      return NUMBER;
    }

    @Override
    public byte[] name() {
      return NAME;
    }

    @Override
    public long entries() {
      return keys;
    }

    @Override
    public <X extends Exception> void forEach(Content.Visitor<X> target) throws X {
      byte[] value = new byte[valueBytes];
      for (int i = 0; i < keys; i++) target.entry(("key " + i).getBytes(US_ASCII), value, 0);
    }
  }
}
