package kv.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {
  @Nested
  class Parse {
    @ParameterizedTest
    @CsvSource({
        "0KiB, 0", "1KiB, 1024", "64KiB, 65536", "256MiB, 268435456", "2GiB, 2147483648",
        "007MiB, 7340032", "1048576GiB, 1125899906842624", "1073741824MiB, 1125899906842624"})
    void readsANumberAndItsUnit(String text, long expected) {
      assertThat(Sizes.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "5", "KiB", "5 KiB", " 5KiB", "5KiB ", "-5KiB", "+5KiB", "1.5GiB", "5kib", "5KB", "5K",
        "5B", "5TiB", "1MiB1KiB", "0x5KiB", "5KiB\n", "\u0665KiB", "1e3KiB", "50%",
        "9999999999999KiB"})
    void refusesWhatIsNotAWholeNumberAndAUnit(String text) {
      assertThatThrownBy(() -> Sizes.parse(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("'" + text + "' is not a size;"
              + " use a whole number and KiB, MiB or GiB, as in 64KiB, 256MiB or 2GiB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1048577GiB", "1073741825MiB", "999999999999GiB"})
    void refusesMoreThanTheLargest(String text) {
      assertThatThrownBy(() -> Sizes.parse(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("'" + text + "' is too large; use at most 1048576GiB");
    }
  }

  @Nested
  class Format {
    @ParameterizedTest
    @CsvSource({
        "0, 0KiB", "1024, 1KiB", "65536, 64KiB", "1048576, 1MiB", "1049600, 1025KiB",
        "1610612736, 1536MiB", "2147483648, 2GiB", "1125899906842624, 1048576GiB"})
    void usesTheLargestUnitThatFits(long bytes, String expected) {
      assertThat(Sizes.format(bytes)).isEqualTo(expected);
    }

    @Test
    void isReadBackAsItWas() {
      for (long bytes = 0; bytes <= 1L << 31; bytes += 9_973 * 1024)
        assertThat(Sizes.parse(Sizes.format(bytes))).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1024, 1, 1023, 1025, (1L << 50) + 1024, Long.MAX_VALUE, Long.MIN_VALUE})
    void refusesWhatCouldNotBeReadBack(long bytes) {
      assertThatThrownBy(() -> Sizes.format(bytes))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(bytes + " bytes");
    }
  }
}
