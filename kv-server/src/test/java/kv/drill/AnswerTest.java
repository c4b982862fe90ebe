package kv.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import kv.drill.Answer.Outcome;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "node bar@127.0.0.1:1 is unreachable",
        "node bar@127.0.0.1:1 is unreachable: there is another node at that address",
        "node bar is stopping; the command was not carried out",
        "node bar@127.0.0.1:1 gave no answer in 5 ms; the command was not carried out",
        "the registry is being restarted; try again"
      })
  void whatPromisesThatNothingWasDoneIsTakenAtItsWord(String text) {
    assertThat(Answer.ofError(text).outcome()).isEqualTo(Outcome.NOT_DONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "node bar@127.0.0.1:1 gave no answer in 5000 ms; the command may have been carried out",
        "node bar@127.0.0.1:1 broke off the call; the command may have been carried out"
      })
  void whatPromisesNothingIsInDoubt(String text) {
    assertThat(Answer.ofError(text).outcome()).isEqualTo(Outcome.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "routing loop foo -> bar -> foo for bucket \"a\"", "no route for bucket \"a\"",
        "node bar@127.0.0.1:1 broke off the call", "line longer than 65536 bytes", "is unreachable"
      })
  void whatNoFaultOfADrillCausesIsWrong(String text) {
    assertThatThrownBy(() -> Answer.ofError(text))
        .isInstanceOf(WrongReplyException.class)
        .hasMessageContaining(text);
  }
}
