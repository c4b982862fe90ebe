package kv.server.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import kv.store.Bytes;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where lines end and words do; quotes and telnet's sequences have tests of their own. */
class LineParserTest {
  /** All that a word may hold and be printed bare. */
  private static String bareBytes() {
    StringBuilder bytes = new StringBuilder();
    for (char b = '!'; b < 0xff; b++) if (b != '"' && b != 0x7f) bytes.append(b);
    return bytes.toString();
  }

  @Nested
  class TheEndOfALine {
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r\0"})
    void isLfOrCrLfOrCrNul(String end) {
      assertThat(Parsing.find("PING" + end + "QUIT" + end)).containsExactly("PING", "QUIT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r\0"})
    void isFoundAlsoIfItArrivesInPieces(String end) {
      Limits limits = new Limits(100, 100);
      String stream = "PING" + end + "QUIT" + end;
      for (int cut = 1; cut < stream.length(); cut++)
        assertThat(Parsing.findCutAt(cut, limits, stream))
            .as("cut at %s", cut)
            .containsExactly("PING", "QUIT");
    }

    @Test
    void mayChangeFromLineToLine() {
      assertThat(Parsing.find("A\nB\r\nC\r\0D\n")).containsExactly("A", "B", "C", "D");
    }

    @Test
    void isNoneIfItIsACrOrANulAlone() {
      assertThat(Parsing.find("A\rB\0C \0\n")).containsExactly("\"A\\rB\\x00C\" \"\\x00\"");
    }

    @Test
    void takesOneCrWithIt() {
      assertThat(Parsing.find("A\r\r\nB\r\r\0")).containsExactly("\"A\\r\"", "\"B\\r\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "PING", "PING\r", "PING \0", "\""})
    void isMissingFromALastLineThatIsCutOffAndSoIsTheRequest(String rest) {
      assertThat(Parsing.find("QUIT\n" + rest)).containsExactly("QUIT");
    }

    @Test
    void makesARequestWithoutWordsOfAnEmptyLine() {
      assertThat(Parsing.find("\n\r\n\r\0 \t\n")).containsExactly("", "", "", "");
    }
  }

  /** Most of a line is passed over in few steps; what is among it must not be. */
  @Nested
  class ALongRun {
    private static final String RUN = "v".repeat(300);

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r\0"})
    void endsWithItsLine(String end) {
      assertThat(Parsing.find(RUN + end + RUN + end)).containsExactly(RUN, RUN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u000b", "\f", "\u0001", "\u000e", "\u007f", "\r", "\u0080", "\u00fe"})
    void goesOnBehindAnyOtherByte(String b) {
      String line = RUN + b + RUN;
      assertThat(Parsing.find(line + "\n"))
          .containsExactly(Parsing.typed(Bytes.of(line.getBytes(ISO_8859_1))));
    }

    @Test
    void isSplitAtBlanksAndTabs() {
      assertThat(Parsing.find(RUN + " " + RUN + "\t" + RUN + "\n"))
          .containsExactly(RUN + " " + RUN + " " + RUN);
    }

    @Test
    void closesUpWhereTelnetHasSpoken() {
      String said = "\u00ff\u00f1";
      assertThat(Parsing.find("ab" + said + RUN + said + said + RUN + said + "\r\nPING\n"))
          .containsExactly("ab" + RUN + RUN, "PING");
    }

    @Test
    void holdsAnIacThatWasDoubled() {
      assertThat(Parsing.find("a" + RUN + "\u00ff\u00ff" + RUN + "\n"))
          .containsExactly("\"a" + RUN + "\\xFF" + RUN + "\"");
    }

    @Test
    void isTheSameInPieces() {
      String stream = RUN + "\u00ff\u00f1" + RUN + " \r" + RUN + "\r\0" + RUN + "\r\n";
      List<String> whole = Parsing.find(stream);
      assertThat(whole).hasSize(2);
      Random random = new Random(4040);
      for (int i = 0; i < 200; i++)
        assertThat(Parsing.findInPieces(random, 1 + i, new Limits(100_000, 100_000), stream))
            .isEqualTo(whole);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 101})
    void isBoundedToTheByte(int length) {
      String line = "v".repeat(length);
      assertThat(Parsing.find(new Limits(100, 100), line + "\r\n"))
          .containsExactly(length == 100 ? line : "BROKEN line longer than 100 bytes");
    }
  }

