package kv.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kv.memory.Memory;
import kv.memory.MemoryFullException;
import kv.otp.Flags;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.testing.Concurrently;
import kv.testing.LogCapture;
import kv.testing.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Keys with a deadline, in memory only. */
class ExpiryTest {
  private static final Bytes MILK = Bytes.of("milk");
  private static final Bytes EGGS = Bytes.of("eggs");
  private static final Bytes ONE = Bytes.of("1");
  private static final Bytes TWO = Bytes.of("2");

  private final ManualClock clock = new ManualClock();
  private final Memory memory = Memory.unlimited();
  private final Common common = new Common(memory, clock);
  private final Bucket bucket = Bucket.start(Bytes.of("shopping"), common);

  private long in(long millis) {
    return clock.systemMillis() + millis;
  }

  private void pass(long millis) {
    clock.setSystem(in(millis));
  }

  private void putUntil(Bytes key, Bytes value, long deadline) {
    bucket.updateEntry(key, before -> Optional.of(new Entry(value, deadline)));
  }

  @Nested
  class AKeyWithADeadline {
    @Test
    void isThereUntilThenAndNotFromThenOn() {
      bucket.put(MILK, ONE);
      assertThat(bucket.expireAt(MILK, in(10))).isTrue();
      pass(9);
      assertThat(bucket.get(MILK)).contains(ONE);
      pass(1);
      assertThat(bucket.get(MILK)).isEmpty();
    }

    @Test
    void isOnNoPageAndNeverAnyFromThenOn() {
      bucket.put(EGGS, ONE);
      putUntil(MILK, ONE, in(10));
      pass(10);
      List<Bytes> found = new ArrayList<>();
      assertThat(bucket.scan(0, 100, found::add)).isZero();
      assertThat(found).containsExactly(EGGS);
      bucket.delete(EGGS);
      putUntil(MILK, ONE, in(10));
      pass(10);
      assertThat(bucket.randomKey()).isEmpty();
    }

    @Test
    void tellsItsDeadline() {
      long deadline = in(10);
      putUntil(MILK, ONE, deadline);
      assertThat(bucket.entry(MILK)).contains(new Entry(ONE, deadline));
    }

    @Test
    void isNotRevivedByAClockThatIsSetBack() {
      putUntil(MILK, ONE, in(10));
      pass(10);
      assertThat(bucket.get(MILK)).isEmpty();
      pass(-10);
      assertThat(bucket.get(MILK)).isEmpty();
      assertThat(bucket.size()).isZero();
    }

    @Test
    void isNotListedOnceItHasExpired() {
      putUntil(MILK, ONE, in(10));
      bucket.put(EGGS, ONE);
      assertThat(bucket.keys()).containsExactlyInAnyOrder(MILK, EGGS);
      pass(10);
      assertThat(bucket.keys()).containsExactly(EGGS);
      pass(-10);
      assertThat(bucket.keys()).containsExactly(EGGS);
    }

    @Test
    void hasNothingToTakeOutOnceItHasExpired() {
      putUntil(MILK, ONE, in(10));
      pass(10);
      assertThat(bucket.delete(MILK)).isEmpty();
      assertThat(common.expired()).isEqualTo(1);
    }

    @Test
    void countsAsAbsentOnceItHasExpired() {
      putUntil(MILK, ONE, in(10));
      pass(10);
      assertThat(bucket.putIfPresent(MILK, TWO)).isFalse();
      assertThat(bucket.compareAndSet(MILK, ONE, TWO)).isFalse();
      assertThat(bucket.expireAt(MILK, in(10))).isFalse();
      assertThat(bucket.persist(MILK)).isFalse();
      assertThat(bucket.add(MILK, 5)).hasValue(5);
      assertThat(common.expired()).isEqualTo(1);
    }

    @Test
    void isGoneAtOnceIfItsDeadlineHasPassed() {
      bucket.put(MILK, ONE);
      for (long passed : List.of(in(0), 1L, 0L, -1L, Long.MIN_VALUE)) {
        bucket.put(MILK, ONE);
        assertThat(bucket.expireAt(MILK, passed)).isTrue();
        assertThat(bucket.get(MILK)).isEmpty();
        assertThat(bucket.expireAt(MILK, in(10))).isFalse();
      }
    }

