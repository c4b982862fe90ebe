package kv.server.net;

import java.time.Duration;
import java.util.Optional;
import kv.command.CommandTable;
import kv.router.Router;
import kv.router.link.LinkRules;
import kv.server.verbs.Commands;
import kv.server.verbs.Traffic;
import kv.server.wire.Limits;
import kv.store.Memory;
import kv.store.Storage;
import kv.user.Logins;

/** What the connections of a node share, without the node. */
final class Services {
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
    Traffic traffic = new Traffic();
    return new Session.Service(
        router,
        new CommandTable<>(Commands.all("1.0", storage, router, null, traffic, false)),
        new Limits(65_536, 1_048_576),
        traffic,
        logins);
  }
}
