package kv.otp;

import java.lang.System.Logger.Level;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What a supervisor reports to the log, always with the same fields: supervisor, child, event,
 * reason with its stack trace, restarts in the window. A restart is a warning, giving up an error;
 * a clean exit that brings no restart is not reported. The children of simple_one_for_one share an
 * id: each is called what its proc is.
 */
final class Report {
  private static final Log LOG = new Log(Supervisor.class);

  private final String supervisor;
  private final Flags flags;
  private final RestartWindow window;

  Report(String supervisor, Flags flags, RestartWindow window) {
    this.supervisor = supervisor;
    this.flags = flags;
    this.window = window;
  }

  void restart(Child child, ExitReason reason) {
    log(Level.WARNING, child, "child_terminated", reason);
  }

  void notRestarted(Child child, ExitReason reason) {
    if (!reason.isClean()) log(Level.WARNING, child, "child_terminated_for_good", reason);
  }

  void startFailed(Child child, ExitReason reason) {
    log(Level.WARNING, child, "start_error", reason);
  }

  void gaveUp(Child child, ExitReason reason) {
    log(Level.ERROR, child, "reached_max_restart_intensity", reason);
  }

  void autoShutdown(Child child, ExitReason reason) {
    log(Level.INFO, child, "auto_shutdown", reason);
  }

  /** A child that was stopped and died of something else than it was asked to. */
  void shutdownError(Child child, ExitReason reason) {
    log(level(child, reason), child, "shutdown_error", reason);
  }

  /**
   * So many children of one spec that did not stop in time and were killed; {@code one} of
   * them.
   */
  void killed(Child one, int count) {
    String whom = count == 1 ? name(one) : name(one) + " and " + (count - 1) + " more";
    log(level(one, ExitReason.KILLED), whom, "shutdown_error", ExitReason.KILLED);
  }

  /** A kill is worse if it hits a child on whose being there somebody counts. */
  private static Level level(Child child, ExitReason reason) {
    boolean isWorse = reason == ExitReason.KILLED && !child.spec.isTemporary();
    return isWorse ? Level.ERROR : Level.WARNING;
  }

  private String name(Child child) {
    return flags.isSimple() && child.proc != null ? child.proc.name() : child.toString();
  }

  private void log(Level level, Child child, String event, ExitReason reason) {
    log(level, name(child), event, reason);
  }

  private void log(Level level, String child, String event, ExitReason reason) {
    int restarts = window.count();
    String whatever = "supervisor=" + supervisor + " event=" + event;
    LOG.log(level, whatever, () -> text(child, event, reason, restarts), reason.cause());
  }

  private String text(String child, String event, ExitReason reason, int restarts) {
    return String.format(
        Locale.ROOT, // programs read it
        "supervisor=%s child=%s event=%s reason=%s restarts=%d of %d in %s ms",
        supervisor,
        child,
        event,
        reason,
        restarts,
        flags.intensity(),
        TimeUnit.MILLISECONDS.convert(flags.period()));
  }
}