    @Test
    void mayGetAnotherOne() {
      putUntil(MILK, ONE, in(10));
      assertThat(bucket.expireAt(MILK, in(20))).isTrue();
      pass(15);
      assertThat(bucket.get(MILK)).contains(ONE);
      assertThat(bucket.expireAt(MILK, in(1))).isTrue();
      pass(1);
      assertThat(bucket.get(MILK)).isEmpty();
    }

    @Test
    void losesItToPutAndItsKind() {
      List<Runnable> puts =
          List.of(
              () -> bucket.put(MILK, TWO),
              () -> bucket.putIfPresent(MILK, TWO),
              () -> bucket.compareAndSet(MILK, ONE, TWO),
              () -> bucket.getAndPut(MILK, TWO),
              () -> bucket.persist(MILK));
      for (Runnable put : puts) {
        putUntil(MILK, ONE, in(10));
        put.run();
        assertThat(bucket.entry(MILK)).hasValueSatisfying(
            entry -> assertThat(entry.hasDeadline()).isFalse());
      }
    }

    @Test
    void keepsItWhileItIsCountedAndAppendedTo() {
      long deadline = in(10);
      putUntil(MILK, ONE, deadline);
      bucket.add(MILK, 1);
      bucket.append(MILK, ONE);
      bucket.update(MILK, before -> before.map(value -> value.with(ONE)));
      assertThat(bucket.entry(MILK)).contains(new Entry(Bytes.of("211"), deadline));
    }

    @Test
    void keepsItIfNothingChanges() {
      long deadline = in(10);
      putUntil(MILK, ONE, deadline);
      assertThat(bucket.compareAndSet(MILK, TWO, ONE)).isFalse();
      assertThat(bucket.putIfAbsent(MILK, TWO)).isFalse();
      assertThat(bucket.entry(MILK)).contains(new Entry(ONE, deadline));
    }

    @Test
    void canBeKept() {
      putUntil(MILK, ONE, in(10));
      assertThat(bucket.persist(MILK)).isTrue();
      assertThat(bucket.persist(MILK)).isFalse();
      pass(10);
      assertThat(bucket.get(MILK)).contains(ONE);
    }
  }

  @Nested
  class TheAccount {
    @Test
    void isAsBeforeWhenKeysHaveExpired() {
      long before = memory.held();
      for (int i = 0; i < 10; i++) putUntil(Bytes.of("k" + i), ONE, in(10));
      assertThat(memory.held()).isGreaterThan(before);
      pass(10);
      assertThat(bucket.expireDue(100)).isFalse();
      assertThat(memory.held()).isEqualTo(before);
    }

    @Test
    void isThatOfPlainEntriesWhenDeadlinesHaveBeenTakenOff() {
      for (int i = 0; i < 10; i++) bucket.put(Bytes.of("k" + i), ONE);
      long before = memory.held();
      for (Bytes key : bucket.keys()) bucket.expireAt(key, in(10));
      assertThat(memory.held()).isGreaterThan(before);
      for (Bytes key : bucket.keys()) bucket.expireAt(key, in(20));
      for (Bytes key : bucket.keys()) bucket.persist(key);
      assertThat(memory.held()).isEqualTo(before);
    }
  }

  @Nested
  class WhereThereIsNoRoom {
    private final Memory small = Memory.of(2000);
    private final Bucket full = Bucket.start(Bytes.of("shopping"), new Common(small, clock));

    private void fill() {
      try {
        for (int i = 0; i < 100; i++) full.put(Bytes.of("k" + i), Bytes.of("12345678"));
      } catch (MemoryFullException e) {
        return;
      }
      throw new AssertionError("there is room");
    }

    @Test
    void aDeadlineIsRefusedAndChangesNothing() {
      fill();
      List<Bytes> tried = new ArrayList<>();
      assertThatThrownBy(
              () -> {
                for (Bytes key : full.keys()) {
                  tried.add(key);
                  full.expireAt(key, in(10));
                }
              })
          .isInstanceOf(MemoryFullException.class);
      Bytes refused = tried.get(tried.size() - 1);
      assertThat(full.entry(refused)).contains(Entry.of(Bytes.of("12345678")));
    }

    @Test
    void aDeadlineIsTakenOffAndMovedAndComes() {
      for (Bytes key : List.of(MILK, EGGS)) {
        full.put(key, ONE);
        full.expireAt(key, in(10));
      }
      fill();
      assertThat(full.persist(MILK)).isTrue();
      assertThat(full.expireAt(EGGS, in(5))).isTrue();
      pass(5);
      assertThat(full.get(EGGS)).isEmpty();
      full.put(Bytes.of("k"), Bytes.of(""));
    }
  }

