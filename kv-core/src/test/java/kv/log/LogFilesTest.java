package kv.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import kv.log.disk.DiskCalls;
import kv.log.disk.FaultyDisk;
import kv.testing.LogCapture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A log as one stream of bytes that is cut into files: what happens at their ends. */
@Timeout(60)
class LogFilesTest {
  private static final UUID BOOT = new UUID(0, 1);
  private static final UUID NEXT_BOOT = new UUID(0, 2);
  private static final int FILE_BYTES = 64;
  private static final LogSettings SETTINGS =
      LogSettings.DEFAULT.minFree(0).segmentBytes(FILE_BYTES);

  private FaultyDisk disk = new FaultyDisk();
  private Writer writer;
  private long shopping;

  @BeforeEach
  void open() throws Exception {
    writer = new Writer(disk, SETTINGS, BOOT);
    shopping = writer.create("shopping"); // 24 bytes
  }

  /** The name of the file with that number, from 0 on. */
  private String file(int number) throws IOException {
    List<String> files =
        disk.names().stream().filter(name -> name.startsWith("log-")).sorted().toList();
    return files.get(number);
  }

  /** As if these bytes had not come to the disk. */
  private void zero(String name, int from, int to) {
    byte[] bytes = disk.bytes(name);
    Arrays.fill(
        bytes, Header.BYTES + from, Math.min(Header.BYTES + to, bytes.length), (byte) 0);
    disk.put(name, bytes);
  }

  @Nested
  class ARecordInTwoFiles {
    @Test
    void isNotSaidToBeForcedWhenItsFirstPartIs(LogCapture log) throws Exception {
      log.allow("failed").allow("had a torn tail");
      writer.put(shopping, "milk", "1"); // up to byte 48
      writer.commit();
      disk.fail(DiskCalls.next(DiskCalls.Kind.CREATE), "no room");
      writer.put(shopping, "eggs", "2"); // 16 bytes here, 8 there
      assertThatThrownBy(writer::commit).isInstanceOf(LogException.class);
      writer.log.sync();
      writer.log.tend(); // writes the rest, and a mark
      disk = disk.kill();
      zero(file(1), 0, 8);
      Writer next = new Writer(disk, SETTINGS, NEXT_BOOT);
      assertThat(next.kept.all()).containsExactly(Map.entry("1 shopping", "{milk=1}"));
    }
  }

  @Nested
  class ARecordAtTheEndOfAFile {
    /** As a power failure may leave it: what it had was there, its length was not. */
    @Test
    void isThereAtEachStartIfTheFileLacksTheZerosThatItEndsIn(LogCapture log) throws Exception {
      log.allow("had a torn tail");
      writer.put(shopping, "milk", "1\0\0\0" + "\0".repeat(16)); // up to the end
      writer.put(shopping, "eggs", "2");
      writer.commit();
      disk = disk.kill();
      byte[] whole = disk.bytes(file(0));
      assertThat(whole).hasSize(Header.BYTES + FILE_BYTES);
      disk.put(file(0), Arrays.copyOf(whole, whole.length - 12));
      zero(file(1), 0, FILE_BYTES);
      writer = new Writer(disk, SETTINGS, NEXT_BOOT);
      assertThat(writer.kept.buckets.get(shopping).entries).containsOnlyKeys("milk");
      writer.put(shopping, "rice", "3");
      writer.log.close();
      Writer last = new Writer(disk, SETTINGS, NEXT_BOOT);
      assertThat(last.kept.all()).isEqualTo(writer.kept.all());
    }
  }
}
