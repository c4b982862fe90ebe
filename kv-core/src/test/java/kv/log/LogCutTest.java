package kv.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.logging.Level;
import kv.log.disk.DiskCalls;
import kv.log.disk.DiskCalls.Kind;
import kv.log.disk.FaultyDisk;
import kv.log.disk.FolderException;
import kv.testing.LogCapture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What is cut off the end of a log, also by a start that is broken off at each of its changes. */
class LogCutTest {
  private static final int SEGMENT_BYTES = 4 * 1024;
  private static final LogSettings SETTINGS =
      LogSettings.DEFAULT.minFree(0).segmentBytes(SEGMENT_BYTES);

  private static final UUID BOOT = new UUID(1, 1);
  private static final UUID NEXT_BOOT = new UUID(2, 2);

  private FaultyDisk disk;
  private UUID boot;
  private Writer writer;
  private LogCapture log;

  @BeforeEach
  void open(LogCapture logged) throws Exception {
    log = logged;
    log.allow("had a torn tail|had a fault");
    open();
  }

  private void open() throws InterruptedException {
    disk = new FaultyDisk();
    boot = BOOT;
    writer = new Writer(disk, SETTINGS, boot);
  }

  /** Writes a few files, and over a part of the first: a later boot takes that for torn. */
  private void tear() throws Exception {
    long shopping = writer.create("shopping");
    for (int i = 0; i < 300; i++) writer.put(shopping, "key " + i, "value " + i);
    writer.commit();
    String first = logs(disk).get(0);
    byte[] bytes = disk.bytes(first);
    Arrays.fill(bytes, Header.BYTES + 1024, Header.BYTES + 1536, (byte) 7);
    disk.put(first, bytes);
    for (String name : logs(disk)) disk.put(name, disk.bytes(name)); // all there is, is safe
    boot = NEXT_BOOT;
  }

  private static List<String> logs(FaultyDisk disk) throws Exception {
    return disk.names().stream().filter(name -> name.startsWith("log-")).toList();
  }

  private static Map<String, String> cuts(FaultyDisk disk) throws Exception {
    Map<String, String> cuts = new TreeMap<>();
    for (String name : disk.names())
      if (name.startsWith("cut-") && !name.endsWith(".tmp"))
        cuts.put(name, disk.bytes(name).length + " " + Arrays.hashCode(disk.bytes(name)));
    return cuts;
  }

  /** A start that ends with the disk, at its {@code n}th change; false if it has fewer. */
  private boolean isBrokenOff(int n) {
    disk.crashAt(n, 100);
    Throwable thrown = catchThrowable(() -> new Writer(disk, SETTINGS, boot));
    if (!disk.hasCrashed()) return false;
    assertThat(thrown).isInstanceOf(FolderException.class).hasMessageContaining("crashed");
    disk = disk.kill();
    return true;
  }

  @Nested
  class WhatIsSaid {
    @Test
    void isThatTheTailWasTornIfACrashMayHaveDoneIt() throws Exception {
      tear();
      new Writer(disk, SETTINGS, boot);
      assertThat(log.messages(Level.WARNING))
          .singleElement()
          .asString()
          .matches(
              "faulty had a torn tail, as a crash of the machine leaves it: \\d+ bytes were cut"
                  + " off and kept as cut-[0-9a-f]{16}");
    }

    @Test
    void isThatThereWasAFaultIfSomebodyAskedForTheCut() throws Exception {
      tear();
      Check.Report report = Check.cut(disk, BOOT);
      assertThat(report.lines()).anyMatch(line -> line.matches("first fault: .* is damaged at .*"));
      assertThat(log.messages(Level.WARNING))
          .singleElement()
          .asString()
          .matches(
              "faulty had a fault, and all behind it was given up: \\d+ bytes were cut off and"
                  + " kept as cut-[0-9a-f]{16}");
    }
  }

