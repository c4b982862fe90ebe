package kv.otp;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.Consumer;

/**
 * How a supervisor's children begin to live: started, linked, and taken in; and how they hear of
 * their supervisor's death. Used by the supervisor's thread only, but for {@link #orphanAll}.
 */
final class Startup {
  private static final Log LOG = new Log(Supervisor.class);

  private final GenServer supervisor;
  private final Children children;
  private final Consumer<Proc> exited;

  /** For the children of {@code supervisor}, which hands every exit to {@code exited}. */
  Startup(GenServer supervisor, Children children, Consumer<Proc> exited) {
    this.supervisor = supervisor;
    this.children = children;
    this.exited = exited;
  }

  /** Runs the child's start function; a proc that comes of it is linked. */
  StartResult start(Child child, List<?> args) {
    supervisor.proc().ensureAlive(); // a supervisor that was killed starts nobody any more
    StartResult result = child.start(args);
    Thread.interrupted(); // left by the start function; a kill is noticed without it
    if (result instanceof StartResult.Error) supervisor.proc().ensureAlive(); // the kill's fault
    if (result instanceof StartResult.Ok ok && !link(ok.proc()))
      return StartResult.error(ExitReason.crash(ok.proc() + " is somebody's child already"));
    return result;
  }

  /** Has the exit of {@code child} told here; false if somebody else has it told, or it is this. */
  private boolean link(Proc child) {
    if (child == supervisor.proc()) return false;
    return child.linkSupervisor(
        proc -> supervisor.cast(() -> exited.accept(proc)),
        // It ended before whatever waits now was asked: Erlang links a child before it runs.
        proc -> supervisor.castEarly(() -> exited.accept(proc)));
  }

  /** Takes a started child in, and says what came of the start. */
  ChildResult run(Child child, StartResult result) {
    if (result instanceof StartResult.Error error) return new ChildResult.Failed(error.reason());
    if (!(result instanceof StartResult.Ok ok)) return ChildResult.IGNORED;
    children.proc(child, ok.proc());
    child.info = ok.info();
    if (supervisor.proc().cause() != null) orphan(ok.proc());
    return new ChildResult.Started(ok.proc(), ok.info());
  }

  /** Signals the children of a supervisor that has ended without stopping them. */
  void orphanAll() {
    children.procs().forEach(this::orphan);
  }

  private void orphan(Proc child) {
    try {
      child.ask(supervisor.proc().cause(), Proc.Asker.PARENT);
    } catch (Throwable t) { // its siblings must hear all the same
      OutOfHeap.tell(t);
      String what = child.name() + " could not be told of the end of " + supervisor.proc().name();
      LOG.log(Level.ERROR, what, () -> what, t);
    }
  }
}
