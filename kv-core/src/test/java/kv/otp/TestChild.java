package kv.otp;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A child without a thread, which writes into the history of its tree what is done to it: {@code
 * start b}, {@code fail b} or {@code ignore b} for a start and what came of it; {@code stop b} when
 * it is asked to stop, with the reason unless that is shutdown; {@code kill b}. A child that is
 * started with arguments bears them in its name, as {@code b[1]}. What it does of itself is not
 * written.
 *
 * <p>It lives until it is asked to stop, unless it was told to misbehave: before the supervisor was
 * started, or while it is idle.
 */
final class TestChild {
  static final ExitReason FAILURE = ExitReason.crash("it cannot start");

  private final String id;
  private final Tree tree;
  private final Map<Integer, Runnable> deeds = new HashMap<>();
  private final Map<Integer, StartResult> answers = new HashMap<>();
  private int failsFrom = Integer.MAX_VALUE;
  private Runnable atStop = () -> {};
  private boolean ignoresStop;
  private int starts;

  TestChild(String id, Tree tree) {
    this.id = id;
    this.tree = tree;
  }

  /** A permanent worker. */
  ChildSpec spec() {
    return ChildSpec.worker(id, this::start);
  }

  /** Its {@code n}-th start, from 1, fails. */
  TestChild failsAtStart(int n) {
    answers.put(n, StartResult.error(FAILURE));
    return this;
  }

  /** Its {@code n}-th start, from 1, and all that follow fail. */
  TestChild failsFromStart(int n) {
    failsFrom = n;
    return this;
  }

  /** Its {@code n}-th start, from 1, has nothing to start. */
  TestChild ignoresStart(int n) {
    answers.put(n, StartResult.ignore());
    return this;
  }

  /** Does {@code deed} during its {@code n}-th start, from 1, on the supervisor's thread. */
  TestChild duringStart(int n, Runnable deed) {
    deeds.put(n, deed);
    return this;
  }

  /** Does {@code deed} when it is asked to stop, before it obeys. */
  TestChild beforeStop(Runnable deed) {
    atStop = deed;
    return this;
  }

  /** Does not end when it is asked to: only a kill ends it. */
  TestChild ignoresStop() {
    ignoresStop = true;
    return this;
  }

  private StartResult start(List<?> args) {
    String name = args.isEmpty() ? id : id + args;
    starts++;
    deeds.getOrDefault(starts, () -> {}).run();
    StartResult answer = starts < failsFrom ? answers.get(starts) : StartResult.error(FAILURE);
    if (answer == null) {
      tree.write("start " + name);
      return StartResult.ok(live(name));
    }
    tree.write((answer == StartResult.ignore() ? "ignore " : "fail ") + name);
    return answer;
  }

  private Proc live(String name) {
    Proc proc =
        new Proc(
            name,
            (self, reason, who) -> {
              tree.write("stop " + name + (reason == ExitReason.SHUTDOWN ? "" : " " + reason));
              atStop.run();
              if (!ignoresStop) tree.leave(self, reason);
            });
    proc.owns(() -> tree.ended(proc));
    tree.living(proc);
    return proc;
  }
}
