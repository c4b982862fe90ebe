package kv.command.redis;

import java.util.OptionalLong;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;

/** The ways in which a client says when a key is to expire. */
enum Times {
  SECONDS(1000, false),
  MILLIS(1, false),
  AT_SECONDS(1000, true),
  AT_MILLIS(1, true);

  private final int unit;
  private final boolean isAbsolute;

  Times(int unit, boolean isAbsolute) {
    this.unit = unit;
    this.isAbsolute = isAbsolute;
  }

  /**
   * The time that word {@code at} says, in milliseconds since 1970; empty if it is no number above
   * zero, or too large, and {@code reply} has been told.
   *
   * @param verb what the client has asked for
   */
  OptionalLong positiveOrTell(Words words, int at, Bucket bucket, String verb, Reply reply) {
    OptionalLong number = Arguments.numberOrTell(words, at, reply);
    if (number.isEmpty()) return number;
    if (number.getAsLong() > 0) return millisOrTell(number.getAsLong(), bucket, verb, reply);
    reply.error(Faults.badDeadline(verb));
    return OptionalLong.empty();
  }

  /** As {@link #positiveOrTell}, for numbers of either sign. */
  OptionalLong orTell(Words words, int at, Bucket bucket, String verb, Reply reply) {
    OptionalLong number = Arguments.numberOrTell(words, at, reply);
    return number.isEmpty() ? number : millisOrTell(number.getAsLong(), bucket, verb, reply);
  }

  private OptionalLong millisOrTell(long number, Bucket bucket, String verb, Reply reply) {
    try {
      long millis = Math.multiplyExact(number, unit);
      return OptionalLong.of(
          isAbsolute ? millis : Math.addExact(millis, bucket.systemMillis()));
    } catch (ArithmeticException e) {
      reply.error(Faults.badDeadline(verb));
      return OptionalLong.empty();
    }
  }
}
