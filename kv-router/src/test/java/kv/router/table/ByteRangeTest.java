package kv.router.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteRangeTest {
  private static final NodeAddress FOO = NodeAddress.parse("foo@127.0.0.1:4050");

  @ParameterizedTest
  @CsvSource({"-1, 5", "0, 256", "5, 4"})
  void holdsAtLeastOneByteAndNoneBeyond255(int first, int last) {
    assertThatThrownBy(() -> new ByteRange(first, last, FOO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a range within 0 to 255: " + first + " to " + last);
  }

  @Test
  void isWrittenAsItIsRead() {
    for (int first = 0; first < 256; first++) {
      for (int last = first; last < 256; last++) {
        ByteRange range = new ByteRange(first, last, FOO);
        assertThat(ByteRange.parse(range.bytes(), FOO.toString())).isEqualTo(range);
      }
    }
  }
}
