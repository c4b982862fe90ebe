package kv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import kv.log.LogException;
import kv.log.LogSettings;
import kv.log.disk.FaultyDisk;
import kv.memory.Memory;
import kv.otp.Flags;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.store.Bucket;
import kv.store.Bytes;
import kv.store.HeldDisk;
import kv.store.Storage;
import kv.testing.LogCapture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a node says that it is ready, and why it is not. */
class ReadinessTest {
  private static final Flags FLAGS = Flags.of(Strategy.ONE_FOR_ONE);

  private final FaultyDisk disk = new FaultyDisk();
  private final Storage storage =
      new Storage(FLAGS, Memory.unlimited(), disk, LogSettings.DEFAULT.minFree(1_000));
  private final Readiness readiness = new Readiness(storage);

  @Test
  void isThereOnceTheNodeHasStarted() throws Exception {
    try (Supervisor node = Supervisor.start("node", FLAGS, storage.spec())) {
      storage.awaitRecovered();
      assertThat(node.proc().isAlive()).isTrue();
      assertThat(readiness.whyNot()).hasValue("the node is starting");
      readiness.started();
      assertThat(readiness.whyNot()).isEmpty();
      readiness.stopping();
      assertThat(readiness.whyNot()).hasValue("the node is stopping");
    }
  }

  @Test
  void isNotThereWhileBucketsAreRead(@TempDir Path folder) throws Exception {
    try (Storage before = Storage.start(folder)) {
      before.create(Bytes.of("shopping"));
    }
    HeldDisk held = new HeldDisk(folder);
    Storage reads = new Storage(FLAGS, Memory.unlimited(), held, LogSettings.DEFAULT);
    Readiness ofThat = new Readiness(reads);
    try (Supervisor node = Supervisor.start("node", FLAGS, reads.spec())) {
      ofThat.started();
      held.awaitHolding();
      assertThat(ofThat.whyNot().orElseThrow()).matches("loading: [0-9]{1,2}%");
      held.letGo();
      reads.awaitRecovered();
      assertThat(ofThat.whyNot()).isEmpty();
      assertThat(node.proc().isAlive()).isTrue();
    }
  }

  @Test
  void isNotThereWithoutAStorage() {
    readiness.started();
    assertThat(readiness.whyNot()).hasValue("storage is not running: noproc");
  }

  @Test
  void isNotThereWhileTheStorageRefusesWrites(LogCapture log) throws Exception {
    log.allow("disk full");
    try (Supervisor node = Supervisor.start("node", FLAGS, storage.spec())) {
      assertThat(node.proc().isAlive()).isTrue();
      storage.awaitRecovered();
      readiness.started();
      Bucket bucket = storage.create(Bytes.of("shopping"));
      disk.setFree(0);
      assertThatThrownBy(
              () -> {
                while (true) bucket.put(Bytes.of("milk"), Bytes.of("1"));
              })
          .isInstanceOf(LogException.class);
      assertThat(readiness.whyNot().orElseThrow()).startsWith("storage full: disk full: ");
    }
  }
}
