package kv.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import kv.event.EventManager;
import kv.log.Log;
import kv.log.LogException;
import kv.log.disk.DiskCalls;
import kv.log.disk.FaultyDisk;
import kv.memory.Memory;
import kv.otp.Exit;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.Flags;
import kv.otp.Proc;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.testing.LogCapture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each part of a durable storage is killed by hand: everything is there afterwards. */
class DurableCrashTest {
  private static final Bytes SHOPPING = Bytes.of("shopping");
  private static final Bytes MILK = Bytes.of("milk");
  private static final Bytes ONE = Bytes.of("1");
  private static final Bytes TWO = Bytes.of("2");

  private DurableParts parts;
  private Storage storage;
  private Bucket bucket;

  @BeforeEach
  void start(@TempDir Path folder, LogCapture logged) throws Exception {
    logged.allow("event=child_terminated reason=");
    parts = new DurableParts(folder);
    storage = parts.storage;
    bucket = storage.create(SHOPPING);
    bucket.put(MILK, ONE);
  }

  @AfterEach
  void close() {
    parts.close();
  }

  @Nested
  class OfABucket {
    @Test
    void bringsItBackWithWhatItHeld() throws Exception {
      bucket.proc().kill();
      assertIsBack();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shutdown", "normal", "crash"})
    void bringsItBackWhateverItsProcWasAskedToEndWith(String reason) throws Exception {
      switch (reason) {
        case "shutdown" -> bucket.proc().exit(ExitReason.SHUTDOWN);
        case "normal" -> bucket.proc().stop();
        default -> bucket.proc().exit(ExitReason.crash("broken"));
      }
      assertIsBack();
    }

    @Test
    void bringsItBackAfterAnUpdateThatFails() throws Exception {
      assertThatThrownBy(
              () ->
                  bucket.update(MILK, old -> {
                    throw new IllegalStateException("broken");
                  }))
          .isInstanceOf(ExitedException.class)
          .hasRootCauseMessage("broken");
      assertIsBack();
    }

    @Test
    void bringsItBackAfterAnUpdateThatEndsItInOrder() throws Exception {
      assertThatThrownBy(
              () ->
                  bucket.update(MILK, old -> {
                    throw new Exit(ExitReason.shutdown("moved"));
                  }))
          .isInstanceOf(ExitedException.class);
      assertIsBack();
    }

    @Test
    void keepsItsNameTaken() throws Exception {
      bucket.proc().kill();
      assertThat(storage.create(SHOPPING).content()).isSameAs(bucket.content());
      assertThat(storage.all()).extracting(Bucket::name).containsExactly(SHOPPING);
      parts.settleBuckets();
      assertThat(storage.create(SHOPPING).get(MILK)).contains(ONE);
    }

    @Test
    void isAnsweredByTryAgainAndNeverByNotFound() {
      bucket.proc().kill();
      assertTryAgain(() -> bucket.get(MILK));
      assertTryAgain(() -> bucket.put(MILK, TWO));
      assertTryAgain(() -> bucket.delete(MILK));
      assertTryAgain(() -> bucket.update(MILK, old -> old));
      assertTryAgain(() -> bucket.keys());
      assertTryAgain(() -> bucket.size());
      assertTryAgain(() -> bucket.stop());
      assertTryAgain(() -> bucket.ensureAlive());
      assertThat(bucket.count()).isEqualTo(1);
    }

    @Test
    void thatAnUpdateRunsIntoIsAnsweredByTryAgain() throws Exception {
      assertTryAgain(
          () ->
              bucket.update(MILK, old -> {
                bucket.proc().kill();
                return old.map(value -> TWO);
              }));
      assertIsBack();
    }

    @Test
    void letsNothingOfTheDeadLifeIntoTheLogNorTheMap() {
      DurableLife life = bucket.life();
      bucket.proc().kill();
      long end = storage.end();
      assertTryAgain(() -> life.put(MILK, TWO.unwrap()));
      assertTryAgain(() -> life.put(TWO, TWO.unwrap()));
      assertTryAgain(() -> life.delete(MILK));
      Object before = bucket.content().map().get(MILK);
      assertTryAgain(() -> life.replace(MILK, before, TWO.unwrap()));
      assertThat(storage.end()).isEqualTo(end);
      assertThat(bucket.content().map()).containsOnlyKeys(MILK).containsEntry(MILK, before);
    }

    @Test
    void endsNothingHoweverOftenItIs() throws Exception {
      Bucket other = storage.create(Bytes.of("garden"));
      Supervisor supervisor = storage.buckets().get();
      for (int i = 0; i < 100; i++) {
        parts.lookup("shopping").proc().kill();
        parts.settleBuckets();
      }
      assertThat(storage.buckets().get()).isSameAs(supervisor);
      assertThat(other.proc().isAlive()).isTrue();
      assertIsBack();
    }

    @Test
    void tellsNoEventsForTheNameStays() throws Exception {
      Forwarder forwarder = Forwarder.addTo(storage.events().get());
      bucket.proc().kill();
      parts.settleBuckets();
      Bucket next = storage.create(Bytes.of("next"));
      assertThat(forwarder.take())
          .isEqualTo(new BucketEvent.Create(Bytes.of("next"), next));
    }

    @Test
    void freesNoMemoryThatItHeld() throws Exception {
      long held = parts.memory.held();
      bucket.proc().kill();
      assertThat(parts.memory.held()).isEqualTo(held);
      parts.settleBuckets();
      assertThat(parts.memory.held()).isEqualTo(held);
    }

    @Test
    void isNotInTheWayOfADrop() throws Exception {
      bucket.proc().kill();
      parts.settleBuckets();
      parts.lookup("shopping").stop();
      assertThat(storage.lookup(SHOPPING)).isEmpty();
      assertThatThrownBy(() -> bucket.get(MILK)).isInstanceOf(ExitedException.class);
      assertThat(parts.memory.held()).isZero();
    }

    private void assertTryAgain(ThrowingCallable operation) {
      assertThatThrownBy(operation)
          .isInstanceOf(LogException.class)
          .hasMessage("the bucket is being restarted; try again");
    }
  }

