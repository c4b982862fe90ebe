package kv.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import kv.log.LoadingException;
import kv.log.disk.Disk;
import kv.log.disk.FolderException;
import kv.memory.Footprint;
import kv.memory.Memory;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.Flags;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.testing.LogCapture;
import kv.testing.Supervisors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A storage with a folder, embedded: what is there when it is started again. */
class DurableStorageTest {
  private static final Bytes SHOPPING = Bytes.of("shopping");
  private static final Bytes MILK = Bytes.of("milk");
  private static final Bytes EGGS = Bytes.of("eggs");
  private static final Bytes ONE = Bytes.of("1");
  private static final Bytes TWO = Bytes.of("2");

  @TempDir private Path folder;

  @Nested
  class InAFolderThatIsInUse {
    @Test
    void isRefusedAndLeavesTheOtherOneAlone() throws Exception {
      try (Storage storage = Storage.start(folder)) {
        assertThatThrownBy(() -> Storage.start(folder))
            .isInstanceOf(FolderException.class)
            .hasMessageContaining("is in use by process " + ProcessHandle.current().pid());
        storage.create(SHOPPING).put(MILK, ONE);
      }
      try (Storage storage = Storage.start(folder)) {
        assertThat(bucket(storage).get(MILK)).contains(ONE);
      }
    }

    @Test
    void doesNotKeepItWhenItCannotStart() throws Exception {
      Path letter = Files.writeString(folder.resolve("letter"), "Dear");
      assertThatThrownBy(() -> Storage.start(folder)).hasMessageContaining("not ours");
      Files.delete(letter);
      Storage.start(folder).close();
    }
  }

  @Nested
  class StartedAgain {
    @Test
    void hasWhatWasPut() throws Exception {
      try (Storage storage = Storage.start(folder)) {
        storage.create(SHOPPING).put(MILK, ONE);
      }
      try (Storage storage = Storage.start(folder)) {
        assertThat(storage.all()).extracting(Bucket::name).containsExactly(SHOPPING);
        assertThat(bucket(storage).get(MILK)).contains(ONE);
        assertThat(bucket(storage).size()).isEqualTo(1);
      }
    }

    @Test
    void hasTheLastValueOfEachKeyAndNoneOfThoseTakenOut() throws Exception {
      try (Storage storage = Storage.start(folder)) {
        Bucket bucket = storage.create(SHOPPING);
        bucket.put(MILK, ONE);
        bucket.put(MILK, TWO);
        bucket.put(EGGS, ONE);
        bucket.delete(EGGS);
        bucket.update(Bytes.of("bread"), old -> Optional.of(ONE));
        bucket.update(Bytes.of("bread"), old -> Optional.of(TWO));
        bucket.update(Bytes.of("jam"), old -> Optional.of(ONE));
        bucket.update(Bytes.of("jam"), old -> Optional.empty());
      }
      try (Storage storage = Storage.start(folder)) {
        assertThat(bucket(storage).keys()).containsExactlyInAnyOrder(MILK, Bytes.of("bread"));
        assertThat(bucket(storage).get(MILK)).contains(TWO);
        assertThat(bucket(storage).get(Bytes.of("bread"))).contains(TWO);
      }
    }

    @Test
    void hasTheValuesThatTookThePlaceOfOthersWhereMemoryWasFull() throws Exception {
      try (DurableParts parts = new DurableParts(folder)) {
        parts.storage.create(SHOPPING).put(MILK, ONE);
      }
      try (DurableParts parts = new DurableParts(Disk.of(folder), Memory.of(1))) {
        parts.lookup("shopping").put(MILK, TWO);
      }
      try (DurableParts parts = new DurableParts(folder)) {
        assertThat(parts.lookup("shopping").get(MILK)).contains(TWO);
      }
    }

    @Test
    void hasNoBucketThatWasDropped() throws Exception {
      try (Storage storage = Storage.start(folder)) {
        storage.create(SHOPPING).put(MILK, ONE);
        storage.create(Bytes.of("garden"));
        bucket(storage).stop();
      }
      try (Storage storage = Storage.start(folder)) {
        assertThat(storage.lookup(SHOPPING)).isEmpty();
        assertThat(storage.all()).extracting(Bucket::name).containsExactly(Bytes.of("garden"));
      }
    }

    @Test
    void hasNothingOfADroppedBucketInOneOfTheSameName() throws Exception {
      try (Storage storage = Storage.start(folder)) {
        storage.create(SHOPPING).put(MILK, ONE);
        bucket(storage).stop();
        storage.create(SHOPPING).put(EGGS, TWO);
      }
      try (Storage storage = Storage.start(folder)) {
        assertThat(bucket(storage).keys()).containsExactly(EGGS);
        bucket(storage).stop();
        assertThat(storage.create(SHOPPING).keys()).isEmpty();
      }
    }

