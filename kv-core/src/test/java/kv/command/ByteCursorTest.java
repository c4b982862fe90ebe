package kv.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import kv.command.ByteCursor.MalformedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteCursorTest {
  @Test
  void readsByteAfterByteUnsigned() throws Exception {
    ByteCursor cursor = cursor("007fff");
    assertThat(new int[] {cursor.next(), cursor.next(), cursor.next()})
        .containsExactly(0, 0x7f, 0xff);
    assertThat(cursor.hasNext()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
      "00000000, 0", "00000001, 1", "01020304, 16909060", "7fffffff, 2147483647",
      "80000000, -2147483648", "ffffffff, -1", "000000ff, 255", "0000ff00, 65280"})
  void readsAnIntWithItsMostSignificantByteFirst(String bytes, int expected) throws Exception {
    assertThat(cursor(bytes).nextInt()).isEqualTo(expected);
  }

  @Test
  void readsAStretchOfAnArrayAndNothingBeforeItOrBehindIt() throws Exception {
    ByteCursor cursor = new ByteCursor(new byte[] {1, 2, 3, 4}, 1, 3);
    assertThat(new int[] {cursor.next(), cursor.next()}).containsExactly(2, 3);
    assertThat(cursor.hasNext()).isFalse();
    assertThat(cursor.skip(0)).isEqualTo(3);
    assertThatThrownBy(cursor::next)
        .isInstanceOf(MalformedException.class)
        .hasMessage("1 bytes at 3 of 3");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "2, 2", "4, 4"})
  void readsNothingOfAnEmptyStretch(int start, int end) {
    assertThat(new ByteCursor(new byte[4], start, end).hasNext()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"-1, 2", "0, 5", "3, 2", "5, 5", "4, -1", "0, 2147483647", "-2147483648, 0"})
  void refusesAStretchThatIsNotThere(int start, int end) {
    assertThatThrownBy(() -> new ByteCursor(new byte[4], start, end))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void passesOverAPartWhichEndsWhereItsLengthSays() throws Exception {
    ByteCursor cursor = cursor("0000000207080900000000");
    ByteCursor part = cursor.nextPart();
    assertThat(new int[] {part.next(), part.next()}).containsExactly(7, 8);
    assertThat(part.hasNext()).isFalse();
    assertThat(cursor.next()).isEqualTo(9);
    assertThat(cursor.nextPart().hasNext()).isFalse();
    assertThat(cursor.hasNext()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "000000", "00000001", "0000000301 02", "ffffffff0102", "7fffffff"})
  void refusesAPartThatIsNotThere(String bytes) {
    ByteCursor cursor = cursor(bytes.replace(" ", ""));
    assertThatThrownBy(cursor::nextPart).isInstanceOf(MalformedException.class);
  }

  @Test
  void passesOverBytesAndSaysWhereTheyBegin() throws Exception {
    ByteCursor cursor = cursor("01020304");
    assertThat(cursor.skip(1)).isZero();
    assertThat(cursor.skip(2)).isEqualTo(1);
    assertThat(cursor.next()).isEqualTo(4);
  }

  @Test
  void passesOverNothingAtTheEnd() throws Exception {
    assertThat(cursor("").skip(0)).isZero();
  }

  @Test
  void refusesToReadAByteThatIsNotThere() {
    assertThatThrownBy(() -> cursor("").next())
        .isInstanceOf(MalformedException.class)
        .hasMessage("1 bytes at 0 of 0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00", "000000"})
  void refusesToReadAnIntThatIsCutOff(String bytes) {
    assertThatThrownBy(() -> cursor(bytes).nextInt()).isInstanceOf(MalformedException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, Integer.MAX_VALUE, -1, Integer.MIN_VALUE})
  void refusesToPassOverMoreThanThereIsOrLessThanNothing(int count) throws Exception {
    ByteCursor cursor = cursor("010203");
    cursor.next();
    assertThatThrownBy(() -> cursor.skip(count))
        .isInstanceOf(MalformedException.class)
        .hasMessage(count + " bytes at 1 of 3");
  }

  @Test
  void staysWhereItIsAfterARefusal() throws Exception {
    ByteCursor cursor = cursor("0102");
    assertThatThrownBy(() -> cursor.skip(3)).isInstanceOf(MalformedException.class);
    assertThat(cursor.next()).isEqualTo(1);
  }

  private static ByteCursor cursor(String hex) {
    return new ByteCursor(HexFormat.of().parseHex(hex));
  }
}
