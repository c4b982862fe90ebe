package kv.drill;

import java.util.Optional;

/**
 * One operation on one key, as its client saw it.
 *
 * @param verb all but CREATE
 * @param expected what a CAS compares with; empty for the others
 * @param value what it puts, if it puts anything
 * @param answer the value or the number that came, if there was one
 * @param invoked when it was sent, in nanoseconds of one clock for all clients
 * @param answered when its answer came; {@link #NEVER} if none did: it may be carried out at any
 *     time after {@code invoked}, or never
 */
record Operation(
    Verb verb,
    Optional<String> expected,
    Optional<String> value,
    Optional<String> answer,
    long invoked,
    long answered) {
  static final long NEVER = Long.MAX_VALUE;

  /** A PUT or DELETE of {@code value}, or a GET that was answered with it. */
  Operation(Verb verb, Optional<String> value, long invoked, long answered) {
    this(
        verb,
        Optional.empty(),
        verb == Verb.GET ? Optional.empty() : value,
        verb == Verb.GET ? value : Optional.empty(),
        invoked,
        answered);
  }

  boolean isAnswered() {
    return answered != NEVER;
  }

  /** Whether it was over before {@code other} began. */
  boolean isBefore(Operation other) {
    return answered < other.invoked;
  }

  /** Whether it can come next if the key has {@code present}. */
  boolean canFollow(Optional<String> present) {
    return !isAnswered() || answer.equals(answerTo(present));
  }

  private Optional<String> answerTo(Optional<String> present) {
    return switch (verb) {
      case GET, SWAP, TAKE -> present;
      case ADD -> number(present.isEmpty());
      case REPLACE -> number(present.isPresent());
      case CAS -> number(present.isPresent() && present.equals(expected));
      case INCR -> after(present);
      default -> Optional.empty();
    };
  }

  private static Optional<String> number(boolean isDone) {
    return Optional.of(isDone ? "1" : "0");
  }

  /** What the key has after it, if it had {@code present}. */
  Optional<String> after(Optional<String> present) {
    return switch (verb) {
      case GET -> present;
      case ADD -> present.or(() -> value);
      case REPLACE -> present.flatMap(any -> value);
      case CAS -> present.isPresent() && present.equals(expected) ? value : present;
      case DELETE, TAKE -> Optional.empty();
      case INCR -> Optional.of(Long.toString(Long.parseLong(present.orElse("0")) + 1));
      default -> value;
    };
  }
}