    @Test
    void givesNoNumberASecondTime() throws Exception {
      long former;
      try (Storage storage = Storage.start(folder)) {
        Bucket dropped = storage.create(SHOPPING);
        former = dropped.content().number();
        dropped.stop();
      }
      try (Storage storage = Storage.start(folder)) {
        long number = storage.create(SHOPPING).content().number();
        assertThat(number).isGreaterThan(former);
        bucket(storage).stop();
        assertThat(storage.create(SHOPPING).content().number()).isGreaterThan(number);
      }
    }

    @Test
    void hasEmptyBucketsKeysAndValuesToo() throws Exception {
      try (Storage storage = Storage.start(folder)) {
        storage.create(Bytes.of(new byte[Bucket.MAX_NAME_BYTES]));
        storage.create(SHOPPING).put(Bytes.of(""), Bytes.of(""));
      }
      try (Storage storage = Storage.start(folder)) {
        assertThat(storage.all()).hasSize(2);
        assertThat(bucket(storage).get(Bytes.of(""))).contains(Bytes.of(""));
      }
    }

    @Test
    void countsWhatItHolds() throws Exception {
      long held;
      try (Storage storage = Storage.start(folder)) {
        Bucket bucket = storage.create(SHOPPING);
        for (int i = 0; i < 1000; i++) bucket.put(Bytes.of("key " + i), Bytes.of(new byte[100]));
        held = storage.memory().held();
      }
      try (Storage storage = Storage.start(folder)) {
        assertThat(storage.memory().held()).isBetween(held - 5_000, held + 5_000);
        bucket(storage).stop();
        assertThat(storage.memory().held()).isZero();
      }
    }

    @Test
    void hasALifeForEachOfManyBuckets() throws Exception {
      int many = 10_000;
      try (Storage storage = Storage.start(folder)) {
        for (int i = 0; i < many; i++) storage.create(Bytes.of("bucket " + i)).put(MILK, ONE);
      }
      try (Storage storage = Storage.start(folder)) {
        assertThat(storage.all()).hasSize(many).allMatch(each -> each.get(MILK).isPresent());
        storage.registry().get().create(Bytes.of("last"));
        storage.supervisor().terminateChild("registry");
        storage.supervisor().restartChild("registry"); // has each be a child
        assertThat(storage.buckets().get().countChildren().active()).isEqualTo(many + 1);
      }
    }
  }

  @Nested
  class WhileItRuns {
    @Test
    void hasReportsOfAllItsSupervisorsHeard() throws Exception {
      Flags flags = Flags.of(Strategy.ONE_FOR_ONE).reports(report -> {});
      Storage storage =
          new Storage(flags, Memory.unlimited(), Disk.of(folder), DurableParts.SETTINGS);
      try (Supervisor top = Supervisor.start("top", flags, storage.spec())) {
        assertThat(Supervisors.of(top))
            .extracting(each -> each.proc().name())
            .containsExactlyInAnyOrder("top", "storage", "log", "buckets");
        assertThat(Supervisors.of(top))
            .extracting(each -> each.flags().reports())
            .containsOnly(flags.reports());
      }
    }

    @Test
    void saysHowManyBytesABucketHoldsAlsoWhileItHasCrashed(LogCapture log) throws Exception {
      log.allow("child=bucket .* event=child_terminated");
      try (Storage storage = Storage.start(folder)) {
        Bucket bucket = storage.create(SHOPPING);
        bucket.put(MILK, Bytes.of(new byte[1000]));
        long held = Footprint.bucket(8) + Footprint.entry(4, 1000);
        assertThat(bucket.bytes()).isEqualTo(held);
        bucket.proc().kill();
        assertThat(bucket.bytes()).isEqualTo(held);
        storage.buckets().get().countChildren();
        assertThat(bucket(storage).bytes()).isEqualTo(held);
        bucket(storage).stop();
        assertThat(bucket.bytes()).isZero();
      }
    }

    @Test
    void saysThatItIsDurable() throws Exception {
      try (Storage storage = Storage.start(folder); Storage inMemory = Storage.start()) {
        assertThat(storage.isDurable()).isTrue();
        assertThat(storage.logFigures()).isPresent();
        assertThat(inMemory.isDurable()).isFalse();
        assertThat(inMemory.logFigures()).isEmpty();
      }
    }

    @Test
    void hasALogThatGrowsByWhatIsChangedAndByNothingElse() throws Exception {
      try (Storage storage = Storage.start(folder)) {
        Bucket bucket = storage.create(SHOPPING);
        storage.commit();
        storage.supervisor().terminateChild("log"); // nothing is appended by itself then
        long end = storage.end();
        bucket.get(MILK);
        bucket.delete(MILK);
        bucket.update(MILK, old -> Optional.empty());
        bucket.keys();
        storage.create(SHOPPING);
        assertThat(storage.end()).isEqualTo(end);
        bucket.put(MILK, ONE);
        long afterPut = storage.end();
        assertThat(afterPut).isGreaterThan(end);
        bucket.delete(MILK);
        assertThat(storage.end()).isGreaterThan(afterPut);
      }
    }

