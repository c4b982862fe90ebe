package kv.server.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import kv.command.Words;
import kv.memory.Memory;
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
        String[] words = new String[1 + random.nextInt(12)];
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

    @ParameterizedTest
    @ValueSource(ints = {5, 7, 8, 9, 10, 17, 100, 256, 300})
    void hasAllItsWords(int count) {
      String[] words = many(count, 21);
      words[2] = "";
      String whole = "* " + String.join(" ", words).replace("  ", " \"\" ");
      assertThat(find(PING + frame(words) + frame("SIZE", "a")))
          .containsExactly("* PING", whole, "* SIZE a");
    }

    @Test
    void hasThemAllHoweverLongTheyAreAndInWhateverPiecesTheyCome() {
      Limits limits = new Limits(100_000, 100_000);
      String[] words = many(100, 12_000);
      for (int piece : new int[] {1000, 100_000, Integer.MAX_VALUE})
        assertThat(Parsing.find(limits, frame(words) + PING, () -> piece))
            .containsExactly("* " + String.join(" ", words), "* PING");
    }

    /** Each of another length than its neighbours, below {@code bound}. */
    private static String[] many(int count, int bound) {
      String[] words = new String[count];
      for (int i = 0; i < count; i++) words[i] = "w".repeat(1 + i * 7919 % (bound - 1));
      return words;
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
    void holdForEveryWordOfARequest() {
      String words = frame("GET", "a", "b", "c", "d").replace("*5", "*6");
      assertThat(find(words + "$21\r\n"))
          .containsExactly("* BROKEN protocol error: a word of 21 bytes; it may have 20");
    }

    @Test
    void ofARequestAreAMillionWords() {
      assertThat(find("*1048576\r\n")).isEmpty();
      assertThat(find("*1048577\r\n"))
          .containsExactly(
              "* BROKEN protocol error: a request of 1048577 words; it may have 1048576");
    }

    @Test
    void ofARequestAreAlsoItsBytes() throws Exception {
      String word = "x".repeat(20);
      String most = frame(word, word, word, "x".repeat(9));
      assertThat(most).hasSize(100);
      assertThat(parseUpTo100Bytes(most + most)).containsExactly("REQUEST", "REQUEST");
      for (String more : List.of(frame(word, word, word, "x".repeat(10)), "*5" + most.substring(2)))
        assertThat(parseUpTo100Bytes(most + more + "$0\r\n"))
            .containsExactly(
                "REQUEST", "protocol error: a request of more than 100 bytes; send several");
    }

    private static List<String> parseUpTo100Bytes(String stream) throws Exception {
      RespParser parser = new RespParser(20, 100);
      RequestBuffer input = new RequestBuffer(parser.capacity(), Memory.unlimited());
      input.read(new ByteArrayInputStream(stream.getBytes(ISO_8859_1)), parser.capacity());
      List<String> found = new ArrayList<>();
      while (input.length() > 0 && parser.fault() == null) {
        ParseResult next = parser.next(input, new Words());
        found.add(next == ParseResult.OVER_LIMIT ? parser.fault() : next.toString());
      }
      return found;
    }

    @Test
    void doNotOverflow() {
      assertThat(find("*2147483647\r\n"))
          .containsExactly(
              "* BROKEN protocol error: a request of 2147483647 words; it may have 1048576");
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
