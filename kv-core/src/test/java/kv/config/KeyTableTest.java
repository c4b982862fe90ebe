package kv.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTableTest {
  private enum Key implements SettingKey {
    OVEN_HEAT("oven.heat", Rule.number(0, 300)),
    TIME("time", Rule.duration(Duration.ofSeconds(1))),
    FAN("fan", Rule.choice("on", "off"));

    private final String text;
    private final Rule rule;

    Key(String text, Rule rule) {
      this.text = text;
      this.rule = rule;
    }

    @Override
    public String defaultValue() {
      return "1";
    }

    @Override
    public Rule rule() {
      return rule;
    }

    @Override
    public String purpose() {
      return "what " + text + " is for";
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private final KeyTable<Key> table =
      new KeyTable<>("bake --help", "fan=on", List.of(Key.values()));

  private void assertRefused(String message, String... arguments) {
    assertThatThrownBy(() -> table.arguments(List.of(arguments)).forEach(table::value))
        .isInstanceOf(ConfigException.class)
        .hasMessage(message);
  }

  @Nested
  class Arguments {
    @Test
    void areReadInTheirOrderAndSplitAtTheFirstEqualsSign() {
      List<Setting> read = table.arguments(List.of("time=5s", "no=such=key", "fan="));
      assertThat(read).extracting(Setting::key).containsExactly("time", "no", "fan");
      assertThat(read).extracting(Setting::value).containsExactly("5s", "such=key", "");
      assertThat(read.get(0).place()).hasToString("argument 'time=5s'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fan", "=on", "fan:on"})
    void thatAreNoSettingsAreRefusedWithAnExample(String argument) {
      assertRefused("argument '" + argument
          + "': not a setting; write KEY=VALUE, as in fan=on, or see bake --help", argument);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "--fan=on", "-f"})
    void thatAreOptionsAreRefused(String argument) {
      assertRefused(
          "argument '" + argument + "': unknown option; bake --help lists the options", argument);
    }

    @Test
    void cannotSetTheSameTwice() {
      assertRefused("argument 'fan=off': fan is set again, after argument 'fan=on'; set it once",
          "fan=on", "time=1s", "fan=off");
    }
  }

  @Nested
  class Keys {
    @Test
    void areFoundToTheLetter() {
      assertThat(table.key(table.arguments(List.of("fan=on")).get(0))).isEqualTo(Key.FAN);
    }

    @ParameterizedTest
    @CsvSource({
        "heat, oven.heat", "oven.haet, oven.heat", "ovenheat, oven.heat", "FAN, ''", "fun, fan",
        "an, fan", "fn, fan", "for, ''", "tmie, time", "team, ''", "clock, ''", "oven, ''"})
    void thatAreUnknownLeadToTheOneThatWasProbablyMeant(String key, String guess) {
      String question = guess.isEmpty() ? "" : "did you mean '" + guess + "'? ";
      assertRefused("argument '" + key + "=1': unknown key '" + key + "'; " + question
          + "bake --help lists the keys", key + "=1");
    }
  }

  @Nested
  class Values {
    @Test
    void areReadWithoutTheBlanksAroundThem() {
      assertThat(table.value(table.arguments(List.of("time= 5s\t")).get(0))).isEqualTo("5s");
    }

    @ParameterizedTest
    @CsvSource({
        "oven.heat, 301, a number from 0 to 300", "oven.heat, -1, a number from 0 to 300",
        "oven.heat, 99999999999999999999, a number from 0 to 300",
        "time, 0s, 'a duration from 1s to 1440m, as in 500ms, 5s or 2m'", "fan, ON, on or off"})
    void areRefusedByTheRuleOfTheirKey(String key, String value, String legal) {
      assertRefused(String.format("argument '%s=%s': %s is '%s'; use %s",
          key, value, key, value, legal), key + "=" + value);
    }

    @Test
    void mayBeAsGreatAsAnIntegerCanBe() {
      Rule rule = Rule.number(1, Integer.MAX_VALUE);
      assertThat(rule.allows()).accepts("2147483647").rejects("2147483648", "4294967297");
    }
  }

  @Test
  void theManualHasThreeLinesForEachKey() {
    assertThat(table.manual().lines()).hasSize(9).startsWith(
        "  oven.heat=1", "      what oven.heat is for:", "      a number from 0 to 300");
  }
}
