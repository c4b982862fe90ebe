package kv.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import kv.command.ByteCursor.MalformedException;
import kv.store.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepliesTest {
  private final ByteBuilder wire = new ByteBuilder(0);
  private final Replies replies = new Replies(wire);

  @Test
  void comeBackAsTheyWereGivenInTheirOrder() throws Exception {
    replies.ok();
    replies.value(Bytes.of("1"));
    replies.missing();
    replies.notFound();
    replies.unknownCommand();
    replies.error("no route");
    assertThat(readAll())
        .containsExactly(
            "ok", "value \"1\"", "missing", "not found", "unknown command", "error no route");
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
    replies.error("bucket \"\u00ff\"");
    assertThat(readAll()).containsExactly("error bucket \"\u00ff\"");
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
      "06, a reply of kind 6",
      "ff, a reply of kind 255",
      "'', 1 bytes at 0 of 0",
      "01, 1 bytes at 1 of 1",
      "01000000, 1 bytes at 4 of 4",
      "0100000002aa, 2 bytes at 5 of 6",
      "017fffffff, 2147483647 bytes at 5 of 5",
      "01ffffffff, -1 bytes at 5 of 5",
      "0500000001, 1 bytes at 5 of 5"})
  void areRefusedWhenMalformed(String hex, String message) {
    TextReply seen = new TextReply();
    ByteCursor source = new ByteCursor(HexFormat.of().parseHex(hex));
    assertThatThrownBy(() -> Replies.read(source, seen))
        .isInstanceOf(MalformedException.class)
        .hasMessage(message);
    assertThat(seen.given()).isEmpty();
  }

  private List<String> readAll() throws MalformedException {
    TextReply seen = new TextReply();
    ByteCursor source = new ByteCursor(wire.copyFrom(0));
    while (source.hasNext()) Replies.read(source, seen);
    return seen.given();
  }
}
