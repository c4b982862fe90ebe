package kv.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What telnet says to telnet in the middle of a line. */
class TelnetTest {
  private static final Limits LIMITS = new Limits(60, 60);
  private static final String IAC = "\u00ff";
  private static final String SE = "\u00f0";
  private static final String SB = "\u00fa";
  private static final String DO = "\u00fd";
  private static final String DO_TIMING_MARK = IAC + DO + "\u0006";

  /** What is found in {@code stream}, which is the same wherever it is cut. */
  private static List<String> find(String stream) {
    List<String> whole = Parsing.find(LIMITS, stream);
    for (int cut = 1; cut < stream.length(); cut++)
      assertThat(Parsing.findCutAt(cut, LIMITS, stream)).as("cut at %s", cut).isEqualTo(whole);
    assertThat(Parsing.find(LIMITS, stream, () -> 1)).as("byte by byte").isEqualTo(whole);
    return whole;
  }

  @Nested
  class IsDropped {
    @Test
    void everyCommandOfTwoBytes() {
      for (char command = 0xf0; command <= 0xf9; command++)
        assertThat(find("PI" + IAC + command + "NG a\r\n"))
            .as("IAC %x", (int) command)
            .containsExactly("PING a");
    }

    @Test
    void everyOptionOfWillWontDoAndDont() {
      for (char command = 0xfb; command <= 0xfe; command++)
        for (char option = 0; option <= 0xff; option++)
          if (command != 0xfd || option != 6)
            assertThat(Parsing.find("PI" + IAC + command + option + "NG a\r\n"))
                .as("IAC %x %x", (int) command, (int) option)
                .containsExactly("PING a");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "", "\u0018\u0000xterm", "a\nb\r\nc\r\0", "\"", "*1\r\n", "\u00fd\u0006", "\u00f0",
          "\u00ff\u00ff", "\u00ff\u00ff\u00f0", "\u00ff\u00fd\u0006", "\u00ff\u00fa", "\u00ff\n"
        })
    void aSubnegotiationUpToIacSe(String what) {
      assertThat(find("PI" + IAC + SB + what + IAC + SE + "NG a\r\nQUIT\n"))
          .containsExactly("PING a", "QUIT");
    }

    @Test
    void whereverItStands() {
      List<String> sequences =
          List.of(IAC + "\u00f1", IAC + "\u00fb\u0001", IAC + SB + "x" + IAC + SE);
      for (String sequence : sequences) {
        String stream = "GET \"a b\" c\r\n";
        for (int i = 0; i < stream.length(); i++)
          assertThat(find(stream.substring(0, i) + sequence + stream.substring(i)))
              .as("before byte %s", i)
              .containsExactly("GET \"a b\" c");
      }
    }

