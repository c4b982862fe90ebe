package kv.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import kv.store.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GlobTest {
  private static Bytes bytes(String text) {
    return Bytes.of(text.getBytes(ISO_8859_1));
  }

  /** As Redis 7.0.15 answered KEYS of the pattern, with that key alone. */
  static Object[][] answersOfRedis() {
    return new Object[][] {
      {"", "", true}, {"", "a", false}, {"*", "", true}, {"**", "", false}, {"**", "a", true},
      {"?", "", false}, {"?", "a", true}, {"a", "a", true}, {"a", "A", false}, {"a*", "a", true},
      {"a**", "a", true}, {"*a", "a", true}, {"*a", "ba", true}, {"*a", "ab", false},
      {"a*b*c", "aXbXbXc", true}, {"a*b*c", "aXbX", false}, {"*ab", "aab", true},
      {"*?", "a", true}, {"?*?", "a", false}, {"h[ae]llo", "hello", true},
      {"h[ae]llo", "hillo", false}, {"h[^e]llo", "hallo", true}, {"h[^e]llo", "hello", false},
      {"[a-c]", "b", true}, {"[a-c]", "d", false}, {"[c-a]", "b", true}, {"[]", "a", false},
      {"[]", "[]", false}, {"[]a]", "a", false}, {"[]a]", "]", false}, {"[\\]]", "]", true},
      {"[\\]a]", "a", true}, {"[^]", "a", true}, {"[^]a]", "a", false}, {"[^]a]", "ba]", true},
      {"[^", "a", true}, {"[", "[", false}, {"[", "a", false}, {"[a", "a", true},
      {"[ab", "b", true}, {"[ab", "c", false}, {"[^ab", "c", true}, {"[^ab", "a", false},
      {"[a-", "a", true}, {"[a-", "-", true}, {"[a-]", "a", true}, {"[a-]", "_", true},
      {"[a-]", "-", false}, {"[a-]b", "a", true}, {"[-a]", "-", true}, {"[a\\-c]", "b", false},
      {"[a\\-c]", "-", true}, {"[a-\\]]", "^]", true}, {"[a-\\]]", "^", false},
      {"[\\", "\\", true}, {"[^\\", "a", true}, {"[*?]", "*", true}, {"[*?]", "a", false},
      {"[a^]", "^", true}, {"[[]", "[", true}, {"\\*", "*", true}, {"\\*", "a", false},
      {"\\\\", "\\", true}, {"\\", "\\", true}, {"a\\", "a\\", true}, {"a\\", "a", false},
      {"\\a", "a", true}, {"\\[a]", "[a]", true}, {"*\\", "b\\", true}, {"*[ab]", "xxb", true},
      {"*[ab", "xxb", true}, {"[a-\u00ff]", "b", false}, {"[a-\u00ff]", "B", true},
      {"[\u0080-\u00ff]", "\u0090", true}, {"\u00c3?", "\u00c3\u00bc", true},
      {"?", "\u00c3\u00bc", false},
    };
  }

  @ParameterizedTest
  @MethodSource("answersOfRedis")
  void meansWhatItMeansInRedis(String pattern, String text, boolean isMeant) {
    assertThat(Glob.matches(bytes(pattern), bytes(text))).isEqualTo(isMeant);
  }

  @Test
  void takesNoMoreStepsThanBothLengthsMultiplied() {
    Bytes text = bytes("a".repeat(20_000));
    assertThat(Glob.matches(bytes("a*".repeat(200) + "b"), text)).isFalse();
    assertThat(Glob.matches(bytes("*[a-c]?".repeat(200) + "b"), text)).isFalse();
    assertThat(Glob.matches(bytes("*a".repeat(200) + "*"), text)).isTrue();
  }
}
