package kv.drill;

import java.util.Optional;

/**
 * One operation on one key, as its client saw it.
 *
 * @param verb all but CREATE
 * @param expected what a CAS compares with; empty for the others
 * @param value what it puts, if it puts anything; of an EXPIRE, after how many nanoseconds the key
 *     is gone
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

  /** A deadline goes by a clock of milliseconds, which is not the one that operations go by. */
  static final long ABOUT = 2_000_000;

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

  /** Whether it may come before the deadline of {@code present}. */
  private boolean mayFind(Present present) {
    return present.isThere() && (present.latest() == NEVER || invoked < present.latest() + ABOUT);
  }

  /** Whether it may come when there is nothing, perhaps as the deadline has come. */
  private boolean mayMiss(Present present) {
    boolean mayBeGone =
        present.earliest() != NEVER && (!isAnswered() || answered >= present.earliest() - ABOUT);
    return !present.isThere() || mayBeGone;
  }

  /** Whether it can come next if the key has {@code present}. */
  boolean canFollow(Present present) {
    if (!isAnswered()) return true;
    boolean isDone = answer.equals(Optional.of("1"));
    return switch (verb) {
      case GET, SWAP, TAKE ->
          answer.isPresent() ? mayFind(present) && present.has(answer) : mayMiss(present);
      case ADD -> isDone ? mayMiss(present) : mayFind(present);
      case REPLACE, EXPIRE -> isDone ? mayFind(present) : mayMiss(present);
      case CAS ->
          isDone
              ? mayFind(present) && present.has(expected)
              : mayMiss(present) || !present.has(expected);
      case INCR -> isSumOf(present) ? mayFind(present) : isDone && mayMiss(present);
      default -> true;
    };
  }

  private boolean isSumOf(Present present) {
    return present.isThere() && answer.equals(Optional.of(sum(present)));
  }

  private static String sum(Present present) {
    return Long.toString(Long.parseLong(present.value().orElseThrow()) + 1);
  }

  /**
   * What the key has after it, if it had {@code present}. One without an answer has an effect, if
   * it can have one: where it has none, it may as well not have been carried out.
   */
  Present after(Present present) {
    boolean isDone = answer.equals(Optional.of("1"));
    return switch (verb) {
      case GET -> answer.isPresent() || !isAnswered() ? present : Present.NOTHING;
      case ADD -> isAnswered() ? (isDone ? put() : present) : mayMiss(present) ? put() : present;
      case REPLACE -> isAnswered() ? (isDone ? put() : Present.NOTHING) : replaced(present);
      case CAS -> isDone || !isAnswered() && present.has(expected) ? put() : present;
      case DELETE, TAKE -> Present.NOTHING;
      case INCR ->
          isAnswered() && !isSumOf(present) || !present.isThere()
              ? Present.of(Optional.of("1"))
              : present.with(sum(present));
      case EXPIRE ->
          isAnswered() && !isDone || !present.isThere() ? Present.NOTHING : expiring(present);
      default -> put();
    };
  }

  private Present put() {
    return Present.of(value);
  }

  private Present replaced(Present present) {
    return present.isThere() ? put() : present;
  }

  private Present expiring(Present present) {
    long nanos = Long.parseLong(value.orElseThrow());
    long latest = isAnswered() ? answered + nanos : NEVER;
    return new Present(present.value(), invoked + nanos, latest);
  }
}
