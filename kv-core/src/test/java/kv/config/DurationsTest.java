package kv.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @Nested
  class Parse {
    @ParameterizedTest
    @CsvSource({
        "500ms, PT0.5S", "5s, PT5S", "2m, PT2M", "0ms, PT0S", "0s, PT0S", "007s, PT7S",
        "24h, PT24H", "1d, PT24H", "1440m, PT24H", "86400s, PT24H", "86400000ms, PT24H"})
    void readsANumberAndItsUnit(String text, Duration expected) {
      assertThat(Durations.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "5", "s", "ms", "5 s", " 5s", "5s ", "-5s", "+5s", "1.5s", "1,5s", "5S", "5MS", "5sec",
        "5H", "5w", "5us", "1m30s", "PT5S", "0x5s", "5s\n", "\u0665s", "1e3ms", "infinity"})
    void refusesWhatIsNotAWholeNumberAndAUnit(String text) {
      assertThatThrownBy(() -> Durations.parse(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("'" + text + "' is not a duration;"
              + " use a whole number and ms, s, m, h or d, as in 500ms, 5s or 2m");
    }

    @ParameterizedTest
    @ValueSource(strings = {"25h", "2d", "1441m", "86401s", "86400001ms", "999999999999m",
        "9223372036854775808ms", "99999999999999999999999999d"})
    void refusesMoreThanADay(String text) {
      assertThatThrownBy(() -> Durations.parse(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("'" + text + "' is too long; use at most 1440m");
    }
  }

  @Nested
  class Format {
    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s", "PT0.001S, 1ms", "PT0.5S, 500ms", "PT1.5S, 1500ms", "PT5S, 5s", "PT1M, 1m",
        "PT1M30S, 90s", "PT24H, 1440m"})
    void usesTheLargestUnitThatFits(Duration duration, String expected) {
      assertThat(Durations.format(duration)).isEqualTo(expected);
    }

    @Test
    void isReadBackAsItWas() {
      for (long millis = 0; millis <= Durations.MAX.toMillis(); millis += 9_973) {
        Duration duration = Duration.ofMillis(millis);
        assertThat(Durations.parse(Durations.format(duration))).isEqualTo(duration);
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-0.001S", "PT-1H", "PT24H0.001S", "PT0.0001S", "PT1.000000001S"})
    void refusesWhatCouldNotBeReadBack(Duration duration) {
      assertThatThrownBy(() -> Durations.format(duration))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(duration.toString());
    }
  }
}
