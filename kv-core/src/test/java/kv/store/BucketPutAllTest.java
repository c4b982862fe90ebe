package kv.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kv.log.LogException;
import kv.memory.Memory;
import kv.memory.MemoryFullException;
import kv.otp.Clock;
import kv.otp.ExitedException;
import org.junit.jupiter.api.Test;

/** Writing many keys in one request. */
class BucketPutAllTest {
  private static final Bytes MILK = Bytes.of("milk");
  private static final Bytes EGGS = Bytes.of("eggs");
  private static final Bytes ONE = Bytes.of("1");
  private static final Bytes LARGE = Bytes.of("x".repeat(600));

  private final Memory memory = Memory.of(2_000);
  private final Bucket bucket =
      Bucket.start(Bytes.of("shopping"), new Common(memory, Clock.SYSTEM));

  private static List<Map.Entry<Bytes, Bytes>> pairs(Bytes... keysAndValues) {
    List<Map.Entry<Bytes, Bytes>> pairs = new ArrayList<>();
    for (int i = 0; i < keysAndValues.length; i += 2)
      pairs.add(Map.entry(keysAndValues[i], keysAndValues[i + 1]));
    return pairs;
  }

  @Test
  void givesEachKeyItsValue() {
    bucket.put(MILK, Bytes.of("before"));
    bucket.putAll(pairs(MILK, ONE, EGGS, LARGE));
    assertThat(bucket.get(MILK)).contains(ONE);
    assertThat(bucket.get(EGGS)).contains(LARGE);
    assertThat(bucket.size()).isEqualTo(2);
  }

  @Test
  void ofNothingChangesNothing() {
    bucket.putAll(pairs());
    assertThat(bucket.size()).isZero();
  }

  @Test
  void putsNothingIfThereIsNoRoomForAll() {
    bucket.put(MILK, ONE);
    assertThatThrownBy(() -> bucket.putAll(pairs(MILK, LARGE, EGGS, LARGE)))
        .isInstanceOf(MemoryFullException.class);
    assertThat(bucket.get(MILK)).contains(ONE);
    assertThat(bucket.keys()).isEqualTo(List.of(MILK));
    assertThat(memory.refused()).isEqualTo(1);
  }

  @Test
  void replacesWhereThereIsNoRoomWhatDoesNotGrow() {
    bucket.putAll(pairs(MILK, LARGE));
    memory.take(2_000 - memory.held());
    bucket.putAll(pairs(MILK, Bytes.of("y".repeat(600))));
    assertThat(bucket.get(MILK)).contains(Bytes.of("y".repeat(600)));
    assertThatThrownBy(() -> bucket.putAll(pairs(MILK, ONE, EGGS, ONE)))
        .isInstanceOf(MemoryFullException.class);
    assertThat(bucket.get(MILK)).contains(Bytes.of("y".repeat(600)));
  }

  @Test
  void theLastValueOfAKeyStays() {
    bucket.putAll(pairs(MILK, LARGE, MILK, ONE));
    assertThat(bucket.get(MILK)).contains(ONE);
  }

  @Test
  void tellsHowFarItHasComeWhenOthersTakeTheRoom() {
    int[] asked = {0};
    Iterable<Map.Entry<Bytes, Bytes>> pairs =
        () -> {
          if (asked[0]++ > 0) memory.take(1_500 - memory.held());
          Bytes large = Bytes.of("x".repeat(300));
          return pairs(MILK, large, EGGS, large).iterator();
        };
    assertThatThrownBy(() -> bucket.putAll(pairs))
        .isInstanceOf(LogException.class)
        .hasMessageStartingWith("out of memory: ")
        .hasMessageEndingWith("; the first 1 keys had been changed before");
    assertThat(bucket.keys()).containsExactly(MILK);
  }

  /** The same, and the bucket is dropped before the last one is given. */
  private <T> Iterable<T> whileItIsDropped(int pass, List<T> items) {
    int[] passes = {0};
    return () -> {
      boolean isLastPass = ++passes[0] == pass;
      return items.stream()
          .peek(
              item -> {
                if (isLastPass && item == items.get(items.size() - 1)) stop();
              })
          .iterator();
    };
  }

  private void stop() {
    try {
      bucket.stop();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void isDoneBeforeADropThatComesInBetween() {
    bucket.putAll(whileItIsDropped(2, pairs(MILK, ONE, EGGS, ONE)));
  }

  @Test
  void countsWhatWasTakenOutBeforeADropThatComesInBetween() {
    bucket.putAll(pairs(MILK, ONE, EGGS, ONE));
    assertThat(bucket.deleteAll(whileItIsDropped(1, List.of(MILK, EGGS)))).isEqualTo(1);
  }

  @Test
  void isRefusedByABucketThatHasExited() throws Exception {
    bucket.stop();
    assertThatThrownBy(() -> bucket.putAll(pairs(MILK, ONE))).isInstanceOf(ExitedException.class);
    assertThatThrownBy(() -> bucket.putAll(pairs())).isInstanceOf(ExitedException.class);
  }
}
