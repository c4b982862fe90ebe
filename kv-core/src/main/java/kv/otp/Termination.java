package kv.otp;

import java.util.Collection;
import java.util.concurrent.TimeUnit;

/**
 * How a supervisor ends its children: each is asked, has the time that its {@link Shutdown} grants,
 * and is killed after it. Blocks the supervisor's thread until they have ended.
 */
final class Termination {
  private final Proc supervisor;
  private final Clock clock;
  private final Reporter reporter;

  Termination(Proc supervisor, Clock clock, Reporter reporter) {
    this.supervisor = supervisor;
    this.clock = clock;
    this.reporter = reporter;
  }

  void one(Child child) {
    Shutdown shutdown = child.spec.shutdown();
    ask(child);
    if (shutdown instanceof Shutdown.After after) killAt(child, deadline(after));
    ExitReason otherwise = await(child);
    if (otherwise != null) reporter.shutdownError(child, otherwise);
  }

  /**
   * All at the same time, with one timer, and one report of those that had to be killed: the way of
   * simple_one_for_one.
   */
  void together(Collection<Child> children, Shutdown shutdown) {
    children.forEach(this::ask);
    if (shutdown instanceof Shutdown.After after) {
      long deadline = deadline(after);
      children.forEach(child -> killAt(child, deadline));
    }
    awaitAll(children);
  }

  private void awaitAll(Collection<Child> children) {
    int killed = 0;
    Child lastKilled = null;
    for (Child child : children) {
      ExitReason otherwise = await(child);
      if (otherwise == ExitReason.KILLED) {
        killed++;
        lastKilled = child;
      } else if (otherwise != null) reporter.shutdownError(child, otherwise);
    }
    if (killed > 0) reporter.killed(lastKilled, killed);
  }

  private void ask(Child child) {
    if (child.spec.shutdown() == Shutdown.BRUTAL_KILL) child.proc.kill();
    else child.proc.ask(ExitReason.SHUTDOWN, Proc.Asker.PARENT);
  }

  private void killAt(Child child, long deadlineNanos) {
    while (true) {
      try {
        if (!child.proc.awaitExit(clock, deadlineNanos)) child.proc.kill();
        return;
      } catch (InterruptedException e) {
        supervisor.ensureAlive(); // if it lives, a child's own code has left that here
      }
    }
  }

  /** Null if it has ended as it was asked to, or for no worse a reason. */
  private ExitReason await(Child child) {
    ExitReason reason = awaitExit(child);
    supervisor.ensureAlive(); // killed meanwhile: children that die of that have done no wrong
    boolean brutal = child.spec.shutdown() == Shutdown.BRUTAL_KILL;
    boolean asAsked = reason == (brutal ? ExitReason.KILLED : ExitReason.SHUTDOWN);
    boolean fine = child.spec.restart() != Restart.PERMANENT && reason.isClean();
    return asAsked || fine ? null : reason;
  }

  private ExitReason awaitExit(Child child) {
    while (true) {
      try {
        return child.proc.awaitExit();
      } catch (InterruptedException e) {
        supervisor.ensureAlive();
      }
    }
  }

  private long deadline(Shutdown.After after) {
    return clock.nanoTime() + TimeUnit.NANOSECONDS.convert(after.timeout());
  }
}