  @Nested
  class AWord {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "GET a b", "GET  a   b", " GET a b", "GET a b ", "GET\ta\tb", "\t GET \t a\t\tb \t"
        })
    void isWhatRunsOfBlanksSeparate(String line) {
      assertThat(Parsing.find(line + "\r\n")).containsExactly("GET a b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u000b", "\f", "\u00a0", "\u0085", "\0"})
    void isNotEndedByWhatOnlyLooksBlank(String noBlank) {
      assertThat(Parsing.find("PING" + noBlank + "x\nPING\n"))
          .hasSize(2)
          .first()
          .matches(words -> !words.contains(" "));
    }

    @Test
    void isBytesWhetherTheyAreUtf8OrNot() {
      String line = bareBytes() + " \u00c3\u00bc \u00c3";
      assertThat(Parsing.find(line + "\n")).containsExactly(line);
      assertThat(Parsing.find("a\u007fb\u0001\n")).containsExactly("\"a\\x7Fb\\x01\"");
    }

    @Test
    void isNotChangedInCase() {
      assertThat(Parsing.find("get Shopping MILK\n")).containsExactly("get Shopping MILK");
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 255, 256, 5000})
    void isOneOfAsManyAsTheLineHasRoomFor(int count) {
      String many = "x" + " y".repeat(count - 1);
      assertThat(Parsing.find(many + "\nPING\n")).containsExactly(many, "PING");
    }
  }

  @Nested
  class TheLimit {
    private static final Limits LIMITS = new Limits(10, 10);
    private static final String TOO_LONG = "BROKEN line longer than 10 bytes";

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r\0"})
    void doesNotCountTheEnd(String end) {
      assertThat(Parsing.find(LIMITS, "0123456789" + end + "PING" + end))
          .containsExactly("0123456789", "PING");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r\0", "", "x", "\rx", "\r\r"})
    void endsAllThatFollowsALineThatIsLonger(String end) {
      String stream = "PING\n01234567890" + end + "\nPING\n";
      for (int cut = 0; cut < stream.length(); cut++)
        assertThat(Parsing.findCutAt(cut, LIMITS, stream))
            .as("cut at %s", cut)
            .containsExactly("PING", TOO_LONG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"01234567890", "0123456789xy", "0123456789\rx", "0123456789\r\r"})
    void doesNotWaitForTheEnd(String line) {
      assertThat(Parsing.find(LIMITS, line)).containsExactly(TOO_LONG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0123456789", "0123456789\r", ""})
    void isNotExceededByWhatMayYetEndInTime(String line) {
      assertThat(Parsing.find(LIMITS, line)).isEmpty();
    }

    @Test
    void countsBlanksAndQuotes() {
      assertThat(Parsing.find(LIMITS, "PING      \n\"12345678\"\n      PING \n"))
          .containsExactly("PING", "12345678", TOO_LONG);
    }
  }

  @Nested
  class ABrowser {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "GET / HTTP/1.1", "GET / HTTP/1.0", "POST /a?b=c HTTP/1.1", "GET /GET HTTP/1.1",
          "OPTIONS /* HTTP/1.1", "x-y!z /a\"b HTTP/1.1", "GET / HTTP/1.2", "PRI * HTTP/2.0",
          "GET a HTTP/1.1", "GET http://a/ HTTP/1.1", "GET  / HTTP/1.1", "GET /  HTTP/1.1",
          "GET /a b HTTP/1.1", " GET / HTTP/1.1", "GET / HTTP/1.1 ", "GET * HTTP/1.1",
          "GET\t/\tHTTP/1.1\t", "GET \" HTTP/1.1", "GET \r HTTP/1.1"
        })
    void isKnownByTheFirstLine(String line) {
      String stream = line + "\r\nHost: localhost\r\n\r\n";
      for (int cut = 0; cut < stream.length(); cut++)
        assertThat(Parsing.findCutAt(cut, new Limits(100, 100), stream))
            .as("cut at %s", cut)
            .containsExactly("HTTP");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "GET / HTTP/2", "GET / HTTP/1.1 now", "GET / http/1.1", "G(T / HTTP/1.1", "/ HTTP/1.1",
          "GET / HTTP/1.1x", "GET / HTTP/11.1", "GET HTTP/1.1", "GET  HTTP/1.1", "GET /HTTP/1.1",
          "GET / \"HTTP/1.1\"", "\"GET\" / HTTP/1.1", "HTTP/1.1"
        })
    void isNotSeenInWhatIsNoHttpRequestLine(String line) {
      assertThat(Parsing.find(line + "\nPING\n")).hasSize(2).doesNotContain("HTTP");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "POST", "post / x", "\tPOST\t\"", "Host: a", "HOST:", "host:a", " hOsT: \""
        })
    void isSentAwayByWhatEachOfItsRequestsHasInWhateverLine(String line) {
      String broken = "BROKEN POST and Host: are HTTP, which this port does not speak";
      assertThat(Parsing.find(line + "\nPING\n")).containsExactly(broken);
      String stream = "PING\r\n" + line + "\r\nPING\r\n";
      for (int cut = 0; cut < stream.length(); cut++)
        assertThat(Parsing.findCutAt(cut, new Limits(100, 100), stream))
            .as("cut at %s", cut)
            .containsExactly("PING", broken);
    }

    @Test
    void isSentAwayAlsoIfTelnetSpeaksInTheMiddleOfTheWord() {
      assertThat(Parsing.find("PO\u00ff\u00f1ST a\nPING\n"))
          .containsExactly("BROKEN POST and Host: are HTTP, which this port does not speak");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "PUT b POST Host:", "POSTS", "POS", "\"POST\"", "\"host:\"", "host", "ahost:", "p", "h",
          "host\u001a", "\u00d0OST"
        })
    void isNotSeenInOtherWords(String line) {
      assertThat(Parsing.find(line + "\nPING\n")).hasSize(2).endsWith("PING");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PING\n", "\n", "\"\n", "*1\r\n$4\r\nPING\r\n", "*0\r\n"})
    void isNotSeenInALaterLine(String first) {
      assertThat(Parsing.find(first + "GET / HTTP/1.1\r\n"))
          .last()
          .isEqualTo("GET / HTTP/1.1");
    }
  }

  @Nested
  class PiecesInWhichTheBytesArrive {
    private static final String ALPHABET =
        "\r\n\n\0 \t\"\"\\x4aG*$1\u00ff\u00ff\u00f0\u00fa\u00fd\u0006";

    @Test
    void doNotMatter() {
      Random random = new Random(7);
      Limits limits = new Limits(30, 30);
      List<String> all = new ArrayList<>();
      for (int round = 0; round < 5000; round++) {
        String stream = text(random);
        List<String> whole = Parsing.find(limits, stream);
        assertThat(Parsing.findInPieces(random, 5, limits, stream)).as(stream).isEqualTo(whole);
        all.addAll(whole);
      }
      assertThat(all)
          .contains("TIMING MARK", "BROKEN line longer than 30 bytes", "")
          .anyMatch(found -> found.startsWith("FAULT"))
          .anyMatch(found -> found.startsWith("*"))
          .hasSizeGreaterThan(20_000);
    }

    private static String text(Random random) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(200); i > 0; i--)
        text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      return text.toString();
    }
  }
}
