package kv.router.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kv.config.ConfigException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingTableTest {
  private static final NodeAddress FOO = NodeAddress.parse("foo@127.0.0.1:4050");
  private static final NodeAddress BAR = NodeAddress.parse("bar@127.0.0.1:4051");

  @TempDir Path folder;

  @Nested
  class NodeFor {
    private RoutingTable table;

    @BeforeEach
    void readTable() {
      table = read("a-m=" + FOO, "n-z=" + BAR, "0xf0-0xff=" + BAR);
    }

    @Test
    void findsTheNodeWhoseRangeHoldsTheByte() {
      assertThat(table.nodeFor('h')).isEqualTo(FOO);
      assertThat(table.nodeFor('w')).isEqualTo(BAR);
    }

    @Test
    void countsBothBoundsIn() {
      assertThat(List.of('a', 'm')).allMatch(b -> FOO.equals(table.nodeFor(b)));
      assertThat(List.of('n', 'z')).allMatch(b -> BAR.equals(table.nodeFor(b)));
      assertThat(List.of(0xf0, 0xff)).allMatch(b -> BAR.equals(table.nodeFor(b)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, ' ', '`', '{', 'A', 0x80, 0xef})
    void findsNoNodeForAByteThatNoRangeHolds(int firstByte) {
      assertThat(table.nodeFor(firstByte)).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 256, Integer.MIN_VALUE})
    void refusesWhatIsNotAnUnsignedByte(int firstByte) {
      assertThatThrownBy(() -> table.nodeFor(firstByte))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Nested
  class Nodes {
    @Test
    void areThereOnceEachInTheOrderOfTheFile() {
      assertThat(read("n-z=" + BAR, "a-m=" + FOO, "A-Z=" + BAR).nodes())
          .containsExactly(BAR, FOO);
    }

    @Test
    void cannotBeChanged() {
      assertThatThrownBy(() -> read("a=" + FOO).nodes().clear())
          .isInstanceOf(UnsupportedOperationException.class);
    }
  }

  @Nested
  class Keys {
    @ParameterizedTest
    @CsvSource({
        "a-m, abcdefghijklm", "a, a", "a-a, a", "0-3, 0123", "A-C, ABC", "0x61-0x63, abc",
        "a-0x63, abc", "0x61-c, abc", "0x3D, =", "0x3d, =", "0x20, ' '", "-, -", "---, -",
        "--0, -./0", "+--, '+,-'", "x, x", "0-0, 0", "~, ~", "\\=, =", "\\#, #"})
    void nameTheBytesThatTheyHold(String key, String expected) {
      assertThat(bytesOf(read(key + "=" + FOO))).isEqualTo(expected);
    }

    @Test
    void canNameEveryByte() {
      assertThat(bytesOf(read("0x00-0xff=" + FOO))).hasSize(256);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "ab", "a-", "-a", "a--m", "a-m-z", "a..m", "a,m", "a-mm", "0x", "0x6", "0x061", "0xzz",
        "0X61", "x61", "97", "0x100", "0x00-0x100", "é", "a-é", "a\\ -\\ m", "\\u0000", "*-",
        "\\t", ""})
    void areRefusedWhenMalformed(String key) {
      assertThatThrownBy(() -> read("# comment", key + "=" + FOO))
          .isInstanceOf(ConfigException.class)
          .hasMessageStartingWith(file() + ":2: '")
          .hasMessageEndingWith("' is not a range of bytes; write a-m or a; any byte but a"
              + " printable ASCII character, and space # ! = : \\ too, is written in hex, as in"
              + " 0x80-0xff");
    }

    @ParameterizedTest
    @CsvSource({
        "m-a, a-m", "9-0, 0-9", "0xff-0x80, 0x80-0xff", "a-A, A-a", "z-\\=, 0x3d-z",
        "\\\\-\\#, 0x23-0x5c"})
    void areRefusedWhenTheyRunBackwards(String key, String remedy) {
      assertThatThrownBy(() -> read(key + "=" + FOO))
          .isInstanceOf(ConfigException.class)
          .hasMessageStartingWith(file() + ":1: '")
          .hasMessageEndingWith("' runs backwards; write " + remedy);
    }

    private String bytesOf(RoutingTable table) {
      return IntStream.range(0, 256)
          .filter(b -> table.nodeFor(b) != null)
          .mapToObj(Character::toString)
          .collect(Collectors.joining());
    }
  }

  @Nested
  class Values {
    @Test
    void mayHaveBlanksAround() {
      assertThat(read("a =  " + FOO + " \t").nodeFor('a')).isEqualTo(FOO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "foo", "127.0.0.1:4050", "foo@127.0.0.1", "foo@127.0.0.1:port"})
    void areRefusedWhenTheyAreNoAddress(String value) {
      assertRefused(":2: '" + value + "' is not a node address; write name@host:port,"
          + " as in foo@127.0.0.1:4050 or foo@[::1]:4050", "a-m=" + FOO, "n-z=" + value);
    }

    @Test
    void areRefusedWhenAPartOfThemIsBad() {
      assertRefused(":1: port 0 is out of range; use a port from 1 to 65535", "a=foo@h:0");
      assertRefused(":1: 'f!' is not a node name; use 1 to 64 letters, digits, '_', '.' or '-'",
          "a=f!@h:1");
      assertRefused(":1: '127.0.0' is not a host;"
          + " use a host name, an IPv4 address or an IPv6 address", "a=foo@127.0.0:1");
    }
  }

  @Nested
  class RangesOfANode {
    @Test
    void areAsTheFileHasThem() {
      RoutingTable table = read("0x80-0xff=" + BAR, "n-z=" + BAR, "a-m=" + FOO, "0=" + BAR);
      assertThat(table.ranges(FOO)).containsExactly("a-m");
      assertThat(table.ranges(BAR)).containsExactly("0", "n-z", "0x80-0xff");
    }

    @Test
    void areBroughtTogetherWhereOneFollowsAnother() {
      RoutingTable table = read("d-m=" + FOO, "a=" + FOO, "b-c=" + FOO, "n=" + BAR);
      assertThat(table.ranges(FOO)).containsExactly("a-m");
    }

    @Test
    void areNoneForANodeThatIsNotThere() {
      assertThat(read("a-m=" + FOO).ranges(BAR)).isEmpty();
    }

    @Test
    void leaveOverThoseThatNoNodeHas() {
      assertThat(read("a-m=" + FOO, "x=" + BAR).rangesWithoutNode())
          .containsExactly("0x00-`", "n-w", "y-0xff");
      assertThat(read("0x00-0xff=" + FOO).rangesWithoutNode()).isEmpty();
    }
  }

  @Nested
  class Contradictions {
    @Test
    void overlappingRangesNameBothLinesAndTheBytes() {
      assertRefused(":3: 'k-p' overlaps 'a-m' of line 1 in k-m;"
          + " let each byte be in one range only", "a-m=" + FOO, "x=" + BAR, "k-p=" + BAR);
    }

    @Test
    void aRangeWithinAnotherOverlapsItEvenForTheSameNode() {
      assertRefused(":2: 'c' overlaps 'a-m' of line 1 in c;"
          + " let each byte be in one range only", "a-m=" + FOO, "c=" + FOO);
    }

    @Test
    void theSameBytesInAnotherSpellingOverlap() {
      assertRefused(":2: '0x61-0x6d' overlaps 'a-m' of line 1 in a-m;"
          + " let each byte be in one range only", "a-m=" + FOO, "0x61-0x6d=" + BAR);
    }

    @Test
    void bytesThatCannotBePrintedOverlapInHex() {
      assertRefused(":2: '0xa0-0xff' overlaps '0x80-0xc0' of line 1 in 0xa0-0xc0;"
          + " let each byte be in one range only", "0x80-0xc0=" + FOO, "0xa0-0xff=" + BAR);
    }

    @Test
    void aKeyCannotBeThereTwice() {
      assertRefused(":2: 'a-m' is set again, after line 1; delete one of the two lines",
          "a-m=" + FOO, "a-m=" + BAR);
    }

    @Test
    void aNodeCannotBeAtTwoAddresses() {
      assertRefused(":2: node foo is at 127.0.0.1:4051 here but at 127.0.0.1:4050 in line 1;"
          + " give a node one address", "a-m=" + FOO, "n-z=foo@127.0.0.1:4051");
      assertRefused(":2: node foo is at [::1]:4050 here but at 127.0.0.1:4050 in line 1;"
          + " give a node one address", "a-m=" + FOO, "n-z=foo@[::1]:4050");
    }

    @Test
    void anAddressCannotBelongToTwoNodes() {
      assertRefused(":2: 127.0.0.1:4050 is node bar here but node foo in line 1;"
          + " give an address one name", "a-m=" + FOO, "n-z=bar@127.0.0.1:4050");
    }
  }

  @Nested
  class WholeFile {
    @Test
    void anEmptyTableIsRefused() {
      assertRefused(": the table is empty; add a line such as a-m=foo@127.0.0.1:4050, or leave"
          + " router.table unset on a node that holds every bucket", "# nothing yet", "");
    }

    @Test
    void aMissingTableIsRefused() {
      assertThatThrownBy(() -> RoutingTable.read(folder.resolve("none")))
          .isInstanceOf(ConfigException.class)
          .hasMessageStartingWith(folder.resolve("none") + ": no such file; check the path");
    }
  }

  private RoutingTable read(String... lines) {
    try {
      return RoutingTable.read(Files.write(file(), List.of(lines)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void assertRefused(String message, String... lines) {
    assertThatThrownBy(() -> read(lines))
        .isInstanceOf(ConfigException.class)
        .hasMessage(file() + message);
  }

  private Path file() {
    return folder.resolve("routing.properties");
  }
}
