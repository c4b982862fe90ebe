package kv.otp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import kv.testing.ManualClock;

/** A random tree of supervisors, and random things that happen to it, one step at a time. */
final class Chaos {
  static final Duration PERIOD = Duration.ofSeconds(5);
  static final ExitReason CRASH = ExitReason.crash("bad luck");

  private static final List<ExitReason> REASONS =
      List.of(
          CRASH,
          CRASH,
          CRASH,
          ExitReason.NORMAL,
          ExitReason.SHUTDOWN,
          ExitReason.shutdown("moved"),
          ExitReason.KILLED);

  final ManualClock clock = new ManualClock();
  private final long seed;
  private final Random random;
  private final ChaosDesign design;
  private final List<String> faults = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, Integer> starts = new ConcurrentHashMap<>();
  private final Map<Proc, ChaosKeeper> leaves = new ConcurrentHashMap<>();
  private final Set<ChaosKeeper> keepers = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> happened = new HashMap<>();
  private ChaosKeeper root;
  private int named;

  Chaos(long seed) {
    this.seed = seed;
    random = new Random(seed);
    design = ChaosDesign.random(random);
  }

  /** Runs {@code steps} steps and stops the tree; answers what was against the rules. */
  List<String> run(int steps) throws InterruptedException {
    for (int i = 0; i < steps && faults.isEmpty(); i++) {
      if (root == null || root.hasEnded()) plant();
      if (root != null) step();
    }
    if (root != null) {
      root.supervisor().close();
      allIsOver();
    }
    return faults;
  }

  /** How often what has happened, to see that a run is no idyll. */
  Map<String, Integer> happened() {
    return happened;
  }

  // What the keepers tell

  void started(ChaosKeeper keeper) {
    keepers.add(keeper);
  }

  void live(Proc leaf, ChaosKeeper keeper) {
    leaves.put(leaf, keeper);
    leaf.monitor(down -> leaves.remove(leaf));
  }

  void fault(String fault) {
    faults.add("seed " + seed + ": " + fault);
  }

  /** 0 for a start that fails, 1 for one that is ignored; the same at every run of this seed. */
  int luck(String name) {
    int number = starts.merge(name, 1, Integer::sum);
    return new Random(Objects.hash(seed, name, number)).nextInt(12);
  }

  // Steps

  private void plant() throws InterruptedException {
    if (root != null) allIsOver();
    happened("plant");
    ChaosKeeper planted = new ChaosKeeper(design, null, this);
    try {
      planted.start();
      root = planted;
    } catch (StartException e) {
      root = null; // a first child failed; the next step tries again
      allIsOver();
    }
  }

