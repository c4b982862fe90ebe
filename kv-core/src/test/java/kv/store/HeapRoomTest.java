package kv.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import kv.log.Extent;
import kv.log.disk.FolderException;
import kv.memory.Footprint;
import kv.memory.Memory;
import kv.otp.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which heaps are refused for what a folder holds, and which are asked for. */
class HeapRoomTest {
  private static final int MIB = 1024 * 1024;
  private static final Path FOLDER = Path.of("data", "kv");

  /** A million entries of 32 bytes of records each take 72 MB at the least, and about 104. */
  private static final Extent MILLION = new Extent(1, 1_000_000, 32_000_000);

  @Test
  void isRefusedIfItCannotHoldWhatThereIsWithTheOneToTake() {
    assertThatThrownBy(() -> HeapRoom.ensure(FOLDER, MILLION, 64 * MIB))
        .isInstanceOf(FolderException.class)
        .hasMessage(
            FOLDER + " holds more than a heap of 64 MiB has room for; start java with -Xmx149m,"
                + " or more");
  }

  @Test
  void isNotRefusedIfItMayBeEnough() {
    assertThatCode(() -> HeapRoom.ensure(FOLDER, MILLION, 72_000_000 + 8 * MIB))
        .doesNotThrowAnyException();
    assertThatCode(() -> HeapRoom.ensure(FOLDER, new Extent(0, 0, 0), 1))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"4, 2", "24, 16", "64, 56", "128, 120", "1600, 1500"})
  void haveRoomForSomeOfIt(long heap, long forEntries) {
    assertThat(HeapRoom.forEntries(heap * MIB)).isEqualTo(forEntries * MIB);
  }

  @Nested
  class WhileItIsRead {
    private static final byte[] NAME = {1};
    private static final long ENTRY = Footprint.leastEntry(1, 100);

    private final Memory memory = Memory.unlimited();
    private final ReplayedBuckets buckets =
        new ReplayedBuckets(new Common(memory, Clock.SYSTEM), 10 * ENTRY);

    private void put(long bucket, int count) {
      for (byte i = 0; i < count; i++) buckets.put(bucket, new byte[] {i}, new byte[100], 0);
    }

    private void assertFull(long bucket) {
      byte[] key = {100};
      assertThatThrownBy(() -> buckets.put(bucket, key, new byte[100], 0))
          .isInstanceOf(ReplayedBuckets.TooMuchException.class);
    }

    @BeforeEach
    void create() {
      for (long bucket = 1; bucket <= 2; bucket++) buckets.create(bucket, NAME, 0);
    }

    @Test
    void isToldWhenThereIsTooMuchInAllBuckets() {
      put(1, 4);
      put(2, 6);
      assertFull(1);
    }

    @Test
    void isNotToldForWhatTakesThePlaceOfOthersOrIsTakenOut() {
      put(1, 10);
      put(1, 10);
      for (byte i = 0; i < 10; i++) buckets.delete(1, new byte[] {i});
      put(2, 10);
      buckets.drop(2);
      put(1, 10);
      buckets.reset();
      create();
      put(1, 10);
      assertFull(2);
    }
  }

  /** With the layout that most JVMs have, the least is less, and what is asked for is more. */
  @ParameterizedTest
  @CsvSource({"1, 0", "8, 8", "1, 16", "17, 3", "100, 1000", "7, 100000", "1, 1000000"})
  void areMeasuredAsEntriesAre(int keyBytes, int valueBytes) {
    int entries = 1000;
    long record = 16 + keyBytes + valueBytes + 7 & -8;
    long real = entries * Footprint.entry(keyBytes, valueBytes);
    boolean isHuge = valueBytes == 1_000_000; // counted twice, which is the most that it may take
    long least = isHuge ? real / 2 - 100_000 : real / 2;
    assertThat(Footprint.least(entries, entries * record)).isBetween(least, real);
    assertThat(entries * Footprint.leastEntry(keyBytes, valueBytes))
        .isBetween(Footprint.least(entries, entries * record) / 2, real);
    assertThat(Footprint.about(1, entries, entries * record))
        .isBetween(isHuge ? real / 2 : real, 2 * real);
  }

  @ParameterizedTest
  @CsvSource({"50, 161", "99, 149", "1, 8001", "0, 8001"})
  void isAskedForAsMuchMoreAsThereWasStillToRead(int percent, int wanted) {
    OutOfMemoryError cause = new OutOfMemoryError("Java heap space");
    assertThat(HeapRoom.tooSmall(FOLDER, MILLION, 64 * MIB, percent, cause))
        .hasMessageContaining("-Xmx" + wanted + "m")
        .hasCause(cause);
  }
}
