package kv.server.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import kv.store.Bytes;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests in RESP, one by one; see {@link RequestReaderTest} for streams of them. */
class RespParserTest {
  private static final Limits LIMITS = new Limits(20, 20);
  private static final String PING = "*1\r\n$4\r\nPING\r\n";

  /** What is found in {@code stream}, which is the same wherever it is cut. */
  private static List<String> find(String stream) {
    List<String> whole = Parsing.find(LIMITS, stream);
    for (int cut = 1; cut < stream.length(); cut++)
      assertThat(Parsing.findCutAt(cut, LIMITS, stream)).as("cut at %s", cut).isEqualTo(whole);
    assertThat(Parsing.find(LIMITS, stream, () -> 1)).as("byte by byte").isEqualTo(whole);
    return whole;
  }

  private static String frame(String... words) {
    StringBuilder frame = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words)
      frame.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    return frame.toString();
  }

  @Nested
  class ARequest {
    @Test
    void isAnArrayOfBulkStrings() {
      assertThat(find(PING)).containsExactly("* PING");
      assertThat(find("*4\r\n$3\r\nPUT\r\n$1\r\na\r\n$2\r\nbb\r\n$3\r\nccc\r\n"))
          .containsExactly("* PUT a bb ccc");
    }

    @Test
    void mayHaveEmptyWords() {
      assertThat(find("*3\r\n$0\r\n\r\n$1\r\na\r\n$0\r\n\r\n")).containsExactly("* \"\" a \"\"");
    }

    @Test
    void withoutWordsIsPassedOver() {
      assertThat(find("*0\r\n" + PING)).containsExactly("* PING");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "\r\n", "$1\r\na\r\n", "*1\r\n", "\"", "a b", "\u00ff\u00fd\u0006", "\0"
        })
    void mayHaveWordsOfAnyBytes(String word) {
      assertThat(find(frame("GET", word, word) + PING))
          .containsExactly("* GET " + typed(word) + " " + typed(word), "* PING");
    }

    @Test
    void comesThroughWhateverTheBytesOfItsWords() {
      Random random = new Random(5);
      for (int round = 0; round < 2000; round++) {
        String[] words = new String[1 + random.nextInt(4)];
        for (int i = 0; i < words.length; i++) words[i] = bytes(random);
        StringBuilder expected = new StringBuilder("*");
        for (String word : words) expected.append(' ').append(typed(word));
        assertThat(Parsing.findInPieces(random, 9, LIMITS, frame(words)))
            .containsExactly(expected.toString());
      }
    }

    private static String bytes(Random random) {
      byte[] bytes = new byte[random.nextInt(LIMITS.wordBytes() + 1)];
      random.nextBytes(bytes);
      return new String(bytes, ISO_8859_1);
    }

    private static String typed(String word) {
      return Parsing.typed(Bytes.of(word.getBytes(ISO_8859_1)));
    }

    @Test
    void hasAllWordsThatACommandMayHave() {
      assertThat(find(PING + frame("VERB", "a", "", "ccc", "d") + PING))
          .containsExactly("* PING", "* VERB a \"\" ccc d", "* PING");
      String most = "w".repeat(255).replace("w", " w").strip();
      assertThat(Parsing.find(LIMITS, frame(most.split(" ")) + frame("SIZE", "a")))
          .containsExactly("* " + most, "* SIZE a");
    }

    @Test
    void ofMoreWordsIsItsVerb() {
      String fault = "a command of 256 words; it may have 255, so send several";
      assertThat(find(frame("w".repeat(256).split("")) + frame("SIZE", "a")))
          .containsExactly("* CUT w of 256 " + fault, "* SIZE a");
    }

    /** Of more than four, since each may be as long as the limit says. */
    @Test
    void ofFiveWordsOrMoreThatIsLongerThanFourLongOnesIsItsVerb() {
      Limits limits = new Limits(100_000, 100_000);
      String word = "x".repeat(100_000);
      assertThat(Parsing.find(limits, frame("VERB", word, word, word) + PING))
          .containsExactly("* VERB " + word + " " + word + " " + word, "* PING");
      String small = frame("VERB", word, word, word, "x".repeat(99_000));
      assertThat(Parsing.find(limits, small)).singleElement().asString().hasSize(399_008 + 2);
      for (String last : new String[] {"x".repeat(99_990), word}) {
        String large = frame("VERB", word, word, word, last) + PING;
        for (int piece : new int[] {1000, Integer.MAX_VALUE})
          assertThat(Parsing.find(limits, large, () -> piece))
              .containsExactly(
                  "* CUT VERB of 5 a command of more than 400000 bytes; send several", "* PING");
      }
    }

    @Test
    void isNotFoundBeforeItsLastByte() {
      String stream = frame("PUT", "a", "", "c");
      for (int length = 0; length < stream.length(); length++)
        assertThat(Parsing.find(LIMITS, stream.substring(0, length))).isEmpty();
    }
  }

  @Nested
  class TheLimits {
    @Test
    void ofAWordAreItsBytes() {
      String longest = "x".repeat(20);
      assertThat(find(frame("GET", longest))).containsExactly("* GET " + longest);
      assertThat(find("*2\r\n$3\r\nGET\r\n$21\r\n"))
          .containsExactly("* BROKEN protocol error: a word of 21 bytes; it may have 20");
    }

    @Test
    void holdForEveryWordOfARequestAlsoForThoseThatAreNotKept() {
      String words = frame("GET", "a", "b", "c", "d").replace("*5", "*6");
      assertThat(find(words + "$21\r\n"))
          .containsExactly("* BROKEN protocol error: a word of 21 bytes; it may have 20");
    }

    @Test
    void ofARequestAre1024Words() {
      assertThat(Parsing.find(LIMITS, "*1024\r\n" + "$0\r\n\r\n".repeat(1024) + PING))
          .containsExactly(
              "* CUT \"\" of 1024 a command of 1024 words; it may have 255, so send several",
              "* PING");
      assertThat(find("*1025\r\n"))
          .containsExactly("* BROKEN protocol error: a request of 1025 words; it may have 1024");
    }

    @Test
    void doNotOverflow() {
      assertThat(find("*2147483647\r\n"))
          .containsExactly(
              "* BROKEN protocol error: a request of 2147483647 words; it may have 1024");
      assertThat(find("*1\r\n$2147483647\r\n"))
          .containsExactly(
              "* BROKEN protocol error: a word of 2147483647 bytes; it may have 20");
    }

    @Test
    void areTheConfigurationsForWords() {
      String word = "x".repeat(50);
      assertThat(Parsing.find(new Limits(20, 50), frame(word))).containsExactly("* " + word);
    }
  }

  @Nested
  class AMalformedFrame {
    private static final String NO_NUMBER = "a length that is no number";
    private static final String NO_LF = "a CR without a LF";
    private static final String NO_WORD = "expected '$'";

    static Object[][] frames() {
      return new Object[][] {
        {"*\r\n", NO_NUMBER},
        {"*-\r\n", NO_NUMBER},
        {"*+1\r\n", NO_NUMBER},
        {"*a\r\n", NO_NUMBER},
        {"* 1\r\n", NO_NUMBER},
        {"*1 \r\n", NO_NUMBER},
        {"*01\r\n", NO_NUMBER},
        {"*00\r\n", NO_NUMBER},
        {"*1.0\r\n", NO_NUMBER},
        {"*0x1\r\n", NO_NUMBER},
        {"*\u00b2\r\n", NO_NUMBER},
        {"*2147483648\r\n", NO_NUMBER},
        {"*9999999999\r\n", NO_NUMBER},
        {"*4294967297\r\n", NO_NUMBER},
        {"*18446744073709551617\r\n", NO_NUMBER},
        {"*00000000000\r\n", NO_NUMBER},
        {"*12345678901", NO_NUMBER},
        {"*1\n", NO_NUMBER},
        {"**1\r\n", NO_NUMBER},
        {"*1\r\r\n", NO_LF},
        {"*1\r$", NO_LF},
        {"*1\r\0", NO_LF},
        {"*1\r\n+", NO_WORD},
        {"*1\r\n*1\r\n", NO_WORD},
        {"*1\r\nPING\r\n", NO_WORD},
        {"*1\r\n\r\n", NO_WORD},
        {"*1\r\n\u00ff", NO_WORD},
        {"*1\r\n$\r\n", NO_NUMBER},
        {"*1\r\n$-1\r\n", NO_NUMBER},
        {"*1\r\n$04\r\n", NO_NUMBER},
        {"*1\r\n$4\n", NO_NUMBER},
        {"*1\r\n$4\rPING", NO_LF},
        {"*1\r\n$2147483648\r\n", NO_NUMBER},
        {"*1\r\n$12345678901\r", NO_NUMBER},
        {"*1\r\n$4\r\nPINGS\r", "a word of 4 bytes without CR LF behind it"},
        {"*1\r\n$4\r\nPING\n\r", "a word of 4 bytes without CR LF behind it"},
        {"*1\r\n$4\r\nPING\r\r", "a word of 4 bytes without CR LF behind it"},
        {"*1\r\n$3\r\nPING\r\n", "a word of 3 bytes without CR LF behind it"},
        {"*1\r\n$5\r\nPING\r\n*1", "a word of 5 bytes without CR LF behind it"},
        {"*1\r\n$0\r\nPI", "a word of 0 bytes without CR LF behind it"},
        {"*2\r\n$4\r\nPING\r\n4\r\n", NO_WORD},
        {"*5\r\n$1\r\na\r\n$1\r\nb\r\nc", NO_WORD},
      };
    }

    @ParameterizedTest
    @MethodSource("frames")
    void isFoundAtTheFirstByteThatIsWrong(String frame, String fault) {
      assertThat(find(frame)).containsExactly("* BROKEN protocol error: " + fault);
    }

    @ParameterizedTest
    @MethodSource("frames")
    void leavesWhatCameBeforeAndEndsWhatFollows(String frame, String fault) {
      assertThat(find(PING + frame + PING))
          .containsExactly("* PING", "* BROKEN protocol error: " + fault);
    }
  }
}