  /** With the flags that a storage has unless it is told otherwise. */
  @Test
  void ofABucketFourTimesInFiveSecondsEndsNothing(@TempDir Path other) throws Exception {
    try (Storage strict = Storage.start(other)) {
      Bucket first = strict.create(SHOPPING);
      first.put(MILK, ONE);
      for (int i = 0; i <= Flags.DEFAULT_INTENSITY; i++) {
        strict.lookup(SHOPPING).orElseThrow().proc().kill();
        strict.buckets().get().countChildren();
      }
      assertThat(strict.lookup(SHOPPING).orElseThrow().get(MILK)).contains(ONE);
    }
  }

  @Nested
  class OfTheSupervisorOfBuckets {
    @Test
    void givesEveryNameItsChildAgain() throws Exception {
      for (int i = 0; i < 100; i++) storage.create(Bytes.of("bucket " + i)).put(MILK, TWO);
      parts.kill("buckets");
      assertThat(storage.buckets().get().countChildren().active()).isEqualTo(101);
      for (int i = 0; i < 100; i++)
        assertThat(parts.lookup("bucket " + i).get(MILK)).contains(TWO);
      assertIsBack();
    }

    @Test
    void isSurvivedByBucketsThatCrashAfterwards() throws Exception {
      parts.kill("buckets");
      parts.lookup("shopping").proc().kill();
      assertIsBack();
    }

    @Test
    void isNoDropNorIsItsOrderlyStop() throws Exception {
      storage.supervisor().terminateChild("buckets");
      assertThat(storage.lookup(SHOPPING)).isPresent();
      assertThatThrownBy(() -> bucket.get(MILK)).isInstanceOf(LogException.class);
      storage.supervisor().restartChild("buckets");
      assertIsBack();
    }

    @Test
    void doesNotKeepABucketFromBeingMadeThatGetsItsSupervisorLater() throws Exception {
      storage.supervisor().terminateChild("buckets");
      storage.create(Bytes.of("new")).put(MILK, TWO);
      storage.supervisor().restartChild("buckets");
      parts.lookup("new").proc().kill();
      parts.settleBuckets();
      assertThat(parts.lookup("new").get(MILK)).contains(TWO);
    }

    @Test
    void doesNotKeepABucketFromBeingDropped() throws Exception {
      storage.create(Bytes.of("new"));
      storage.supervisor().terminateChild("buckets");
      storage.create(Bytes.of("newer")).stop();
      storage.supervisor().restartChild("buckets");
      assertThat(storage.buckets().get().countChildren().active()).isEqualTo(2);
      assertThat(storage.lookup(Bytes.of("newer"))).isEmpty();
    }

    @Test
    void leavesNoLifeToASupervisorThatIsGone() {
      DurableTable table = bucket.life().table();
      Object next = new Object();
      table.claim(next);
      Bucket adopted = table.adopt(next, bucket.content());
      assertThat(adopted.get(MILK)).contains(ONE);
      assertThat(bucket.proc().isAlive()).isFalse();
      assertThat(table.adopt(next, bucket.content())).isNull();
      assertThat(storage.lookup(SHOPPING)).containsSame(adopted);
    }

