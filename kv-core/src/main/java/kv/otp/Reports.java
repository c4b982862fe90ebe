package kv.otp;

/**
 * Who hears what supervisors report, besides the log: those whose {@link Flags} have it, and so a
 * whole tree, if all flags there are derived from those of its root.
 *
 * <p>That a child has terminated is heard before its restart begins, which may take long. When the
 * restart is done, of the whole group if the strategy says so, {@code RESTARTED} is heard. If a
 * child cannot be started, that is {@code START_ERROR}, and the restart is tried again; if there
 * have been too many restarts, {@code REACHED_MAX_RESTART_INTENSITY}. The reports of one supervisor
 * are heard one after another, those of several perhaps at the same time.
 */
@FunctionalInterface
public interface Reports {
  /** Nobody. */
  Reports NOBODY = report -> {};

  /**
   * Hears a report. Runs on the supervisor's thread, which waits: it must be quick, and a call of
   * this supervisor fails. What it throws is logged, and goes nowhere else.
   */
  void hear(Report report);
}
