package kv.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Optional;
import kv.memory.Memory;
import kv.otp.Flags;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether what is said to be held is what the heap holds, as a collection of garbage finds it. */
class FootprintTest {
  private static final int PERCENT = 15;

  private final Memory memory = Memory.unlimited();
  private final Storage storage = new Storage(Flags.of(Strategy.ONE_FOR_ONE), memory);
  private Supervisor top;

  @BeforeEach
  void start() throws InterruptedException {
    top = Supervisor.start("top", Flags.of(Strategy.ONE_FOR_ONE), storage.spec());
  }

  @AfterEach
  void stop() {
    top.close();
  }

  private static long live() {
    System.gc();
    System.gc(); // for what the first has but found to be garbage
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static Bytes key(int number, int bytes) {
    byte[] key = new byte[bytes];
    for (int i = 0, rest = number; i < 4; i++, rest >>= 8) key[i] = (byte) rest;
    return Bytes.of(key);
  }

  @ParameterizedTest
  @CsvSource({"4, 0", "11, 7", "20, 100", "60, 500"})
  void ofTwoHundredThousandEntriesIsWhatIsSaid(int keyBytes, int valueBytes) throws Exception {
    long before = live();
    for (int i = 0; i < 5; i++) fill(storage.create(key(i, 4)), 40_000, keyBytes, valueBytes);
    assertThat(memory.held()).isCloseTo(live() - before, withinPercentage(PERCENT));
  }

  private static void fill(Bucket bucket, int count, int keyBytes, int valueBytes) {
    for (int i = 0; i < count; i++) bucket.put(key(i, keyBytes), Bytes.of(new byte[valueBytes]));
  }

  @ParameterizedTest
  @CsvSource({"11, 7, true", "60, 500, false"})
  void ofEntriesWithADeadlineIsWhatIsSaid(int keyBytes, int valueBytes, boolean isNew)
      throws Exception {
    long before = live();
    for (int i = 0; i < 5; i++) {
      Bucket bucket = storage.create(key(i, 4));
      if (!isNew) fill(bucket, 40_000, keyBytes, valueBytes);
      fillUntil(bucket, bucket.systemMillis() + 600_000, 40_000, keyBytes, valueBytes);
    }
    assertThat(memory.held()).isCloseTo(live() - before, withinPercentage(PERCENT));
  }

  private static void fillUntil(
      Bucket bucket, long deadline, int count, int keyBytes, int valueBytes) {
    for (int i = 0; i < count; i++) {
      Entry entry = new Entry(Bytes.of(new byte[valueBytes]), deadline);
      bucket.updateEntry(key(i, keyBytes), any -> Optional.of(entry));
    }
  }

  @Test
  void ofManyBucketsWithALittleInEachIsWhatIsSaid() throws Exception {
    long before = live();
    for (int i = 0; i < 20_000; i++) fill(storage.create(key(i, 20)), 20, 10, 50);
    assertThat(memory.held()).isCloseTo(live() - before, withinPercentage(PERCENT));
  }

  @Test
  void ofEmptyBucketsIsWhatIsSaid() throws Exception {
    long before = live();
    for (int i = 0; i < 50_000; i++) storage.create(key(i, 10));
    assertThat(memory.held()).isCloseTo(live() - before, withinPercentage(PERCENT));
  }

  private static void fillAndEmpty(Bucket bucket, int count) {
    fill(bucket, count, 10, 0);
    for (Bytes key : bucket.keys()) bucket.delete(key);
  }

  @Test
  void ofATableThatHasGrownIsHeldUntilItsBucketEnds() throws Exception {
    long before = live();
    for (int i = 0; i < 20; i++) fillAndEmpty(storage.create(key(i, 4)), 50_000);
    assertThat(memory.held()).isCloseTo(live() - before, withinPercentage(2 * PERCENT));
    for (Bucket bucket : storage.all()) bucket.stop();
    assertThat(memory.held()).isZero();
  }
}
