package kv.otp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kv.testing.ManualClock;

/**
 * One supervisor over {@link TestChild}ren, on a clock that is moved by hand, and the history of
 * what it did to them. A test says what a child does of itself, and compares the history.
 */
final class Tree implements AutoCloseable {
  static final ExitReason CRASH = ExitReason.crash("it crashed");

  final ManualClock clock = new ManualClock();
  private final Map<String, TestChild> children = new ConcurrentHashMap<>();
  private final Map<String, Proc> procs = new ConcurrentHashMap<>();
  private final List<String> history = new ArrayList<>();
  private Supervisor supervisor;

  /** The defaults but for the clock: 3 restarts in 5 s. */
  Flags flags(Strategy strategy) {
    return Flags.of(strategy).clock(clock);
  }

  /** The defaults but for the clock and the intensity, in 5 s. */
  Flags flags(Strategy strategy, int intensity) {
    return flags(strategy).intensity(intensity, Flags.DEFAULT_PERIOD);
  }

  /** The child called {@code id}, to be told how it misbehaves. */
  TestChild child(String id) {
    return children.computeIfAbsent(id, key -> new TestChild(key, this));
  }

  /** The child called {@code id}, as a permanent worker. */
  ChildSpec spec(String id) {
    return child(id).spec();
  }

  /** The children called {@code ids}, as permanent workers. */
  ChildSpec[] specs(String... ids) {
    return List.of(ids).stream().map(this::spec).toArray(ChildSpec[]::new);
  }

  /** Starts the supervisor. */
  void start(Flags flags, ChildSpec... specs) throws InterruptedException {
    supervisor = Supervisor.start("tree", flags, specs);
  }

  /** Starts the supervisor, and begins the history after that. */
  void given(Flags flags, ChildSpec... specs) throws InterruptedException {
    start(flags, specs);
    written();
  }

  /** As above, with permanent children and all defaults. */
  void given(Strategy strategy, String... ids) throws InterruptedException {
    given(flags(strategy), specs(ids));
  }

  Supervisor supervisor() {
    return supervisor;
  }

  /** The present life of the child called {@code name}. */
  Proc proc(String name) {
    return procs.get(name);
  }

  /** The child called {@code name} ends of itself; answers the life that it ends. */
  Proc exit(String name, ExitReason reason) {
    Proc proc = proc(name);
    leave(proc, reason);
    return proc;
  }

  /** As {@link #exit}, with {@link #CRASH}. */
  Proc crash(String name) {
    return exit(name, CRASH);
  }

  /** Waits until the supervisor has dealt with all that it had been told. */
  void settle() throws InterruptedException {
    try {
      supervisor.countChildren();
    } catch (ExitedException e) {
      supervisor.proc().awaitExit(); // it has dealt with it once and for all
    }
  }

  /** As {@link #settle()}, also with that many failed restarts that are tried again in a row. */
  void settle(int retries) throws InterruptedException {
    settle();
    for (int i = 0; i < retries; i++) settle(); // answered after the retry that came before
  }

  /** What was done to the children since this was asked last. */
  List<String> history() throws InterruptedException {
    settle();
    return written();
  }

  /** As {@link #history}, without waiting for the supervisor. */
  List<String> written() {
    synchronized (history) {
      List<String> copy = List.copyOf(history);
      history.clear();
      return copy;
    }
  }

  /** The children in start order and whether they run, as {@code a running}. */
  List<String> states() throws InterruptedException {
    return states(supervisor.whichChildren());
  }

  static List<String> states(List<ChildInfo> newestFirst) {
    List<String> states = new ArrayList<>();
    for (ChildInfo info : newestFirst) {
      Object name = info.id().or(() -> info.proc().map(Proc::name)).orElse("?");
      states.add(0, name + " " + info.state().name().toLowerCase(Locale.ROOT));
    }
    return states;
  }

  /** Whether the supervisor has ended of what it had been told. */
  boolean hasEnded() throws InterruptedException {
    settle();
    return !supervisor.proc().isAlive();
  }

  @Override
  public void close() {
    if (supervisor != null) supervisor.close();
  }

  void write(String event) {
    synchronized (history) {
      history.add(event);
    }
  }

  void living(Proc proc) {
    procs.put(proc.name(), proc);
  }

  void leave(Proc proc, ExitReason reason) {
    procs.remove(proc.name(), proc);
    proc.end(reason);
  }

  /** Whoever did not leave was killed. */
  void ended(Proc proc) {
    if (procs.remove(proc.name(), proc)) write("kill " + proc.name());
  }
}
