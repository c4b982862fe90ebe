package kv.webdriver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @ParameterizedTest
  @ValueSource(strings = {
      "null", "true", "false", "0", "-12", "9007199254740993", "1.5", "-0.25", "\"\"", "[]", "{}",
      "[1,\"a\",null,[true]]", "{\"a\":{\"b\":[{}]},\"c\":null}", "\"\\\"\\\\\u00e9\ud83e\udd5b\"",
      "\"\\u0000\\u000a\\u001f\""})
  void isWrittenAsItWasRead(String json) {
    assertThat(Json.write(Json.read(json))).isEqualTo(json);
  }

  @Test
  void hasItsPlaceInTheClassesOfJava() {
    assertThat(Json.read(" { \"n\" : [ 1 , 1e2 , null ] ,\n\t\"t\" : \"\\u0041\\n\\/\" } "))
        .isEqualTo(Map.of("n", Arrays.asList(1L, 100.0, null), "t", "A\n/"));
  }

  @Test
  void takesNumbersOfAnyKind() {
    assertThat(Json.write(List.of(1, 2L, 0.5))).isEqualTo("[1,2,0.5]");
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "", "nul", "truefalse", "01", "1.", "+1", "\"", "\"\\x\"", "\"\\u00", "\"\\u00g0\"", "[1",
      "[1,]", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "[] []", "<html>"})
  void isRefusedIfItIsNone(String text) {
    assertThatThrownBy(() -> Json.read(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void hasNoPlaceForWhatIsNoValue() {
    assertThatThrownBy(() -> Json.write(List.of(new Object())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Object");
  }
}
