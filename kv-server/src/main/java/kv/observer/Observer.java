package kv.observer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import kv.figures.Traffic;
import kv.observer.http.Route;
import kv.otp.ChildSpec;
import kv.otp.Clock;
import kv.otp.Shutdown;
import kv.otp.StartResult;
import kv.otp.Task;

/**
 * What people see of a node, and the children that look at it for them. What they have seen stays
 * while they crash and are restarted. Safe for use by any thread.
 */
public final class Observer {
  private final Watched node;
  private final Clock clock;
  private final Pages pages = new Pages(new History());
  private final TreeView tree;
  private final Happenings happenings;
  private final Ring ring;

  /**
   * One that has not seen anything.
   *
   * @param happenings what the supervisors of the node report to
   */
  public Observer(Watched node, Happenings happenings, Clock clock) {
    this.node = node;
    this.happenings = happenings;
    this.clock = clock;
    tree = new TreeView(node.root(), clock);
    ring = new Ring(node.router(), pages, clock);
  }

  Traffic traffic() {
    return node.traffic();
  }

  /** What a browser finds of it. */
  public List<Route> routes() {
    return new PageRoutes(node, pages, tree, happenings, clock).all();
  }

  /** Those who look: {@code figures}, {@code watch} and, where there is a table, {@code ring}. */
  public List<ChildSpec> specs() {
    List<ChildSpec> specs = new ArrayList<>();
    specs.add(worker("figures", () -> new Sampler(node, pages::addSample, clock)));
    specs.add(worker("watch", () -> new Watch(pages, tree, happenings, ring::json, clock)));
    if (node.router().table().isPresent()) specs.add(worker("ring", () -> ring));
    return specs;
  }

  /** One that has nothing to finish: a stop of the node does not wait for what it asks others. */
  private static ChildSpec worker(String id, Supplier<Task.Work> work) {
    return ChildSpec.worker(id, () -> StartResult.ok(Task.start(id, work.get())))
        .shutdown(Shutdown.BRUTAL_KILL);
  }
}