  @Nested
  class WhatIsKept {
    @Test
    void isAllThatWasCutOffHoweverOftenThatIsBrokenOff() throws Exception {
      tear();
      FaultyDisk torn = disk;
      disk = torn.kill();
      new Writer(disk, SETTINGS, boot);
      String whole = cuts(disk).values().iterator().next();
      int both = 0;
      for (int n = 1; ; n++) {
        disk = torn.kill();
        if (!isBrokenOff(n)) break;
        Map<String, String> before = cuts(disk);
        new Writer(disk, SETTINGS, boot);
        assertThat(cuts(disk)).as("broken off at " + n).containsAllEntriesOf(before);
        assertThat(cuts(disk)).containsValue(whole);
        if (cuts(disk).size() > 1) both++;
      }
      assertThat(both).isGreaterThan(3);
    }

    @Test
    void isKeptOnceThoughTheDiskFailsBehindThatAgainAndAgain() throws Exception {
      tear();
      disk.fail(DiskCalls.all(Kind.DELETE).on("log-"), "broken");
      for (int i = 0; i < 3; i++)
        assertThat(catchThrowable(() -> new Writer(disk, SETTINGS, boot)))
            .hasMessageContaining("broken");
      assertThat(cuts(disk)).hasSize(1);
      assertThat(log.messages(Level.WARNING)).hasSize(1);
      disk.mend();
      new Writer(disk, SETTINGS, boot);
      assertThat(cuts(disk)).hasSize(1);
      assertThat(disk.names()).noneMatch(name -> name.startsWith("cut-") && name.endsWith(".tmp"));
    }
  }

  @Nested
  class APosition {
    /** All that was healing is given up, as it was not safe; its positions have been used. */
    private long healing() throws Exception {
      log.allow("a force of faulty failed|no snapshot was written");
      open();
      long shopping = writer.create("shopping");
      writer.put(shopping, "milk", "1");
      writer.commit();
      writer.log.sync();
      disk.fail(DiskCalls.next(Kind.FORCE).on("log-"), "Input/output error");
      writer.put(shopping, "eggs", "2");
      writer.commit();
      writer.log.sync();
      disk.fail(DiskCalls.all(Kind.CREATE).on("snapshot-"), "No space left on device");
      writer.log.writeSnapshot(writer.kept);
      disk.mend();
      disk = disk.kill();
      assertThat(logs(disk)).hasSize(2);
      return writer.log.end();
    }

    private long begin() throws InterruptedException {
      return new Writer(disk, SETTINGS, boot).log.end();
    }

    @Test
    void isNotUsedAgainWhereverAStartIsBrokenOff() throws Exception {
      int n = 1;
      for (long used = healing(); isBrokenOff(n); used = healing(), n++)
        assertThat(begin()).as("broken off at " + n).isGreaterThan(used);
      assertThat(n).isGreaterThan(7);
    }

    @Test
    void isNotUsedAgainWhereverAPowerFailureBreaksOffTwoStarts() throws Exception {
      int n = 1;
      for (long used = healing(); isBrokenOff(n); used = healing(), n++)
        for (int m = 1; isBrokenOff(m); m++) {
          disk = disk.powerFailure(m);
          boot = NEXT_BOOT;
          assertThat(begin()).as("broken off at " + n + ", " + m).isGreaterThan(used);
          used = healing();
          isBrokenOff(n);
        }
    }

    /** A run in which nothing is written is given up as well. */
    private long idle() throws Exception {
      open();
      writer.put(writer.create("shopping"), "milk", "1");
      writer.log.close();
      begin();
      disk.forceNames();
      return begin();
    }

    @Test
    void ofARunWithNothingInItIsNotUsedAgainWhereverTwoStartsAreBrokenOff() throws Exception {
      int n = 1;
      for (long used = idle(); isBrokenOff(n); used = idle(), n++)
        for (int m = 1; ; m++) {
          boolean isBrokenAgain = isBrokenOff(m);
          disk = disk.powerFailure(m);
          boot = NEXT_BOOT;
          Writer again = new Writer(disk, SETTINGS, boot);
          assertThat(again.log.end()).as("broken off at " + n + ", " + m).isGreaterThan(used);
          assertThat(again.kept.all()).containsValue("{milk=1}");
          if (!isBrokenAgain) break;
          used = idle();
          isBrokenOff(n);
        }
      assertThat(n).isGreaterThan(7);
    }

