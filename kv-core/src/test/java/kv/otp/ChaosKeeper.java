package kv.otp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One life of a supervisor in a random tree, and what the test knows of its children. Finds fault
 * with whatever the supervisor does to them against the rules.
 */
final class ChaosKeeper {
  /** A child under this supervisor, from its first start on. */
  private static final class Record {
    final List<Long> restarts = new ArrayList<>();
    Proc proc;

    /** Not if its end has begun: its supervisor is told before it is over. */
    boolean isAlive() {
      return proc != null && proc.cause() == null;
    }
  }

  final ChaosDesign design;
  final ChaosKeeper parent;
  private final Chaos chaos;

  /** By id, in the order in which the children must start; not used for simple_one_for_one. */
  private final Map<Object, Record> children = new LinkedHashMap<>();

  /** Set by the test's thread while it has the supervisor do something out of order. */
  private volatile boolean asked = true;

  /** Whether something may have happened to it that it has not been seen to deal with. */
  private volatile boolean concerned = true;

  private volatile Supervisor supervisor;

  private volatile boolean failed;

  ChaosKeeper(ChaosDesign design, ChaosKeeper parent, Chaos chaos) {
    this.design = design;
    this.parent = parent;
    this.chaos = chaos;
  }

  /** Starts the supervisor with its children; the way that its own parent does it, too. */
  Supervisor start() throws InterruptedException {
    List<ChildSpec> specs = new ArrayList<>();
    for (ChaosDesign.Part part : design.parts()) specs.add(spec(part));
    Flags flags =
        Flags.of(design.strategy()).intensity(design.intensity(), Chaos.PERIOD).clock(chaos.clock);
    try {
      supervisor = Supervisor.start(design.name(), flags, specs);
    } catch (StartException e) {
      failed = true;
      throw e;
    }
    asked = false;
    chaos.started(this);
    return supervisor;
  }

  Supervisor supervisor() {
    return supervisor;
  }

  void concern() {
    concerned = true;
  }

  boolean isConcerned() {
    return concerned;
  }

  /** Also if it has never come up. */
  boolean hasEnded() {
    return failed || supervisor != null && !supervisor.proc().isAlive();
  }

  /** What the test asks of the supervisor, in which starts and stops may come in any order. */
  interface Request<T> {
    T run(Supervisor supervisor) throws InterruptedException;
  }

  <T> T ask(Request<T> request) throws InterruptedException {
    asked = true;
    concern();
    try {
      return request.run(supervisor);
    } finally {
      asked = false;
    }
  }

  ChildSpec spec(ChaosDesign.Part part) {
    ChildSpec spec =
        part.below() == null
            ? ChildSpec.worker(part.name(), args -> startLeaf(part, args))
            : ChildSpec.supervisor(part.name(), () -> startBelow(part));
    return spec.restart(part.restart())
        .shutdown(part.stubborn() ? Shutdown.BRUTAL_KILL : Shutdown.INFINITY);
  }

  synchronized void forget(Object id) {
    children.remove(id);
  }

  private StartResult startLeaf(ChaosDesign.Part part, List<?> args) {
    String name = args.isEmpty() ? part.name() : part.name() + args;
    Record record = starting(name);
    switch (chaos.luck(name)) {
      case 0 -> {
        return StartResult.error(Chaos.CRASH);
      }
      case 1 -> {
        return StartResult.ignore();
      }
      default -> {
        Proc proc = new Proc(name, (self, reason, who) -> askedToEnd(part, self, reason, who));
        record.proc = proc;
        chaos.live(proc, this);
        return StartResult.ok(proc);
      }
    }
  }

  private Supervisor startBelow(ChaosDesign.Part part) throws InterruptedException {
    Record record = starting(part.name());
    Supervisor below = new ChaosKeeper(part.below(), this, chaos).start();
    record.proc = below.proc();
    return below;
  }

  private synchronized Record starting(Object id) {
    Record record = children.computeIfAbsent(id, key -> new Record());
    if (record.isAlive()) chaos.fault(id + " has two lives");
    if (!asked) {
      long now = chaos.clock.nanoTime();
      record.restarts.removeIf(then -> now - then > Chaos.PERIOD.toNanos());
      record.restarts.add(now);
      if (record.restarts.size() > design.intensity())
        chaos.fault(id + " was restarted more than " + design.intensity() + " times");
      if (design.isGroup() && isLaterAlive(id)) chaos.fault(id + " starts before those after it");
    }
    return record;
  }

  private void askedToEnd(ChaosDesign.Part part, Proc self, ExitReason reason, Proc.Asker who) {
    if (who != Proc.Asker.PARENT) return;
    boolean orphan = reason == ExitReason.KILLED;
    if (!orphan && !asked && !design.isSimple() && isLaterAlive(self.name()))
      chaos.fault(self.name() + " is stopped before those after it");
    if (!part.stubborn() || orphan) self.end(reason);
  }

  private synchronized boolean isLaterAlive(Object id) {
    boolean later = false;
    for (Map.Entry<Object, Record> child : children.entrySet()) {
      if (later && child.getValue().isAlive()) return true;
      later |= child.getKey().equals(id);
    }
    return false;
  }

  /** Finds fault with what the supervisor says of its children, once it has settled. */
  void settled(List<ChildInfo> newestFirst, ChildCount count) {
    concerned = false;
    int running = 0;
    List<Object> ids = new ArrayList<>();
    for (ChildInfo child : newestFirst) {
      child.id().ifPresent(id -> ids.add(0, id));
      if (child.state() == ChildInfo.State.RUNNING) running++;
      if (child.proc().isPresent() && !child.proc().get().isAlive())
        chaos.fault(child + " runs and is dead");
    }
    if (count.active() != running) chaos.fault(count + " of " + newestFirst);
    synchronized (this) {
      List<Object> known = new ArrayList<>(children.keySet());
      known.retainAll(ids);
      if (!design.isSimple() && !known.equals(ids))
        chaos.fault(ids + " in another order: " + known);
    }
  }
}
