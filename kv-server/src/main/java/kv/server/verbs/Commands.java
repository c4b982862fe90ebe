package kv.server.verbs;

import java.util.ArrayList;
import java.util.List;
import kv.command.Access;
import kv.command.Command;
import kv.command.bucket.BucketCommands;
import kv.figures.Traffic;
import kv.router.Router;
import kv.store.Storage;

/** All that a client can ask: the commands on buckets, and those about the node. */
public final class Commands {
  private Commands() {}

  /** The same commands with nothing behind them: to be read about in a manual, not to be run. */
  public static List<Command> manual() {
    return all(null, null, null, null, null, false);
  }

  /** The verbs that {@code role} may say and the roles before it may not, as the table has them. */
  public static List<String> verbs(Access role) {
    return manual().stream()
        .filter(command -> command.access() == role)
        .map(Command::verb)
        .toList();
  }

  /** The table. A command is a class and a line here or, on a bucket, in {@link BucketCommands}. */
  public static List<Command> all(
      NodeFigures figures,
      Storage storage,
      Router router,
      LiveTree tree,
      Traffic traffic,
      boolean drills) {
    List<Command> all = new ArrayList<>(BucketCommands.ALL);
    all.add(new Buckets(storage));
    all.add(new Route(router));
    all.add(new Tree(tree));
    all.add(new Kill(tree, drills));
    all.add(new Info(figures));
    all.add(new Auth(new Login(traffic)));
    all.add(new Ping());
    all.add(new Quit());
    all.add(new Help(all));
    return List.copyOf(all);
  }
}