    @Test
    void takesNoFileForEachStartThatWritesNothing() throws Exception {
      for (int i = 0; i < 2; i++) {
        writer.put(writer.create("shopping " + i), "milk", "1");
        writer.log.close();
        for (int j = 0; j < 10; j++) {
          long used = writer.log.end();
          writer = new Writer(disk, SETTINGS, boot);
          assertThat(writer.log.end()).isGreaterThan(used);
          writer.log.tend(); // makes the next file in advance
          if (j % 2 == 0) writer.log.close();
          assertThat(writer.kept.all()).hasSize(i + 1);
          assertThat(disk.names()).hasSizeLessThanOrEqualTo(4 + i);
        }
      }
    }

    @Test
    void leavesNothingBehindWhenALaterOneIsThere() throws Exception {
      healing();
      Writer next = new Writer(disk, SETTINGS, boot);
      assertThat(disk.names()).filteredOn(name -> name.endsWith(".tmp")).hasSize(1);
      next.create("shopping");
      next.commit();
      begin();
      assertThat(disk.names()).noneMatch(name -> name.endsWith(".tmp"));
      begin();
      begin();
      assertThat(disk.names()).filteredOn(name -> name.endsWith(".tmp")).hasSize(1);
    }
  }

  /** The log is damaged where a key is deleted that the snapshot has read before. */
  @Nested
  class ASnapshotThatNeedsMoreOfTheLog {
    private static final String DELETED = "deleted";
    private long shopping;

    private void write(boolean isAlone) throws Exception {
      log.allow("needs more of the log");
      shopping = writer.create("shopping");
      if (isAlone) {
        writer.log.writeSnapshot(writer.kept);
        writer.log.close();
        writer = new Writer(disk, SETTINGS, boot);
      }
      writer.put(shopping, DELETED, "1");
      writer.put(shopping, "milk", "1");
      writer.commit();
      writer.log.writeSnapshot(() -> List.of(new Walked(writer.kept.buckets.get(shopping))));
      writer.log.close();
      String last = logs(disk).get(logs(disk).size() - 1);
      byte[] bytes = disk.bytes(last);
      int at = Header.BYTES;
      while (Record.kind(bytes, at) != Record.DELETE)
        at += (int) Record.aligned(Record.getInt(bytes, at));
      bytes[at + Record.HEADER_BYTES] ^= 1;
      disk.put(last, bytes);
    }

    /** While it is read, what has been read is changed. */
    private final class Walked implements Content.Bucket {
      private final Kept.Bucket bucket;

      Walked(Kept.Bucket bucket) {
        this.bucket = bucket;
      }

      @Override
      public long number() {
        return bucket.number();
      }

      @Override
      public byte[] name() {
        return bucket.name();
      }

      @Override
      public long entries() {
        return bucket.entries();
      }

      @Override
      public <X extends Exception> void forEach(Content.Visitor<X> target) throws X {
        bucket.forEach(target);
        writer.delete(shopping, DELETED);
        writer.put(shopping, "eggs", "2");
        writer.commit();
      }
    }

    @Test
    void isPassedOverForWhatIsOlder() throws Exception {
      write(false);
      assertThat(Check.cut(disk, boot).isSound()).isTrue();
      for (int i = 0; i < 2; i++)
        assertThat(new Writer(disk, SETTINGS, boot).kept.all())
            .containsValue("{" + DELETED + "=1, milk=1}");
      assertThat(disk.names()).anyMatch(name -> name.startsWith("cut-snapshot-"));
      assertThat(log.messages(Level.WARNING))
          .anyMatch(line -> line.matches(".* needs more .*, and was kept as cut-snapshot-.*"));
    }

    @Test
    void isNotUsedWhereThereIsNothingOlderAndLeftAlone() throws Exception {
      write(true);
      List<String> names = disk.names();
      assertThatThrownBy(() -> Check.cut(disk, boot))
          .isInstanceOf(FolderException.class)
          .hasMessageContaining("ends before all that the snapshot was made of");
      assertThat(disk.names()).isEqualTo(names);
    }
  }
}
