package kv.otp;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a supervisor tells {@link Reports} of one of its children. There is no time in it: who hears
 * it has a clock.
 *
 * @param supervisor who tells
 * @param child what the log calls the child: its id or, under simple_one_for_one, what its proc is
 *     called; where several were killed at once, one of them {@code and 2 more}
 * @param childProc its life: of {@link Event#RESTARTED} the new one, empty if there was nothing to
 *     start; else the one that has ended, if the supervisor still knows it
 * @param event what happened
 * @param reason why; empty for {@link Event#RESTARTED}
 * @param group of {@link Event#RESTARTED}, what the log calls the others that were started anew, as
 *     the strategy says, in start order; else empty
 * @param restarts how many restarts count now
 * @param intensity how many may count before the supervisor gives up
 * @param period how long a restart counts
 */
public record Report(
    Proc supervisor,
    String child,
    Optional<Proc> childProc,
    Event event,
    Optional<ExitReason> reason,
    List<String> group,
    int restarts,
    int intensity,
    Duration period) {
  /** What happened. All but {@link #RESTARTED} are in the log as well. */
  public enum Event {
    /** A child has ended, and its restart is about to begin. */
    CHILD_TERMINATED,
    /** A restart is done: the child is up again, unless it had nothing to start. */
    RESTARTED,
    /** A child could not be started at a restart, which is about to be tried again. */
    START_ERROR,
    /** This would be one restart too many: the supervisor stops all children and ends. */
    REACHED_MAX_RESTART_INTENSITY,
    /** A child has crashed, and is not restarted, as its spec says. */
    CHILD_TERMINATED_FOR_GOOD,
    /** The significant children have ended: the supervisor stops the others and ends. */
    AUTO_SHUTDOWN,
    /** A child was stopped, and died of something else than it was asked to. */
    SHUTDOWN_ERROR;

    /** As the log has it: {@code child_terminated}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
