package kv.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import kv.otp.Exit;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.Proc;
import kv.otp.Task;
import kv.testing.Concurrently;
import kv.testing.Heard;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BucketUpdateTest {
  private static final Bytes MILK = Bytes.of("milk");
  private static final Bytes ONE = Bytes.of("1");
  private static final Bytes TWO = Bytes.of("2");

  private final Bucket bucket = Bucket.start(Bytes.of("shopping"));

  @Nested
  class Result {
    @Test
    void isTheValueBefore() {
      bucket.put(MILK, ONE);
      assertThat(bucket.update(MILK, value -> Optional.of(TWO))).contains(ONE);
      assertThat(bucket.get(MILK)).contains(TWO);
    }

    @Test
    void isEmptyIfThereWasNone() {
      assertThat(bucket.update(MILK, value -> Optional.of(ONE))).isEmpty();
      assertThat(bucket.get(MILK)).contains(ONE);
    }

    @Test
    void thatIsEmptyTakesTheKeyOut() {
      bucket.put(MILK, ONE);
      assertThat(bucket.update(MILK, value -> Optional.empty())).contains(ONE);
      assertThat(bucket.size()).isZero();
    }

    @Test
    void ofNothingFromNothingIsNothing() {
      assertThat(bucket.update(MILK, value -> Optional.empty())).isEmpty();
      assertThat(bucket.size()).isZero();
    }

    @Test
    void leavesOtherKeysAlone() {
      bucket.put(Bytes.of("eggs"), ONE);
      bucket.update(MILK, value -> Optional.of(TWO));
      assertThat(bucket.get(Bytes.of("eggs"))).contains(ONE);
    }
  }

  @Nested
  class Crash {
    static Stream<Throwable> failures() {
      return Stream.of(
          new IllegalStateException("broken"),
          new OutOfMemoryError("as if"),
          new StackOverflowError());
    }

    @ParameterizedTest
    @MethodSource("failures")
    void isWhatAFunctionThatThrowsMakesOfTheBucketWithThatCause(Throwable failure) {
      assertThatThrownBy(() -> bucket.update(MILK, throwing(failure)))
          .isInstanceOf(ExitedException.class)
          .hasCause(failure);
      assertThat(bucket.proc().exitReason()).contains(ExitReason.crash(failure));
    }

    @Test
    void ofAHeapThatRunsOutIsToldToTheHandlerOfTheThread() {
      Error error = new OutOfMemoryError("Java heap space");
      Heard heard =
          new Heard()
              .during(
                  () ->
                      assertThatThrownBy(() -> bucket.update(MILK, throwing(error)))
                          .hasCause(error));
      assertThat(heard.thrown()).containsExactly(error);
    }

    @Test
    void isNotWhatAnExitIsWhichEndsTheBucketWithItsReason() {
      Exit exit = new Exit(ExitReason.shutdown("moved"));
      assertThatThrownBy(() -> bucket.update(MILK, throwing(exit)))
          .isInstanceOf(ExitedException.class);
      assertThat(bucket.proc().exitReason()).contains(ExitReason.shutdown("moved"));
    }

    @Test
    void ofAFunctionThatCallsItselfTooDeeplyIsToldAllTheSame() throws Exception {
      assertThatThrownBy(() -> updateForEver()).isInstanceOf(Throwable.class);
      assertThat(bucket.proc().awaitExit().cause()).isInstanceOf(StackOverflowError.class);
    }

    private Optional<Bytes> updateForEver() {
      return bucket.update(MILK, value -> updateForEver());
    }

    @Test
    void isWhatAFunctionThatReturnsNullMakesOfTheBucket() {
      assertThatThrownBy(() -> bucket.update(MILK, value -> null))
          .isInstanceOf(ExitedException.class)
          .hasRootCauseMessage("the function's result");
      assertThat(bucket.proc().isAlive()).isFalse();
    }

    @Test
    void doesNotComeOfAFunctionOrAKeyThatIsMissing() {
      assertThatThrownBy(() -> bucket.update(MILK, null)).hasMessage("function");
      assertThatThrownBy(() -> bucket.update(null, value -> value)).hasMessage("key");
      assertThat(bucket.proc().isAlive()).isTrue();
    }

    @Test
    void doesNotChangeTheReasonOfABucketThatIsDeadByThen() {
      assertThatThrownBy(
              () ->
                  bucket.update(MILK, value -> {
                    bucket.proc().kill();
                    throw new IllegalStateException("broken");
                  }))
          .isInstanceOf(ExitedException.class);
      assertThat(bucket.proc().exitReason()).contains(ExitReason.KILLED);
    }

    @Test
    void isAnsweredIfTheBucketExitsWhileTheFunctionRuns() {
      assertThatThrownBy(
              () ->
                  bucket.update(MILK, value -> {
                    bucket.proc().kill();
                    return Optional.of(ONE);
                  }))
          .isInstanceOf(ExitedException.class)
          .hasMessage("bucket \"shopping\" is not running: killed");
    }

    private UnaryOperator<Optional<Bytes>> throwing(Throwable failure) {
      return value -> {
        if (failure instanceof Error error) throw error;
        throw (RuntimeException) failure;
      };
    }
  }

  @Nested
  class Meanwhile {
    @Test
    void othersMayUseTheSameKeyAndTheFunctionIsRunAgain() {
      List<Optional<Bytes>> seen = new ArrayList<>();
      bucket.put(MILK, ONE);
      Optional<Bytes> before =
          bucket.update(MILK, value -> {
            seen.add(value);
            if (seen.size() == 1) bucket.put(MILK, TWO);
            return Optional.of(Bytes.of("3"));
          });
      assertThat(seen).containsExactly(Optional.of(ONE), Optional.of(TWO));
      assertThat(before).contains(TWO);
      assertThat(bucket.get(MILK)).contains(Bytes.of("3"));
    }

    @Test
    void aKeyThatAppearsIsNotOverwrittenUnseen() {
      List<Optional<Bytes>> seen = runAgainstAChange(() -> bucket.put(MILK, TWO));
      assertThat(seen).containsExactly(Optional.empty(), Optional.of(TWO));
    }

    @Test
    void aKeyThatDisappearsIsNotBroughtBackUnseen() {
      bucket.put(MILK, ONE);
      List<Optional<Bytes>> seen = runAgainstAChange(() -> bucket.delete(MILK));
      assertThat(seen).containsExactly(Optional.of(ONE), Optional.empty());
    }

    @Test
    void aValueThatIsReplacedByAnEqualOneHasChanged() {
      bucket.put(MILK, ONE);
      List<Optional<Bytes>> seen = runAgainstAChange(() -> bucket.put(MILK, Bytes.of("1")));
      assertThat(seen).containsExactly(Optional.of(ONE), Optional.of(ONE));
    }

    @Test
    void aKeyThatChangesIsNotTakenOutUnseen() {
      List<Optional<Bytes>> seen = new ArrayList<>();
      bucket.put(MILK, ONE);
      bucket.update(MILK, value -> {
        seen.add(value);
        if (seen.size() == 1) bucket.put(MILK, TWO);
        return Optional.empty();
      });
      assertThat(seen).containsExactly(Optional.of(ONE), Optional.of(TWO));
      assertThat(bucket.get(MILK)).isEmpty();
    }

    @Test
    void othersWaitForNothingThoughTheFunctionTakesItsTime() throws Exception {
      CountDownLatch running = new CountDownLatch(1);
      CountDownLatch free = new CountDownLatch(1);
      Proc slow =
          Task.start("slow", self ->
              bucket.update(MILK, value -> {
                running.countDown();
                await(free);
                return Optional.of(ONE);
              }));
      running.await();
      for (int i = 0; i < 1000; i++) bucket.put(Bytes.of("key " + i), TWO);
      bucket.update(MILK, value -> Optional.of(TWO));
      bucket.delete(MILK);
      free.countDown();
      assertThat(slow.awaitExit()).isEqualTo(ExitReason.NORMAL);
      assertThat(bucket.get(MILK)).contains(ONE);
      assertThat(bucket.size()).isEqualTo(1001);
    }

    @Test
    void concurrentIncrementsLoseNothing() throws Exception {
      Concurrently.run(8, thread -> {
        for (int i = 0; i < 500; i++) bucket.update(MILK, this::increment);
        return null;
      });
      assertThat(bucket.get(MILK)).contains(Bytes.of("4000"));
    }

    private Optional<Bytes> increment(Optional<Bytes> value) {
      int count = value.map(Bytes::utf8).map(Integer::valueOf).orElse(0);
      return Optional.of(Bytes.of(String.valueOf(count + 1)));
    }

    /** Changes the key while the function runs for the first time; what the function was given. */
    private List<Optional<Bytes>> runAgainstAChange(Runnable change) {
      List<Optional<Bytes>> seen = new ArrayList<>();
      bucket.update(MILK, value -> {
        seen.add(value);
        if (seen.size() == 1) change.run();
        return Optional.of(Bytes.of("3"));
      });
      assertThat(bucket.get(MILK)).contains(Bytes.of("3"));
      return seen;
    }

    private void await(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
