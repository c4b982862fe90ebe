package kv.otp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A supervisor's children: in start order, and each found by its key or its life without a search.
 * The key is the spec's id or, under simple_one_for_one, the child itself. Used by the supervisor's
 * thread only, but for {@link #procs}.
 */
final class Children {
  private final Map<Object, Child> byKey = new LinkedHashMap<>();
  private final Map<Proc, Child> byProc = new ConcurrentHashMap<>();
  private final boolean simple;
  private final Clock clock;

  Children(Flags flags) {
    simple = flags.isSimple();
    clock = flags.clock();
  }

  void add(Child child) {
    byKey.put(key(child), child);
  }

  void remove(Child child) {
    byKey.remove(key(child));
    if (child.proc != null) byProc.remove(child.proc);
  }

  Child byId(Object id) {
    return simple ? null : byKey.get(id);
  }

  Child byProc(Proc proc) {
    return byProc.get(proc);
  }

  /** Gives {@code child} a new life, or none; the one before is forgotten, so its exit is stale. */
  void proc(Child child, Proc proc) {
    if (child.proc != null) byProc.remove(child.proc);
    child.proc = proc;
    if (proc == null) child.info = null;
    child.retry = null;
    if (proc == null) return;
    child.sinceNanos = clock.nanoTime();
    byProc.put(proc, child);
  }

  /** In start order; a view. */
  Collection<Child> all() {
    return byKey.values();
  }

  /** {@code first} and those started after it, in start order. */
  List<Child> from(Child first) {
    List<Child> all = new ArrayList<>(byKey.values());
    return all.subList(all.indexOf(first), all.size());
  }

  /** A copy of {@code children}, last started first. */
  static List<Child> reversed(Collection<Child> children) {
    List<Child> reversed = new ArrayList<>(children);
    Collections.reverse(reversed);
    return reversed;
  }

  /** The lives of all children; for any thread. */
  Collection<Proc> procs() {
    return byProc.keySet();
  }

  /** The newest first, and {@code most} of them at the most. */
  List<ChildInfo> which(int most) {
    List<ChildInfo> list = new ArrayList<>();
    int older = byKey.size() - most;
    long now = clock.nanoTime();
    for (Child child : byKey.values()) if (older-- <= 0) list.add(info(child, now));
    Collections.reverse(list);
    return list;
  }

  private ChildInfo info(Child child, long now) {
    boolean isRunning = child.isRunning();
    return new ChildInfo(
        simple ? Optional.empty() : Optional.of(child.spec.id()),
        child.state(),
        isRunning ? Optional.of(child.proc) : Optional.empty(),
        isRunning ? Optional.ofNullable(child.info) : Optional.empty(),
        child.spec.type(),
        child.restarts,
        isRunning ? Optional.of(Duration.ofNanos(now - child.sinceNanos)) : Optional.empty());
  }

  ChildCount count() {
    int active = 0;
    int supervisors = 0;
    for (Child child : byKey.values()) {
      if (child.isRunning() && child.proc.isAlive()) active++;
      if (child.spec.type() == ChildType.SUPERVISOR) supervisors++;
    }
    int workers = byKey.size() - supervisors;
    return new ChildCount(simple ? 1 : byKey.size(), active, supervisors, workers);
  }

  private Object key(Child child) {
    return simple ? child : child.spec.id();
  }
}
