package kv.store;

import static java.util.Objects.requireNonNull;

/**
 * A value of a bucket, and until when it is there. Immutable.
 *
 * @param deadlineMillis by the wall clock, in milliseconds since 1970: from then on the key has no
 *     value; {@link #NEVER} if it stays
 */
public record Entry(Bytes value, long deadlineMillis) {
  /** The deadline of what has none. */
  public static final long NEVER = 0;

  /** As above. */
  public Entry {
    requireNonNull(value, "value");
  }

  /** A value that stays. */
  public static Entry of(Bytes value) {
    return new Entry(value, NEVER);
  }

  /** Whether it has a deadline. */
  public boolean hasDeadline() {
    return deadlineMillis != NEVER;
  }

  /** The same value until then, whenever that is: 0 has long passed, and is no {@link #NEVER}. */
  public Entry expiringAt(long newDeadlineMillis) {
    return until(Math.max(newDeadlineMillis, 1));
  }

  /** The same value with another deadline, or {@link #NEVER}. */
  public Entry until(long newDeadlineMillis) {
    return new Entry(value, newDeadlineMillis);
  }
}
