package kv.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import kv.log.LogFigures;
import kv.memory.Memory;
import kv.memory.MemoryFullException;
import kv.otp.Clock;
import kv.otp.ExitedException;
import kv.testing.Concurrently;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What looks at the value of a key and changes it in one. */
class BucketAtomicTest {
  private static final Bytes MILK = Bytes.of("milk");
  private static final Bytes ONE = Bytes.of("1");
  private static final Bytes TWO = Bytes.of("2");

  private final Bucket bucket = Bucket.start(Bytes.of("shopping"));

  private void assertValue(String value) {
    assertThat(bucket.get(MILK).map(Bytes::utf8)).isEqualTo(Optional.ofNullable(value));
  }

  @Nested
  class PutIfAbsent {
    @Test
    void putsWhereThereIsNone() {
      assertThat(bucket.putIfAbsent(MILK, ONE)).isTrue();
      assertValue("1");
    }

    @Test
    void leavesWhatThereIs() {
      bucket.put(MILK, ONE);
      assertThat(bucket.putIfAbsent(MILK, TWO)).isFalse();
      assertValue("1");
    }

    @Test
    void isDoneByOneOfManyAtTheSameTime() throws Exception {
      for (int round = 0; round < 200; round++) {
        Bytes key = Bytes.of("key" + round);
        List<Boolean> done =
            Concurrently.run(4, thread -> bucket.putIfAbsent(key, Bytes.of("" + thread)));
        assertThat(Collections.frequency(done, true)).isOne();
        assertThat(bucket.get(key)).contains(Bytes.of("" + done.indexOf(true)));
      }
    }
  }

  @Nested
  class PutIfPresent {
    @Test
    void putsNothingWhereThereIsNone() {
      assertThat(bucket.putIfPresent(MILK, ONE)).isFalse();
      assertValue(null);
    }

    @Test
    void takesThePlaceOfWhatThereIs() {
      bucket.put(MILK, ONE);
      assertThat(bucket.putIfPresent(MILK, TWO)).isTrue();
      assertValue("2");
    }
  }

  @Nested
  class CompareAndSet {
    @Test
    void setsIfTheValueIsTheExpectedOne() {
      bucket.put(MILK, ONE);
      assertThat(bucket.compareAndSet(MILK, Bytes.of("1"), TWO)).isTrue();
      assertValue("2");
    }

    @Test
    void mayHaveTheSameValueOnBothSides() {
      bucket.put(MILK, ONE);
      assertThat(bucket.compareAndSet(MILK, ONE, ONE)).isTrue();
      assertValue("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "", "11", "1 "})
    void leavesAnyOther(String expected) {
      bucket.put(MILK, ONE);
      assertThat(bucket.compareAndSet(MILK, Bytes.of(expected), TWO)).isFalse();
      assertValue("1");
    }

    @Test
    void takesNoneForNoValueNotForAnEmptyOne() {
      assertThat(bucket.compareAndSet(MILK, Bytes.of(), TWO)).isFalse();
      assertValue(null);
    }

    @Test
    void isDoneByOneOfManyAtTheSameTime() throws Exception {
      for (int round = 0; round < 200; round++) {
        bucket.put(MILK, Bytes.of("start"));
        List<Boolean> done =
            Concurrently.run(
                4,
                thread -> bucket.compareAndSet(MILK, Bytes.of("start"), Bytes.of("" + thread)));
        assertThat(Collections.frequency(done, true)).isOne();
        assertValue("" + done.indexOf(true));
      }
    }
  }

  @Nested
  class GetAndPut {
    @Test
    void answersTheValueBefore() {
      assertThat(bucket.getAndPut(MILK, ONE)).isEmpty();
      assertThat(bucket.getAndPut(MILK, TWO)).contains(ONE);
      assertValue("2");
    }
  }

  @Nested
  class Add {
    @ParameterizedTest
    @CsvSource({
      "0, 5, 5", "7, -9, -2", "-2, 2, 0", "9223372036854775806, 1, 9223372036854775807",
      "-9223372036854775807, -1, -9223372036854775808", "5, 0, 5",
      "-9223372036854775808, 9223372036854775807, -1"
    })
    void answersTheSumAndKeepsIt(String before, long by, String sum) {
      bucket.put(MILK, Bytes.of(before));
      assertThat(bucket.add(MILK, by)).hasValue(Long.parseLong(sum));
      assertValue(sum);
    }

    @Test
    void countsNoValueAsZero() {
      assertThat(bucket.add(MILK, 0)).hasValue(0);
      assertValue("0");
      assertThat(bucket.add(MILK, -3)).hasValue(-3);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "", " 1", "1 ", "+1", "01", "-0", "-", "1.0", "0x1", "one", "9223372036854775808",
          "-9223372036854775809", "99999999999999999999999", "\u0661"
        })
    void leavesWhatIsNoNumber(String value) {
      bucket.put(MILK, Bytes.of(value));
      assertThat(bucket.add(MILK, 1)).isEmpty();
      assertValue(value);
    }

    @ParameterizedTest
    @CsvSource({
      "9223372036854775807, 1", "-9223372036854775808, -1", "1, 9223372036854775807",
      "-1, -9223372036854775808", "-9223372036854775808, -9223372036854775808"
    })
    void leavesTheValueIfTheSumWouldBeNoNumberOf64Bits(String value, long by) {
      bucket.put(MILK, Bytes.of(value));
      assertThat(bucket.add(MILK, by)).isEmpty();
      assertValue(value);
    }

    @Test
    void losesNothingBesideOthers() throws Exception {
      Concurrently.run(
          4,
          thread -> {
            for (int i = 0; i < 2_000; i++) bucket.add(MILK, thread % 2 == 0 ? 3 : -1);
            return null;
          });
      assertValue("8000");
    }
  }

