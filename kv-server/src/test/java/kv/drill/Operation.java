package kv.drill;

import java.util.Optional;

/**
 * One operation on one key, as its client saw it.
 *
 * @param verb PUT, GET or DELETE
 * @param value what was put or read; empty for a DELETE, and if there was nothing to read
 * @param invoked when it was sent, in nanoseconds of one clock for all clients
 * @param answered when its answer came; {@link #NEVER} if none did: it may be carried out at any
 *     time after {@code invoked}, or never
 */
record Operation(Verb verb, Optional<String> value, long invoked, long answered) {
  static final long NEVER = Long.MAX_VALUE;

  boolean isAnswered() {
    return answered != NEVER;
  }

  /** Whether it was over before {@code other} began. */
  boolean isBefore(Operation other) {
    return answered < other.invoked;
  }

  /** Whether it can come next if the key has {@code present}. */
  boolean canFollow(Optional<String> present) {
    return verb != Verb.GET || value.equals(present);
  }

  /** What the key has after it, if it had {@code present}: a GET leaves it. */
  Optional<String> after(Optional<String> present) {
    return verb == Verb.GET ? present : value;
  }
}
