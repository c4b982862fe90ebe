package kv.router;

import java.util.ArrayList;
import java.util.List;
import kv.otp.AutoShutdown;
import kv.otp.ChildInfo;
import kv.otp.ChildSpec;
import kv.otp.ExitedException;
import kv.otp.Flags;
import kv.otp.Name;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.router.link.Link;

/** The supervisor {@code links}, with a child for each link of a router's table. */
final class LinkTree {
  private final Router router;
  private final Flags flags;
  private final Name<Supervisor> name = new Name<>("links");

  /** One that is not running yet; its flags are derived from {@code flags}. */
  LinkTree(Router router, Flags flags) {
    this.router = router;
    this.flags = flags.strategy(Strategy.SIMPLE_ONE_FOR_ONE).autoShutdown(AutoShutdown.NEVER);
  }

  Supervisor start() throws InterruptedException {
    ChildSpec link = ChildSpec.worker("link", args -> ((Link) args.get(0)).start());
    Supervisor started = Supervisor.start("links", flags, link);
    try {
      update(started);
    } catch (Throwable e) { // nobody else knows it: what it has started would live on
      started.proc().kill();
      throw e;
    }
    return name.register(started.proc(), started);
  }

  /** Has the links of the present table run, and no other; once it is back if it is not running. */
  void update() throws InterruptedException {
    try {
      update(name.await());
    } catch (ExitedException e) {
      return; // what its supervisor starts in its place begins with the present table
    }
  }

  /** A link that has left the table ends what it brings, and what comes late goes alone. */
  private void update(Supervisor supervisor) throws InterruptedException {
    List<Link> toStart = new ArrayList<>(router.links());
    for (ChildInfo child : supervisor.whichChildren()) {
      boolean isInTable = toStart.remove(child.info().orElse(null));
      if (!isInTable && child.proc().isPresent()) supervisor.terminateChild(child.proc().get());
    }
    for (Link link : toStart) supervisor.startChild(List.of(link));
  }

  /** Ends what a supervisor that was killed has left. */
  void free() throws InterruptedException {
    name.free();
  }
}
