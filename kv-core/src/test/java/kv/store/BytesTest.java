package kv.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BytesTest {
  private static final HexFormat HEX = HexFormat.of();

  @Nested
  class AStretch {
    @ParameterizedTest
    @CsvSource({
      "0102, 1, 3, true", "0102, 0, 2, false", "0102, 1, 2, false", "0102, 1, 4, false",
      "'', 2, 2, true", "'', 2, 3, false", "00010203, 0, 4, true", "0103, 1, 3, false",
      "ff, 4, 5, true", "7f, 4, 5, false"
    })
    void ofAnArrayIsEqualIfItsBytesAre(String bytes, int from, int to, boolean expected) {
      byte[] array = {0, 1, 2, 3, (byte) 0xff};
      assertThat(hex(bytes).equals(array, from, to)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"-1, 0", "2, 1", "0, 3"})
    void thatIsNotThereIsRefused(int from, int to) {
      assertThatThrownBy(() -> hex("01").equals(new byte[2], from, to))
          .isInstanceOfAny(IndexOutOfBoundsException.class, IllegalArgumentException.class);
    }
  }

  @Nested
  class Content {
    @Test
    void survivesWhateverTheBytesAre() {
      assertThat(Bytes.of(everyByte()).toByteArray()).isEqualTo(everyByte());
    }

    @Test
    void ofATextIsItsUtf8() {
      assertThat(Bytes.of("é€").toByteArray()).isEqualTo("é€".getBytes(UTF_8));
      assertThat(Bytes.of("é€").utf8()).isEqualTo("é€");
    }

    @Test
    void thatIsNotUtf8HasReplacementsInItsText() {
      assertThat(hex("61ff62").utf8()).isEqualTo("a\ufffdb");
    }

    @Test
    void doesNotChangeWithTheArrayThatItWasMadeOf() {
      byte[] array = {1, 2, 3};
      Bytes whole = Bytes.of(array);
      Bytes part = Bytes.copyOf(array, 0, 2);
      array[0] = 9;
      assertThat(whole).isEqualTo(hex("010203"));
      assertThat(part).isEqualTo(hex("0102"));
    }

    @Test
    void doesNotChangeWithTheArrayThatItWasReadInto() {
      Bytes bytes = hex("0102");
      bytes.toByteArray()[0] = 9;
      assertThat(bytes).isEqualTo(hex("0102"));
    }

    @Test
    void isReadByteByByteUnsigned() {
      Bytes bytes = hex("007f80ff");
      assertThat(bytes.length()).isEqualTo(4);
      assertThat(IntStream.range(0, 4).map(bytes::at)).containsExactly(0, 0x7f, 0x80, 0xff);
    }

    @Test
    void canBeCopiedIntoTheMiddleOfAnArray() {
      byte[] target = new byte[5];
      hex("0102").copyTo(target, 2);
      assertThat(target).containsExactly(0, 0, 1, 2, 0);
    }

    @Test
    void isRefusedARoomThatIsTooSmall() {
      assertThatThrownBy(() -> hex("0102").copyTo(new byte[5], 4))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Nested
  class Slices {
    @ParameterizedTest
    @CsvSource({"0, 4, 01020304", "1, 3, 0203", "0, 0, ''", "4, 4, ''"})
    void runFromTheFirstBoundInclusiveToTheLastExclusive(int from, int to, String expected) {
      assertThat(Bytes.copyOf(new byte[] {1, 2, 3, 4}, from, to)).isEqualTo(hex(expected));
    }

    @ParameterizedTest
    @CsvSource({"0, 5", "-1, 2", "3, 2", "5, 5"})
    void areRefusedOutsideTheArray(int from, int to) {
      assertThatThrownBy(() -> Bytes.copyOf(new byte[] {1, 2, 3, 4}, from, to))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Nested
  class Comparison {
    @ParameterizedTest
    @CsvSource({
        "61, 62, -1", "62, 61, 1", "61, 61, 0", "'', '', 0", "'', 00, -1", "61, 6100, -1",
        "7f, 80, -1", "ff, 00, 1", "80ff, 8100, -1", "ff, ffff, -1"})
    void isByUnsignedBytesAndThenByLength(String one, String other, int expected) {
      assertThat(Integer.signum(hex(one).compareTo(hex(other)))).isEqualTo(expected);
      assertThat(hex(one).equals(hex(other))).isEqualTo(expected == 0);
    }

    @Test
    void saysThatEqualBytesAreEqualWhereverTheyCameFrom() {
      Bytes slice = Bytes.copyOf("a milk b".getBytes(UTF_8), 2, 6);
      assertThat(slice).isEqualTo(Bytes.of("milk")).hasSameHashCodeAs(Bytes.of("milk"));
    }

    @Test
    void saysThatNothingElseIsEqual() {
      assertThat(Bytes.of("milk")).isNotEqualTo("milk").isNotEqualTo(null);
    }

    @Test
    void findsKeysWhoseHashesCollide() {
      Map<Bytes, Integer> map = new HashMap<>();
      for (int i = 0; i < 1 << 10; i++) map.put(colliding(i), i);
      assertThat(colliding(0)).hasSameHashCodeAs(colliding(1));
      assertThat(map).hasSize(1 << 10);
      for (int i = 0; i < 1 << 10; i++) assertThat(map.get(colliding(i))).isEqualTo(i);
    }

    /** Each bit of {@code number} is one of two pairs of the same hash. */
    private Bytes colliding(int number) {
      StringBuilder text = new StringBuilder();
      for (int bit = 0; bit < 10; bit++) text.append((number >> bit & 1) == 0 ? "Aa" : "BB");
      return Bytes.of(text.toString());
    }
  }

  @Nested
  class Quotes {
    @ParameterizedTest
    @CsvSource(quoteCharacter = '|', value = {
        "||, \"\"",
        "6d696c6b, \"milk\"",
        "612062, \"a b\"",
        "22, \"\\\"\"",
        "5c, \"\\\\\"",
        "0a0d09, \"\\n\\r\\t\"",
        "00, \"\\x00\"",
        "1f, \"\\x1F\"",
        "7f, \"\\x7F\"",
        "ff, \"\\xFF\"",
        "7e, \"~\"",
        "27, \"'\""})
    void escapeWhatCouldNotBeReadBack(String bytes, String expected) {
      assertThat(hex(bytes).quoted()).isEqualTo(expected);
    }

    @Test
    void leaveBytesFrom80ToFeAsOneCharEach() {
      assertThat(hex("80c3a9fe").quoted()).isEqualTo("\"\u0080\u00c3\u00a9\u00fe\"");
    }

    @Test
    void areOneLineWithoutControlBytesWhateverIsQuoted() {
      assertThat(Bytes.of(everyByte()).quoted().getBytes(ISO_8859_1))
          .isNotEmpty()
          .satisfies(bytes -> {
            for (byte b : bytes) assertThat(b & 0xff).isBetween(0x20, 0xfe).isNotEqualTo(0x7f);
          });
    }

    @Test
    void showPeopleTheTextThatUtf8Is() {
      assertThat(Bytes.of("Zoë\n")).hasToString("\"Zoë\\n\"");
    }
  }

  private static byte[] everyByte() {
    byte[] array = new byte[256];
    for (int i = 0; i < 256; i++) array[i] = (byte) i;
    return array;
  }

  private static Bytes hex(String digits) {
    return Bytes.of(HEX.parseHex(digits));
  }

  @Nested
  class Number {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 10, 907, Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1})
    void isReadAsItIsWritten(long number) {
      assertThat(Bytes.of(Long.toString(number)).number()).hasValue(number);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "", "-", "-0", "00", "01", "-01", "+1", " 1", "1 ", "1x", "x", "1.0", "--1", "1-", "/",
          ":",
          "9223372036854775808", "-9223372036854775809", "92233720368547758070",
          "18446744073709551617", "99999999999999999999", "-99999999999999999999", "\u0661"
        })
    void isNoOtherText(String text) {
      assertThat(Bytes.of(text).number()).isEmpty();
    }
  }

  @Nested
  class Part {
    @Test
    void isCopied() {
      assertThat(Bytes.of("milk").slice(1, 3)).isEqualTo(Bytes.of("il"));
      assertThat(Bytes.of("milk").slice(4, 4)).isEqualTo(Bytes.of());
    }

    @Test
    void isWrittenOverACopy() {
      Bytes milk = Bytes.of("milk");
      assertThat(milk.overwritten(1, Bytes.of("al"))).isEqualTo(Bytes.of("malk"));
      assertThat(milk.overwritten(3, Bytes.of("lion"))).isEqualTo(Bytes.of("million"));
      assertThat(milk.overwritten(6, Bytes.of("s"))).isEqualTo(Bytes.of("milk\0\0s"));
      assertThat(milk).isEqualTo(Bytes.of("milk"));
    }
  }
}
