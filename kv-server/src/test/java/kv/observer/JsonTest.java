package kv.observer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the page is sent. */
class JsonTest {
  @Test
  void writesWhatThereIs() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("text", "milk");
    map.put("numbers", List.of(1, -2L, 0.5));
    map.put("nothing", null);
    map.put("is", true);
    map.put("empty", Map.of());
    assertThat(Json.of(map))
        .isEqualTo(
            "{\"text\":\"milk\",\"numbers\":[1,-2,0.5],\"nothing\":null,\"is\":true,\"empty\":{}}");
    assertThat(Json.of(Arrays.asList(null, List.of()))).isEqualTo("[null,[]]");
  }

  @Test
  void aNumberThatIsNoneIsNull() {
    assertThat(Json.of(List.of(Double.NaN, Double.POSITIVE_INFINITY, 1e300)))
        .isEqualTo("[null,null,1.0E300]");
  }

  @ParameterizedTest
  @CsvSource({
    "0022, \\\"",
    "005c, \\\\",
    "000a, \\u000a",
    "000d, \\u000d",
    "0000, \\u0000",
    "007f, \\u007f",
    "0085, \\u0085",
    "2028, \\u2028",
    "d83d, \\ud83d"
  })
  void escapesWhatWouldEndATextOrALine(String hex, String written) {
    char c = (char) Integer.parseInt(hex, 16);
    assertThat(Json.of("a" + c + "b")).isEqualTo("\"a" + written + "b\"");
  }

  @Test
  void markupStaysText() {
    assertThat(Json.of("</script><b>")).isEqualTo("\"</script><b>\"");
    assertThat(new String(Json.bytesOf("grün"), UTF_8)).isEqualTo("\"grün\"");
  }

  @Test
  void refusesWhatHasNoForm() {
    assertThatThrownBy(() -> Json.of(List.of(new Object())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no JSON of java.lang.Object");
  }
}
