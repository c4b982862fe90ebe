package kv.server.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kv.command.Command;
import kv.command.CommandTable;
import kv.figures.Traffic;
import kv.memory.Memory;
import kv.router.Router;
import kv.router.link.LinkRules;
import kv.server.redis.RedisClient;
import kv.server.redis.RedisCommands;
import kv.server.verbs.Caller;
import kv.server.verbs.Commands;
import kv.server.verbs.LiveTree;
import kv.server.verbs.NodeFigures;
import kv.server.verbs.StopSign;
import kv.server.wire.Limits;
import kv.store.Storage;
import kv.user.Logins;

/** What the connections of a node share, without the node. */
public final class Services {
  private static final Duration LONG = Duration.ofSeconds(60);

  private Services() {}

  /** All commands against {@code storage}, which holds every bucket; TREE and INFO have no tree. */
  static Session.Service of(Storage storage) {
    return of(storage, Memory.unlimited(), Logins.ofEverybody());
  }

  /** The same with clients on the account of {@code memory}, and the users of {@code logins}. */
  static Session.Service of(Storage storage, Memory memory, Logins logins) {
    LinkRules rules = new LinkRules(LONG, LONG, 64);
    Router router = new Router("kv", Optional.empty(), storage, rules, memory);
    Limits limits = new Limits(65_536, 1_048_576);
    return of(router, storage, null, new Traffic(true), limits, logins);
  }

  /** All commands on a router of any kind; TREE and INFO ask {@code tree}. */
  public static Session.Service of(
      Router router,
      Storage storage,
      LiveTree tree,
      Traffic traffic,
      Limits limits,
      Logins logins) {
    NodeFigures figures = new NodeFigures("1.0", storage, router, tree, traffic);
    List<Command> commands = Commands.all(figures, storage, router, tree, traffic, true);
    return of(router, commands, figures, traffic, limits, logins);
  }

  /** The commands that are given, and those that are there in RESP only. */
  static Session.Service of(
      Router router,
      List<Command> commands,
      NodeFigures figures,
      Traffic traffic,
      Limits limits,
      Logins logins) {
    return new Session.Service(
        router,
        new CommandTable<>(commands)::find,
        new RedisCommands(commands, figures, null, traffic, Map.of()),
        limits,
        traffic,
        logins);
  }

  /** A client of nobody knows where, for a session without a connection. */
  static RedisClient client(Session.Service service, StopSign stop) {
    InetSocketAddress here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    Caller caller = new Caller(service.logins(), stop, here.getAddress(), () -> false);
    return service.redisCommands().client(caller, here, here);
  }
}
