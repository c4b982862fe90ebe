package kv.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import kv.log.LogException;
import kv.log.LogSettings;
import kv.log.disk.Disk;
import kv.memory.Memory;
import kv.otp.Flags;
import kv.otp.Proc;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.otp.Task;
import kv.testing.LogCapture;
import kv.testing.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys with a deadline in a storage with a log. */
class DurableExpiryTest {
  private static final Bytes SHOPPING = Bytes.of("shopping");
  private static final Bytes MILK = Bytes.of("milk");
  private static final Bytes EGGS = Bytes.of("eggs");
  private static final Bytes ONE = Bytes.of("1");

  @TempDir private Path folder;

  private final ManualClock clock = new ManualClock();
  private Memory memory;
  private Storage storage;
  private Supervisor top;

  private Bucket start() throws Exception {
    memory = Memory.unlimited();
    Flags flags = Flags.of(Strategy.ONE_FOR_ONE);
    LogSettings settings = LogSettings.DEFAULT.minFree(0);
    storage = new Storage(flags.clock(clock), memory, Disk.of(folder), settings);
    top = Supervisor.start("top", flags, storage.spec());
    storage.awaitRecovered();
    return storage.create(SHOPPING);
  }

  private Bucket startAgain() throws Exception {
    stop();
    return start();
  }

  @AfterEach
  void stop() {
    if (top != null) top.close();
    top = null;
  }

  private long in(long millis) {
    return clock.systemMillis() + millis;
  }

  private void pass(long millis) {
    clock.setSystem(in(millis));
  }

  private static void putUntil(Bucket bucket, Bytes key, long deadline) {
    bucket.updateEntry(key, before -> Optional.of(new Entry(ONE, deadline)));
  }

  @Test
  void haveItAfterARestart() throws Exception {
    Bucket bucket = start();
    long deadline = in(1000);
    putUntil(bucket, MILK, deadline);
    bucket.put(EGGS, ONE);
    bucket.expireAt(EGGS, in(2000));
    bucket.persist(EGGS);
    bucket = startAgain();
    assertThat(bucket.entry(MILK)).contains(new Entry(ONE, deadline));
    assertThat(bucket.entry(EGGS)).contains(Entry.of(ONE));
    pass(1000);
    assertThat(bucket.keys()).containsExactly(EGGS);
  }

  @Test
  void haveItInASnapshot() throws Exception {
    Bucket bucket = start();
    long deadline = in(1000);
    putUntil(bucket, MILK, deadline);
    DurableTable table = storage.life().tableOrNull();
    table.log().writeSnapshot(table.content());
    assertThat(startAgain().entry(MILK)).contains(new Entry(ONE, deadline));
  }

  @Test
  void areNotRevivedByAClockThatIsSetBackBeforeARestart() throws Exception {
    Bucket bucket = start();
    putUntil(bucket, MILK, in(1000));
    putUntil(bucket, EGGS, in(1000));
    pass(1000);
    assertThat(bucket.get(MILK)).isEmpty();
    pass(-500);
    bucket = startAgain();
    assertThat(bucket.get(MILK)).isEmpty();
    assertThat(bucket.get(EGGS)).contains(ONE); // which nobody has seen gone
  }

  @Test
  void areTakenOutByTheSweeperForGood() throws Exception {
    Bucket bucket = start();
    putUntil(bucket, MILK, in(500));
    clock.awaitParked();
    clock.advance(Duration.ofMillis(500));
    clock.awaitParked();
    assertThat(bucket.size()).isZero();
    pass(-500);
    assertThat(startAgain().get(MILK)).isEmpty();
  }

  @Test
  void areTakenOutWhenTheyHaveExpiredWhileNothingRan() throws Exception {
    putUntil(start(), MILK, in(500));
    stop();
    pass(500);
    Bucket bucket = start();
    assertThat(bucket.size()).isOne();
    clock.awaitParked();
    clock.advance(Duration.ofMillis(500));
    clock.awaitParked();
    assertThat(bucket.size()).isZero();
    assertThat(storage.expiredKeys()).isOne();
  }

  @Test
  void doNotEndTheSweeperWhenTheirBucketIsDroppedBesideIt() throws Exception {
    Bucket dropped = start();
    Bucket other = storage.create(Bytes.of("toys"));
    for (Bucket bucket : List.of(dropped, other)) putUntil(bucket, MILK, in(1000));
    dropped.stop();
    pass(1000);
    ManualClock own = new ManualClock();
    for (int i = 0; i < 1000; i++) putUntil(other, Bytes.of("k" + i), in(1));
    pass(1);
    AtomicInteger looks = new AtomicInteger();
    Supplier<Collection<Bucket>> both =
        () -> {
          looks.incrementAndGet();
          return List.of(dropped, other);
        };
    Proc sweeper = Task.start("sweeper", new Sweeper(both, own));
    own.awaitParked();
    own.advance(Duration.ofMillis(500));
    own.awaitParked();
    assertThat(other.size()).isZero();
    assertThat(looks).as("looks at all buckets").hasValue(1);
    sweeper.stop();
  }

  @Test
  void areCountedTheSameAfterARestart() throws Exception {
    Bucket bucket = start();
    for (int i = 0; i < 1000; i++) {
      Bytes key = Bytes.of("k" + i);
      if (i % 2 == 0) bucket.put(key, ONE);
      if (i % 3 == 0) putUntil(bucket, key, in(1000));
      if (i % 5 == 0) bucket.persist(key);
    }
    long held = memory.held();
    bucket = startAgain();
    assertThat(memory.held() / 1000.0).isCloseTo(held / 1000.0, within(4.0));
    for (Bytes key : bucket.keys()) bucket.delete(key);
    long empty = memory.held();
    assertThat(startAgain().size()).isZero();
    assertThat(memory.held() / 1000.0).isCloseTo(empty / 1000.0, within(15.0)); // the map's table
  }

  @Test
  void areAnErrorToReadersWhereTheLogRefusesTheirEnd(LogCapture log) throws Exception {
    log.allow("event=child_terminated reason=killed");
    Bucket bucket = start();
    putUntil(bucket, MILK, in(1000));
    pass(1000);
    bucket.proc().kill();
    assertThatThrownBy(() -> bucket.get(MILK)).isInstanceOf(LogException.class);
  }

}
