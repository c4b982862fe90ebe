package kv.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistogramTest {
  private final Histogram histogram = new Histogram();

  @Nested
  class Percentiles {
    /** Durations from nanoseconds to hours: each power of two is as likely as any other. */
    private long[] sample(int count) {
      SplittableRandom random = new SplittableRandom(7);
      long[] sample = new long[count];
      for (int i = 0; i < count; i++) sample[i] = random.nextLong(1L << 1 + random.nextInt(42));
      return sample;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 1, 10, 25, 50, 75, 90, 99, 99.9})
    void areThoseOfTheSortedSampleToWithinTwoPercent(double percent) {
      long[] sample = sample(100_000);
      for (long nanos : sample) histogram.record(nanos);
      Arrays.sort(sample);
      double exact = sample[(int) Math.ceil(sample.length * percent / 100) - 1];
      assertThat((double) histogram.percentile(percent)).isCloseTo(exact, within(exact * 0.02));
    }

    @Test
    void ofOneDurationAreThatDurationAtBothEndsOfTheWidestBuckets() {
      for (int shift = 0; shift < 58; shift++) {
        assertIsTold(32L << shift);
        assertIsTold((33L << shift) - 1);
        assertIsTold((64L << shift) - 1);
      }
    }

    private static void assertIsTold(long nanos) {
      Histogram one = new Histogram();
      one.record(nanos);
      one.record(Long.MAX_VALUE); // so that the longest does not help
      double error = Math.abs(one.percentile(50) - (double) nanos) / nanos;
      assertThat(error).as("of %s", nanos).isLessThan(0.02);
    }

    @Test
    void ofShortDurationsAreExact() {
      for (int nanos = 0; nanos < 32; nanos++) histogram.record(nanos);
      assertThat(histogram.percentile(50)).isEqualTo(15);
      assertThat(histogram.percentile(100)).isEqualTo(31);
    }

    @Test
    void areNeverAboveTheLongest() {
      histogram.record(1_000_000);
      histogram.record(1_000_001);
      assertThat(histogram.percentile(99.9)).isLessThanOrEqualTo(1_000_001);
      assertThat(histogram.max()).isEqualTo(1_000_001);
    }

    @Test
    void tellOneSlowBatchInAThousandFromTheOthers() {
      for (int i = 0; i < 999; i++) histogram.record(100);
      histogram.record(1_000_000);
      assertThat((double) histogram.percentile(99)).isCloseTo(100, within(2.0));
      assertThat(histogram.percentile(99.95)).isGreaterThan(900_000);
    }
  }

  @Test
  void ofNothingIsZero() {
    assertThat(histogram.percentile(50)).isZero();
    assertThat(histogram.max()).isZero();
  }

  @Test
  void takesATimeThatRanBackwardsForNone() {
    histogram.record(-5);
    assertThat(histogram.percentile(100)).isZero();
  }

  @Test
  void hasRoomForTheLongestDurationThereIs() {
    histogram.record(Long.MAX_VALUE);
    assertThat(histogram.max()).isEqualTo(Long.MAX_VALUE);
    assertThat((double) histogram.percentile(50)).isGreaterThan(Long.MAX_VALUE * 0.98);
  }

  @Test
  void addsWhatAnotherHasCounted() {
    Histogram other = new Histogram();
    histogram.record(10);
    other.record(20);
    other.record(30);
    histogram.add(other);
    assertThat(histogram.percentile(33)).isEqualTo(10);
    assertThat(histogram.percentile(66)).isEqualTo(20);
    assertThat(histogram.max()).isEqualTo(30);
  }
}
