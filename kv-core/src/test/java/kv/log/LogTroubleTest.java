package kv.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.logging.Level;
import kv.log.disk.Disk;
import kv.log.disk.DiskCalls;
import kv.log.disk.DiskCalls.Kind;
import kv.log.disk.FaultyDisk;
import kv.log.disk.FolderException;
import kv.log.disk.Hold;
import kv.testing.Concurrently;
import kv.testing.LogCapture;
import kv.testing.ManualClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What those who use a log see of a disk that fails, hangs, or is full. */
@Timeout(60)
class LogTroubleTest {
  private static final UUID BOOT = new UUID(0, 1);
  private static final Log.Guard OPEN = () -> {};
  private static final String DOUBT = "may have been carried out";
  private static final String REFUSAL = "writes go on by themselves when that is over";

  private final ManualClock clock = new ManualClock();
  private final LogSettings settings =
      LogSettings.DEFAULT.minFree(1_000).segmentBytes(8 * 1024).clock(clock);

  private FaultyDisk disk = new FaultyDisk();
  private Writer writer;
  private long shopping;

  @BeforeEach
  void open(LogCapture log) throws Exception {
    log.allow("writes are refused until that is over|torn tail");
    open(settings);
  }

  /** Begins with one value that is safe. */
  private void open(LogSettings settings) throws Exception {
    disk = new FaultyDisk();
    writer = new Writer(disk, settings, BOOT);
    shopping = writer.create("shopping");
    writer.put(shopping, "milk", "1");
    writer.log.commit(0, true);
    writer.log.sync();
  }

  private void put(String key) {
    writer.put(shopping, key, "1");
  }

  /** As one who was asked whether writes go on before something failed. */
  private long append(String key) {
    long position =
        writer.log.put(OPEN, shopping, key.getBytes(UTF_8), "1".getBytes(UTF_8), 0);
    writer.kept.put(shopping, key.getBytes(UTF_8), "1".getBytes(UTF_8), 0);
    return position;
  }

  private void assertRefused(String... texts) {
    assertThatThrownBy(() -> put("refused"))
        .isInstanceOf(LogException.class)
        .hasMessageContainingAll(texts)
        .hasMessageEndingWith(REFUSAL);
  }

  private void assertInDoubt(long position) {
    assertThatThrownBy(() -> writer.log.commit(position, true))
        .isInstanceOf(LogException.class)
        .hasMessageContaining(DOUBT);
  }

  private String state() {
    return writer.log.figures().state();
  }

  private void assertGoesOn() {
    assertThat(state()).isEqualTo("open");
    put("later");
    writer.commit();
  }

  private Writer assertKept(FaultyDisk left) throws Exception {
    Writer again = new Writer(left, settings);
    assertThat(again.kept.all()).isEqualTo(writer.kept.all());
    return again;
  }

  private static FutureTask<?> startRun(Runnable work) {
    return start(Executors.callable(work));
  }

  private static <T> FutureTask<T> start(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    new Thread(task, "trouble").start();
    return task;
  }

  /** A commit of what has changed something; answers what a client would be told. */
  private FutureTask<String> committing(long position) {
    return new FutureTask<>(
        () -> {
          try {
            writer.log.commit(position, true);
            return "OK";
          } catch (LogException e) {
            return e.getMessage();
          }
        });
  }

  private FutureTask<String> startCommit(long position) {
    FutureTask<String> commit = committing(position);
    new Thread(commit, "commit").start();
    return commit;
  }

