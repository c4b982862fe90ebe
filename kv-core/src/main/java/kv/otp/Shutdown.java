package kv.otp;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** How a supervisor ends a child. */
public sealed interface Shutdown {
  /** Kills it at once. */
  Shutdown BRUTAL_KILL = Unbounded.BRUTAL_KILL;

  /**
   * Asks it to stop and waits without limit: for supervisors, whose children have their own limits.
   */
  Shutdown INFINITY = Unbounded.INFINITY;

  /**
   * Asks it to stop, waits up to {@code timeout}, then kills it. Zero asks and kills in one breath.
   */
  static Shutdown after(Duration timeout) {
    return new After(timeout);
  }

  /** The two forms without a time. */
  enum Unbounded implements Shutdown {
    /** See {@link Shutdown#BRUTAL_KILL}. */
    BRUTAL_KILL,
    /** See {@link Shutdown#INFINITY}. */
    INFINITY
  }

  /**
   * The form with a time.
   *
   * @param timeout how long the child has, zero or more
   */
  record After(Duration timeout) implements Shutdown {
    /** Rejects null here; a negative time is for the supervisor to refuse, as part of the spec. */
    public After {
      requireNonNull(timeout, "timeout");
    }
  }
}