    @Test
    void commitsWhatWasWritten() throws Exception {
      try (Storage storage = Storage.start(folder)) {
        storage.create(SHOPPING).put(MILK, ONE);
        storage.commit();
        assertThat(storage.logFigures().orElseThrow().unwrittenBytes()).isZero();
      }
    }
  }

  @Nested
  class Dropped {
    private Storage storage;
    private Bucket bucket;

    private void drop() throws Exception {
      storage = Storage.start(folder);
      bucket = storage.create(SHOPPING);
      bucket.put(MILK, ONE);
      bucket.stop();
    }

    @Test
    void isNotFoundByThoseWhoHoldItStill() throws Exception {
      drop();
      assertThat(storage.lookup(SHOPPING)).isEmpty();
      assertThatThrownBy(() -> bucket.get(MILK)).isInstanceOf(ExitedException.class);
      assertThatThrownBy(() -> bucket.put(MILK, ONE)).isInstanceOf(ExitedException.class);
      assertThatThrownBy(() -> bucket.delete(MILK)).isInstanceOf(ExitedException.class);
      assertThatThrownBy(() -> bucket.ensureAlive())
          .isInstanceOf(ExitedException.class)
          .hasMessage("bucket \"shopping\" is not running: normal");
      assertThat(bucket.count()).isZero();
      storage.close();
    }

    @Test
    void isNobodysChildAnyMore() throws Exception {
      drop();
      assertThat(storage.buckets().get().countChildren().workers()).isZero();
      assertThat(storage.memory().held()).isZero();
      storage.close();
    }

    @Test
    void isDroppedOnce() throws Exception {
      drop();
      Bucket next = storage.create(SHOPPING);
      bucket.stop();
      assertThat(storage.lookup(SHOPPING)).containsSame(next);
      next.put(MILK, ONE);
      storage.close();
    }
  }

  @Nested
  class Events {
    @Test
    void tellOfCreatesAndDropsInTheirOrder() throws Exception {
      try (Storage storage = Storage.start(folder)) {
        Forwarder forwarder = Forwarder.addTo(storage.events().get());
        Bucket bucket = storage.create(SHOPPING);
        assertThat(forwarder.take()).isEqualTo(new BucketEvent.Create(SHOPPING, bucket));
        bucket.stop();
        assertThat(forwarder.take())
            .isEqualTo(new BucketEvent.Exit(SHOPPING, bucket, ExitReason.NORMAL));
      }
    }

    @Test
    void tellOfDropsWithoutARegistryWhenThereIsOneAgain() throws Exception {
      try (Storage storage = Storage.start(folder)) {
        Forwarder forwarder = Forwarder.addTo(storage.events().get());
        Bucket bucket = storage.create(SHOPPING);
        forwarder.take();
        storage.supervisor().terminateChild("registry");
        bucket.stop();
        storage.supervisor().restartChild("registry");
        assertThat(forwarder.take())
            .isEqualTo(new BucketEvent.Exit(SHOPPING, bucket, ExitReason.NORMAL));
      }
    }
  }

  @Nested
  class Closed {
    @Test
    void holdsNothingInMemoryAnyMoreAndDoesNotKnowWhatThereIs() throws Exception {
      Storage storage = Storage.start(folder);
      storage.create(SHOPPING).put(MILK, ONE);
      storage.close();
      assertThat(storage.memory().held()).isZero();
      assertThat(storage.all()).isEmpty();
      assertThatThrownBy(() -> storage.lookup(SHOPPING)).isInstanceOf(LoadingException.class);
      assertThatThrownBy(() -> storage.create(SHOPPING)).isInstanceOf(LoadingException.class);
      assertThatThrownBy(storage::awaitRecovered).isInstanceOf(ExitedException.class);
    }

    @Test
    void canBeClosedAgain() throws Exception {
      Storage storage = Storage.start(folder);
      storage.close();
      storage.close();
      assertThat(storage.supervisor().proc().isAlive()).isFalse();
    }
  }

  @Nested
  class NotStarted {
    @Test
    void knowsNothing() throws Exception {
      Storage storage =
          new Storage(
              Flags.of(Strategy.ONE_FOR_ONE),
              Memory.unlimited(),
              Disk.of(folder),
              DurableParts.SETTINGS);
      assertThat(storage.all()).isEmpty();
      assertThatThrownBy(() -> storage.lookup(SHOPPING)).isInstanceOf(ExitedException.class);
      assertThat(storage.end()).isZero();
    }

    @Test
    void isWhatAFolderThatIsAFileMakesOfIt() throws Exception {
      Path file = Files.writeString(folder.resolve("file"), "mine");
      assertThatThrownBy(() -> Storage.start(file)).isInstanceOf(FolderException.class);
      assertThat(file).hasContent("mine");
    }
  }

  private static Bucket bucket(Storage storage) {
    return storage.lookup(SHOPPING).orElseThrow();
  }
}
