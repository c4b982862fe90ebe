package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import kv.log.Check;
import kv.log.disk.Disk;
import kv.server.testing.TestClient;
import kv.store.Bytes;
import kv.testing.LogCapture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder of a node is copied while clients write. */
class BackupTest {
  private static final int COPIES = 5;

  @TempDir Path folder;
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicBoolean isOver = new AtomicBoolean();

  private Node node(Path kept) throws Exception {
    return Node.start(
        Config.defaults().with("server.port", "0").with("storage.folder", kept.toString()));
  }

  private Void write(int port) throws Exception {
    try (TestClient client = new TestClient(port)) {
      assertThat(client.ask("CREATE shopping")).isEqualTo("OK");
      while (!isOver.get()) {
        assertThat(client.ask("PUT shopping k" + acknowledged.get() + " 1")).isEqualTo("OK");
        acknowledged.incrementAndGet();
      }
      return null;
    }
  }

  private Path copy(int number) throws Exception {
    Path copies = Files.createDirectory(folder.resolve("copy" + number));
    String from = folder.resolve("data/kv").toString();
    Process cp = new ProcessBuilder("cp", "-r", from, copies.toString()).inheritIO().start();
    assertThat(cp.waitFor()).isZero();
    return copies;
  }

  @Test
  void hasAllThatWasAcknowledgedBeforeAndChecksOut(LogCapture log) throws Exception {
    log.allow("had a torn tail"); // a write was under way
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (Node node = node(folder.resolve("data"))) {
      int port = node.serverPort().getAsInt();
      Future<Void> writing = threads.submit(() -> write(port));
      try {
        for (int i = 0; i < COPIES; i++) {
          while (acknowledged.get() < 100 * (i + 1) && !writing.isDone()) Thread.onSpinWait();
          int before = acknowledged.get();
          Path copy = copy(i);
          assertThat(Check.look(Disk.ofExisting(copy.resolve("kv"))).isSound()).isTrue();
          try (Node restored = node(copy)) {
            restored.storage().awaitRecovered();
            assertThat(restored.storage().lookup(Bytes.of("shopping")).orElseThrow().size())
                .isGreaterThanOrEqualTo(before);
          }
        }
      } finally {
        isOver.set(true);
        writing.get();
        threads.shutdown();
      }
    }
  }
}
