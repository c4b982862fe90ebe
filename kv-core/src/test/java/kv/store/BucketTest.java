package kv.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BucketTest {
  private static final Bytes MILK = Bytes.of("milk");
  private static final Bytes ONE = Bytes.of("1");
  private static final Bytes TWO = Bytes.of("2");

  private final Bucket bucket = Bucket.start(Bytes.of("shopping"));

  @Nested
  class Entries {
    @Test
    void storesValuesByKey() {
      assertThat(bucket.get(MILK)).isEmpty();
      bucket.put(MILK, Bytes.of("3"));
      assertThat(bucket.get(MILK)).contains(Bytes.of("3"));
    }

    @Test
    void replacesAValue() {
      bucket.put(MILK, ONE);
      bucket.put(MILK, TWO);
      assertThat(bucket.get(MILK)).contains(TWO);
      assertThat(bucket.size()).isEqualTo(1);
    }

    @Test
    void answersTheValueThatItDeletes() {
      bucket.put(MILK, ONE);
      assertThat(bucket.delete(MILK)).contains(ONE);
      assertThat(bucket.get(MILK)).isEmpty();
      assertThat(bucket.size()).isZero();
    }

    @Test
    void deletesNothingWhereNothingIs() {
      bucket.put(MILK, ONE);
      assertThat(bucket.delete(Bytes.of("eggs"))).isEmpty();
      assertThat(bucket.size()).isEqualTo(1);
    }

    @Test
    void takesTheEmptyKeyAndTheEmptyValueLikeAnyOther() {
      bucket.put(Bytes.of(""), Bytes.of(""));
      assertThat(bucket.get(Bytes.of(""))).contains(Bytes.of(""));
    }

    @Test
    void tellsKeysApartByteByByte() {
      bucket.put(Bytes.of((byte) 0), ONE);
      bucket.put(Bytes.of((byte) 0, (byte) 0), TWO);
      assertThat(bucket.get(Bytes.of((byte) 0))).contains(ONE);
      assertThat(bucket.size()).isEqualTo(2);
    }

    @Test
    void staysAsItIsWhenAKeyOrAValueIsMissing() {
      assertThatThrownBy(() -> bucket.put(MILK, null)).isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> bucket.put(null, ONE)).isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> bucket.get(null)).isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> bucket.delete(null)).isInstanceOf(NullPointerException.class);
      assertThat(bucket.size()).isZero();
    }

    @Test
    void belongToOneBucketOnly() {
      bucket.put(MILK, ONE);
      assertThat(Bucket.start(bucket.name()).get(MILK)).isEmpty();
    }
  }

  @Nested
  class Keys {
    @Test
    void areThoseThatHaveAValue() {
      assertThat(bucket.keys()).isEmpty();
      bucket.put(MILK, ONE);
      bucket.put(Bytes.of(""), ONE);
      bucket.put(Bytes.of("eggs"), ONE);
      bucket.put(MILK, TWO);
      bucket.delete(Bytes.of("eggs"));
      assertThat(bucket.keys()).containsExactlyInAnyOrder(MILK, Bytes.of(""));
    }

    @Test
    void areAListThatIsTheCallersOwn() {
      bucket.put(MILK, ONE);
      List<Bytes> keys = bucket.keys();
      bucket.put(Bytes.of("eggs"), ONE);
      bucket.delete(MILK);
      assertThat(keys).containsExactly(MILK);
      keys.clear();
      assertThat(bucket.keys()).containsExactly(Bytes.of("eggs"));
    }

    @Test
    void areCountedAlsoWhereABucketThatHasExitedCountsAsEmpty() throws Exception {
      assertThat(bucket.count()).isZero();
      bucket.put(MILK, ONE);
      bucket.put(Bytes.of("eggs"), ONE);
      assertThat(bucket.count()).isEqualTo(2);
      bucket.stop();
      assertThat(bucket.count()).isZero();
    }
  }

  @Nested
  class Names {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4095, 4096})
    void haveFromOneToTheBound(int length) {
      assertThat(Bucket.nameFault(length)).isNull();
      assertThat(Bucket.start(Bytes.of(new byte[length])).name().length()).isEqualTo(length);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4097, 65_536})
    void areRefusedOutsideWithTheBound(int length) {
      String fault = "a bucket's name has 1 to 4096 bytes, not " + length;
      assertThat(Bucket.nameFault(length)).isEqualTo(fault);
      assertThatThrownBy(() -> Bucket.start(Bytes.of(new byte[length])))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(fault);
    }

    @Test
    void areShownInLogsOnOneLine() {
      assertThat(Bucket.start(Bytes.of("a\nb"))).hasToString("bucket \"a\\nb\"");
    }
  }

  @Nested
  class Exits {
    static Stream<ExitReason> reasons() {
      return Stream.of(
          ExitReason.NORMAL,
          ExitReason.SHUTDOWN,
          ExitReason.KILLED,
          ExitReason.crash("broken"));
    }

    @ParameterizedTest
    @MethodSource("reasons")
    void areWhatEveryOperationAnswersFromThenOn(ExitReason reason) throws Exception {
      bucket.put(MILK, ONE);
      bucket.proc().stop(reason);
      assertExited(() -> bucket.get(MILK), reason);
      assertExited(() -> bucket.put(MILK, TWO), reason);
      assertExited(() -> bucket.delete(MILK), reason);
      assertExited(() -> bucket.update(MILK, value -> value), reason);
      assertExited(bucket::size, reason);
      assertExited(bucket::keys, reason);
    }

    @Test
    void areAnsweredAlreadyWhileTheFirstMonitorHears() {
      bucket.put(MILK, ONE);
      bucket.proc().monitor(down -> assertExited(() -> bucket.get(MILK), ExitReason.KILLED));
      bucket.proc().kill();
    }

    @Test
    void doNotRunAFunctionAnyMore() throws Exception {
      bucket.stop();
      assertExited(
          () -> bucket.update(MILK, value -> {
            throw new AssertionError("run after the end");
          }),
          ExitReason.NORMAL);
    }

    @Test
    void happenOnce() throws Exception {
      bucket.stop();
      bucket.proc().kill();
      bucket.stop();
      assertThat(bucket.proc().exitReason()).contains(ExitReason.NORMAL);
      assertThat(bucket).hasToString("bucket \"shopping\" (normal)");
    }

    private void assertExited(ThrowingCallable operation, ExitReason reason) {
      assertThatThrownBy(operation)
          .isInstanceOf(ExitedException.class)
          .hasMessage("bucket \"shopping\" is not running: " + reason)
          .extracting(e -> ((ExitedException) e).reason()).isEqualTo(reason);
    }
  }

  @Test
  void handsOutWhatItWasGivenEvenIfItWasMadeOfAnArrayThatChanges() {
    byte[] array = {1};
    bucket.put(MILK, Bytes.of(array));
    array[0] = 2;
    Optional<Bytes> value = bucket.get(MILK);
    value.orElseThrow().toByteArray()[0] = 3;
    assertThat(bucket.get(MILK)).contains(Bytes.of((byte) 1));
  }
}
