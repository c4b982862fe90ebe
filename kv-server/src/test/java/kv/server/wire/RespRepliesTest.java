package kv.server.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kv.command.Access;
import kv.command.Listing;
import kv.log.LogException;
import kv.memory.Memory;
import kv.store.Bytes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RespRepliesTest {
  private final Memory memory = Memory.of(100_000, " here");
  private final Written written = new Written(memory);
  private final ReplyBuffer output = new ReplyBuffer(written, memory, () -> true, () -> {});
  private final RespReplies reply = new RespReplies(output);

  private void assertWritten(String bytes) throws IOException {
    output.write();
    assertThat(written.text()).isEqualTo(bytes);
  }

  private static Bytes bytes(String word) {
    return Bytes.of(word.getBytes(ISO_8859_1));
  }

  @Nested
  class SimpleReplies {
    @Test
    void areOkAndPong() throws Exception {
      reply.ok();
      reply.pong();
      assertWritten("+OK\r\n+PONG\r\n");
    }

    @Test
    void areTheNullBulkStringForAMissingValue() throws Exception {
      reply.missing();
      assertWritten("$-1\r\n");
    }

    @Test
    void areSimpleStringsForWordsOfOurs() throws Exception {
      reply.status("string");
      assertWritten("+string\r\n");
    }

    @Test
    void areIntegersForNumbers() throws Exception {
      reply.number(0);
      reply.number(Long.MAX_VALUE);
      assertWritten(":0\r\n:9223372036854775807\r\n");
    }
  }

  @Nested
  class Errors {
    @Test
    void beginWithNotfoundForWhatIsNotThere() throws Exception {
      reply.notFound();
      assertWritten("-NOTFOUND there is nothing of that name\r\n");
    }

    @Test
    void beginWithErrForAllElse() throws Exception {
      reply.error("no route for bucket \"\u00c3\u00bc\\xFF\"");
      assertWritten("-ERR no route for bucket \"\u00c3\u00bc\\xFF\"\r\n");
    }

    static Object[][] verbs() {
      return new Object[][] {
        {"HELLO", "HELLO"},
        {"", ""},
        {"a b", "a b"},
        {"it's", "it's"},
        {"a\"b", "a\\\"b"},
        {"a\r\n+OK", "a\\r\\n+OK"},
        {"\0\u007f\u00ff", "\\x00\\x7F\\xFF"},
        {"\u00c3\u00bc", "\u00c3\u00bc"},
      };
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void nameAnUnknownVerbOnOneLineInTheWordsThatClientsLookFor(String verb, String shown)
        throws Exception {
      reply.unknownCommand(bytes(verb));
      assertWritten("-ERR unknown command '" + shown + "'\r\n");
    }
  }

  @Nested
  class AValue {
    static Object[][] values() {
      return new Object[][] {
        {"a", "$1\r\na\r\n"},
        {"", "$0\r\n\r\n"},
        {"two litres", "$10\r\ntwo litres\r\n"},
        {"\"a\"", "$3\r\n\"a\"\r\n"},
        {"\r\n", "$2\r\n\r\n\r\n"},
        {"\0\u007f\u0080\u00ff", "$4\r\n\0\u007f\u0080\u00ff\r\n"},
        {"\u00c3\u00bc", "$2\r\n\u00c3\u00bc\r\n"},
      };
    }

    @ParameterizedTest
    @MethodSource("values")
    void isABulkStringOfItsVeryBytes(String value, String written) throws Exception {
      reply.value(bytes(value));
      assertWritten(written);
    }
  }

  @Nested
  class ARefusal {
    @Test
    void isWordedAsRedisWordsIt() throws Exception {
      reply.notAuthenticated();
      reply.wrongPassword("");
      reply.notPermitted("rita", Bytes.of("DROP"), Access.ADMIN);
      assertWritten(
          "-NOAUTH Authentication required.\r\n"
              + "-WRONGPASS invalid username-password pair or user is disabled.\r\n"
              + "-NOPERM User rita has no permissions to run the 'DROP' command;"
              + " that needs the role admin\r\n");
    }

    @Test
    void mayHaveACodeOfItsOwn() throws Exception {
      reply.error("NOPROTO", "unsupported protocol version");
      assertWritten("-NOPROTO unsupported protocol version\r\n");
    }
  }

  @Nested
  class Data {
    private final Map<String, Object> data = new LinkedHashMap<>();

    @BeforeEach
    void fill() {
      data.put("name", "kv");
      data.put("numbers", Arrays.asList(0, -1L, null, new RespReplies.Flag("f")));
      data.put("none", Map.of());
    }

    @Test
    void isListsInVersion2() throws Exception {
      reply.data(data);
      assertWritten(
          "*6\r\n$4\r\nname\r\n$2\r\nkv\r\n"
              + "$7\r\nnumbers\r\n*4\r\n:0\r\n:-1\r\n$-1\r\n+f\r\n"
              + "$4\r\nnone\r\n*0\r\n");
    }

    @Test
    void isMapsAndNullsInVersion3() throws Exception {
      reply.speak(3);
      reply.data(data);
      assertWritten(
          "%3\r\n$4\r\nname\r\n$2\r\nkv\r\n"
              + "$7\r\nnumbers\r\n*4\r\n:0\r\n:-1\r\n_\r\n+f\r\n"
              + "$4\r\nnone\r\n%0\r\n");
    }
  }

  @Nested
  class InVersion3 {
    @BeforeEach
    void speak() {
      reply.speak(3);
    }

    @Test
    void whatIsMissingIsNull() throws Exception {
      reply.missing();
      assertWritten("_\r\n");
    }

    @Test
    void allElseIsAsInVersion2() throws Exception {
      reply.ok();
      reply.number(1);
      reply.value(Bytes.of("v"));
      reply.lines(List.of("a"));
      assertWritten("+OK\r\n:1\r\n$1\r\nv\r\n*1\r\n$1\r\na\r\n");
    }

    @Test
    void version2CanComeBack() throws Exception {
      reply.speak(2);
      reply.missing();
      assertWritten("$-1\r\n");
    }
  }

  @Nested
  class AText {
    @Test
    void isOneBulkStringOfAllItsLines() throws Exception {
      List<Bytes> lines = List.of(Bytes.of("a\n"), Bytes.of("b\n"));
      reply.text(Listing.copyOf(lines::forEach, memory), 4);
      assertWritten("$4\r\na\nb\n\r\n");
      assertThat(memory.held()).isZero();
    }

    @Test
    void mayBeEmpty() throws Exception {
      reply.text(Listing.copyOf(lines -> {}, memory), 0);
      assertWritten("$0\r\n\r\n");
    }
  }

  @Nested
  class Muted {
    @Test
    void repliesAreNotWrittenButThoseBeforeAndBehindAre() throws Exception {
      reply.number(1);
      reply.mute();
      reply.number(2);
      reply.value(Bytes.of("x".repeat(90_000)));
      output.write();
      reply.number(3);
      reply.unmute();
      reply.number(4);
      assertWritten(":1\r\n:4\r\n");
    }

    @Test
    void theNextReplyAloneIsNotWritten() throws Exception {
      reply.number(1);
      reply.muteNext();
      reply.value(Bytes.of("x".repeat(90_000)));
      reply.number(3);
      assertWritten(":1\r\n:3\r\n");
    }

    @Test
    void aLongReplyLeavesNothingBehindThatAFailureOfTheNextOneCouldBreak() throws Exception {
      boolean[] fails = {false};
      ReplyBuffer other =
          new ReplyBuffer(
              written,
              memory,
              () -> true,
              () -> {
                if (fails[0]) throw new LogException("the disk has failed");
              });
      RespReplies replies = new RespReplies(other);
      replies.muteNext();
      replies.value(Bytes.of("x".repeat(90_000)));
      replies.ok();
      fails[0] = true;
      other.write();
      assertThat(written.text()).isEqualTo("-ERR the disk has failed\r\n");
    }

    @Test
    void theNextReplyIsNotTheLastThatIsDroppedIfAllAre() throws Exception {
      reply.mute();
      reply.muteNext();
      reply.number(1);
      reply.number(2);
      reply.unmute();
      reply.number(3);
      assertWritten(":3\r\n");
    }
  }

  @Nested
  class AListing {
    @Test
    void isAnArrayOfBulkStrings() throws Exception {
      List<Bytes> words = List.of(Bytes.of("b"), Bytes.of(""), Bytes.of("a b"));
      reply.list(Listing.copyOf(words::forEach, Memory.unlimited()));
      assertWritten("*3\r\n$1\r\nb\r\n$0\r\n\r\n$3\r\na b\r\n");
    }

    @Test
    void mayBeEmpty() throws Exception {
      reply.list(Listing.copyOf(words -> {}, memory));
      assertWritten("*0\r\n");
    }

    @Test
    void hasNullsForWordsThatAreAbsent() throws Exception {
      Bytes[] words = {null, Bytes.of(""), null};
      reply.list(Listing.holding(3, place -> words[place], memory));
      reply.speak(3);
      reply.list(Listing.holding(3, place -> words[place], memory));
      assertWritten("*3\r\n$-1\r\n$0\r\n\r\n$-1\r\n*3\r\n_\r\n$0\r\n\r\n_\r\n");
      assertThat(memory.held()).isZero();
    }

    @Test
    void thatIsAPageComesBehindItsCursor() throws Exception {
      reply.page(4_294_967_295L, Listing.copyOf(List.of(Bytes.of("a"))::forEach, memory));
      reply.page(0, Listing.copyOf(words -> {}, memory));
      assertWritten("*2\r\n$10\r\n4294967295\r\n*1\r\n$1\r\na\r\n*2\r\n$1\r\n0\r\n*0\r\n");
    }

    @Test
    void ofTextIsAnArrayToo() throws Exception {
      reply.lines(List.of("a b", ""));
      assertWritten("*2\r\n$3\r\na b\r\n$0\r\n\r\n");
    }

    @Test
    void endsTheConnectionIfItIsCutOffForItHasSaidHowLongItIs() throws Exception {
      assertThatThrownBy(() -> reply.list(new CutListing("a", "b")))
          .isInstanceOf(ClientReply.BrokenReplyException.class)
          .hasMessageContaining("cut off");
      assertWritten("*3\r\n$1\r\na\r\n$1\r\nb\r\n");
    }
  }
}
