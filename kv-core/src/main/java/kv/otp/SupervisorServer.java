package kv.otp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The process behind {@link Supervisor}: its children and the rules that they live by.
 *
 * <p><b>One consumer.</b> Every method here runs on the supervisor's own thread, called by a
 * message of its mailbox: exits of children, calls, retries and the order to stop are handled
 * strictly one at a time, in the order of arrival. So there is no lock; only {@link Children#procs}
 * is read by others.
 *
 * <p><b>Identity.</b> An exit counts if it is that of a child's present life. A caller that ends a
 * child forgets its life in the same breath, so that the exit which is then in the mailbox finds
 * nothing: a child that was stopped, replaced, or taken down with its group is never counted as
 * crashed. The same holds for a retry: it carries a token, and is stale unless its child still
 * holds that token.
 *
 * <p><b>Order.</b> The start order is the order of the specs, then of {@code startChild}. Groups
 * stop in reverse and start in order; a start that fails leaves those before it running, itself
 * restarting and those after it undefined, and the retry waits its turn in the mailbox, behind
 * calls and an order to stop. It counts as a restart of its own.
 *
 * <p><b>Blocking.</b> While a child starts, or has its time to stop, the supervisor hears nothing;
 * its callers wait. That is OTP's way, and what makes an answer mean that it has been done.
 *
 * <p><b>Death.</b> In order, the supervisor stops all children first and ends then. If it is
 * killed, or crashes, its children are signalled with its reason instead; a start function in which
 * its thread is caught meanwhile returns to a supervisor that has ended, and what it started is
 * signalled at once.
 */
final class SupervisorServer {
  private final Flags flags;
  private final Children children;
  private final RestartWindow window;
  private final Report report;
  private final GenServer server;
  private final Startup startup;
  private final Termination termination;
  private ChildSpec template;

  SupervisorServer(String name, Flags flags) {
    this.flags = flags;
    children = new Children(flags.isSimple());
    window = new RestartWindow(flags);
    report = new Report(name, flags, window);
    server = GenServer.startSupervising(name, reason -> stopAll());
    termination = new Termination(server.proc(), flags.clock(), report);
    startup = new Startup(server, children, this::exited);
    server.proc().owns(startup::orphanAll);
  }

  GenServer server() {
    return server;
  }

  /** Starts the children in order; the first that fails takes down those before it, and this. */
  void init(List<ChildSpec> specs) {
    if (flags.isSimple()) {
      template = specs.get(0);
      return;
    }
    for (ChildSpec spec : specs) {
      ChildResult result = startChild(new Child(spec, List.of()), List.of());
      if (result instanceof ChildResult.Failed failed) {
        stopAll();
        throw new Exit(
            ExitReason.shutdown(new ExitReason.FailedToStartChild(spec.id(), failed.reason())));
      }
    }
  }

  // Administration

  ChildResult startChild(ChildSpec spec) {
    if (flags.isSimple()) return ChildResult.SIMPLE_ONE_FOR_ONE;
    String fault = spec.fault(flags);
    if (fault != null) return new ChildResult.Invalid(fault);
    Child present = children.byId(spec.id());
    if (present == null) return startChild(new Child(spec, List.of()), List.of());
    if (present.isRunning()) return new ChildResult.AlreadyStarted(present.proc);
    return ChildResult.ALREADY_PRESENT;
  }

  ChildResult startChild(List<?> args) {
    if (!flags.isSimple()) return ChildResult.SIMPLE_ONE_FOR_ONE;
    return startChild(new Child(template, args), args);
  }

  ChildResult terminateChild(Object idOrProc) {
    if (flags.isSimple()) return terminateInstance(idOrProc);
    Child child = children.byId(idOrProc);
    return child == null ? ChildResult.NOT_FOUND : terminateChild(child);
  }

  private ChildResult terminateInstance(Object instance) {
    if (!(instance instanceof Proc proc)) return ChildResult.SIMPLE_ONE_FOR_ONE;
    Child child = children.byProc(proc);
    if (child != null) return terminateChild(child);
    return proc.cause() == null ? ChildResult.NOT_FOUND : ChildResult.DONE;
  }

  ChildResult restartChild(Object id) {
    return ifUndefined(id, child -> startup.run(child, startup.start(child, child.args)));
  }

  ChildResult deleteChild(Object id) {
    return ifUndefined(
        id,
        child -> {
          children.remove(child);
          return ChildResult.DONE;
        });
  }

  List<ChildInfo> whichChildren() {
    return newestChildren(Integer.MAX_VALUE);
  }

  List<ChildInfo> newestChildren(int most) {
    return children.which(most);
  }

  ChildCount countChildren() {
    return children.count();
  }

  Optional<ChildSpec> childSpec(Object idOrProc) {
    Child child =
        idOrProc instanceof Proc proc && flags.isSimple()
            ? children.byProc(proc)
            : children.byId(idOrProc);
    return Optional.ofNullable(child).map(found -> found.spec);
  }

  private ChildResult ifUndefined(Object id, Function<Child, ChildResult> action) {
    if (flags.isSimple()) return ChildResult.SIMPLE_ONE_FOR_ONE;
    Child child = children.byId(id);
    if (child == null) return ChildResult.NOT_FOUND;
    return switch (child.state()) {
      case RUNNING -> ChildResult.RUNNING;
      case RESTARTING -> ChildResult.RESTARTING;
      case UNDEFINED -> action.apply(child);
    };
  }

  private ChildResult startChild(Child child, List<?> args) {
    StartResult result = startup.start(child, args);
    boolean keep =
        result instanceof StartResult.Ok
            || result == StartResult.ignore() && !child.spec.isTemporary() && !flags.isSimple();
    if (keep) children.add(child);
    // under simple_one_for_one, the next child needs the start: all have the template
    if (child.spec.isTemporary() && !flags.isSimple()) child.spec = child.spec.withoutStart();
    return startup.run(child, result);
  }

  private ChildResult terminateChild(Child child) {
    terminate(child);
    if (child.spec.isTemporary() || flags.isSimple()) children.remove(child);
    return ChildResult.DONE;
  }

  // Exits and restarts

  private void exited(Proc proc) {
    Child child = children.byProc(proc);
    if (child == null) return; // it was stopped or replaced: nobody misses that life
    ExitReason reason = proc.cause();
    boolean restarts =
        switch (child.spec.restart()) {
          case PERMANENT -> true;
          case TRANSIENT -> !reason.isClean();
          case TEMPORARY -> false;
        };
    if (restarts) {
      report.restart(child, reason);
      restart(child, reason);
    } else {
      report.notRestarted(child, reason);
      forget(child);
      if (child.spec.significant()) shutDownIfLast(child, reason);
    }
  }

  private void restart(Child child, ExitReason reason) {
    if (!window.add()) {
      report.gaveUp(child, reason);
      children.proc(child, null);
      throw ended();
    }
    switch (flags.strategy()) {
      case ONE_FOR_ONE, SIMPLE_ONE_FOR_ONE -> again(child);
      case ONE_FOR_ALL -> restartGroup(child, new ArrayList<>(children.all()));
      case REST_FOR_ONE -> restartGroup(child, children.from(child));
    }
  }

  private void restartGroup(Child crashed, List<Child> group) {
    children.proc(crashed, null);
    for (Child child : Children.reversed(group)) {
      terminate(child);
      if (child.spec.isTemporary()) children.remove(child);
    }
    for (Child child : group)
      if (!child.spec.isTemporary() && !again(child)) return; // the retry goes on from here
  }

  /** Starts a child anew, or has it tried again later; false if that failed. */
  private boolean again(Child child) {
    StartResult result = startup.start(child, child.args);
    if (result instanceof StartResult.Error error) {
      report.startFailed(child, error.reason());
      Object token = new Object();
      child.retry = token;
      server.cast(() -> retry(child, token, error.reason()));
      return false;
    }
    if (result == StartResult.ignore()) forget(child);
    else {
      startup.run(child, result);
      child.restarts++;
    }
    return true;
  }

  private void retry(Child child, Object token, ExitReason reason) {
    if (child.retry == token) restart(child, reason);
  }

  private void shutDownIfLast(Child child, ExitReason reason) {
    if (flags.autoShutdown() == AutoShutdown.ALL_SIGNIFICANT)
      for (Child other : children.all())
        if (other.spec.significant() && other.state() != ChildInfo.State.UNDEFINED) return;
    report.autoShutdown(child, reason);
    throw ended();
  }

  /** How the supervisor ends by its own decision; to be thrown. */
  private Exit ended() {
    stopAll();
    return new Exit(ExitReason.SHUTDOWN);
  }

  // The end of a life

  /** What is left of a child that is not running and not to be started: its spec, if anything. */
  private void forget(Child child) {
    if (child.spec.isTemporary() || flags.isSimple()) children.remove(child);
    else children.proc(child, null);
  }

  private void terminate(Child child) {
    if (child.isRunning()) termination.one(child);
    children.proc(child, null);
  }

  private void stopAll() {
    List<Child> all = Children.reversed(children.all());
    if (!flags.isSimple()) {
      all.forEach(this::terminate);
      return;
    }
    all.removeIf(child -> !child.isRunning());
    termination.together(all, template.shutdown());
    all.forEach(children::remove);
  }
}
