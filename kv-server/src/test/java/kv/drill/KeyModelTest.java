package kv.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Histories by hand: {@code +a} was acknowledged, {@code ?a} was not, {@code =a} was read, {@code
 * !} ends the life of the node. No letter stands for no value: {@code +} is a DELETE.
 */
class KeyModelTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "=", "+a =a", "+a +b =b", "+a + =", "+a =a =a", "?a =", "?a =a =a", "+a ?b =a =b =b",
        "+a ?b +c =c =b", "+a ?b ?c =c =b", "+a ? =a = =", "+a ? +b =b =", "+a ? ? = +b =",
        "+a ! =", "+a ! ?b =b", "+a ?b ! = =b", "+a ! +b =b", "+a ?b =b ! ="
      })
  void whatCanBeIsAccepted(String history) {
    assertThat(isAccepted(history)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=a", "+a =", "+a =b", "+a +b =a", "+a + =a", "+a =a =", "?a =b", "+a ?b =b =a",
        "+a ?b =", "+a ?b =b +c =b", "+a ? = =a", "+a ? = +b =", "+a ?b ?c =c =b =c",
        "+a ! =a", "+a ?b =b ! =b", "+a ! +b =a", "+a ! +b =", "?a ! =a ! =a"
      })
  void whatCannotBeIsNot(String history) {
    assertThat(isAccepted(history)).isFalse();
  }

  private static boolean isAccepted(String history) {
    KeyModel model = new KeyModel();
    boolean isAccepted = true;
    for (String step : history.split(" ")) {
      Optional<String> value = Optional.of(step.substring(1)).filter(text -> !text.isEmpty());
      switch (step.charAt(0)) {
        case '+' -> model.wrote(value);
        case '?' -> model.mayHaveWritten(value);
        case '!' -> model.lost();
        default -> isAccepted &= model.canRead(value);
      }
    }
    return isAccepted;
  }
}
