package kv.server.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import kv.command.Words;
import kv.memory.Memory;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of requests in both framings, each in the one that its first byte says. */
class RequestReaderTest {
  private static final Limits LIMITS = new Limits(100, 100);
  private static final String GET = "*3\r\n$3\r\nGET\r\n$1\r\na\r\n$1\r\nb\r\n";

  @Nested
  class TheFramingOfARequest {
    @Test
    void isThatOfItsFirstByte() {
      assertThat(Parsing.find("PING\n" + GET + "GET a b\r\n" + GET + GET + "\r\n*0\r\n\n"))
          .containsExactly("PING", "* GET a b", "GET a b", "* GET a b", "* GET a b");
    }

    @Test
    void isTheSameWhereverTheStreamIsCut() {
      String stream = "PUT a \"\\x2a1\" *2\n" + GET + "\"\n*0\r\n" + GET + "*1\n";
      List<String> whole = Parsing.find(LIMITS, stream);
      assertThat(whole)
          .containsExactly(
              "PUT a *1 *2",
              "* GET a b",
              "FAULT a quote is never closed at column 1",
              "* GET a b",
              "* BROKEN protocol error: a length that is no number");
      for (int cut = 1; cut < stream.length(); cut++)
        assertThat(Parsing.findCutAt(cut, LIMITS, stream)).as("cut at %s", cut).isEqualTo(whole);
      assertThat(Parsing.find(LIMITS, stream, () -> 1)).isEqualTo(whole);
    }

    @ParameterizedTest
    @ValueSource(strings = {" *0\r\n", "\t*0\r\n", "x*0\r\n", "$4\r\n", "+*0\r\n", "\0*0\r\n"})
    void isTheLineProtocolWhateverElseTheFirstByteIs(String line) {
      assertThat(Parsing.find(line)).singleElement().asString().doesNotStartWith("* ");
    }

    @Test
    void isNotThatOfAStarFurtherInALine() {
      assertThat(Parsing.find("GET *0 *1\n")).containsExactly("GET *0 *1");
    }

    @Test
    void decidesHowAFaultIsAnswered() {
      assertThat(Parsing.find(LIMITS, GET + "x".repeat(101) + "\n" + GET))
          .containsExactly("* GET a b", "BROKEN line longer than 100 bytes");
      assertThat(Parsing.find(LIMITS, "PING\n*x\r\nPING\n"))
          .containsExactly("PING", "* BROKEN protocol error: a length that is no number");
    }
  }

  @Nested
  class AnEmptyRequest {
    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\n", "\r\0", "\n\r\n\n", " \t\n"})
    void ofTheLineProtocolIsPassedOverBehindResp(String lines) {
      assertThat(Parsing.find(GET + lines + GET + lines + "PING\n"))
          .containsExactly("* GET a b", "* GET a b", "PING");
    }

    @Test
    void ofTheLineProtocolIsARequestBehindAnotherLineOrNothing() {
      assertThat(Parsing.find("\n" + GET + "PING\n\n" + "\"\n\n"))
          .containsExactly(
              "", "* GET a b", "PING", "", "FAULT a quote is never closed at column 1", "");
    }

    @Test
    void ofRespMayHaveLessThanNoWords() {
      assertThat(Parsing.find("*-1\r\n" + GET + "*-2147483647\r\n" + GET))
          .containsExactly("* GET a b", "* GET a b");
      for (String broken : List.of("*-\r\n", "*--1\r\n", "*-x\r\n", "*-01\r\n"))
        assertThat(Parsing.find(broken))
            .containsExactly("* BROKEN protocol error: a length that is no number");
    }

    @Test
    void ofRespIsPassedOverEverywhere() {
      assertThat(Parsing.find("*0\r\n" + GET + "*0\r\n*0\r\nPING\n*0\r\n\nPING\n*0\r\n"))
          .containsExactly("* GET a b", "PING", "PING");
    }

    @Test
    void leavesTheFramingAsItIs() throws Exception {
      RequestReader requests = new RequestReader(LIMITS, Memory.unlimited());
      for (String piece : List.of(GET, "\r\n", "*0\r\n", "\n")) {
        requests.read(new ByteArrayInputStream(piece.getBytes(US_ASCII)));
        while (requests.next(new Words()) != ParseResult.NOTHING) continue;
        assertThat(requests.isResp()).as(piece).isTrue();
      }
    }
  }

  @Nested
  class Telnet {
    @Test
    void isSpokenInLinesOnly() {
      String mark = "\u00ff\u00fd\u0006";
      assertThat(Parsing.find("*1\r\n$3\r\n" + mark + "\r\n" + mark + "PING\n"))
          .containsExactly("* \"\\xFF\u00fd\\x06\"", "TIMING MARK", "PING");
    }
  }

  @Nested
  class PiecesInWhichTheBytesArrive {
    private static final List<String> REQUESTS =
        List.of(
            "PING\r\n", "GET a b\n", "PUT \"a b\" \"\\x00\" c\r\0", "\"\n", GET, "*0\r\n",
            "*1\r\n$6\r\n\r\n*1\r\n\r\n", "*6\r\n" + "$2\r\nab\r\n".repeat(6), "a\u00ff\u00f1b\n",
            "\u00ff\u00fd\u0006", "*1\r\n$100\r\n" + "y".repeat(100) + "\r\n");
    private static final String BROKEN = "*1\r\n$101\r\n";

    @Test
    void doNotMatter() {
      Random random = new Random(11);
      for (int round = 0; round < 1000; round++) {
        List<String> expected = new ArrayList<>();
        StringBuilder stream = new StringBuilder();
        for (int i = random.nextInt(30); i > 0; i--) {
          String request = REQUESTS.get(random.nextInt(REQUESTS.size()));
          boolean isLineOpen = stream.toString().endsWith("\u0006");
          if (isLineOpen && request.startsWith("*")) continue;
          stream.append(request);
          expected.addAll(Parsing.find(LIMITS, request));
        }
        if (stream.toString().endsWith("\u0006")) {
          stream.append("PING\n");
          expected.add("PING");
        }
        stream.append(BROKEN).append(GET);
        expected.addAll(Parsing.find(LIMITS, BROKEN));
        assertThat(Parsing.findInPieces(random, 200, LIMITS, stream.toString()))
            .isEqualTo(expected);
      }
    }
  }
}
