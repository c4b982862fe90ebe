package kv.otp;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * A proc that starts, watches, restarts and stops other procs, its children, by OTP's rules.
 *
 * <p>Children start in order, one after another, and stop in reverse. A child that exits is
 * restarted as its {@link Restart} says and together with whom the {@link Strategy} says. More
 * restarts within a period than {@link Flags} allow, and the supervisor stops all children and ends
 * with {@link ExitReason#SHUTDOWN}; what then happens is for the supervisor above it.
 *
 * <p>It stops in order when its parent says so, or by {@link #stop}. Exit signals from anybody else
 * it ignores; only a {@link Proc#kill} ends it, and then its children are left to an exit signal
 * with reason killed.
 *
 * <p>Safe for use by any thread. Every call waits for its turn in the supervisor's mailbox, without
 * limit, as in OTP, unless it takes a limit, and so behind a child that takes its time to start or
 * to stop. The answer is given after whatever the supervisor knew of before the call: who has seen
 * a child die finds it restarted. Every call throws {@link ExitedException} if the supervisor has
 * ended, {@code InterruptedException} if the caller is interrupted (what was asked may still be
 * done), and {@code IllegalStateException} if it is made on the supervisor's own thread, as from a
 * child's start function: it could never be answered. Nor could a call of a supervisor further up
 * from there, which waits for this very start; that hangs until a kill.
 */
public final class Supervisor implements AutoCloseable {
  private final SupervisorServer rules;
  private final GenServer server;

  private Supervisor(SupervisorServer rules) {
    this.rules = rules;
    server = rules.server();
  }

  /** As {@link #start(String, Flags, List)}. */
  public static Supervisor start(String name, Flags flags, ChildSpec... specs)
      throws InterruptedException {
    return start(name, flags, Arrays.asList(specs));
  }

  /**
   * Starts a supervisor with its children; returns when all are up.
   *
   * <p>It is its parent's child once it is returned from a start function. Started elsewhere, it
   * has no parent, and lives until it is stopped, wherever it was started: its thread keeps the JVM
   * running. If the caller is interrupted, what is up already is killed, not waited for.
   *
   * @param name what it is called in logs and thread dumps
   * @param specs its children in start order; exactly one, the template of all, for
   *     simple_one_for_one, which starts none of them yet
   * @throws StartException if a flag or a spec is invalid, in which case nothing was started, or if
   *     a child failed to start: then those before it have been stopped again, in reverse
   */
  public static Supervisor start(String name, Flags flags, List<ChildSpec> specs)
      throws InterruptedException {
    requireNonNull(name, "name");
    List<ChildSpec> copy = new ArrayList<>(requireNonNull(specs, "specs"));
    String fault = fault(flags, copy);
    if (fault != null) throw new StartException(name, ExitReason.crash(fault));
    Supervisor supervisor = new Supervisor(new SupervisorServer(name, flags));
    supervisor.server.begin(self -> supervisor.rules.init(copy));
    return supervisor;
  }

  /** Its life. */
  public Proc proc() {
    return server.proc();
  }

  /** What it was started with; asks nobody, and is there after its end. */
  public Flags flags() {
    return rules.flags();
  }

  /**
   * Adds a child, after all others, and starts it.
   *
   * @return {@code Started} or {@code IGNORED}; {@code AlreadyStarted} or {@code ALREADY_PRESENT}
   *     if the id is taken; {@code Failed} if it did not start, and {@code Invalid} if the spec is
   *     refused, in which cases the spec is forgotten; {@code SIMPLE_ONE_FOR_ONE} if that is the
   *     strategy
   */
  public ChildResult startChild(ChildSpec spec) throws InterruptedException {
    requireNonNull(spec, "spec");
    return server.call(() -> rules.startChild(spec));
  }

  /**
   * Starts another instance of a simple_one_for_one supervisor's spec.
   *
   * @param args for the start function, now and at every restart; not kept for a temporary child
   * @return {@code Started}, {@code IGNORED} or {@code Failed}, and nothing is kept but for the
   *     first; {@code SIMPLE_ONE_FOR_ONE} if that is not the strategy
   */
  public ChildResult startChild(List<?> args) throws InterruptedException {
    List<?> copy = Collections.unmodifiableList(new ArrayList<>(args));
    return server.call(() -> rules.startChild(copy));
  }

  /**
   * Stops a child as its {@link Shutdown} says. It is not restarted, nor are others; its spec is
   * kept unless it is temporary. A child that is restarting is given up.
   *
   * @param idOrProc its id or, under simple_one_for_one, where it is forgotten altogether, its
   *     {@link Proc}; while it is restarting, its last one
   * @return {@code DONE}, also if it was not running, and under simple_one_for_one for any proc
   *     that has ended; {@code NOT_FOUND}; {@code SIMPLE_ONE_FOR_ONE} for an id under that strategy
   */
  public ChildResult terminateChild(Object idOrProc) throws InterruptedException {
    checkId(idOrProc);
    return server.call(() -> rules.terminateChild(idOrProc));
  }

  /**
   * Starts a child that is not running, in its old place. Does not count as a restart.
   *
   * @return {@code Started}, {@code IGNORED} or {@code Failed}, after which its spec is still
   *     there; {@code RUNNING}, {@code RESTARTING}, {@code NOT_FOUND} or {@code SIMPLE_ONE_FOR_ONE}
   *     if it cannot be restarted for that reason
   */
  public ChildResult restartChild(Object id) throws InterruptedException {
    checkId(id);
    return server.call(() -> rules.restartChild(id));
  }

  /**
   * Forgets a child that is not running.
   *
   * @return {@code DONE}; {@code RUNNING}, {@code RESTARTING}, {@code NOT_FOUND} or {@code
   *     SIMPLE_ONE_FOR_ONE} if it cannot be deleted for that reason
   */
  public ChildResult deleteChild(Object id) throws InterruptedException {
    checkId(id);
    return server.call(() -> rules.deleteChild(id));
  }

  /** All children, the newest first. OTP's {@code which_child} is a filter away. */
  public List<ChildInfo> whichChildren() throws InterruptedException {
    return server.call(rules::whichChildren);
  }

  /** The first {@code most} of {@link #whichChildren}, for a look at one of a million. */
  public List<ChildInfo> newestChildren(int most) throws InterruptedException {
    return server.call(() -> rules.newestChildren(most));
  }

  /** How many children there are. */
  public ChildCount countChildren() throws InterruptedException {
    return server.call(rules::countChildren);
  }

  /**
   * All that who watches asks for, with one message, and so as it was at one moment.
   *
   * @param most how many children are listed, the newest
   * @throws TimeoutException if it has not answered in time, as it has something long to do
   */
  public SupervisorStatus status(int most, Duration timeout)
      throws InterruptedException, TimeoutException {
    return server.call(() -> rules.status(most), timeout);
  }

  /**
   * The spec of a child, which is named as for {@link #terminateChild}; empty if there is none.
   * That of a temporary child has no start, which is not kept, but under simple_one_for_one.
   */
  public Optional<ChildSpec> childSpec(Object idOrProc) throws InterruptedException {
    checkId(idOrProc);
    return server.call(() -> rules.childSpec(idOrProc));
  }

  /** What an id throws is for who has it, not for the supervisor that would look it up. */
  private static void checkId(Object id) {
    if (!requireNonNull(id, "id").equals(id) || id.hashCode() != id.hashCode())
      throw new IllegalArgumentException("an id that is not like itself: " + id);
  }

  /**
   * Stops all children in reverse order, then ends with {@link ExitReason#NORMAL}; waits for that.
   * Not for a child to call, nor is {@link #close}: it would wait for itself.
   */
  public void stop() throws InterruptedException {
    proc().stop();
  }

  /**
   * As {@link #stop}, but waits also if the thread is interrupted, which is still set afterwards.
   * Does nothing if the supervisor has ended.
   */
  @Override
  public void close() {
    boolean interrupted = false;
    while (proc().isAlive()) {
      try {
        stop();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) Thread.currentThread().interrupt();
  }

  @Override
  public String toString() {
    return proc().toString();
  }

  private static String fault(Flags flags, List<ChildSpec> specs) {
    if (flags == null) return "missing flags";
    String fault = flags.fault();
    if (fault != null) return fault;
    if (flags.isSimple() && specs.size() != 1)
      return "simple_one_for_one takes exactly one child spec, not " + specs.size();
    Set<Object> ids = new HashSet<>();
    for (ChildSpec spec : specs) {
      fault = spec == null ? "missing child spec" : spec.fault(flags);
      if (fault != null) return fault;
      if (!ids.add(spec.id())) return "duplicate child id: " + spec.id();
    }
    return null;
  }
}
