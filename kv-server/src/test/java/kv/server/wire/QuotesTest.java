package kv.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import kv.store.Bytes;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Words in quotes. In the tables, a word in quotes is what an equal word of a reply looks like. */
class QuotesTest {
  @Nested
  class AQuotedWord {
    @ParameterizedTest
    @CsvSource(
        quoteCharacter = '\'',
        delimiter = '=',
        value = {
          "\"a\" = a",
          "\"a b\" = \"a b\"",
          "\"  \" = \"  \"",
          "\"\" = \"\"",
          "a \"\" b = a \"\" b",
          "\"a\" \"b\" = a b",
          "\"a\"   \"\" = a \"\"",
          "\"\\\"\" = \"\\\"\"",
          "\"a\\\"\" = a\"",
          "\"\\\\\" = \\",
          "\"\\n\\r\\t\" = \"\\n\\r\\t\"",
          "\"\\x41\\x7a\" = Az",
          "\"\\x00\\xfF\\xFf\" = \"\\x00\\xFF\\xFF\"",
          "\"\\x20\" = \" \" ",
          "\"\\x22\\x5c\" = \"\\\"\\\\\"",
          "\"\\x410\" = A0",
          "\"*1\" = *1",
          "\"PING\" = PING",
        })
    void isWhatStandsBetweenItsQuotes(String line, String words) {
      assertThat(Parsing.find(line + "\r\n")).containsExactly(words.strip());
    }

    @Test
    void mayHoldTabsAndOtherControlBytesAsTheyAre() {
      assertThat(Parsing.find("\"a\tb\0c\rd\u0001\"\n"))
          .containsExactly("\"a\\tb\\x00c\\rd\\x01\"");
    }

    @Test
    void mayHoldBytesThatAreNotAscii() {
      assertThat(Parsing.find("\" \u00c3\u00bc \u0080\u00fe\"\n"))
          .containsExactly("\" \u00c3\u00bc \u0080\u00fe\"");
    }

    @Test
    void mayEndWithTheLineOrBeforeABlank() {
      assertThat(Parsing.find("\"a\"\n\"a\"\r\n\"a\"\r\0\"a\" \n\"a\"\t\n"))
          .containsExactly("a", "a", "a", "a", "a");
    }

    @Test
    void isUnknownToTheNextLine() {
      assertThat(Parsing.find("\"a\nb\"\n\"c\"\n"))
          .containsExactly("FAULT a quote is never closed at column 1", "b\"", "c");
    }

    @Test
    void isReadBackAsItWasPrintedWhateverItsBytes() {
      Random random = new Random(3);
      for (int round = 0; round < 2000; round++) {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        Bytes word = Bytes.of(bytes);
        assertThat(Parsing.find("PUT " + word.quoted() + " x\n"))
            .containsExactly("PUT " + Parsing.typed(word) + " x");
      }
    }
  }

  @Nested
  class ABareWord {
    @ParameterizedTest
    @ValueSource(strings = {"a\"b", "a\"", "a\"b c\"d", "a\"\"", "\\", "\\n", "a\\x41", "\\\"a"})
    void mayHoldQuotesAndBackslashesWhichMeanNothing(String words) {
      assertThat(Parsing.find(words + "\n")).containsExactly(words);
    }
  }

  @Nested
  class AFault {
    @ParameterizedTest
    @CsvSource(
        quoteCharacter = '\'',
        delimiter = '=',
        value = {
          "\" = 1",
          "\"a = 1",
          "\"a b c = 1",
          "GET \"a = 5",
          "GET a \" = 7",
          "\"a\\\" = 1",
          "\"a\" \" = 5",
          "\"a\" \"b\\\\ = 5",
        })
    void isAQuoteThatIsNeverClosedAtTheColumnWhereItOpens(String line, int column) {
      assertFault(line, "a quote is never closed at column " + column);
    }

    @ParameterizedTest
    @CsvSource(
        quoteCharacter = '\'',
        delimiter = '=',
        value = {
          "\"a\"b = 3",
          "\"\"\" = 2",
          "\"\"a = 2",
          "GET \"a b\"\"c\" = 9",
          "\"a\\\"\"b = 5",
          "\"a\"\\ = 3",
          "\"a\"b\" = 3",
        })
    void isAQuoteThatIsClosedInTheMiddleOfAWordAtItsColumn(String line, int column) {
      assertFault(line, "a quote is closed in the middle of a word at column " + column);
    }

    @ParameterizedTest
    @CsvSource(
        quoteCharacter = '\'',
        delimiter = '=',
        value = {
          "\"\\a\" = 2",
          "\"ab\\0\" = 4",
          "\"\\N\" = 2",
          "\"\\X41\" = 2",
          "\"\\u0041\" = 2",
          "GET \"\\n\\ \" = 8",
          "\"\\ = 2",
          "\"\\\\\\ = 4",
          "\"\\\u00ff\u00ff\" = 2",
        })
    void isAnEscapeThatIsUnknownAtItsColumn(String line, int column) {
      assertFault(
          line,
          "an unknown escape at column " + column + "; there are \\\" \\\\ \\n \\r \\t \\xHH");
    }

    @ParameterizedTest
    @CsvSource(
        quoteCharacter = '\'',
        delimiter = '=',
        value = {
          "\"\\x\" = 2",
          "\"\\x4\" = 2",
          "\"\\xg0\" = 2",
          "\"\\x0g\" = 2",
          "\"\\x 1\" = 2",
          "\"\\x+1\" = 2",
          "a \"\\x41\\x = 8",
          "a \"\\x41\\x4 = 8",
          "\"\\x\u00b24\" = 2",
        })
    void isAnXWithoutTwoHexDigitsAtItsColumn(String line, int column) {
      assertFault(line, "\\x without two hex digits at column " + column);
    }

    @Test
    void isTheFirstInTheLine() {
      assertFault("\"a\"b \"\\q\" \"", "a quote is closed in the middle of a word at column 3");
      assertFault(
          "\"\\q\\x",
          "an unknown escape at column 2; there are \\\" \\\\ \\n \\r \\t \\xHH");
    }

    @Test
    void countsColumnsFromOneInBytesWithoutThoseOfTelnet() {
      assertFault("\u00c3\u00bc \"", "a quote is never closed at column 4");
      assertFault("\u00ff\u00fb\u0001a \u00ff\u00ff \"", "a quote is never closed at column 5");
      assertFault("\t\"", "a quote is never closed at column 2");
    }

    private static void assertFault(String line, String fault) {
      assertThat(Parsing.find("PING\n" + line + "\r\nPING\n"))
          .containsExactly("PING", "FAULT " + fault, "PING");
    }
  }
}