    @Test
    void bringsNothingBackThatWasDropped() throws Exception {
      DurableTable table = bucket.life().table();
      bucket.stop();
      Object next = new Object();
      table.claim(next);
      assertThat(table.adopt(next, bucket.content())).isNull();
    }

    @Test
    void givesNoChildToASupervisorThatIsGone() {
      DurableTable table = bucket.life().table();
      assertThat(table.adopt(new Object(), bucket.content())).isNull();
      assertThat(bucket.get(MILK)).contains(ONE);
    }
  }

  @Nested
  class OfTheRegistry {
    @Test
    void leavesBucketsAndNamesAlone() throws Exception {
      parts.kill("registry");
      assertThat(storage.lookup(SHOPPING)).containsSame(bucket);
      assertThat(storage.create(SHOPPING)).isSameAs(bucket);
      assertThat(bucket.get(MILK)).contains(ONE);
    }

    @Test
    void losesNoDropThatTheEventManagerHadNoRoomFor() throws Exception {
      EventManager<BucketEvent> events = storage.events().get();
      HoldsOn holds = new HoldsOn();
      CountDownLatch told = new CountDownLatch(3);
      events.add("holds", holds);
      events.add("counter", event -> {
        if (event instanceof BucketEvent.Exit) told.countDown();
      });
      BucketEvent any = new BucketEvent.Create(SHOPPING, bucket);
      events.notify(any);
      holds.awaitHolding();
      List<Bucket> dropped = new ArrayList<>();
      for (String name : List.of("a", "b", "c")) dropped.add(storage.create(Bytes.of(name)));
      for (int i = 3; i < EventManager.MAX_WAITING; i++) events.notify(any);
      for (Bucket each : dropped) each.stop();
      parts.kill("registry");
      holds.letGo();
      told.await();
    }

    @Test
    void inTheMiddleOfACreateLeavesABucketThatGetsItsSupervisor() throws Exception {
      Bytes name = Bytes.of("orphan");
      bucket.life().table().create(name, () -> {}); // so far a create has come
      assertThat(storage.buckets().get().countChildren().active()).isEqualTo(1);
      parts.kill("registry");
      assertThat(storage.buckets().get().countChildren().active()).isEqualTo(2);
      storage.create(name).put(MILK, TWO);
      storage.create(name).proc().kill();
      parts.settleBuckets();
      assertThat(parts.lookup("orphan").get(MILK)).contains(TWO);
    }

    @Test
    void letsItAppendNothingAnyMore() throws Exception {
      Registry former = storage.registry().get();
      parts.kill("registry");
      long end = storage.end();
      assertThatThrownBy(
              () ->
                  bucket.life().table().create(Bytes.of("late"), former.proc()::ensureAlive))
          .isInstanceOf(ExitedException.class);
      assertThat(storage.lookup(Bytes.of("late"))).isEmpty();
      assertThat(storage.end()).isEqualTo(end);
    }
  }

  @Nested
  class OfTheLog {
    @ParameterizedTest
    @ValueSource(strings = {"log/keeper", "log/syncer", "log/compactor", "log", "folder"})
    void isNotNoticedByWhoReadsOrWrites(String part) throws Exception {
      for (int i = 0; i < 10; i++) {
        parts.kill(part);
        bucket.put(Bytes.of("key " + i), TWO);
        storage.commit();
      }
      assertThat(bucket.size()).isEqualTo(11);
      assertThat(storage.lookup(SHOPPING)).containsSame(bucket);
    }
  }

  @Nested
  class OfTheStorage {
    @Test
    void isFollowedByARecoveryFromDisk() throws Exception {
      storage.create(Bytes.of("gone")).stop();
      parts.killStorage();
      assertThat(parts.lookup("shopping").content()).isNotSameAs(bucket.content());
      assertThat(storage.all()).extracting(Bucket::name).containsExactly(SHOPPING);
      assertIsBack();
    }

    @Test
    void isToldWithWhatIsBack(LogCapture logged) throws Exception {
      storage.create(Bytes.of("garden"));
      parts.killStorage();
      assertThat(logged.messages(Level.INFO))
          .filteredOn(text -> text.startsWith("2 buckets, 1 keys are back from "))
          .hasSize(1);
    }

    @Test
    void takesNoMoreMemoryThanThereWas() throws Exception {
      long held = parts.memory.held();
      for (int i = 0; i < 5; i++) parts.killStorage();
      assertThat(parts.memory.held()).isBetween(held - 100, held + 100);
    }