  @Nested
  class AValue {
    @Test
    void isNoLongerThanItMayBe() {
      common.setMaxValueBytes(3);
      bucket.put(MILK, Bytes.of("123"));
      Bytes longer = Bytes.of("1234");
      List<Runnable> all =
          List.of(
              () -> bucket.put(MILK, longer),
              () -> bucket.putIfAbsent(EGGS, longer),
              () -> bucket.getAndPut(MILK, longer),
              () -> bucket.update(MILK, before -> Optional.of(longer)),
              () -> bucket.append(MILK, ONE));
      for (Runnable each : all)
        assertThatThrownBy(each::run)
            .isInstanceOf(ValueTooLongException.class)
            .hasMessage("a value of 4 bytes; it may have 3");
      assertThat(bucket.get(MILK)).contains(Bytes.of("123"));
      assertThat(bucket.size()).isEqualTo(1);
    }

    @Test
    void growsByWhatIsAppended() {
      assertThat(bucket.append(MILK, ONE)).isEqualTo(1);
      assertThat(bucket.append(MILK, Bytes.of("23"))).isEqualTo(3);
      assertThat(bucket.get(MILK)).contains(Bytes.of("123"));
      assertThat(bucket.append(MILK, Bytes.of(""))).isEqualTo(3);
    }

    @Test
    void losesNothingThatSeveralAppend() throws Exception {
      Concurrently.run(4, i -> {
        for (int n = 0; n < 500; n++) bucket.append(MILK, ONE);
        return null;
      });
      assertThat(bucket.get(MILK).orElseThrow().length()).isEqualTo(2000);
    }
  }

  @Nested
  class TheSweeper {
    private final Storage storage =
        new Storage(Flags.of(Strategy.ONE_FOR_ONE).clock(clock), memory);

    private Supervisor top;

    private Bucket start() throws Exception {
      top = Supervisor.start("top", Flags.of(Strategy.ONE_FOR_ONE), storage.spec());
      return storage.create(Bytes.of("shopping"));
    }

    @AfterEach
    void stop() {
      if (top != null) top.close();
    }

    private void sweep() throws InterruptedException {
      clock.awaitParked();
      clock.advance(Duration.ofMillis(500));
      clock.awaitParked(); // again: it has been round
    }

    @Test
    void takesOutWhatNobodyComesUpon() throws Exception {
      Bucket swept = start();
      long before = memory.held();
      for (int i = 0; i < 1000; i++) {
        Bytes key = Bytes.of("k" + i);
        swept.put(key, ONE);
        swept.expireAt(key, in(i % 2 == 0 ? 500 : 1000));
      }
      sweep();
      assertThat(swept.size()).isEqualTo(500);
      assertThat(storage.expiredKeys()).isEqualTo(500);
      sweep();
      assertThat(swept.size()).isZero();
      assertThat(memory.held() - before).isLessThan(20_000); // the map's table stays
    }

    @Test
    void comesBackWhenItIsKilled(LogCapture log) throws Exception {
      log.allow("child=sweeper event=child_terminated reason=killed");
      Bucket swept = start();
      swept.put(MILK, ONE);
      swept.expireAt(MILK, in(500));
      clock.awaitParked();
      storage.supervisor().whichChildren().stream()
          .filter(child -> child.id().equals(Optional.of("sweeper")))
          .forEach(child -> child.proc().orElseThrow().kill());
      storage.supervisor().whichChildren(); // it has been restarted
      sweep();
      assertThat(swept.size()).isZero();
    }
  }

  @Test
  void aKeyIsSeenByNobodyAfterItWasSeenExpiredWhileOthersWrite() throws Exception {
    List<Bytes> keys = new ArrayList<>();
    for (int i = 0; i < 200; i++) keys.add(Bytes.of("k" + i));
    for (int round = 0; round < 20; round++) {
      long deadline = in(10);
      for (Bytes key : keys) putUntil(key, ONE, deadline);
      pass(10);
      Concurrently.run(
          3,
          i -> {
            for (Bytes key : keys) {
              if (i == 0) bucket.putIfAbsent(key, TWO);
              else assertThat(bucket.get(key)).isNotEqualTo(Optional.of(ONE));
            }
            return null;
          });
      for (Bytes key : keys) assertThat(bucket.get(key)).contains(TWO);
    }
    assertThat(common.expired()).isEqualTo(20 * keys.size());
  }
}
