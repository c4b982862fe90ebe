package kv.command.redis;

import static org.assertj.core.api.Assertions.assertThat;

import kv.store.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers as a Redis on x86 counts with them: what is expected here is what one has answered. */
class LongDoubleTest {
  private static String sum(String one, String other) {
    LongDouble number = LongDouble.of(Bytes.of(one)).orElseThrow();
    LongDouble sum = number.plus(LongDouble.of(Bytes.of(other)).orElseThrow());
    return sum.isInfinite() ? "infinite" : sum.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0", "1, 1, 2", "10.5, 0.1, 10.6", "0.1, 0.2, 0.3", "3.0e3, 200, 3200", "5.0e3, -5e3, 0",
    "-0, 0, 0", "+1, .5, 1.5", "1., 2, 3", "1e18, 0.5, 1000000000000000000.5",
    "18446744073709551615, 1, 18446744073709551616",
    "18446744073709551617, 0, 18446744073709551616", "9007199254740993, 0.5, 9007199254740993.5",
    "0x10, 0x.8p1, 17", "0X1p-3, 1, 1.125", "0x1.8, 0, 1.5", "1e-17, 1e-18, 0.00000000000000001",
    "1e-18, 1e-18, 0", "5e-18, 0, 0", "1.5e-17, 0, 0.00000000000000002", "-1e-30, 0, 0",
    "3e-4951, 0, 0", "1.9e-4951, 0, 0", "0x1p-16445, 0, 0", "0e99999999999999999999, 1, 1",
    "1e00000000000000000000000005, 0, 100000",
    "123456789012345678901234567890, 0, 123456789012345678899921813504",
    "0.12345678901234567890, 0, 0.12345678901234568", "1.1, -1.1, 0", "1.1, 2.2, 3.3",
    "100000000000000000000, 0.1, 100000000000000000000", "1e300, -1e300, 0",
    "1e4932, 1e4932, infinite", "inf, 1, infinite", "-INF, 1, infinite",
    "infinity, -Infinity, infinite", "0x8000000000000001p-1, 0, 4611686018427387904.5",
    "0x10000000000000001, 0, 18446744073709551616", "0x18000000000000001, 0, 27670116110564327424",
    "0x10000000000000003, 0, 18446744073709551620", "0.000000000000000005, 0, 0",
    "0.000000000000000015, 0, 0.00000000000000002", "0x1p-18, 0, 0.00000381469726562",
    "0x3p-18, 0, 0.00001144409179688", "9223372036854775807, 1, 9223372036854775808",
    "-9223372036854775808, -0.5, -9223372036854775808", "2.5, -0.5, 2", "1e-4950, 1, 1"
  })
  void areAddedAndPrintedAsByRedis(String one, String other, String sum) {
    assertThat(sum(one, other)).isEqualTo(sum);
    assertThat(sum(other, one)).isEqualTo(sum);
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "", "x", "1x", "1 ", " 1", "\t1", "\n1", "1e", "1e+", "e5", ".", "+", "-", "--1", "+-1", "0x",
    "0x.", "0xg", "0x1p", "0x1p+", "1p5", "nan", "-nan", "NAN", "nan(1)", "infin", "in", "1e5000",
    "-1e4933", "1.19e4932", "1e-4951", "1.8e-4951", "1e-5000", "0x1p16384", "0x1p-16446", "1,5",
    "1_0", "1f", "1L", "0b1", "0x1p99999999999", "0x1p-99999999999", "1e99999999999999999999",
    "1e-99999999999999999999", "\u00b2", "1\0", "0x1.fffffffffffffffffp16383"
  })
  void areNotEveryText(String text) {
    assertThat(LongDouble.of(Bytes.of(text))).isEmpty();
  }

  @Test
  void haveNoMoreBytesThanRedisReads() {
    assertThat(sum("0".repeat(5118) + "1", "1")).isEqualTo("2");
    assertThat(LongDouble.of(Bytes.of("0".repeat(5119) + "1"))).isEmpty();
    assertThat(sum("1e-" + "0".repeat(5115) + "1", "1")).isEqualTo("1.1");
  }
}
