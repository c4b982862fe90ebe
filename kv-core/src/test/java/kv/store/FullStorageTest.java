package kv.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import kv.memory.Account;
import kv.memory.Footprint;
import kv.memory.Memory;
import kv.memory.MemoryFullException;
import kv.otp.Clock;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.Flags;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.testing.Concurrently;
import kv.testing.LogCapture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A storage that holds as much as it may. */
class FullStorageTest {
  private static final int LIMIT = 100_000;
  private static final int VALUE = 8_000;
  private static final Bytes SHOPPING = Bytes.of("shopping");
  private static final Bytes MILK = Bytes.of("milk");
  private static final Bytes EGGS = Bytes.of("eggs");

  private final Memory memory = Memory.of(LIMIT);
  private final Storage storage = new Storage(Flags.of(Strategy.ONE_FOR_ONE), memory);
  private Supervisor top;
  private Bucket bucket;

  @BeforeEach
  void start() throws Exception {
    top = Supervisor.start("top", Flags.of(Strategy.ONE_FOR_ONE), storage.spec());
    bucket = storage.create(SHOPPING);
  }

  @AfterEach
  void stop() {
    top.close();
  }

  /** Fills the storage, so that there is room for less than a hundred bytes; milk is in it. */
  private void fill() {
    bucket.put(MILK, value(VALUE));
    for (int size = VALUE; size >= 1; size /= 2) fillWith(size);
  }

  private void fillWith(int size) {
    try {
      for (int i = 0; ; i++) bucket.put(Bytes.of(size + "-" + i), value(size));
    } catch (MemoryFullException e) {
      assertThat(memory.held()).isLessThanOrEqualTo(LIMIT + 4096);
    }
  }

  private static Bytes value(int size) {
    byte[] value = new byte[size];
    Arrays.fill(value, (byte) size);
    return Bytes.of(value);
  }

  private void assertRefused(ThrowingCallable write) {
    long refused = memory.refused();
    assertThatThrownBy(write)
        .isInstanceOf(MemoryFullException.class)
        .hasMessageMatching(
            "out of memory: \\d+ of 100000 bytes are held; delete something, or drop a bucket");
    assertThat(memory.refused()).isEqualTo(refused + 1);
  }

  @Nested
  class Refuses {
    @Test
    void aNewKeyAndHasNotTakenIt() {
      fill();
      assertRefused(() -> bucket.put(EGGS, value(200)));
      assertThat(bucket.get(EGGS)).isEmpty();
    }

    @Test
    void aNewKeyInAnyBucket() throws Exception {
      Bucket other = storage.create(Bytes.of("other"));
      fill();
      assertRefused(() -> other.put(EGGS, value(200)));
    }

    @Test
    void aLongerValueAndKeepsTheOldOne() {
      fill();
      assertRefused(() -> bucket.put(MILK, value(VALUE + 100)));
      assertThat(bucket.get(MILK)).contains(value(VALUE));
    }

    @Test
    void anUpdateThatAddsAKey() {
      fill();
      assertRefused(() -> bucket.update(EGGS, old -> Optional.of(value(200))));
      assertThat(bucket.get(EGGS)).isEmpty();
    }

    @Test
    void anUpdateThatGrows() {
      fill();
      assertRefused(() -> bucket.update(MILK, old -> Optional.of(value(VALUE + 1000))));
      assertThat(bucket.get(MILK)).contains(value(VALUE));
      assertThat(bucket.proc().isAlive()).isTrue();
    }

    @Test
    void aNewBucket() {
      fill();
      assertRefused(() -> storage.create(Bytes.of("new")));
      assertThat(storage.lookup(Bytes.of("new"))).isEmpty();
    }

    @Test
    void aValueThatCouldNeverFit() {
      assertRefused(() -> bucket.put(MILK, value(LIMIT)));
      bucket.put(MILK, value(VALUE));
    }

