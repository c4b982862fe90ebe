package kv.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExchangeTest {
  private static Settings settings(String... arguments) {
    return Settings.of(List.of(arguments));
  }

  private static String request(Exchange exchange, int key) {
    ByteBuffer written = ByteBuffer.allocate(exchange.length());
    exchange.writeTo(written, key);
    return new String(written.array(), ISO_8859_1);
  }

  private static String reply(Exchange exchange) {
    return new String(exchange.reply(), ISO_8859_1);
  }

  @Test
  void isALineWithAKeyOfAlwaysTheSameLength() {
    Settings settings = settings("keys=1000", "value-bytes=3");
    Exchange put = Exchange.put(settings);
    assertThat(request(put, 0)).isEqualTo("PUT bench key:000 xxx\r\n");
    assertThat(request(put, 999)).isEqualTo("PUT bench key:999 xxx\r\n");
    assertThat(request(put, 42)).isEqualTo("PUT bench key:042 xxx\r\n");
    assertThat(reply(put)).isEqualTo("OK\r\n");
    Exchange get = Exchange.get(settings);
    assertThat(request(get, 7)).isEqualTo("GET bench key:007\r\n");
    assertThat(reply(get)).isEqualTo("xxx\r\nOK\r\n");
  }

  @Test
  void isAnArrayInResp() {
    Settings settings = settings("keys=11", "value-bytes=12", "framing=resp", "bucket=\u00e9");
    assertThat(request(Exchange.put(settings), 5))
        .isEqualTo("*4\r\n$3\r\nPUT\r\n$2\r\n\u00c3\u00a9\r\n$6\r\nkey:05\r\n"
            + "$12\r\nxxxxxxxxxxxx\r\n");
    assertThat(request(Exchange.get(settings), 10))
        .isEqualTo("*3\r\n$3\r\nGET\r\n$2\r\n\u00c3\u00a9\r\n$6\r\nkey:10\r\n");
    assertThat(reply(Exchange.put(settings))).isEqualTo("+OK\r\n");
    assertThat(reply(Exchange.get(settings))).isEqualTo("$12\r\nxxxxxxxxxxxx\r\n");
  }

  @Test
  void quotesInALineWhatNeedsIt() {
    Settings settings = settings("keys=1", "value-bytes=0", "bucket=two words");
    assertThat(request(Exchange.put(settings), 0)).isEqualTo("PUT \"two words\" key:0 \"\"\r\n");
    assertThat(reply(Exchange.get(settings))).isEqualTo("\"\"\r\nOK\r\n");
  }

  @Test
  void hasRoomForTheHighestKey() {
    Exchange get = Exchange.get(settings("keys=2147483647"));
    assertThat(request(get, Integer.MAX_VALUE - 1)).isEqualTo("GET bench key:2147483646\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"key:0", "PUT key:1", "P", "$5", "\"key:2\"", "key:"})
  void writesTheKeyAndNothingElseWhateverTheBucketIsCalled(String bucket) {
    for (String framing : List.of("line", "resp")) {
      Exchange put = Exchange.put(settings("keys=10", "framing=" + framing, "bucket=" + bucket));
      String zero = request(put, 0);
      int digit = zero.lastIndexOf("key:0") + 4;
      assertThat(request(put, 9))
          .isEqualTo(zero.substring(0, digit) + "9" + zero.substring(digit + 1));
    }
  }
}