    @Test
    void allOfSeveralInARow() {
      String before = IAC + "\u00f4" + IAC + "\u00fb\u0018";
      assertThat(find(before + "PING" + IAC + "\u00f1" + IAC + "\u00f9\n"))
          .containsExactly("PING");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "\u00ff", "\u00ff\u00fb", "\u00ff\u00fd", "\u00ff\u00fa", "\u00ff\u00faxx\u00ff"
        })
    void whatTheEndOfTheStreamCutsOff(String sequence) {
      assertThat(find("PING\nQUIT" + sequence)).containsExactly("PING");
    }
  }

  @Nested
  class IacIac {
    @Test
    void isTheByteFf() {
      assertThat(find("a" + IAC + IAC + "b " + IAC + IAC + IAC + IAC + "\n"))
          .containsExactly("\"a\\xFFb\" \"\\xFF\\xFF\"");
    }

    @Test
    void inQuotesIsAByteLikeAnyOther() {
      assertThat(find("\" " + IAC + IAC + "\"\n")).containsExactly("\" \\xFF\"");
    }

    @Test
    void isNotTheBeginningOfASequence() {
      assertThat(find(IAC + IAC + "\u00fb\u0001\n")).containsExactly("\"\\xFF\u00fb\\x01\"");
    }

    @Test
    void behindACrDoesNotEndTheLine() {
      assertThat(find("a\r" + IAC + IAC + "\n")).containsExactly("\"a\\r\\xFF\"");
    }
  }

  @Nested
  class AStrayIac {
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r\0"})
    void swallowsNoEndOfALine(String end) {
      assertThat(find("PING" + IAC + end + "QUIT" + end)).containsExactly("PING", "QUIT");
    }

    @Test
    void isDroppedAloneBeforeAnyByteThatIsNoCommand() {
      for (char b = '!'; b < 0xec; b++)
        assertThat(Parsing.find("A" + IAC + b + "C\n"))
            .as("IAC %x", (int) b)
            .isEqualTo(Parsing.find("A" + b + "C\n"));
    }

    @Test
    void inFrontOfARequestMakesItALine() {
      assertThat(find(IAC + "*1 x\n" + IAC + "\u00f1*0\r\n")).containsExactly("*1 x", "*0");
    }

    @Test
    void betweenTheTwoBytesOfAnEndLeavesItAnEnd() {
      assertThat(find("A\r" + IAC + "\nB\r" + IAC + "\u00f1\0")).containsExactly("A", "B");
    }
  }

  @Nested
  class DoTimingMark {
    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4, 5, 7})
    void isFoundAtOnceAndTheLineGoesOn(int at) {
      String line = "PING a b";
      assertThat(find(line.substring(0, at) + DO_TIMING_MARK + line.substring(at) + "\r\n"))
          .containsExactly("TIMING MARK", "PING a b");
    }

    @Test
    void isFoundAlsoIfNothingFollows() {
      assertThat(find("PI" + DO_TIMING_MARK)).containsExactly("TIMING MARK");
    }

    @Test
    void isFoundBehindTheInterruptThatComesWithIt() {
      String interrupt = IAC + "\u00f4" + DO_TIMING_MARK;
      assertThat(find("PING\n" + interrupt + "PI" + interrupt + "NG\n"))
          .containsExactly("PING", "TIMING MARK", "TIMING MARK", "PING");
    }

    @Test
    void isFoundAsOftenAsItIsThere() {
      assertThat(find(DO_TIMING_MARK.repeat(5) + "PING\n" + DO_TIMING_MARK))
          .containsExactly(
              "TIMING MARK", "TIMING MARK", "TIMING MARK", "TIMING MARK", "TIMING MARK", "PING",
              "TIMING MARK");
    }

    @Test
    void inQuotesLeavesTheWordWhole() {
      assertThat(find("\"a " + DO_TIMING_MARK + "\\" + DO_TIMING_MARK + "n\"\n"))
          .containsExactly("TIMING MARK", "TIMING MARK", "\"a \\n\"");
    }

    @Test
    void makesALineOfWhatFollowsAlsoOfAStar() {
      assertThat(find(DO_TIMING_MARK + "*0\r\n*1\r\n$4\r\nPING\r\n"))
          .containsExactly("TIMING MARK", "*0", "* PING");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00fb\u0006", "\u00fc\u0006", "\u00fe\u0006", "\u00fd\u0005"})
    void isNeitherAnotherVerbNorAnotherOption(String other) {
      assertThat(find("PI" + IAC + other + "NG\n")).containsExactly("PING");
    }
  }

  @Nested
  class ALimit {
    private static final String TOO_LONG = "BROKEN line longer than 60 bytes";

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\u00ff\u00f0\n"})
    void boundsASubnegotiation(String end) {
      assertThat(find("PING\nPI" + IAC + SB + "x".repeat(59) + end))
          .containsExactly("PING", TOO_LONG);
    }

    @Test
    void boundsAllSequencesOfALineTogether() {
      assertThat(find((IAC + "\u00f1").repeat(30) + "PING\n")).containsExactly("PING");
      assertThat(find((IAC + "\u00f1").repeat(30) + "PI" + IAC + "NG\n")).containsExactly(TOO_LONG);
    }

    @Test
    void isForEachLineAnew() {
      String line = (IAC + "\u00f1").repeat(30) + "PING\n";
      assertThat(find(line.repeat(3))).containsExactly("PING", "PING", "PING");
    }

    @Test
    void isForWhatFollowsATimingMarkAnew() {
      String chat = (IAC + "\u00f1").repeat(28) + DO_TIMING_MARK;
      assertThat(find("A" + chat.repeat(20) + "B\n"))
          .hasSize(21)
          .startsWith("TIMING MARK")
          .last()
          .isEqualTo("AB");
      assertThat(find("A" + chat + (IAC + "\u00f1").repeat(31) + "\n"))
          .containsExactly("TIMING MARK", TOO_LONG);
      assertThat(find("A" + (IAC + "\u00f1").repeat(29) + DO_TIMING_MARK + "\n"))
          .containsExactly(TOO_LONG);
    }

    @Test
    void isSeenBeforeATimingMarkBehindIt() {
      assertThat(find("x".repeat(61) + DO_TIMING_MARK + "\n")).containsExactly(TOO_LONG);
      assertThat(find("x".repeat(60) + DO_TIMING_MARK + "\n"))
          .containsExactly("TIMING MARK", "x".repeat(60));
    }

    @Test
    void countsNoSequenceAsPartOfTheLine() {
      assertThat(find("x".repeat(30) + IAC + "\u00f1" + "x".repeat(30) + IAC + "\u00f1\r\n"))
          .containsExactly("x".repeat(60));
      assertThat(find("x".repeat(59) + IAC + IAC + "\n")).hasSize(1).doesNotContain(TOO_LONG);
      assertThat(find("x".repeat(60) + IAC + IAC + "\n")).containsExactly(TOO_LONG);
    }
  }

  /** An end that is missing must not swallow line after line without a word. */
  @Nested
  class ASubnegotiationWithoutAnEnd {
    private static final String ENDLESS =
        "BROKEN IAC SB of telnet without IAC SE within 512 bytes";

    @Test
    void isFollowedFor512Bytes() {
      for (String line : List.of("x".repeat(512), "PING\r\n".repeat(85), (IAC + IAC).repeat(512)))
        assertThat(Parsing.find("PI" + IAC + SB + line + IAC + SE + "NG\n"))
            .containsExactly("PING");
      for (String line : List.of("x".repeat(513), "PING\r\n".repeat(86), (IAC + IAC).repeat(513)))
        assertThat(Parsing.find("PING\nPI" + IAC + SB + line + IAC + SE + "NG\n"))
            .containsExactly("PING", ENDLESS);
    }

    @Test
    void isToldWhereverItIsCut() {
      String stream = "PING\n" + IAC + SB + "x".repeat(513);
      for (int cut = 0; cut < stream.length(); cut++)
        assertThat(Parsing.findCutAt(cut, new Limits(1000, 1000), stream))
            .as("cut at %s", cut)
            .containsExactly("PING", ENDLESS);
    }

    @Test
    void isCountedForEachAnew() {
      String other = IAC + SB + "x".repeat(500) + IAC + SE;
      assertThat(Parsing.find(other.repeat(3) + "PING\n")).containsExactly("PING");
    }
  }
}
