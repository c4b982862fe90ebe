package kv.observer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of any bytes, before people. */
class ShownTest {
  @ParameterizedTest
  @ValueSource(strings = {"shopping", "grün", "two words", "<b>", "買い物", "🛒", "a\"b"})
  void aTextIsShownAsItIs(String name) {
    assertThat(Shown.of(name.getBytes(UTF_8))).isEqualTo(name);
  }

  @Test
  void whatIsNoTextIsQuoted() {
    assertThat(Shown.of("a\u00ff\"\\".getBytes(ISO_8859_1))).isEqualTo("\"a\\xff\\\"\\\\\"");
  }

  @Test
  void whatOneCannotSeeIsQuoted() {
    assertThat(Shown.of("a\nb".getBytes(UTF_8))).isEqualTo("\"a\\x0ab\"");
    assertThat(Shown.of("".getBytes(UTF_8))).isEqualTo("\"\"");
    assertThat(Shown.of("  ".getBytes(UTF_8))).isEqualTo("\"  \"");
    assertThat(Shown.of("admin\u202egnp".getBytes(UTF_8)))
        .isEqualTo("\"admin\\xe2\\x80\\xaegnp\"");
  }

  @Test
  void ofALongNameTheBeginningIsShown() {
    assertThat(Shown.of("a".repeat(4096).getBytes(UTF_8))).isEqualTo("a".repeat(128) + "…");
  }
}