    @Test
    void nothingThatAnEndedBucketWouldNotTakeAnyway() {
      fill();
      long refused = memory.refused();
      bucket.proc().exit(ExitReason.SHUTDOWN);
      assertThatThrownBy(() -> bucket.put(EGGS, value(LIMIT))).isInstanceOf(ExitedException.class);
      assertThat(memory.refused()).isEqualTo(refused);
    }
  }

  @Nested
  class StillCarriesOut {
    @Test
    void reads() {
      fill();
      assertThat(bucket.get(MILK)).contains(value(VALUE));
      assertThat(bucket.keys()).contains(MILK);
    }

    @Test
    void overwritesByWhatIsNotLonger() {
      fill();
      for (int size : new int[] {VALUE, VALUE - 1, 3000, 0}) {
        bucket.put(MILK, value(size));
        assertThat(bucket.get(MILK)).contains(value(size));
      }
    }

    @Test
    void updatesThatDoNotGrow() {
      fill();
      bucket.update(MILK, old -> Optional.of(value(VALUE)));
      bucket.update(MILK, old -> Optional.of(value(10)));
      bucket.update(MILK, old -> Optional.empty());
      bucket.update(MILK, old -> Optional.empty());
      assertThat(bucket.get(MILK)).isEmpty();
    }

    @Test
    void theCreateOfABucketThatIsThere() throws Exception {
      fill();
      assertThat(storage.create(SHOPPING)).isSameAs(bucket);
    }
  }

  @Nested
  class TakesWritesAgain {
    @Test
    void whenAKeyIsDeleted() {
      fill();
      bucket.delete(MILK);
      bucket.put(EGGS, value(VALUE / 4)); // figures are rounded, by up to 2 KiB
      assertThat(bucket.get(EGGS)).isPresent();
    }

    @Test
    void whenAValueHasBecomeShorter() {
      fill();
      bucket.put(MILK, value(0));
      bucket.put(EGGS, value(VALUE / 4));
      assertThat(bucket.get(EGGS)).isPresent();
    }

    @Test
    void whenABucketHasEndedInOrder() throws Exception {
      fill();
      bucket.stop();
      assertThat(memory.held()).isZero();
      storage.create(Bytes.of("new")).put(EGGS, value(VALUE));
    }

    @Test
    void whenABucketHasCrashed(LogCapture log) throws Exception {
      log.allow("event=child_terminated_for_good reason=killed");
      fill();
      bucket.proc().kill();
      assertThat(memory.held()).isZero();
      storage.create(SHOPPING).put(EGGS, value(VALUE));
    }

    @Test
    void whenTheWholeStorageHasCrashed(LogCapture log) throws Exception {
      log.allow("event=child_terminated reason=killed");
      log.allow("1 buckets have gone with their supervisor");
      fill();
      storage.supervisor().proc().kill();
      top.countChildren();
      assertThat(memory.held()).isZero();
      storage.create(SHOPPING).put(EGGS, value(VALUE));
    }

    @Test
    void asOftenAsYouLike() {
      for (int i = 0; i < 20; i++) {
        fill();
        for (Bytes key : bucket.keys()) bucket.delete(key);
      }
      assertThat(memory.held()).isLessThan(10_000); // a bucket, and a table that has grown
    }
  }

  @Nested
  class Holds {
    @Test
    void nothingMoreForADeleteOfWhatIsNotThere() {
      long held = memory.held();
      for (int i = 0; i < 1000; i++) bucket.delete(EGGS);
      assertThat(memory.held()).isEqualTo(held);
    }

    @Test
    void nothingMoreForTheSameKeyAgainAndAgain() {
      bucket.put(MILK, value(100));
      long held = memory.held();
      for (int i = 0; i < 1000; i++) bucket.put(MILK, value(100));
      assertThat(memory.held()).isEqualTo(held);
    }

