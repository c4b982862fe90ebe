package kv.store;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.stream.Stream;
import kv.log.LoadingException;
import kv.log.LogSettings;
import kv.log.SyncPolicy;
import kv.log.disk.Disk;
import kv.log.disk.DiskCalls;
import kv.log.disk.DiskCalls.Kind;
import kv.log.disk.FaultyDisk;
import kv.log.disk.FolderException;
import kv.memory.Memory;
import kv.memory.MemoryFullException;
import kv.otp.Flags;
import kv.otp.StartException;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.testing.LogCapture;
import kv.testing.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A durable storage before it knows what it holds, and one that will never know. */
class DurableRecoveryTest {
  private static final Bytes SHOPPING = Bytes.of("shopping");
  private static final Bytes MILK = Bytes.of("milk");
  private static final Bytes ONE = Bytes.of("1");
  private static final int KEYS = 1000;

  private static final int VALUE_BYTES = 100;

  @TempDir private Path folder;

  @BeforeEach
  void fill(LogCapture logged) throws Exception {
    logged.allow("event=child_terminated reason=killed");
    try (Storage storage = Storage.start(folder)) {
      Bucket bucket = storage.create(SHOPPING);
      Bytes value = Bytes.of(new byte[VALUE_BYTES]);
      for (int i = 0; i < KEYS; i++) bucket.put(Bytes.of("key " + i), value);
      bucket.put(MILK, ONE);
    }
  }

  @Nested
  class Recovering {
    private HeldDisk disk;
    private DurableParts parts;
    private Storage storage;

    @BeforeEach
    void start() throws Exception {
      disk = new HeldDisk(folder);
      parts = new DurableParts(disk, Memory.of(1));
      storage = parts.storage;
      disk.awaitHolding();
    }

    @AfterEach
    void close() {
      disk.letGo();
      parts.close();
    }

    @Test
    void refusesAllThatNeedsToKnowWhatThereIs() {
      assertThatThrownBy(() -> storage.lookup(SHOPPING))
          .isInstanceOf(LoadingException.class)
          .hasMessageMatching("loading: \\d+%");
      assertThatThrownBy(() -> storage.create(SHOPPING)).isInstanceOf(LoadingException.class);
      assertThatThrownBy(() -> storage.create(MILK)).isInstanceOf(LoadingException.class);
      assertThatThrownBy(storage::ensureLoaded).isInstanceOf(LoadingException.class);
      assertThatThrownBy(() -> storage.registry().get().lookup(SHOPPING))
          .isInstanceOf(LoadingException.class);
    }

    @Test
    void answersAllElse() throws Exception {
      assertThat(storage.all()).isEmpty();
      assertThat(storage.end()).isZero();
      storage.commit();
      assertThat(storage.failure()).isEmpty();
      assertThat(storage.supervisor().countChildren().active()).isEqualTo(6);
    }

    @Test
    void givesAllBucketsTheirChildrenInTheEnd() throws Exception {
      assertIsRecovered();
      Supervisor buckets = storage.buckets().get();
      while (buckets.countChildren().active() == 0) Thread.onSpinWait(); // right after that
      parts.lookup("shopping").proc().kill();
      parts.settleBuckets();
      assertThat(parts.lookup("shopping").get(MILK)).contains(ONE);
    }

    @Test
    void recoversMoreThanThereIsRoomFor() throws Exception {
      assertIsRecovered();
      assertThat(parts.memory.held()).isGreaterThan(KEYS * VALUE_BYTES);
      assertThatThrownBy(() -> parts.lookup("shopping").put(Bytes.of("new"), ONE))
          .isInstanceOf(MemoryFullException.class);
    }

    @Test
    void beginsAnewWhenItsKeeperIsKilled() throws Exception {
      for (int i = 0; i < 10; i++) parts.kill("log/keeper");
      assertIsRecovered();
    }

    @Test
    void beginsAnewWhenTheSupervisorOfTheLogIsKilled() throws Exception {
      parts.kill("log");
      assertIsRecovered();
    }