    @Test
    void letsWhatIsLeftOfItAppendNothing() throws Exception {
      DurableLife zombie = bucket.life();
      DurableTable former = zombie.table();
      parts.killStorage();
      long end = storage.end();
      assertThatThrownBy(() -> bucket.put(MILK, TWO)).isInstanceOf(LogException.class);
      assertThatThrownBy(() -> zombie.put(MILK, TWO.unwrap())).isInstanceOf(LogException.class);
      assertThatThrownBy(() -> bucket.stop()).isInstanceOf(LogException.class);
      assertThatThrownBy(() -> former.create(Bytes.of("late"), () -> {}))
          .isInstanceOf(LogException.class);
      assertThat(former.adopt(new Object(), bucket.content())).isNull();
      assertThat(storage.end()).isGreaterThanOrEqualTo(end);
      assertThat(storage.all()).hasSize(1);
      assertIsBack();
    }

    @Test
    void keepsNothingOfWhatItHeldThoughSomebodyHasABucketOfIt() throws Exception {
      parts.killStorage();
      assertThat(bucket.content().map()).isEmpty();
      assertThatThrownBy(() -> bucket.get(MILK)).isInstanceOf(LogException.class);
      assertThatThrownBy(() -> bucket.get(Bytes.of("none"))).isInstanceOf(LogException.class);
      assertThatThrownBy(() -> bucket.delete(MILK)).isInstanceOf(LogException.class);
      assertThatThrownBy(bucket::size).isInstanceOf(LogException.class);
      assertIsBack();
    }

    @Test
    void isNotReadAgainByAKeeperThatComesTooLate() throws Exception {
      LogLife life = storage.life();
      Log log = life.log();
      life.giveUp();
      life.recover(Proc.passive("keeper"));
      assertThat(life.log()).isSameAs(log); // which has what is nowhere else as yet
      parts.killStorage();
      assertIsBack();
    }

    @Test
    void isTheSameAgainAndAgain() throws Exception {
      for (int i = 0; i < 10; i++) {
        parts.lookup("shopping").put(Bytes.of("key " + i), TWO);
        parts.killStorage();
        assertThat(parts.lookup("shopping").size()).isEqualTo(2 + i);
      }
    }

    @Nested
    class BeforeRepliesHaveLeft {
      private Commit commit;

      @BeforeEach
      void open() {
        commit = new Commit(storage);
      }

      @Test
      void leavesSafeWhatItsLogHasWritten() throws Exception {
        commit.begin(true);
        bucket.put(MILK, TWO);
        commit.end();
        parts.killStorage();
        commit.run();
        assertThat(parts.lookup("shopping").get(MILK)).contains(TWO);
      }

      @Test
      void isToldWhereItsLogCouldNotWriteHoweverManyLogsCameSince(LogCapture log)
          throws Exception {
        log.allow("failed|not all was written");
        FaultyDisk disk = new FaultyDisk();
        try (DurableParts own = new DurableParts(disk, Memory.unlimited())) {
          own.storage.awaitRecovered();
          Bucket there = own.storage.create(SHOPPING);
          own.storage.commit();
          Commit late = new Commit(own.storage);
          late.begin(true);
          there.put(MILK, TWO);
          late.end();
          disk.fail(DiskCalls.nth(1, DiskCalls.Kind.WRITE).on("log-"), "broken");
          disk.fail(DiskCalls.nth(2, DiskCalls.Kind.WRITE).on("log-"), "broken");
          own.killStorage();
          own.lookup("shopping").put(ONE, ONE);
          own.killStorage();
          assertThat(own.lookup("shopping").keys()).containsExactly(ONE);
          assertThatThrownBy(late::run).hasMessageContaining("may have been carried out");
        }
      }

      @Test
      void isToldWhereACommandRanMeanwhile() throws Exception {
        commit.begin(true);
        bucket.put(MILK, TWO);
        parts.killStorage();
        commit.end();
        assertThatThrownBy(commit::run)
            .isInstanceOf(LogException.class)
            .hasMessageContaining("may have been carried out");
        commit.run(); // says it once
      }

      @Test
      void isNotToldWhereACommandOnlyReadMeanwhile() throws Exception {
        commit.begin(false);
        parts.killStorage();
        commit.end();
        commit.run();
      }
    }
  }

  private void assertIsBack() throws Exception {
    parts.settleBuckets();
    Bucket back = parts.lookup("shopping");
    assertThat(back).isNotSameAs(bucket);
    assertThat(back.get(MILK)).contains(ONE);
    back.put(MILK, TWO);
    assertThat(back.get(MILK)).contains(TWO);
    assertThat(storage.create(SHOPPING)).isSameAs(back);
  }
}