    @Test
    void aLargeValueTwiceAsItMayTakeWholeRegions() {
      Memory roomy = Memory.unlimited();
      Bucket.start(SHOPPING, new Common(roomy, Clock.SYSTEM)).put(MILK, value(600_000));
      assertThat(roomy.held()).isCloseTo(1_200_000, within(4096L));
    }

    @Test
    void asMuchAsABucketSaysThatItHolds() throws Exception {
      Bucket empty = storage.create(Bytes.of("empty"));
      assertThat(empty.bytes()).isEqualTo(Footprint.bucket(5));
      empty.put(Bytes.of("k"), Bytes.of("v"));
      assertThat(empty.bytes()).isEqualTo(Footprint.bucket(5) + Footprint.entry(1, 1));
      empty.stop();
      assertThat(empty.bytes()).isZero();
    }

    @Test
    void whatABucketOfOnesOwnHoldsToo() {
      Bucket own = Bucket.start(SHOPPING);
      own.put(MILK, value(10 * LIMIT));
      assertThat(own.get(MILK)).isPresent();
    }
  }

  @Nested
  class WithManyThreads {
    private static final int THREADS = 8;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void holdsNothingWhenAllBucketsAreGone(int seed) throws Exception {
      Memory own = Memory.unlimited();
      Bucket[] buckets = new Bucket[200];
      Common common = new Common(own, Clock.SYSTEM);
      for (int i = 0; i < buckets.length; i++)
        buckets[i] = Bucket.start(Bytes.of("b" + i), common);
      Concurrently.run(THREADS, number -> writeOrEnd(buckets, number, seed));
      assertThat(own.held()).isZero();
    }

    /** The first thread ends one after the other, while the others write to it. */
    private int writeOrEnd(Bucket[] buckets, int number, int seed) {
      Random random = new Random(seed * 100 + number);
      int refused = 0;
      for (Bucket each : buckets) {
        try {
          for (int i = random.nextInt(200); i > 0; i--) write(each, random);
          if (number == 0) each.proc().exit(ExitReason.SHUTDOWN);
        } catch (ExitedException e) {
          refused++;
        }
      }
      return refused;
    }

    private void write(Bucket target, Random random) {
      Bytes key = Bytes.of("key-" + random.nextInt(50));
      switch (random.nextInt(4)) {
        case 0 -> target.delete(key);
        case 1 -> target.update(key, old -> old.isEmpty() ? Optional.of(key) : Optional.empty());
        default -> target.put(key, value(random.nextInt(3000)));
      }
    }

    @Test
    void holdsWhatIsInTheBucketWhenAllAreDone() throws Exception {
      Memory own = Memory.unlimited();
      Bucket shared = Bucket.start(SHOPPING, new Common(own, Clock.SYSTEM));
      Concurrently.run(THREADS, number -> writeOften(shared, new Random(number)));
      long held = Footprint.bucket(SHOPPING.length()) + 112 * Footprint.SLOT;
      for (Bytes key : shared.keys())
        held += Footprint.entry(key.length(), shared.get(key).orElseThrow().length());
      assertThat(own.held()).isCloseTo(held, within(2048L * 17 + Account.SPREAD_BYTES));
    }

    private int writeOften(Bucket target, Random random) {
      for (int i = 0; i < 5_000; i++) write(target, random);
      return 0;
    }

    @Test
    void passesTheLimitByAnEntryForEachThreadAtTheMost() throws Exception {
      List<Boolean> full = Concurrently.run(THREADS, this::isRefusedInTheEnd);
      assertThat(full).hasSize(THREADS).containsOnly(true);
      long most = LIMIT + THREADS * 400L + 2048L * 17 + Account.SPREAD_BYTES;
      assertThat(memory.held()).isBetween(LIMIT - 1000L, most);
    }

    private boolean isRefusedInTheEnd(int number) {
      try {
        for (int i = 0; i < LIMIT; i++) bucket.put(Bytes.of(number + "-" + i), value(200));
        return false;
      } catch (MemoryFullException e) {
        return true;
      }
    }
  }
}
