package kv.otp;

import static java.util.Objects.requireNonNull;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Something with a life that ends once, for one reason: Erlang's process, without its heap and,
 * where it needs none, without a thread. {@link Task} and {@link GenServer} are procs with a
 * thread; {@link #passive} makes one without.
 *
 * <p>ALIVE → EXITING → EXITED. The way of a death is always the same:
 *
 * <ol>
 *   <li>The reason is set and the fence goes up: from here {@link #ensureAlive} throws. Only the
 *       first cause of death counts; any later one finds the proc ended and does nothing.
 *   <li>What it owns is closed, last owned first closed: sockets, names, its mailbox, its thread's
 *       patience (an interrupt). A thread that does not react lives on as a zombie behind the
 *       fence.
 *   <li>Its supervisor has the exit in its mailbox.
 *   <li>It is EXITED: {@link #isAlive} is false and {@link #awaitExit} returns; the monitors are
 *       told, one after another, while those who awaited the exit may be on their way already.
 * </ol>
 *
 * <p>So a thread that has seen a death here and then asks the supervisor is answered after the
 * supervisor has dealt with it. Safe for use by any thread. All of it runs on the thread that ends
 * the proc.
 */
public final class Proc {
  private static final Log LOG = new Log(Proc.class);

  /** Who asks a proc to end, which decides whether it must. */
  enum Asker {
    /** Anybody, by {@link Proc#exit}. */
    STRANGER,
    /** The supervisor it is linked to. */
    PARENT,
    /** Anybody, by {@link Proc#stop}: an order, not a signal. */
    STOP
  }

  /** How a proc answers when it is asked to end; runs on the asker's thread and must not block. */
  interface Behaviour {
    void asked(Proc self, ExitReason reason, Asker who);

    /** How many messages wait for it; empty if it has no mailbox. */
    default OptionalInt messages() {
      return OptionalInt.empty();
    }
  }

  private enum State {
    ALIVE,
    EXITING,
    EXITED
  }

  private final String name;

  /** Null from the beginning of the end on: what it captured goes before those who hold this do. */
  private volatile Behaviour behaviour;

  private final Object lock = new Object();

  // Guarded by the lock; state and reason are also read without it. The reason is written first.
  private volatile State state = State.ALIVE;
  private volatile ExitReason reason;
  private final Deque<AutoCloseable> owned = new ArrayDeque<>(2);
  private Set<Monitor> monitors = Set.of();
  private Consumer<Proc> supervisor;
  private boolean isSupervisorTold;
  private volatile boolean ending;

  Proc(String name, Behaviour behaviour) {
    this.name = requireNonNull(name, "name");
    this.behaviour = requireNonNull(behaviour, "behaviour");
  }

  /**
   * A live proc without a thread: asked to end, it ends at once, on the asker's thread,
   * with the reason that was asked.
   */
  public static Proc passive(String name) {
    return new Proc(name, (self, reason, who) -> self.end(reason));
  }

  /** What it is called in logs and thread dumps; need not be unique. */
  public String name() {
    return name;
  }

  /**
   * Whether its death has not been told yet. True may be stale by the time the caller looks at it.
   */
  public boolean isAlive() {
    return state != State.EXITED;
  }

  /**
   * The fence around what this proc shares: throws from the moment that its end begins, which is
   * before anyone is told. A thread that works for the proc calls it before it touches what is
   * shared, and once more before it acknowledges.
   *
   * @throws ExitedException if this proc is ending or has ended
   */
  public void ensureAlive() {
    if (state != State.ALIVE) throw new ExitedException(name, reason);
  }

  /** What it ended with; empty while it is alive. */
  public Optional<ExitReason> exitReason() {
    return isAlive() ? Optional.empty() : Optional.of(reason);
  }

  /**
   * How many messages wait for it: Erlang's {@code message_queue_len}. The one that it is just
   * handling is not among them, nor is one that waits for its time. Empty for a proc without a
   * mailbox, and from the beginning of the end on.
   */
  public OptionalInt messages() {
    Behaviour present = behaviour;
    return present == null ? OptionalInt.empty() : present.messages();
  }

  /**
   * Sends an exit signal, as Erlang's {@code exit/2} does; returns without waiting. {@code NORMAL}
   * is ignored, and a supervisor ignores them all: use {@link #stop} to stop it. Anything else ends
   * the proc with {@code reason}: a passive one and a server at once, a task when its work has come
   * to its end, a server that traps exits after the messages that came before.
   */
  public void exit(ExitReason reason) {
    if (reason != ExitReason.NORMAL) ask(reason, Asker.STRANGER);
  }

  /**
   * Ends it with {@link ExitReason#KILLED} now, whatever it is doing. A thread cannot be killed on
   * the JVM, so the kill is logical: when this returns, the proc has ended or another thread is
   * just ending it; its thread is interrupted and, if it goes on all the same, fenced off.
   */
  public void kill() {
    end(ExitReason.KILLED);
  }

  /**
   * Stops it in order with {@code reason}, which may be normal, and waits without limit until it
   * has ended. Returns at once if it has ended already.
   *
   * @return what it ended with, which may differ from what was asked
   * @throws InterruptedException if the caller is interrupted; the proc stops all the same
   * @throws IllegalStateException if a {@link GenServer} or supervisor is asked on its own thread;
   *     a task that stops itself waits for itself, unless the work's shutdown interrupts it
   */
  public ExitReason stop(ExitReason reason) throws InterruptedException {
    ask(reason, Asker.STOP);
    return awaitExit();
  }

  /** As {@link #stop(ExitReason)}, with {@link ExitReason#NORMAL}. */
  public ExitReason stop() throws InterruptedException {
    return stop(ExitReason.NORMAL);
  }

  /** Waits without limit until it has ended. */
  public ExitReason awaitExit() throws InterruptedException {
    synchronized (lock) {
      while (state != State.EXITED) lock.wait();
    }
    return reason;
  }

  /**
   * Watches this proc: {@code watcher} is called exactly once, when it has ended, with its reason,
   * or right now, with {@link ExitReason#NO_PROC}, if it has ended already.
   *
   * <p>The watcher runs on the thread that ends the proc, and must be quick: it posts a message,
   * opens a latch. If it throws, that is logged, and the other watchers hear all the same.
   */
  public Monitor monitor(Consumer<Down> watcher) {
    return monitor(watcher, null);
  }

  /** As above; the monitor is in {@code holder} until it has told or is ended. */
  Monitor monitor(Consumer<Down> watcher, Set<Monitor> holder) {
    Monitor monitor = new Monitor(this, requireNonNull(watcher, "watcher"), holder);
    synchronized (lock) {
      if (state != State.EXITED) {
        if (monitors.isEmpty()) monitors = new LinkedHashSet<>(2);
        monitors.add(monitor);
        return monitor;
      }
    }
    monitor.tell(ExitReason.NO_PROC);
    return monitor;
  }

  /**
   * Hands {@code resource} to this proc: it is closed when the proc ends, before anyone is told;
   * right now if it has ended. The close must not block, and it must make a thread that hangs on
   * the resource come back. What it throws goes as suppressed into the proc's crash, or to the log
   * if there is none.
   */
  public void owns(AutoCloseable resource) {
    synchronized (lock) {
      if (state == State.ALIVE) {
        owned.push(resource);
        return;
      }
    }
    close(resource);
  }

  @Override
  public String toString() {
    return name + (isAlive() ? "" : " (" + reason + ")");
  }

  /**
   * Tells {@code supervisor} of the exit before any monitor hears; if it is over, tells {@code
   * ifOver}, right now.
   *
   * @return false if there is another one already: there is one supervisor to a proc
   */
  boolean linkSupervisor(Consumer<Proc> supervisor, Consumer<Proc> ifOver) {
    synchronized (lock) {
      if (this.supervisor != null) return false;
      if (!isSupervisorTold) {
        this.supervisor = supervisor;
        return true;
      }
    }
    ifOver.accept(this);
    return true;
  }

  /**
   * What it is dying or has died of; null while it is alive. For its supervisor, who hears first.
   */
  ExitReason cause() {
    return reason;
  }

  void ask(ExitReason reason, Asker who) {
    requireNonNull(reason, "reason");
    Behaviour present = behaviour;
    if (present != null) present.asked(this, reason, who);
    else end(reason); // if its end has come to a halt, it goes on
  }

  /**
   * Ends it, if nothing else has: the four steps of the class comment. An error in between, such as
   * {@code OutOfMemoryError}, goes to the caller; the next one who would end it goes on from there.
   */
  void end(ExitReason cause) {
    synchronized (lock) {
      if (ending) return;
      ending = true;
      if (state == State.ALIVE) {
        reason = cause;
        state = State.EXITING;
        behaviour = null;
      }
    }
    try {
      for (AutoCloseable next; (next = owned.poll()) != null; ) close(next);
      tellSupervisor();
      tellMonitors();
    } finally {
      ending = false; // without the lock: on a full stack, to take it may be one call too many
    }
  }

  private void tellSupervisor() {
    Consumer<Proc> told;
    synchronized (lock) {
      told = supervisor;
      isSupervisorTold = told == null;
    }
    if (told == null) return;
    told.accept(this);
    synchronized (lock) {
      supervisor = null;
      isSupervisorTold = true;
    }
  }

  private void tellMonitors() {
    synchronized (lock) {
      state = State.EXITED;
      lock.notifyAll();
    }
    while (true) {
      Monitor next;
      synchronized (lock) {
        if (monitors.isEmpty()) return;
        next = monitors.iterator().next();
        monitors.remove(next);
      }
      tell(next);
    }
  }

  void remove(Monitor monitor) {
    synchronized (lock) {
      if (!monitors.isEmpty()) monitors.remove(monitor);
    }
  }

  /**
   * Waits until it has ended or {@code clock} is past {@code deadlineNanos}.
   *
   * @return whether it has ended
   */
  boolean awaitExit(Clock clock, long deadlineNanos) throws InterruptedException {
    Thread waiter = Thread.currentThread();
    Monitor monitor = monitor(down -> LockSupport.unpark(waiter));
    try {
      while (isAlive() && clock.nanoTime() - deadlineNanos < 0) {
        clock.parkUntil(deadlineNanos);
        if (Thread.interrupted()) throw new InterruptedException("waiting for the exit of " + name);
      }
      return !isAlive();
    } finally {
      monitor.demonitor();
    }
  }

  private void close(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Throwable e) { // an error, too, must not keep the end from being told
      OutOfHeap.tell(e);
      Throwable crash = reason.cause();
      String what = name + " could not close what it owned";
      if (crash != null && crash != e) crash.addSuppressed(e);
      else LOG.log(Level.WARNING, what, () -> what + ": " + resource, e);
    }
  }

  private void tell(Monitor monitor) {
    try {
      monitor.tell(reason);
    } catch (Throwable e) { // an error, too, must not keep the others from hearing
      OutOfHeap.tell(e);
      String what = "a monitor of " + name + " failed";
      LOG.log(Level.ERROR, what, () -> what, e);
    }
  }
}
