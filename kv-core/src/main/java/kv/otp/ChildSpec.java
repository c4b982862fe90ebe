package kv.otp;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * How a supervisor starts, restarts and stops one child. Immutable; a supervisor checks it before
 * it starts anything, and refuses it with its reason.
 *
 * @param id unlike every other id under the same supervisor; compared by {@code equals}, which
 *     must not change with time
 * @param start starts the child; null in the spec of a temporary child that was started once, as
 *     {@link Supervisor#childSpec} gives it
 * @param restart whether the child is restarted after its own exit
 * @param shutdown how the child is stopped
 * @param type worker or supervisor
 * @param significant whether its end may end the supervisor, see {@link AutoShutdown}
 */
public record ChildSpec(
    Object id,
    Start start,
    Restart restart,
    Shutdown shutdown,
    ChildType type,
    boolean significant) {

  /** How long a worker has to stop unless its spec says otherwise. */
  public static final Duration DEFAULT_SHUTDOWN = Duration.ofSeconds(5);

  /** Starts a child, on the supervisor's thread, and returns once its initialisation is done. */
  @FunctionalInterface
  public interface Start {
    /**
     * Starts it. Must not call the supervisor that runs it, nor wait for anyone who does: fails
     * fast in the first case, hangs until a kill in the second.
     *
     * <p>A proc is its supervisor's child from the return on, not before: what this has started, it
     * must end again if it fails after that. A proc belongs to one child only: one that another
     * supervisor or child has already is a failed start.
     *
     * @param args what {@link Supervisor#startChild(List)} was given; empty for other strategies
     * @throws Exception anything: the start has failed with it
     */
    StartResult start(List<?> args) throws Exception;
  }

  /** A permanent worker with 5 s to stop. */
  public static ChildSpec worker(Object id, Callable<StartResult> start) {
    return worker(id, start == null ? null : args -> start.call());
  }

  /** A permanent worker with 5 s to stop, started with arguments: for simple_one_for_one. */
  public static ChildSpec worker(Object id, Start start) {
    return new ChildSpec(
        id, start, Restart.PERMANENT, Shutdown.after(DEFAULT_SHUTDOWN), ChildType.WORKER, false);
  }

  /** A permanent supervisor with all the time it needs to stop. */
  public static ChildSpec supervisor(Object id, Callable<Supervisor> start) {
    Start starting =
        args -> {
          Supervisor started = requireNonNull(start.call(), "the supervisor that was started");
          return StartResult.ok(started.proc(), started);
        };
    return new ChildSpec(
        id,
        start == null ? null : starting,
        Restart.PERMANENT,
        Shutdown.INFINITY,
        ChildType.SUPERVISOR,
        false);
  }

  /** This spec with another restart type. */
  public ChildSpec restart(Restart restart) {
    return new ChildSpec(id, start, restart, shutdown, type, significant);
  }

  /** This spec with another way to stop. */
  public ChildSpec shutdown(Shutdown shutdown) {
    return new ChildSpec(id, start, restart, shutdown, type, significant);
  }

  /** This spec, whose end may end the supervisor. */
  public ChildSpec asSignificant() {
    return new ChildSpec(id, start, restart, shutdown, type, true);
  }

  /** This spec for what needs no other start: without the function, and all that it captured. */
  ChildSpec withoutStart() {
    return new ChildSpec(id, null, restart, shutdown, type, significant);
  }

  boolean isTemporary() {
    return restart == Restart.TEMPORARY;
  }

  /** What is wrong with this spec under a supervisor with {@code flags}; null if nothing is. */
  String fault(Flags flags) {
    if (id == null) return "missing id";
    if (!isComparable(id)) return "invalid id: " + of() + " cannot be compared";
    if (start == null) return "missing start of " + of();
    if (restart == null) return "invalid restart of " + of() + ": null";
    if (significant && restart == Restart.PERMANENT)
      return "invalid significant of " + of() + ": a permanent child never ends by itself";
    if (significant && flags.autoShutdown() == AutoShutdown.NEVER)
      return "invalid significant of " + of() + ": its supervisor's auto shutdown is never";
    if (type == null) return "invalid type of " + of() + ": null";
    if (shutdown == null) return "invalid shutdown of " + of() + ": null";
    if (shutdown instanceof Shutdown.After after && after.timeout().isNegative())
      return "invalid shutdown of " + of() + ": " + after.timeout() + " is less than zero";
    return null;
  }

  /** An id that fails in this would fail in the supervisor's own hands. */
  private static boolean isComparable(Object id) {
    try {
      return id.hashCode() == id.hashCode() && id.equals(id);
    } catch (Throwable t) {
      OutOfHeap.tell(t);
      return false;
    }
  }

  private String of() {
    return Log.describe(id);
  }
}
