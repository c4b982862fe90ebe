package kv.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kv.command.Access;
import kv.command.ByteBuilder;
import kv.command.Listing;
import kv.store.Bytes;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LineRepliesTest {
  private final ByteBuilder out = new ByteBuilder(0);
  private int spills;
  private final ClientReply reply = new LineReplies(out, () -> spills++);

  private void assertWritten(String bytes) {
    assertThat(new String(out.copyFrom(0), ISO_8859_1)).isEqualTo(bytes);
  }

  @Nested
  class Lines {
    @Test
    void sayOk() {
      reply.ok();
      assertWritten("OK\r\n");
    }

    @Test
    void sayNotFound() {
      reply.notFound();
      assertWritten("NOT FOUND\r\n");
    }

    @Test
    void sayUnknownCommandWithoutItsVerb() {
      reply.unknownCommand(Bytes.of("FOO"));
      reply.unknownCommand(Bytes.of());
      assertWritten("UNKNOWN COMMAND\r\nUNKNOWN COMMAND\r\n");
    }

    @Test
    void sayErrorAndTheReasonByteByByte() {
      reply.error("no route for bucket \"\u00c3\u00bc\\xFF\"");
      assertWritten("ERROR no route for bucket \"\u00c3\u00bc\\xFF\"\r\n");
    }

    @Test
    void sayPong() {
      reply.pong();
      assertWritten("PONG\r\n");
    }

    @Test
    void sayWhyTheClientIsRefused() {
      reply.notAuthenticated(Bytes.of("HELLO"));
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
    void areEmptyForAMissingValue() {
      reply.missing();
      assertWritten("\r\nOK\r\n");
    }

    @Test
    void areANumberInDigits() {
      reply.number(0);
      reply.number(Long.MAX_VALUE);
      assertWritten("0\r\nOK\r\n9223372036854775807\r\nOK\r\n");
    }

    @Test
    void areTextAsItIs() {
      reply.lines(List.of("a b", "", "\"c\""));
      assertWritten("a b\r\n\r\n\"c\"\r\nOK\r\n");
      assertThat(spills).isEqualTo(3);
    }

    @Test
    void areOkAloneForNoText() {
      reply.lines(List.of());
      assertWritten("OK\r\n");
    }

    @Test
    void followEachOtherInOrder() {
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
    void areBareIfNothingInThemNeedsQuotes(String word) {
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
    void areQuotedIfTheyCouldNotBeTypedBare(String word, String printed) {
      reply.value(bytes(word));
      assertWritten(printed + "\r\nOK\r\n");
    }

    @ParameterizedTest
    @MethodSource({"bare", "quoted"})
    void canBeTypedAsTheyArePrinted(String word) {
      reply.value(bytes(word));
      String printed = new String(out.copyFrom(0), ISO_8859_1);
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
    void hasALineForEachWordAndThenOk() {
      reply.list(Listing.of(List.of(Bytes.of("b"), Bytes.of(""), Bytes.of("a b"))));
      assertWritten("b\r\n\"\"\r\n\"a b\"\r\nOK\r\n");
    }

    @Test
    void isOkAloneIfItIsEmpty() {
      reply.list(Listing.of(List.of()));
      assertWritten("OK\r\n");
    }

    @Test
    void isPassedOnWhileItGrows() {
      reply.list(Listing.of(List.of(Bytes.of("a"), Bytes.of("b"), Bytes.of("c"))));
      assertThat(spills).isEqualTo(3);
    }

    @Test
    void endsWithTheErrorIfItIsCutOff() {
      reply.list(new CutListing("a", "b c"));
      assertWritten("a\r\n\"b c\"\r\nERROR cut off\r\n");
      reply.ok();
      assertWritten("a\r\n\"b c\"\r\nERROR cut off\r\nOK\r\n");
    }
  }
}