  private void step() throws InterruptedException {
    List<ChaosKeeper> alive = fromTheRoot();
    alive.removeIf(ChaosKeeper::hasEnded);
    ChaosKeeper keeper = alive.get(random.nextInt(alive.size()));
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> crash(1);
      case 3 -> crash(3);
      case 4 -> clock.advance(Duration.ofMillis(random.nextInt(4000)));
      case 5 -> killOrSignal(keeper);
      default -> administer(keeper);
    }
    settle();
  }

  private void crash(int count) {
    List<Map.Entry<Proc, ChaosKeeper>> victims = new ArrayList<>(leaves.entrySet());
    victims.sort(Comparator.comparing(victim -> victim.getKey().name()));
    Collections.shuffle(victims, random);
    for (Map.Entry<Proc, ChaosKeeper> victim :
        victims.subList(0, Math.min(count, victims.size()))) {
      happened("exit");
      victim.getValue().concern();
      victim.getKey().end(REASONS.get(random.nextInt(REASONS.size())));
    }
  }

  private void killOrSignal(ChaosKeeper keeper) {
    boolean kill = random.nextInt(3) == 0;
    happened(kill ? "kill" : "signal");
    keeper.concern();
    if (kill) keeper.supervisor().proc().kill();
    else keeper.supervisor().proc().exit(CRASH); // from a stranger: ignored
  }

  private void administer(ChaosKeeper keeper) throws InterruptedException {
    try {
      if (keeper.design.isSimple()) administerSimple(keeper);
      else administerStatic(keeper);
    } catch (ExitedException e) {
      happened("call too late");
    }
  }

  private void administerSimple(ChaosKeeper keeper) throws InterruptedException {
    if (random.nextBoolean()) {
      List<?> args = List.of(named++);
      keeper.ask(supervisor -> supervisor.startChild(args));
      happened("startChild(args)");
      return;
    }
    List<ChildInfo> children = keeper.supervisor().whichChildren();
    if (children.isEmpty()) return;
    ChildInfo child = children.get(random.nextInt(children.size()));
    if (child.proc().isEmpty()) return;
    keeper.ask(supervisor -> supervisor.terminateChild(child.proc().get()));
    happened("terminateChild(proc)");
  }

  private void administerStatic(ChaosKeeper keeper) throws InterruptedException {
    List<ChildInfo> children = keeper.supervisor().whichChildren();
    int choice = random.nextInt(4);
    if (choice == 0 || children.isEmpty()) {
      String name = keeper.design.name() + "+" + named++;
      ChildSpec added = keeper.spec(ChaosDesign.part(random, name, 1));
      keeper.ask(supervisor -> supervisor.startChild(added));
      happened("startChild");
      return;
    }
    Object id = children.get(random.nextInt(children.size())).id().orElseThrow();
    switch (choice) {
      case 1 -> keeper.ask(supervisor -> supervisor.terminateChild(id));
      case 2 -> keeper.ask(supervisor -> supervisor.restartChild(id));
      default -> {
        ChildResult result = keeper.ask(supervisor -> supervisor.deleteChild(id));
        if (result == ChildResult.DONE) keeper.forget(id);
      }
    }
    happened(List.of("terminateChild", "restartChild", "deleteChild").get(choice - 1));
  }

  // After a step

  /** Waits until all have dealt with all, then looks at what they say of themselves. */
  private void settle() throws InterruptedException {
    while (!isQuiet()) happened("unrest");
    for (ChaosKeeper keeper : fromTheRoot())
      if (keeper.isConcerned())
        keeper.settled(keeper.supervisor().whichChildren(), keeper.supervisor().countChildren());
  }

  /** Looks at all that the step concerned, from the root down, as those above end those below. */
  private boolean isQuiet() throws InterruptedException {
    List<ChaosKeeper> all = fromTheRoot();
    boolean quiet = true;
    for (ChaosKeeper keeper : all) {
      boolean orphan = keeper.parent != null && keeper.parent.hasEnded();
      if (orphan || keeper.hasEnded() || keeper.isConcerned() && isOver(keeper)) {
        keeper.supervisor().proc().awaitExit(); // its own supervisor has been told
        keepers.remove(keeper);
        if (keeper.parent != null) keeper.parent.concern();
        happened("end");
        quiet = false;
      }
    }
    return quiet && keepers.size() == all.size();
  }

  private List<ChaosKeeper> fromTheRoot() {
    List<ChaosKeeper> all = new ArrayList<>(keepers);
    all.sort(
        Comparator.<ChaosKeeper>comparingInt(keeper -> keeper.design.name().length())
            .thenComparing(keeper -> keeper.design.name()));
    return all;
  }

  /** Lets the supervisor make all its retries; true if it has ended. */
  private boolean isOver(ChaosKeeper keeper) throws InterruptedException {
    try {
      while (keeper.supervisor().whichChildren().stream()
          .anyMatch(child -> child.state() == ChildInfo.State.RESTARTING)) happened("retry");
      return false;
    } catch (ExitedException e) {
      return true;
    }
  }

  private void allIsOver() throws InterruptedException {
    for (ChaosKeeper keeper : keepers) keeper.supervisor().proc().awaitExit();
    keepers.clear();
    for (Proc leaf : leaves.keySet()) if (leaf.isAlive()) fault(leaf + " has outlived the tree");
    leaves.clear();
  }

  private void happened(String what) {
    happened.merge(what, 1, Integer::sum);
  }
}