  @Nested
  class AWriteThatFails {
    private void fail(int written) {
      disk.tear(DiskCalls.all(Kind.WRITE).on("log-"), written, "No space left on device");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 17, 20})
    void refusesAllThatComesUntilItSucceeds(int written) throws Exception {
      fail(written);
      put("eggs");
      assertInDoubt(writer.log.end());
      assertThat(state()).isEqualTo("failed");
      assertThat(writer.log.figures().trouble()).contains("No space left on device");
      assertThat(writer.log.figures().unwrittenBytes()).isPositive();
      assertRefused("a write to faulty failed: No space left on device");
      assertThatCode(() -> writer.log.commit(writer.log.end(), false)).doesNotThrowAnyException();
      writer.log.tend();
      assertThat(state()).isEqualTo("failed");
      disk.mend();
      writer.log.tend();
      assertThat(writer.log.figures().unwrittenBytes()).isZero();
      assertGoesOn();
      assertKept(disk.kill());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 17, 20})
    void isTriedAgainWithWhatWasAppendedMeanwhileBehindIt(int written) throws Exception {
      fail(written);
      put("eggs");
      assertInDoubt(writer.log.end());
      append("bread");
      disk.mend();
      writer.log.tend();
      assertGoesOn();
      assertKept(disk.kill());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 17, 20})
    void isATornTailAfterAKill(int written) throws Exception {
      String before = writer.kept.all().toString();
      fail(written);
      put("eggs");
      assertInDoubt(writer.log.end());
      assertThat(new Writer(disk.kill(), settings).kept.all()).hasToString(before);
    }

    @Test
    void betweenTwoFilesLeavesNoGap() throws Exception {
      disk.fail(DiskCalls.all(Kind.CREATE).on("log-"), "No space left on device");
      writer.put(shopping, "eggs", "x".repeat(9_000));
      assertInDoubt(writer.log.end());
      disk.mend();
      writer.log.tend();
      assertGoesOn();
      assertKept(disk.kill());
    }

    @Test
    void leavesOneMarkAtTheMostHoweverLongItLasts() {
      put("eggs");
      writer.commit();
      fail(0);
      append("bread");
      writer.log.sync();
      long unwritten = writer.log.figures().unwrittenBytes();
      for (int i = 0; i < 100; i++) writer.log.sync();
      assertThat(writer.log.figures().unwrittenBytes()).isEqualTo(unwritten);
    }
  }

  @Nested
  class AForceThatFails {
    private LogCapture logCapture;

    @BeforeEach
    void keep(LogCapture log) {
      logCapture = log;
    }

    private void failForce() {
      disk.fail(DiskCalls.next(Kind.FORCE).on("log-"), "Input/output error");
      put("eggs");
      writer.commit();
      writer.log.sync();
    }

    @Test
    void refusesWritesUntilAllIsWrittenAnew() throws Exception {
      failForce();
      assertThat(state()).isEqualTo("healing");
      assertThat(writer.log.figures().failedSyncs()).isOne();
      assertRefused("a force of faulty failed: Input/output error; all is written anew");
      assertThatCode(() -> writer.log.commit(writer.log.end(), false)).doesNotThrowAnyException();
      assertThat(writer.log.wantsSnapshot()).isTrue();
      writer.log.writeSnapshot(writer.kept);
      assertThat(writer.log.wantsSnapshot()).isFalse();
      assertThat(state()).isEqualTo("open");
      assertKept(disk.powerFailure());
    }

    @Test
    void isNotTriedAgain() {
      failForce();
      long forces = disk.count(Kind.FORCE);
      writer.log.sync();
      writer.log.tend();
      assertThat(disk.count(Kind.FORCE)).isEqualTo(forces);
    }

    @Test
    void isNotTriedAgainByASnapshotThatWasUnderWay() throws Exception {
      disk.fail(DiskCalls.next(Kind.FORCE).on("log-"), "Input/output error");
      put("eggs");
      writer.log.writeSnapshot(during(writer.log::sync));
      assertThat(state()).isEqualTo("healing");
      assertThat(disk.names()).noneMatch(name -> name.startsWith("snapshot-"));
      writer.log.writeSnapshot(writer.kept);
      assertThat(state()).isEqualTo("open");
      assertKept(disk.powerFailure());
    }

    @Test
    void letsNobodyBeToldThatItIsSafe() throws Exception {
      failForce();
      long end = writer.log.end();
      assertInDoubt(end);
      writer.log.writeSnapshot(writer.kept);
      assertThatCode(() -> writer.log.commit(end, true)).doesNotThrowAnyException();
      assertGoesOn();
      assertKept(disk.kill());
    }

    @Test
    void isNotForgottenWhenAnotherFailsWhileHealing() throws Exception {
      failForce();
      long end = writer.log.end();
      disk.fail(DiskCalls.nth(2, Kind.FORCE).on("log-"), "Input/output error");
      writer.log.writeSnapshot(during(() -> append("bread")));
      assertThat(writer.log.figures().failedSyncs()).isEqualTo(2);
      disk.fail(DiskCalls.all(Kind.CREATE).on("snapshot-"), "No space left on device");
      logCapture.allow("no snapshot was written");
      writer.log.writeSnapshot(writer.kept);
      assertInDoubt(end);
      disk.mend();
      writer.log.writeSnapshot(writer.kept);
      assertThatCode(() -> writer.log.commit(end, true)).doesNotThrowAnyException();
      assertGoesOn();
      writer.log.sync();
      assertKept(disk.powerFailure());
    }

    @Test
    void isNotOverIfAnotherFailsBeforeItsHealingEnds() throws Exception {
      failForce();
      try (Hold hold = disk.hold(DiskCalls.next(Kind.RENAME).on("snapshot-"))) {
        FutureTask<?> healing =
            start(
                () -> {
                  writer.log.writeSnapshot(writer.kept);
                  return null;
                });
        hold.awaitCalls(1);
        append("bread");
        disk.fail(DiskCalls.next(Kind.FORCE).on("log-"), "Input/output error");
        writer.log.sync();
        hold.release();
        healing.get();
      }
      assertThat(state()).isEqualTo("healing");
      assertRefused("all is written anew");
      writer.log.writeSnapshot(writer.kept);
      assertGoesOn();
      writer.log.sync();
      assertKept(disk.powerFailure());
    }

    @Test
    void letsNobodyBeToldWhoWaitsWhileANewRunBegins() throws Exception {
      failForce();
      long position = append("bread");
      try (Hold hold = disk.hold(DiskCalls.next(Kind.CREATE).on("log-"))) {
        FutureTask<?> healing =
            start(
                () -> {
                  disk.fail(DiskCalls.all(Kind.CREATE).on("snapshot-"), "No space left");
                  logCapture.allow("no snapshot was written");
                  writer.log.writeSnapshot(writer.kept);
                  return null;
                });
        hold.awaitCalls(1);
        FutureTask<String> commit = startCommit(position);
        hold.release();
        healing.get();
        assertThat(commit.get()).contains(DOUBT);
      }
    }

    @Test
    void letsNoMarkOfTheNewRunSpeakForTheFormer() throws Exception {
      failForce();
      logCapture.allow("no snapshot was written");
      disk.fail(DiskCalls.all(Kind.RENAME).on("snapshot-"), "Input/output error");
      writer.log.writeSnapshot(
          during(
              () -> {
                append("bread");
                writer.log.sync();
              }));
      writer.log.sync();
      Writer again = new Writer(disk.powerFailure(), settings);
      assertThat(again.kept.buckets.get(shopping).entries).containsOnlyKeys("milk");
    }

    @Test
    void doesNotStopAStartThatLeavesWhatTheNewRunHas() throws Exception {
      failForce();
      append("x".repeat(20_000)); // is never written, and longer than the rest of the file
      logCapture.allow("no snapshot was written");
      disk.fail(DiskCalls.all(Kind.CREATE).on("snapshot-"), "No space left on device");
      writer.log.writeSnapshot(writer.kept);
      Writer again = new Writer(disk.kill(), settings);
      assertThat(again.kept.buckets.get(shopping).entries).containsOnlyKeys("milk", "eggs");
      assertThat(again.log.end()).isGreaterThan(writer.log.end());
    }

    /** What a force has failed for may be gone from memory, too, while the process lives. */
    @Test
    void doesNotStopAStartThatFindsAHole() throws Exception {
      put("bread");
      writer.commit();
      failForce();
      logCapture.allow("no snapshot was written");
      disk.fail(DiskCalls.all(Kind.CREATE).on("snapshot-"), "No space left on device");
      writer.log.writeSnapshot(writer.kept);
      FaultyDisk left = disk.kill();
      String run = left.names().get(0);
      byte[] bytes = left.bytes(run);
      bytes[indexOf(bytes, "bread")] = 0;
      left.put(run, bytes);
      Writer again = new Writer(left, settings, BOOT);
      assertThat(again.kept.buckets.get(shopping).entries).containsOnlyKeys("milk");
    }

    private int indexOf(byte[] bytes, String text) {
      return new String(bytes, ISO_8859_1).indexOf(text);
    }

    @Test
    void isMadeGoodByAStartAfterAKill() throws Exception {
      failForce();
      disk = disk.kill();
      writer = assertKept(disk);
      put("bread");
      writer.commit();
      writer.log.sync();
      assertKept(disk.powerFailure());
    }

    @Test
    void isToldWhenTheLogIsClosed() throws Exception {
      put("eggs");
      logCapture.allow("not all was safe");
      disk.fail(DiskCalls.all(Kind.FORCE), "Input/output error");
      writer.log.close();
      assertThat(logCapture.messages(Level.WARNING)).hasSize(1);
      assertKept(disk.kill());
    }

    /** The healing is ended at each of its changes, and what was left is used further on. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void losesNothingThatWasAcknowledgedWhereverItsHealingEnds(boolean isPowerFailure)
        throws Exception {
      logCapture.allow("crashed|not all was");
      boolean isOver = false;
      for (int n = 1; !isOver; n++)
        for (int seed = 0; seed < 10; seed++) {
          open(settings);
          failForce();
          disk.crashAt(n, 13);
          try {
            writer.log.writeSnapshot(during(() -> append("bread")));
            put("later");
            writer.commit();
          } catch (LogException e) {
            assertThat(disk.hasCrashed()).isTrue();
          }
          isOver = !disk.hasCrashed();
          FaultyDisk left = isPowerFailure ? disk.powerFailure(seed) : disk.kill();
          Writer again = new Writer(left, settings, isPowerFailure ? new UUID(0, 2) : BOOT);
          assertThat(again.kept.buckets.get(shopping).entries)
              .containsKeys(isPowerFailure ? "milk" : "eggs");
          again.put(shopping, "last", "1");
          again.commit();
          again.log.sync();
          Writer last = new Writer(left.powerFailure(seed), settings, new UUID(0, 3));
          assertThat(last.kept.all()).isEqualTo(again.kept.all());
        }
    }
  }

  @Nested
  class WhateverHappens {
    private long opened() {
      return disk.count(Kind.CREATE) + disk.count(Kind.OPEN) - disk.count(Kind.CLOSE);
    }

    @Test
    void noFileIsLeftOpen(LogCapture log) throws Exception {
      log.allow("no snapshot was written|not all was");
      for (int i = 0; i < 100; i++) {
        writer.put(shopping, "key " + i, "x".repeat(10 * i));
        writer.commit();
        if (i % 10 == 0) writer.log.tend();
        if (i % 9 == 0) writer.log.sync();
        if (i % 30 == 0) writer.log.writeSnapshot(writer.kept);
      }
      disk.fail(DiskCalls.nth(2, Kind.WRITE).on("snapshot-"), "No space left on device");
      writer.log.writeSnapshot(writer.kept);
      put("eggs");
      disk.fail(DiskCalls.next(Kind.FORCE).on("log-"), "Input/output error");
      writer.log.sync();
      writer.log.writeSnapshot(writer.kept);
      disk.mend();
      writer.log.tend();
      writer.log.close();
      writer.log.tend();
      writer.log.sync();
      writer.log.writeSnapshot(writer.kept);
      assertThat(opened()).isZero();
    }

    @Test
    void noFileIsLeftOpenByAStartThatFails() throws Exception {
      for (int i = 0; i < 100; i++) writer.put(shopping, "key " + i, "x".repeat(1_000));
      writer.log.close();
      long changes = disk.changes();
      for (int n = 1; ; n++) {
        disk.fail(DiskCalls.nth(n, Kind.READ), "Input/output error");
        disk.fail(DiskCalls.nth(n, Kind.WRITE), "Input/output error");
        try {
          new Writer(disk, settings).log.close();
          break;
        } catch (FolderException e) {
          assertThat(e).hasMessageContaining("Input/output error");
        }
        disk.mend();
        assertThat(opened()).isZero();
      }
      assertThat(disk.changes()).isGreaterThan(changes);
      assertThat(opened()).isZero();
    }

    @Test
    void aVeryLargeValueTakesNoMemoryForEver() throws Exception {
      open(settings.segmentBytes(64 * 1024 * 1024));
      writer.put(shopping, "eggs", "x".repeat(8 * 1024 * 1024));
      writer.commit();
      writer.put(shopping, "milk", "x".repeat(8 * 1024 * 1024));
      writer.commit();
      assertThat(writer.log.bufferBytes()).isLessThanOrEqualTo(512 * 1024);
    }
  }

  /** All that is kept; something happens when it is walked through. */
  private Content during(Runnable event) {
    return new Content() {
      private boolean isOver;

      @Override
      public Collection<? extends Content.Bucket> buckets() {
        if (!isOver) event.run();
        isOver = true;
        return writer.kept.buckets();
      }
    };
  }

  @Nested
  class ASlowForce {
    private FutureTask<?> startSync() {
      return startRun(writer.log::sync);
    }

    @Test
    void refusesWritesWhenItTakesTooLong() throws Exception {
      put("eggs");
      writer.commit();
      try (Hold hold = disk.hold(DiskCalls.next(Kind.FORCE).on("log-"))) {
        FutureTask<?> sync = startSync();
        hold.awaitCalls(1);
        clock.advance(Duration.ofSeconds(5));
        writer.log.tend();
        put("bread");
        clock.advance(Duration.ofSeconds(1));
        writer.log.tend();
        assertThat(state()).isEqualTo("slow");
        assertThat(writer.log.figures().unsyncedSeconds()).isEqualTo(6);
        assertRefused("has not forced what was written for 5 s (storage.sync-timeout)");
        writer.commit(); // what has begun is as safe as others'
        hold.release();
        sync.get();
      }
      writer.log.tend();
      assertGoesOn();
      assertKept(disk.kill());
    }

    @Test
    void refusesWritesEvenIfWhoTendsTheLogHangsAsWell() throws Exception {
      put("eggs");
      try (Hold hold = disk.hold(DiskCalls.next(Kind.FORCE).on("log-"))) {
        FutureTask<?> sync = startSync();
        hold.awaitCalls(1);
        clock.advance(Duration.ofSeconds(6));
        put("bread");
        writer.commit();
        assertRefused("storage.sync-timeout");
        hold.release();
        sync.get();
      }
    }
  }

  @Nested
  class AFullDisk {
    @Test
    void refusesWhatTakesRoomUntilThereIsSome() throws Exception {
      disk.setFree(999);
      writer.log.tend();
      assertThat(state()).isEqualTo("full");
      assertThat(writer.log.figures().freeBytes()).isEqualTo(999);
      assertRefused(
          "disk full: 999 bytes are free in faulty, and 1000 are kept free (storage.min-free)");
      assertThatThrownBy(() -> writer.create("trips")).hasMessageEndingWith(REFUSAL);
      writer.delete(shopping, "milk");
      writer.commit();
      writer.drop(shopping);
      writer.commit();
      disk.setFree(1_000);
      writer.log.tend();
      shopping = writer.create("shopping");
      assertGoesOn();
      assertKept(disk.kill());
    }

    /** What fills it may be what was taken out, and no longer log than before says so. */
    @Test
    void isReasonEnoughForASnapshotIfAnythingHasChangedButNotEachSecond() throws Exception {
      assertThat(writer.log.wantsSnapshot()).isFalse();
      disk.setFree(999);
      writer.log.tend();
      writer.drop(shopping);
      assertThat(writer.log.wantsSnapshot()).isTrue();
      writer.log.writeSnapshot(writer.kept);
      clock.advance(Duration.ofMinutes(2));
      assertThat(writer.log.wantsSnapshot()).isFalse();
      disk.setFree(1_000);
      writer.log.tend();
      writer.create("trips");
      disk.setFree(999);
      writer.log.tend();
      writer.log.writeSnapshot(writer.kept);
      writer.drop(2);
      writer.commit();
      assertThat(writer.log.wantsSnapshot()).isFalse();
      clock.advance(Duration.ofMinutes(1));
      assertThat(writer.log.wantsSnapshot()).isTrue();
      assertKept(disk.kill());
    }

    @Test
    void letsNobodyReadWhatAKillTakesBack() throws Exception {
      disk.setFree(0);
      writer.log.tend();
      writer.delete(shopping, "milk");
      writer.log.commit(writer.log.end(), false);
      assertKept(disk.kill());
    }

    @Test
    void keepsNoPartOfASnapshotThatFailed(LogCapture log) throws Exception {
      log.allow("no snapshot was written to faulty: No space left");
      for (int i = 0; i < 3; i++) {
        put("key " + i);
        disk.fail(DiskCalls.nth(2, Kind.WRITE).on("snapshot-"), "No space left");
        List<String> names = disk.names();
        writer.log.writeSnapshot(writer.kept);
        assertThat(disk.names()).isEqualTo(names);
        disk.mend();
      }
    }
  }

  @Nested
  class AWriteThatHangs {
    @Test
    void doesNotHoldUpThoseWhoRead() throws Exception {
      put("eggs");
      try (Hold hold = disk.hold(DiskCalls.next(Kind.WRITE).on("log-"))) {
        FutureTask<String> commit = startCommit(writer.log.end());
        hold.awaitCalls(1);
        writer.log.commit(writer.log.end(), false);
        append("bread");
        assertThat(commit).isNotDone();
        hold.release();
        assertThat(commit.get()).isEqualTo("OK");
      }
      assertGoesOn();
      assertKept(disk.kill());
    }

    /** Whoever writes hangs with the disk. */
    @Test
    void hangsNobodyWhoOnlyReadsWhatNobodyHasBegunToWrite() throws Exception {
      append("eggs");
      FutureTask<?> syncer =
          start(
              () -> {
                writer.log.awaitSyncTime();
                return null;
              });
      try (Hold hold = disk.hold(DiskCalls.next(Kind.WRITE).on("log-"))) {
        writer.log.commit(writer.log.end(), false);
        hold.awaitCalls(1);
        hold.release();
      }
      assertGoesOn();
      clock.advance(Duration.ofSeconds(1)); // has the thread end
      syncer.get();
    }

    @Test
    void isToldToAllOthersInTimeAndOverWhenItIs() throws Exception {
      Duration time = Duration.ofMillis(20);
      open(LogSettings.DEFAULT.minFree(0).syncTimeout(time));
      put("eggs");
      try (Hold hold = disk.hold(DiskCalls.next(Kind.WRITE).on("log-"))) {
        FutureTask<?> first = startRun(writer::commit);
        hold.awaitCalls(1);
        assertInDoubt(writer.log.end());
        writer.log.tend();
        assertThat(state()).isEqualTo("slow");
        assertRefused("storage.sync-timeout");
        hold.release();
        first.get();
      }
      writer.log.tend();
      assertGoesOn();
    }

    /** The time for a force begins when its thread does, whatever holds that up. */
    @Test
    void countsAsAForceThatHangs() throws Exception {
      put("eggs");
      try (Hold hold = disk.hold(DiskCalls.next(Kind.WRITE).on("log-"))) {
        FutureTask<?> sync = startRun(writer.log::sync);
        hold.awaitCalls(1);
        clock.advance(Duration.ofSeconds(6));
        writer.log.tend();
        assertThat(writer.log.figures().unsyncedSeconds()).isEqualTo(6);
        assertRefused("storage.sync-timeout");
        hold.release();
        sync.get();
      }
    }

    /** Two who make the same file take its name from each other. */
    @Test
    void becauseTheNextFileIsBeingMadeGetsThatFile() throws Exception {
      try (Hold first = disk.hold(DiskCalls.next(Kind.FORCE).on("log-"));
          Hold second = disk.hold(DiskCalls.nth(2, Kind.FORCE).on("log-"))) {
        FutureTask<?> tend = startRun(writer.log::tend);
        first.awaitCalls(1);
        writer.put(shopping, "eggs", "x".repeat(9_000));
        FutureTask<?> commit = new FutureTask<>(writer::commit, null);
        Thread thread = new Thread(commit, "commit");
        thread.start();
        while (!thread.getState().name().endsWith("WAITING")) Thread.onSpinWait();
        first.release();
        tend.get();
        second.release();
        commit.get();
      }
      for (int i = 0; i < 200; i++) {
        writer.put(shopping, "key", "x".repeat(i));
        writer.commit();
      }
      assertKept(disk.kill());
    }
  }

  /** A thread forces whenever it is asked to. */
  @Nested
  class WhoWantsItForced {
    private final LogSettings always =
        LogSettings.DEFAULT.minFree(0).segmentBytes(64 * 1024).policy(SyncPolicy.ALWAYS);

    private Thread startSyncer() {
      Thread syncer =
          new Thread(
              () -> {
                try {
                  while (true) {
                    writer.log.awaitSyncTime();
                    writer.log.sync();
                  }
                } catch (InterruptedException e) { // it is over
                  Thread.currentThread().interrupt();
                }
              },
              "syncer");
      syncer.start();
      return syncer;
    }

    private void end(Thread syncer) throws InterruptedException {
      syncer.interrupt();
      syncer.join();
    }

    @Test
    void waitsForIt() throws Exception {
      open(always);
      put("eggs");
      try (Hold hold = disk.hold(DiskCalls.next(Kind.FORCE).on("log-"))) {
        Thread syncer = startSyncer();
        FutureTask<String> commit = startCommit(writer.log.end());
        hold.awaitCalls(1);
        assertThat(commit).isNotDone();
        hold.release();
        assertThat(commit.get()).isEqualTo("OK");
        end(syncer);
      }
      assertKept(disk.powerFailure());
    }

    @Test
    void givesUpWhenItTakesTooLong() throws Exception {
      open(always.syncTimeout(Duration.ofMillis(10)));
      put("eggs");
      assertThatThrownBy(writer::commit)
          .hasMessageContainingAll("storage.sync-timeout", DOUBT);
    }

    @Test
    void isToldAtOnceThatItFailed() throws Exception {
      open(always);
      put("eggs");
      disk.fail(DiskCalls.next(Kind.FORCE).on("log-"), "Input/output error");
      Thread syncer = startSyncer();
      assertInDoubt(writer.log.end());
      end(syncer);
      writer.log.writeSnapshot(writer.kept);
      assertKept(disk.powerFailure());
    }

    /** What is forced when the waiting thread looks may be another run. */
    @Test
    void isToldThatItFailedEvenIfANewRunHasBegunMeanwhile(LogCapture log) throws Exception {
      log.allow("no snapshot was written");
      for (int i = 0; i < 50; i++) {
        open(always);
        put("eggs");
        FutureTask<String> commit = committing(writer.log.end());
        Thread thread = new Thread(commit, "commit");
        thread.start();
        while (thread.getState() != Thread.State.TIMED_WAITING) Thread.onSpinWait();
        disk.fail(DiskCalls.next(Kind.FORCE).on("log-"), "Input/output error");
        disk.fail(DiskCalls.all(Kind.CREATE).on("snapshot-"), "No space left on device");
        writer.log.sync();
        writer.log.writeSnapshot(writer.kept);
        assertThat(commit.get()).contains(DOUBT);
      }
    }

    @Test
    void doesNotWaitForWhatTheLogNotesForItself() throws Exception {
      open(always.syncTimeout(Duration.ofMillis(10)));
      writer.commit();
    }

    @Test
    void sharesItWithAllOthers() throws Exception {
      open(always);
      long before = writer.log.figures().syncs();
      Thread syncer;
      try (Hold hold = disk.hold(DiskCalls.next(Kind.FORCE).on("log-"))) {
        put("first");
        syncer = startSyncer();
        FutureTask<String> first = startCommit(writer.log.end());
        hold.awaitCalls(1);
        for (int i = 0; i < 30; i++) put("key " + i);
        long end = writer.log.end();
        FutureTask<List<String>> others =
            start(
                () ->
                    Concurrently.run(
                        30,
                        i -> {
                          writer.log.commit(end - i, true);
                          return "OK";
                        }));
        hold.release();
        assertThat(first.get()).isEqualTo("OK");
        assertThat(others.get()).containsOnly("OK");
      }
      assertThat(writer.log.figures().syncs()).isLessThanOrEqualTo(before + 2);
      end(syncer);
      assertKept(disk.powerFailure());
    }

    /** The same on a disk, whose files an interrupt might close. */
    @ParameterizedTest
    @ValueSource(strings = {"ALWAYS", "EVERYSEC"})
    void isNotHarmedByInterrupts(SyncPolicy policy, @TempDir Path folder) throws Exception {
      int count = policy == SyncPolicy.ALWAYS ? 500 : 10_000;
      Disk real = Disk.of(folder);
      writer = new Writer(real, always.policy(policy));
      shopping = writer.create("shopping");
      Thread syncer = startSyncer();
      List<Integer> kept =
          Concurrently.run(
              4,
              thread -> {
                int interrupts = 0;
                for (int i = 0; i < count / 4; i++) {
                  writer.put(shopping, "key " + thread, "value " + i);
                  Thread.currentThread().interrupt();
                  writer.commit();
                  if (Thread.interrupted()) interrupts++;
                }
                return interrupts;
              });
      assertThat(kept).containsOnly(count / 4);
      assertGoesOn();
      end(syncer);
      assertThat(new Writer(real, always).kept.all()).isEqualTo(writer.kept.all());
      writer.log.close();
    }
  }
}
