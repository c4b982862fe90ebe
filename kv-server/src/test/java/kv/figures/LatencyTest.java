package kv.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import kv.figures.Latency.Snapshot;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LatencyTest {
  private static final long[] BOUNDS = Latency.boundsInNanos();
  private static final long US = 1_000;
  private static final long S = 1_000_000_000;

  private final Latency latency = new Latency();

  @Nested
  class Bounds {
    @Test
    void areTenForEachPowerOfTenFromAMicrosecondToTenSeconds() {
      assertThat(BOUNDS).hasSize(71).isSorted().doesNotHaveDuplicates();
      assertThat(BOUNDS)
          .startsWith(1000, 1250, 1600, 2000, 2500, 3200, 4000, 5000, 6300, 8000, 10_000, 12_500)
          .endsWith(5 * S, 6_300_000_000L, 8 * S, 10 * S);
    }

    @Test
    void areTheLongestTimesThatTheyCount() {
      for (int i = 0; i < BOUNDS.length; i++) {
        Latency one = new Latency();
        one.record(BOUNDS[i], 2);
        one.record(BOUNDS[i] + 1, 3);
        assertThat(one.snapshot().counts()[i]).as("at %s", BOUNDS[i]).isEqualTo(2);
        assertThat(one.snapshot().counts()[i + 1]).as("above %s", BOUNDS[i]).isEqualTo(3);
      }
    }

    @Test
    void takeInTheShortestTimesAndHaveACountBeyondThemForTheLongest() {
      latency.record(-5, 1); // no clock should, but some do
      latency.record(0, 1);
      latency.record(Long.MAX_VALUE, 4);
      long[] counts = latency.snapshot().counts();
      assertThat(counts).hasSize(72);
      assertThat(counts[0]).isEqualTo(2);
      assertThat(counts[71]).isEqualTo(4);
    }
  }

  @Nested
  class ASnapshot {
    @Test
    void hasTheTimeOfEachRequest() {
      latency.record(2 * S, 3);
      latency.record(500 * US, 1);
      assertThat(latency.snapshot().seconds()).isCloseTo(6.0005, within(1e-9));
      assertThat(latency.snapshot().total()).isEqualTo(4);
    }

    @Test
    void isNotTheLatestForLong() {
      Snapshot before = latency.snapshot();
      latency.record(US, 1);
      assertThat(before.total()).isZero();
    }

    @Test
    void minusAFormerOneHasWhatCameSince() {
      latency.record(US, 7);
      Snapshot before = latency.snapshot();
      latency.record(US, 2);
      latency.record(3 * S, 1);
      Snapshot since = latency.snapshot().minus(before);
      assertThat(since.total()).isEqualTo(3);
      assertThat(since.counts()[0]).isEqualTo(2);
      assertThat(since.seconds()).isCloseTo(3.000002, within(1e-9));
    }

    @Test
    void countsMoreNanosecondsThanALongHolds() {
      for (int i = 0; i < 100; i++) latency.record(Long.MAX_VALUE / 2, 1_000_000);
      assertThat(latency.snapshot().seconds()).isCloseTo(4.6e17, within(1e16));
    }
  }

  @Nested
  class Percentiles {
    private double percentile(double percent) {
      return latency.snapshot().percentile(percent);
    }

    @Test
    void lieEvenlyBetweenTwoBounds() {
      latency.record(1_100 * US, 100); // between 1 ms and 1.25 ms
      assertThat(percentile(0)).isCloseTo(0.001, within(1e-12));
      assertThat(percentile(50)).isCloseTo(0.001125, within(1e-12));
      assertThat(percentile(100)).isCloseTo(0.00125, within(1e-12));
    }

    @Test
    void beginAtZero() {
      latency.record(1, 10);
      assertThat(percentile(50)).isCloseTo(0.0000005, within(1e-12));
    }

    @Test
    void tellTheSlowFewFromTheOthers() {
      latency.record(100 * US, 990);
      latency.record(S, 10);
      assertThat(percentile(98)).isBetween(0.00008, 0.0001);
      assertThat(percentile(99.5)).isBetween(0.8, 1.0);
    }

    @Test
    void endAtTheLastBound() {
      latency.record(100 * S, 1);
      assertThat(percentile(50)).isEqualTo(10);
    }

    @Test
    void ofNothingAreZero() {
      assertThat(percentile(99)).isZero();
    }
  }
}
