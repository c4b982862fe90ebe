package kv.otp;

import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What a supervisor reports, to the log and to {@link Reports}. In the log there are always the
 * same fields: supervisor, child, event, reason with its stack trace, restarts in the window. A
 * restart is a warning, giving up an error; a clean exit that brings no restart is not reported,
 * and a restart that is done is not logged. The children of simple_one_for_one share an id: each is
 * called what its proc is.
 */
final class Reporter {
  private static final Log LOG = new Log(Supervisor.class);

  private final Proc supervisor;
  private final Flags flags;
  private final RestartWindow window;

  Reporter(Proc supervisor, Flags flags, RestartWindow window) {
    this.supervisor = supervisor;
    this.flags = flags;
    this.window = window;
  }

  void restart(Child child, ExitReason reason) {
    report(Level.WARNING, child, Report.Event.CHILD_TERMINATED, reason);
  }

  /** A restart is done; {@code others} are those that were started with {@code child}. */
  void restarted(Child child, boolean isUp, Collection<Child> others) {
    Optional<Proc> proc = isUp ? Optional.of(child.proc) : Optional.empty();
    List<String> group = others.stream().filter(Child::isRunning).map(this::name).toList();
    tell(report(name(child), proc, Report.Event.RESTARTED, Optional.empty(), group));
  }

  /** Has a flight recording, if there is one that wants it, hear of a restart. */
  void record(RestartEvent event, Child child, ExitReason reason, boolean isDone) {
    event.end();
    if (!event.shouldCommit()) return;
    event.supervisor = supervisor.name();
    event.child = name(child);
    event.reason = Log.describe(reason);
    event.restarts = window.count();
    event.done = isDone;
    event.commit();
  }

  void notRestarted(Child child, ExitReason reason) {
    if (!reason.isClean())
      report(Level.WARNING, child, Report.Event.CHILD_TERMINATED_FOR_GOOD, reason);
  }

  void startFailed(Child child, ExitReason reason) {
    report(Level.WARNING, child, Report.Event.START_ERROR, reason);
  }

  void gaveUp(Child child, ExitReason reason) {
    report(Level.ERROR, child, Report.Event.REACHED_MAX_RESTART_INTENSITY, reason);
  }

  void autoShutdown(Child child, ExitReason reason) {
    report(Level.INFO, child, Report.Event.AUTO_SHUTDOWN, reason);
  }

  /** A child that was stopped and died of something else than it was asked to. */
  void shutdownError(Child child, ExitReason reason) {
    report(level(child, reason), child, Report.Event.SHUTDOWN_ERROR, reason);
  }

  /**
   * So many children of one spec that did not stop in time and were killed; {@code one} of
   * them.
   */
  void killed(Child one, int count) {
    String whom = count == 1 ? name(one) : name(one) + " and " + (count - 1) + " more";
    ExitReason reason = ExitReason.KILLED;
    report(level(one, reason), whom, one, Report.Event.SHUTDOWN_ERROR, reason);
  }

  /** A kill is worse if it hits a child on whose being there somebody counts. */
  private static Level level(Child child, ExitReason reason) {
    boolean isWorse = reason == ExitReason.KILLED && !child.spec.isTemporary();
    return isWorse ? Level.ERROR : Level.WARNING;
  }

  private String name(Child child) {
    return flags.isSimple() && child.proc != null ? child.proc.name() : child.toString();
  }

  private void report(Level level, Child child, Report.Event event, ExitReason reason) {
    report(level, name(child), child, event, reason);
  }

  private void report(
      Level level, String name, Child child, Report.Event event, ExitReason reason) {
    Optional<Proc> proc = Optional.ofNullable(child.proc);
    Report report = report(name, proc, event, Optional.of(reason), List.of());
    String whatever = "supervisor=" + supervisor.name() + " event=" + event;
    LOG.log(level, whatever, () -> text(report, reason), reason.cause());
    tell(report);
  }

  private Report report(
      String name,
      Optional<Proc> proc,
      Report.Event event,
      Optional<ExitReason> reason,
      List<String> group) {
    return new Report(
        supervisor,
        name,
        proc,
        event,
        reason,
        group,
        window.count(),
        flags.intensity(),
        flags.period());
  }

  private static String text(Report report, ExitReason reason) {
    return String.format(
        Locale.ROOT, // programs read it
        "supervisor=%s child=%s event=%s reason=%s restarts=%d of %d in %s ms",
        report.supervisor().name(),
        report.child(),
        report.event(),
        reason,
        report.restarts(),
        report.intensity(),
        TimeUnit.MILLISECONDS.convert(report.period()));
  }

  private void tell(Report report) {
    try {
      flags.reports().hear(report);
    } catch (Throwable t) { // who hears is not the supervisor's fault, nor its end
      OutOfHeap.tell(t);
      String what = "a report of " + supervisor.name() + " was not heard: " + report.event();
      LOG.log(Level.ERROR, what, () -> what, t);
    }
  }
}
