package kv.router.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import kv.router.testing.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A call without the commands that have their replies. */
class CallTest {
  private static final List<String> PATH = List.of("foo", "bar");
  private static final List<String> REQUESTS = List.of("CREATE b", "", "PUT b  v", "GET b k");

  private final byte[] call = Wire.call(PATH, REQUESTS.toArray(String[]::new));

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void hasTheSamePathAndTheOtherCommands(int count) {
    byte[] rest = Call.without(count, call);
    assertThat(Wire.path(rest)).isEqualTo(PATH);
    assertThat(Wire.requests(rest)).isEqualTo(REQUESTS.subList(count, REQUESTS.size()));
  }

  @Test
  void isTheCallItselfIfNoneHasOne() {
    assertThat(Call.without(0, call)).isEqualTo(call);
  }

  /** One of the version before would take the words for requests. */
  @Test
  void ofManyWordsIsRefusedByANodeThatKnowsOnlyOneByteForTheirNumber() {
    String many = "MGET b" + " k".repeat(254);
    byte[] ofMany = Wire.call(PATH, "GET b k", many, "GET b k");
    assertThat(ofMany[0]).isEqualTo((byte) 2);
    assertThat(Call.without(1, ofMany)[0]).isEqualTo((byte) 2);
    assertThat(Wire.requests(Call.without(1, ofMany))).containsExactly(many, "GET b k");
    assertThat(Wire.call(PATH, "MGET b" + " k".repeat(253))[0]).isEqualTo((byte) 1);
  }

  @Test
  void leavesTheCallAsItIs() {
    byte[] before = call.clone();
    Call.without(2, call);
    assertThat(call).isEqualTo(before);
  }

  @Test
  void isNothingIfThereAreNotAsManyCommands() {
    assertThatThrownBy(() -> Call.without(5, call)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void isNothingIfItIsNoCall() {
    byte[] cut = Arrays.copyOf(call, 3);
    assertThatThrownBy(() -> Call.without(1, cut)).isInstanceOf(IllegalArgumentException.class);
  }
}
