package kv.drill;

import java.util.Optional;

/**
 * What a key has at a moment. If it has a deadline, that is not before {@code earliest}, nor after
 * {@code latest}, in nanoseconds of the clock of all clients: when the node set it, nobody outside
 * can say more exactly.
 *
 * @param value empty if it has none
 * @param earliest {@link Operation#NEVER} without a deadline
 * @param latest the same
 */
record Present(Optional<String> value, long earliest, long latest) {
  static final Present NOTHING = of(Optional.empty());

  /** A value that stays. */
  static Present of(Optional<String> value) {
    return new Present(value, Operation.NEVER, Operation.NEVER);
  }

  boolean isThere() {
    return value.isPresent();
  }

  boolean has(Optional<String> expected) {
    return isThere() && value.equals(expected);
  }

  /** Another value with the same deadline. */
  Present with(String newValue) {
    return new Present(Optional.of(newValue), earliest, latest);
  }
}
