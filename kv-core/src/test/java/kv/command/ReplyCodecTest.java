package kv.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import kv.command.ByteCursor.MalformedException;
import kv.log.LogException;
import kv.memory.Memory;
import kv.store.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyCodecTest {
  private final ByteBuilder wire = new ByteBuilder(0);
  private final Kept kept = new Kept();
  private final ReplyCodec replies = new ReplyCodec(wire, kept);

  @Test
  void comeBackAsTheyWereGivenInTheirOrder() throws Exception {
    replies.ok();
    replies.value(Bytes.of("1"));
    replies.missing();
    replies.notFound();
    replies.unknownCommand(Bytes.of("FOO"));
    replies.number(Long.MIN_VALUE + 1);
    replies.list(Kept.listing("a", ""));
    replies.list(Kept.listing("a", null, ""));
    replies.page(0, Kept.listing());
    replies.page(Long.MAX_VALUE - 1, Kept.listing("a", "b"));
    replies.status("string");
    replies.error("no route");
    replies.loading(43);
    assertThat(readAll())
        .containsExactly(
            "ok",
            "value \"1\"",
            "missing",
            "not found",
            "unknown command \"FOO\"",
            "number -9223372036854775807",
            "list [\"a\", \"\"]",
            "list [\"a\", null, \"\"]",
            "page 0 []",
            "page 9223372036854775806 [\"a\", \"b\"]",
            "status string",
            "error no route",
            "loading 43");
  }

  @Test
  void thatNobodyReadsAreSkippedAndTheirListingsDropped() throws Exception {
    Bytes part = Bytes.of(new byte[256 * 1024]);
    replies.ok();
    replies.value(Bytes.of("1"));
    replies.missing();
    replies.list(Listing.copyOf(List.of(part, part)::forEach, Memory.unlimited()));
    replies.notFound();
    replies.unknownCommand(Bytes.of("FOO"));
    replies.number(7);
    replies.list(Kept.listing("a"));
    replies.error("no route");
    replies.loading(43);
    replies.list(Listing.copyOf(List.of(part, part)::forEach, Memory.unlimited()));
    replies.status("string");
    replies.page(4, Kept.listing("a", null));
    replies.page(5, Listing.copyOf(List.of(part, part)::forEach, Memory.unlimited()));
    ByteCursor source = new ByteCursor(wire.copyFrom(0));
    for (int i = 0; i < 14; i++) ReplyCodec.skip(source, kept);
    assertThat(source.hasNext()).isFalse();
    assertThat(kept.dropped()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void thatCannotBePassedOnAsAListingAreTheErrorAndTheListingIsDropped() throws Exception {
    Bytes part = Bytes.of(new byte[256 * 1024]);
    replies.list(Listing.copyOf(List.of(part, part)::forEach, Memory.unlimited()));
    TextReply seen =
        new TextReply() {
          @Override
          public void list(Listing words) {
            throw new LogException("the disk is gone");
          }
        };
    ReplyCodec.read(new ByteCursor(wire.copyFrom(0)), seen, kept);
    assertThat(seen.given()).containsExactly("error the disk is gone");
    assertThat(kept.dropped()).containsExactly(1L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00", "0d0a", "ff", "000102030405"})
  void carryAnyValue(String hex) throws Exception {
    Bytes value = Bytes.of(HexFormat.of().parseHex(hex));
    replies.value(value);
    replies.ok();
    assertThat(readAll()).containsExactly("value " + value, "ok");
  }

  @Test
  void carryAValueThatIsLongerThanOneByteCanCount() throws Exception {
    Bytes value = Bytes.of("v".repeat(70_000));
    replies.value(value);
    assertThat(readAll()).containsExactly("value " + value);
  }

  @Test
  void carryAnErrorCharByChar() throws Exception {
    replies.error("bucket \"\u00fe\"");
    assertThat(readAll()).containsExactly("error bucket \"\u00fe\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r", "\n", "\t", "\0", "\u007f", "\u00ff"})
  void takeNoByteFromAnErrorThatAClientCouldTakeForMoreThanText(String odd) throws Exception {
    replies.error("a" + odd + "b");
    assertThat(readAll()).containsExactly("error a?b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u20ac", "\ud83d\ude00", "a\ud83d\ude00b"})
  void staysInStepAfterAnErrorWithCharsOfMoreThanOneByte(String reason) throws Exception {
    replies.error(reason);
    replies.ok();
    String expected = new String(reason.getBytes(ISO_8859_1), ISO_8859_1);
    assertThat(readAll()).containsExactly("error " + expected, "ok");
  }

  @ParameterizedTest
  @CsvSource({
      "0b, a reply of kind 11",
      "ff, a reply of kind 255",
      "'', 1 bytes at 0 of 0",
      "01, 1 bytes at 1 of 1",
      "01000000, 1 bytes at 4 of 4",
      "0100000002aa, 2 bytes at 5 of 6",
      "017fffffff, 2147483647 bytes at 5 of 5",
      "01ffffffff, -1 bytes at 5 of 5",
      "0500000001, 1 bytes at 5 of 5",
      "08, 1 bytes at 1 of 1",
      "01fffffffe, -2 bytes at 5 of 5",
      "0900000001, 1 bytes at 5 of 5",
      "0a00000000, 1 bytes at 5 of 5",
      "0a0000000000000001, 1 bytes at 9 of 9",
      "0865, 101 percent"})
  void areRefusedWhenMalformed(String hex, String message) {
    TextReply seen = new TextReply();
    ByteCursor source = new ByteCursor(HexFormat.of().parseHex(hex));
    assertThatThrownBy(() -> ReplyCodec.read(source, seen, kept))
        .isInstanceOf(MalformedException.class)
        .hasMessage(message);
    assertThat(seen.given()).isEmpty();
  }

  private List<String> readAll() throws MalformedException {
    TextReply seen = new TextReply();
    ByteCursor source = new ByteCursor(wire.copyFrom(0));
    while (source.hasNext()) ReplyCodec.read(source, seen, kept);
    return seen.given();
  }
}
