package kv.otp;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import jdk.jfr.FlightRecorder;

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
  private final Reporter reporter;
  private final GenServer server;
  private final Startup startup;
  private final Termination termination;
  private ChildSpec template;

  SupervisorServer(String name, Flags flags) {
    this.flags = flags;
    children = new Children(flags);
    window = new RestartWindow(flags);
    server = GenServer.startSupervising(name, reason -> stopAll());
    reporter = new Reporter(server.proc(), flags, window);
    termination = new Termination(server.proc(), flags.clock(), reporter);
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

  SupervisorStatus status(int most) {
    return new SupervisorStatus(countChildren(), window.count(), newestChildren(most));
  }

  Flags flags() {
    return flags;
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
      reporter.restart(child, reason);
      restart(child, reason, new LinkedHashSet<>());
    } else {
      reporter.notRestarted(child, reason);
      forget(child);
      if (child.spec.significant()) shutDownIfLast(child, reason);
    }
  }

  /** @param back those that are up again of what this restart has tried before */
  private void restart(Child child, ExitReason reason, Set<Child> back) {
    if (!window.add()) {
      reporter.gaveUp(child, reason);
      children.proc(child, null);
      throw ended();
    }
    RestartEvent event = FlightRecorder.isInitialized() ? new RestartEvent() : null;
    if (event != null) event.begin();
    List<Child> group =
        switch (flags.strategy()) {
          case ONE_FOR_ONE, SIMPLE_ONE_FOR_ONE -> List.of(child);
          case ONE_FOR_ALL -> stopped(child, new ArrayList<>(children.all()));
          case REST_FOR_ONE -> stopped(child, children.from(child));
        };
    boolean isDone = group.stream().allMatch(next -> again(next, back)); // else, the retry goes on
    if (event != null) reporter.record(event, child, reason, isDone);
    if (isDone) reporter.restarted(child, back.remove(child), back);
  }

  /** Stops those that a crash takes along; those of the group that are to be started again. */
  private List<Child> stopped(Child crashed, List<Child> group) {
    children.proc(crashed, null);
    for (Child child : Children.reversed(group)) {
      terminate(child);
      if (child.spec.isTemporary()) children.remove(child);
    }
    return group.stream().filter(child -> !child.spec.isTemporary()).toList();
  }

  /** Starts a child anew, or has it tried again later; false if that failed. */
  private boolean again(Child child, Set<Child> back) {
    StartResult result = startup.start(child, child.args);
    if (result instanceof StartResult.Error error) {
      reporter.startFailed(child, error.reason());
      Object token = new Object();
      child.retry = token;
      server.cast(() -> retry(child, token, error.reason(), back));
      return false;
    }
    if (result == StartResult.ignore()) forget(child);
    else {
      startup.run(child, result);
      child.restarts++;
      back.add(child);
    }
    return true;
  }

  private void retry(Child child, Object token, ExitReason reason, Set<Child> back) {
    if (child.retry == token) restart(child, reason, back);
  }

  private void shutDownIfLast(Child child, ExitReason reason) {
    if (flags.autoShutdown() == AutoShutdown.ALL_SIGNIFICANT)
      for (Child other : children.all())
        if (other.spec.significant() && other.state() != ChildInfo.State.UNDEFINED) return;
    reporter.autoShutdown(child, reason);
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
