package kv.server.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import kv.command.Access;
import kv.command.Listing;
import kv.memory.Memory;
import kv.store.Bytes;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LineRepliesTest {
  private final Memory memory = Memory.of(100_000, " here");
  private final Written written = new Written(memory);
  private final ReplyBuffer output = new ReplyBuffer(written, memory, () -> true, () -> {});
  private final ClientReply reply = new LineReplies(output);

  private void assertWritten(String bytes) throws IOException {
    output.write();
    assertThat(written.text()).isEqualTo(bytes);
  }

  @Nested
  class Lines {
    @Test
    void sayOk() throws Exception {
      reply.ok();
      assertWritten("OK\r\n");
    }

    @Test
    void sayNotFound() throws Exception {
      reply.notFound();
      assertWritten("NOT FOUND\r\n");
    }

    @Test
    void sayUnknownCommandWithoutItsVerb() throws Exception {
      reply.unknownCommand(Bytes.of("FOO"));
      reply.unknownCommand(Bytes.of());
      assertWritten("UNKNOWN COMMAND\r\nUNKNOWN COMMAND\r\n");
    }

    @Test
    void sayErrorAndTheReasonByteByByte() throws Exception {
      reply.error("no route for bucket \"\u00c3\u00bc\\xFF\"");
      assertWritten("ERROR no route for bucket \"\u00c3\u00bc\\xFF\"\r\n");
    }

    @Test
    void sayPong() throws Exception {
      reply.pong();
      assertWritten("PONG\r\n");
    }

    @Test
    void sayWhyTheClientIsRefused() throws Exception {
      reply.notAuthenticated();
      reply.wrongPassword("");
      reply.wrongPassword(" (x)");
      reply.notPermitted("rita", Bytes.of("DROP"), Access.ADMIN);
      assertWritten(
          "ERROR not authenticated; AUTH name password comes first\r\n"
              + "ERROR wrong name or password\r\n"
              + "ERROR wrong name or password (x)\r\n"
              + "ERROR rita may not DROP; that needs the role admin\r\n");
    }

    @Test
    void areEmptyForAMissingValue() throws Exception {
      reply.missing();
      assertWritten("\r\nOK\r\n");
    }

    @Test
    void areAWordOfOursAndOk() throws Exception {
      reply.status("string");
      assertWritten("string\r\nOK\r\n");
    }

    @Test
    void areANumberInDigits() throws Exception {
      reply.number(0);
      reply.number(Long.MAX_VALUE);
      assertWritten("0\r\nOK\r\n9223372036854775807\r\nOK\r\n");
    }

    @Test
    void areTextAsItIs() throws Exception {
      reply.lines(List.of("a b", "", "\"c\""));
      assertWritten("a b\r\n\r\n\"c\"\r\nOK\r\n");
    }

    @Test
    void areOkAloneForNoText() throws Exception {
      reply.lines(List.of());
      assertWritten("OK\r\n");
    }

    @Test
    void followEachOtherInOrder() throws Exception {
      reply.ok();
      reply.missing();
      reply.error("x");
      reply.value(Bytes.of("OK"));
      assertWritten("OK\r\n\r\nOK\r\nERROR x\r\nOK\r\nOK\r\n");
    }
  }

  @Nested
  class Words {
    static Object[][] bare() {
      return new Object[][] {
        {"a"}, {"shopping"}, {"a\"b"}, {"a\""}, {"\\"}, {"\\x41"}, {"'"}, {"*1"}, {"\u00c3\u00bc"},
        {"\u0080\u00fe\u00a0"}, {"~!"}, {"OK"}
      };
    }

    @ParameterizedTest
    @MethodSource("bare")
    void areBareIfNothingInThemNeedsQuotes(String word) throws Exception {
      reply.value(bytes(word));
      assertWritten(word + "\r\nOK\r\n");
    }

    static Object[][] quoted() {
      return new Object[][] {
        {"", "\"\""},
        {" ", "\" \""},
        {"two litres", "\"two litres\""},
        {"a ", "\"a \""},
        {"\"", "\"\\\"\""},
        {"\"a\"", "\"\\\"a\\\"\""},
        {"\"\\", "\"\\\"\\\\\""},
        {"a\"b\\ ", "\"a\\\"b\\\\ \""},
        {"\t\r\n", "\"\\t\\r\\n\""},
        {"a\0", "\"a\\x00\""},
        {"\u0001\u001f", "\"\\x01\\x1F\""},
        {"\u007f", "\"\\x7F\""},
        {"\u00ff", "\"\\xFF\""},
        {"\u00fe\u00ff", "\"\u00fe\\xFF\""},
        {"NOT FOUND", "\"NOT FOUND\""},
      };
    }

    @ParameterizedTest
    @MethodSource("quoted")
    void areQuotedIfTheyCouldNotBeTypedBare(String word, String printed) throws Exception {
      reply.value(bytes(word));
      assertWritten(printed + "\r\nOK\r\n");
    }

    @ParameterizedTest
    @MethodSource({"bare", "quoted"})
    void canBeTypedAsTheyArePrinted(String word) throws Exception {
      reply.value(bytes(word));
      output.write();
      String printed = written.text();
      assertThat(Parsing.find("PUT " + printed))
          .containsExactly("PUT " + Parsing.typed(bytes(word)), "OK");
    }

    private static Bytes bytes(String word) {
      return Bytes.of(word.getBytes(ISO_8859_1));
    }
  }

  @Nested
  class AListing {
    @Test
    void hasALineForEachWordAndThenOk() throws Exception {
      List<Bytes> words = List.of(Bytes.of("b"), Bytes.of(""), Bytes.of("a b"));
      reply.list(Listing.copyOf(words::forEach, Memory.unlimited()));
      assertWritten("b\r\n\"\"\r\n\"a b\"\r\nOK\r\n");
    }

    @Test
    void hasAnEmptyLineForAWordThatIsAbsent() throws Exception {
      Bytes[] words = {null, Bytes.of(""), null};
      reply.list(Listing.holding(3, place -> words[place], memory));
      assertWritten("\r\n\"\"\r\n\r\nOK\r\n");
      assertThat(memory.held()).isZero();
    }

    @Test
    void thatIsAPageComesBehindItsCursor() throws Exception {
      reply.page(4_294_967_295L, Listing.copyOf(List.of(Bytes.of("a b"))::forEach, memory));
      reply.page(0, Listing.copyOf(words -> {}, memory));
      assertWritten("4294967295\r\n\"a b\"\r\nOK\r\n0\r\nOK\r\n");
    }

    @Test
    void isOkAloneIfItIsEmpty() throws Exception {
      reply.list(Listing.copyOf(words -> {}, memory));
      assertWritten("OK\r\n");
    }

    @Test
    void isPassedOnWhileItGrows() throws Exception {
      List<Bytes> words = Collections.nCopies(1000, Bytes.of("w".repeat(1000)));
      reply.list(Listing.copyOf(words::forEach, Memory.unlimited()));
      assertThat(written.sizes()).hasSizeGreaterThan(10).allMatch(bytes -> bytes < 72 * 1024);
      assertWritten(("w".repeat(1000) + "\r\n").repeat(1000) + "OK\r\n");
    }

    @Test
    void isClosedInTheEnd() throws Exception {
      reply.list(Listing.copyOf(words -> words.accept(Bytes.of("a")), memory));
      assertThat(memory.held()).isZero();
    }

    @Test
    void endsWithTheErrorIfItIsCutOff() throws Exception {
      reply.list(new CutListing("a", "b c"));
      assertWritten("a\r\n\"b c\"\r\nERROR cut off\r\n");
      reply.ok();
      assertWritten("a\r\n\"b c\"\r\nERROR cut off\r\nOK\r\n");
    }
  }
}
