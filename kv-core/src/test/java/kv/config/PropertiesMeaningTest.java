package kv.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import kv.testing.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a properties file says is judged by the JDK's own reader. */
class PropertiesMeaningTest {
  private static final int ROUNDS = Form.of(10_000, 50_000);

  @ParameterizedTest
  @ValueSource(strings = {
      "a", "a=", "=a", "=", ":", "a:b", "a b", "a = b", "a  :  b", "a==b", "a=b=c", "a\tb",
      "a\\ b=c", "a\\=b=c", "a\\:b:c", "\\#a=b", "\\!a=b", "a#b=c", "a=b # c", "a=b  ",
      "a=\\u0041", "\\u0041=b", "a=\\t\\n\\r\\f\\q", "a=\\\\u0041", "a=é", "a=\ud83d\ude00",
      "a=\u2028b", "#\u2028a=b", "\\", "\\\n", "\\\r\n", "\\\n\\\na=b", "\\\n  ", "  \\\n  a=b",
      "a\\\n=b", "a\\\n\\\n=b", "a=b\\", "a=b\\\n", "a=b\\\r\n", "a=b\\\n\nc=d",
      "a=b\\\n  \nc=d", "a=b\\\n# c\nd=e", "a=b\\\n\\\n\\\nc", "a=\\u00\\\n41",
      "a=b\\\n\rc=d", "\f\t a=b", "a\fb"})
  void aTrickyTextMeansWhatItMeansToTheJdk(String text) {
    assertMeansTheSame(text);
  }

  @Test
  void aRandomTextMeansWhatItMeansToTheJdk() {
    Random random = new Random(4040);
    String letters = "aab=:\\\\\\#! \t\f\n\n\r\ru004é";
    for (int round = 0; round < ROUNDS; round++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(24); length > 0; length--)
        text.append(letters.charAt(random.nextInt(letters.length())));
      assertMeansTheSame(text.toString());
    }
  }

  private void assertMeansTheSame(String text) {
    List<Map.Entry<String, String>> expected = new ArrayList<>();
    if (!loadsWithoutDuplicates(text, expected))
      assertThatThrownBy(() -> PropertiesFile.parse("f", text))
          .as("<%s>", text)
          .isInstanceOf(ConfigException.class);
    else
      assertThat(PropertiesFile.parse("f", text))
          .as("<%s>", text)
          .extracting(s -> Map.entry(s.key(), s.value()))
          .isEqualTo(expected);
  }

  /** Collects what the JDK reads, in order; false if that is malformed or has a key twice. */
  private boolean loadsWithoutDuplicates(
      String text, List<Map.Entry<String, String>> entries) {
    Recorder recorder = new Recorder(entries);
    try {
      recorder.load(new StringReader(text));
    } catch (IllegalArgumentException e) {
      return false;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return new HashSet<>(recorder.keySet()).size() == entries.size();
  }

  /** Remembers what is put in it, in order, also what is put in twice. */
  private static final class Recorder extends Properties {
    private static final long serialVersionUID = 1L;

    private final transient List<Map.Entry<String, String>> entries;

    Recorder(List<Map.Entry<String, String>> entries) {
      this.entries = entries;
    }

    @Override
    public synchronized Object put(Object key, Object value) {
      entries.add(Map.entry((String) key, (String) value));
      return super.put(key, value);
    }
  }
}