  static Stream<Consumer<Bucket>> operations() {
    return Stream.of(
        bucket -> bucket.putIfAbsent(MILK, ONE),
        bucket -> bucket.putIfPresent(MILK, ONE),
        bucket -> bucket.compareAndSet(MILK, ONE, TWO),
        bucket -> bucket.getAndPut(MILK, ONE),
        bucket -> bucket.add(MILK, 1));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void areRefusedByABucketThatHasExited(Consumer<Bucket> operation) throws Exception {
    bucket.put(MILK, ONE);
    bucket.stop();
    assertThatThrownBy(() -> operation.accept(bucket)).isInstanceOf(ExitedException.class);
  }

  @Nested
  class WithoutRoom {
    private final Memory memory = Memory.of(2_000);
    private final Bucket full =
        Bucket.start(Bytes.of("shopping"), new Common(memory, Clock.SYSTEM));

    @Test
    void whatWouldGrowIsRefusedAndWhatChangesNothingIsNot() {
      Bytes large = Bytes.of("x".repeat(5_000));
      assertThatThrownBy(() -> full.putIfAbsent(MILK, large))
          .isInstanceOf(MemoryFullException.class);
      full.put(MILK, ONE);
      assertThatThrownBy(() -> full.putIfPresent(MILK, large))
          .isInstanceOf(MemoryFullException.class);
      assertThatThrownBy(() -> full.getAndPut(MILK, large))
          .isInstanceOf(MemoryFullException.class);
      assertThatThrownBy(() -> full.compareAndSet(MILK, ONE, large))
          .isInstanceOf(MemoryFullException.class);
      assertThat(full.putIfAbsent(MILK, large)).isFalse();
      assertThat(full.compareAndSet(MILK, TWO, large)).isFalse();
      assertThat(full.get(MILK)).contains(ONE);
    }
  }

  @Nested
  class InADurableStorage {
    @TempDir private Path folder;

    @Test
    void areThereAfterARestart() throws Exception {
      try (Storage storage = Storage.start(folder)) {
        Bucket durable = storage.create(Bytes.of("b"));
        durable.putIfAbsent(Bytes.of("added"), ONE);
        durable.putIfPresent(Bytes.of("added"), TWO);
        durable.compareAndSet(Bytes.of("added"), TWO, Bytes.of("3"));
        durable.getAndPut(Bytes.of("swapped"), ONE);
        durable.add(Bytes.of("sum"), 41);
        durable.add(Bytes.of("sum"), 1);
      }
      try (Storage storage = Storage.start(folder)) {
        Bucket durable = storage.lookup(Bytes.of("b")).orElseThrow();
        assertThat(durable.get(Bytes.of("added"))).contains(Bytes.of("3"));
        assertThat(durable.get(Bytes.of("swapped"))).contains(ONE);
        assertThat(durable.get(Bytes.of("sum"))).contains(Bytes.of("42"));
      }
    }

    @Test
    void writeNothingIfTheyChangeNothing() throws Exception {
      try (Storage storage = Storage.start(folder)) {
        Bucket durable = storage.create(Bytes.of("b"));
        durable.put(MILK, ONE);
        storage.commit();
        long before = length(storage);
        durable.putIfAbsent(MILK, TWO);
        durable.putIfPresent(Bytes.of("none"), TWO);
        durable.compareAndSet(MILK, TWO, ONE);
        durable.add(MILK, 0);
        durable.add(MILK, Long.MAX_VALUE);
        storage.commit();
        assertThat(length(storage)).isEqualTo(before);
        durable.add(MILK, 1);
        storage.commit();
        assertThat(length(storage)).isGreaterThan(before);
      }
    }

    private static long length(Storage storage) {
      return storage.logFigures().map(LogFigures::logBytes).orElseThrow();
    }
  }
}