    @Test
    void goesOnWhenAnyOtherPartIsKilled() throws Exception {
      for (String part : List.of("folder", "events", "buckets", "registry", "log/syncer"))
        parts.kill(part);
      assertIsRecovered();
    }

    @Test
    void beginsAnewWhenTheStorageIsKilled() throws Exception {
      storage.supervisor().proc().kill(); // its next life waits until the reader has noticed
      disk.letGo();
      parts.killStorage();
      assertIsRecovered();
    }

    @Test
    void countsWhatItHoldsOnceHoweverOftenItBeganAnew() throws Exception {
      for (int i = 0; i < 10; i++) parts.kill("log/keeper");
      assertIsRecovered();
      parts.lookup("shopping").stop();
      assertThat(parts.memory.held()).isZero();
    }

    private void assertIsRecovered() throws InterruptedException {
      disk.letGo();
      storage.awaitRecovered();
      assertThat(parts.lookup("shopping").get(MILK)).contains(ONE);
      assertThat(parts.lookup("shopping").size()).isEqualTo(KEYS + 1);
    }
  }

  /** The message names the remedy, and is the log's own. */
  @Nested
  class Damaged {
    @BeforeEach
    void damage() throws Exception {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path log : files.filter(file -> file.toString().contains("log-")).toList())
          if (Files.size(log) > KEYS * VALUE_BYTES) flipAByte(log, KEYS * VALUE_BYTES / 2);
      }
    }

    private void flipAByte(Path file, long at) throws Exception {
      try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
        ByteBuffer one = ByteBuffer.allocate(1);
        channel.read(one, at);
        one.put(0, (byte) ~one.get(0)).flip();
        channel.write(one, at);
      }
    }

    @Test
    void doesNotStartEmbedded() {
      assertThatThrownBy(() -> Storage.start(folder)).isInstanceOf(FolderException.class);
    }

    @Test
    void tellsOfItInATreeAndStaysAsItIs() throws Exception {
      CompletableFuture<FolderException> heard = new CompletableFuture<>();
      Storage storage = inFolder();
      storage.onFailure(heard::complete);
      try (Supervisor top = start(storage)) {
        assertThatThrownBy(storage::awaitRecovered).isSameAs(heard.get());
        assertThat(storage.failure()).containsSame(heard.get());
        assertThatThrownBy(() -> storage.lookup(SHOPPING)).isInstanceOf(LoadingException.class);
        assertThat(storage.supervisor().countChildren().active()).isEqualTo(6);
        assertThat(top.countChildren().active()).isEqualTo(1);
        assertThat(storage.memory().held()).isZero();
      }
    }
  }

  /** It has served from its folder before. */
  @Nested
  class OnADiskThatFails {
    private final ManualClock clock = new ManualClock();
    private FaultyDisk disk;

    private final LogSettings settings =
        new LogSettings(SyncPolicy.EVERYSEC, Duration.ofSeconds(5), 0, 1024 * 1024, clock);

    @BeforeEach
    void open(LogCapture logged) throws Exception {
      logged.allow("broken");
      disk = FaultyDisk.of(folder);
    }

    private DurableParts start() throws Exception {
      DurableParts parts = new DurableParts(disk, Memory.unlimited(), settings);
      parts.storage.awaitRecovered();
      return parts;
    }

    /** Where the log is opened, read, cut, and begun anew. */
    @ParameterizedTest
    @EnumSource(
        value = Kind.class,
        names = {"NAMES", "OPEN", "READ", "FORCE", "CREATE", "RENAME"})
    void isTriedAgainEachSecondAndSaidOnce(Kind kind, LogCapture logged) throws Exception {
      try (DurableParts parts = start()) {
        disk.fail(DiskCalls.all(kind).on(kind == Kind.NAMES ? "" : "log-"), "broken");
        parts.killStorageOnly();
        long tried = disk.count(kind);
        assertThatThrownBy(() -> parts.lookup("shopping")).isInstanceOf(LoadingException.class);
        while (disk.count(kind) < tried + 3 && parts.storage.failure().isEmpty())
          clock.advance(Duration.ofSeconds(1));
        assertThat(parts.storage.failure()).isEmpty();
        assertThat(logged.messages(Level.WARNING))
            .filteredOn(line -> line.contains("broken"))
            .singleElement()
            .asString()
            .matches("faulty cannot be used: broken; .*; this is tried again each second");
        disk.mend();
        while (parts.storage.all().isEmpty()) clock.advance(Duration.ofSeconds(1));
        assertThat(parts.lookup("shopping").get(MILK)).contains(ONE);
      }
    }

    @Test
    void staysDownWhenItIsDamagedMeanwhile() throws Exception {
      try (DurableParts parts = start()) {
        disk.fail(DiskCalls.all(Kind.OPEN), "broken");
        parts.killStorageOnly();
        disk.put(disk.names().get(0), new byte[100]);
        disk.mend();
        while (parts.storage.failure().isEmpty()) clock.advance(Duration.ofSeconds(1));
        assertThatThrownBy(parts.storage::awaitRecovered)
            .isInstanceOf(FolderException.class)
            .hasMessageContaining("does not begin as a file of ours");
      }
    }

    @Test
    void failsIfItIsTheFirstStart() throws Exception {
      disk.fail(DiskCalls.all(Kind.CREATE), "broken");
      try (DurableParts parts = new DurableParts(disk, Memory.unlimited(), settings)) {
        assertThatThrownBy(parts.storage::awaitRecovered)
            .isInstanceOf(FolderException.class)
            .hasMessage("faulty cannot be used: broken; mend that, or set another folder");
      }
    }
  }

  /** Its heap runs out while it reads, before it is counted that this must come. */
  @Nested
  class TooLarge {
    private Object onDisk(Disk real, Method method, Object... arguments) throws Throwable {
      if (method.getName().equals("open") && Thread.currentThread().getName().equals("keeper"))
        throw new OutOfMemoryError("Java heap space");
      return method.invoke(real, arguments);
    }

    @Test
    void namesTheHeapThatItNeedsAndIsNotTriedAgain() throws Exception {
      Disk real = Disk.of(folder);
      Disk large =
          (Disk)
              Proxy.newProxyInstance(
                  Disk.class.getClassLoader(),
                  new Class<?>[] {Disk.class},
                  (self, method, arguments) -> onDisk(real, method, arguments));
      try (DurableParts parts = new DurableParts(large, Memory.unlimited())) {
        assertThatThrownBy(parts.storage::awaitRecovered)
            .isInstanceOf(FolderException.class)
            .hasMessageMatching(
                folder + " holds more than a heap of \\d+ MiB has room for; start java with"
                    + " -Xmx\\d+m, or more");
        parts.kill("log/keeper"); // the next one knows
        assertThat(parts.storage.supervisor().countChildren().active()).isEqualTo(6);
        assertThat(parts.memory.held()).isZero();
      }
    }
  }

  @Nested
  class OfSomebodyElse {
    @Test
    void keepsTheTreeFromStarting() throws Exception {
      Files.writeString(folder.resolve("log-mine"), "mine");
      Storage storage = inFolder();
      assertThatThrownBy(() -> start(storage))
          .isInstanceOf(StartException.class)
          .hasCauseInstanceOf(FolderException.class);
      assertThatThrownBy(() -> Storage.start(folder)).isInstanceOf(FolderException.class);
    }
  }

  private Storage inFolder() {
    Flags flags = Flags.of(Strategy.ONE_FOR_ONE);
    return new Storage(flags, Memory.unlimited(), Disk.of(folder), DurableParts.SETTINGS);
  }

  private static Supervisor start(Storage storage) throws InterruptedException {
    return Supervisor.start("top", Flags.of(Strategy.ONE_FOR_ONE), storage.spec());
  }
}
