package kv.server.redis;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import kv.command.Command;
import kv.command.CommandTable;
import kv.command.Words;
import kv.command.redis.RedisBucketCommands;
import kv.command.redis.RedisCommand;
import kv.figures.Traffic;
import kv.server.verbs.Caller;
import kv.server.verbs.Login;
import kv.server.verbs.Lookup;
import kv.server.verbs.NodeFigures;
import kv.store.Storage;

/**
 * All that can be asked in RESP, by verbs in any case: what the line protocol has, and what is
 * there in RESP only. Of a verb that Redis has in another form, that of Redis wins wherever it
 * fits. Safe for use by any thread.
 */
public final class RedisCommands implements Lookup {
  /** The version of Redis whose replies these are, and of whose words some are here. */
  static final String REDIS_VERSION = "7.0.0";

  private final CommandTable<Command> table;
  private final RedisClients clients = new RedisClients();

  /**
   * The commands of a node.
   *
   * @param lines those that the line protocol has
   * @param settings what the node is set to, under the names that Redis has for it
   */
  public RedisCommands(
      List<Command> lines,
      NodeFigures figures,
      Storage storage,
      Traffic traffic,
      Map<String, String> settings) {
    Map<String, Command> byVerb = new LinkedHashMap<>();
    for (Command command : lines) byVerb.put(command.verb(), command);
    for (Command command : own(figures, storage, traffic, settings, clients))
      byVerb.put(command.verb(), command);
    for (RedisCommand command : RedisBucketCommands.ALL)
      byVerb.compute(
          command.asTyped().verb(),
          (verb, ours) -> TwoForms.of(new OnSelected(command), ours));
    List<Command> all = new ArrayList<>(byVerb.values());
    all.add(Manual.group(all));
    table = CommandTable.inAnyCase(all);
  }

  private static List<Command> own(
      NodeFigures figures,
      Storage storage,
      Traffic traffic,
      Map<String, String> settings,
      RedisClients clients) {
    List<Command> own = new ArrayList<>();
    own.addAll(new Introduction(new Login(traffic)).commands());
    own.addAll(new OwnConnection(clients).commands());
    own.add(new RedisInfo(figures, traffic, settings).command());
    own.add(Settings.group(settings));
    own.add(new FlushAll(storage).command());
    own.addAll(Refused.commands());
    return own;
  }

  /**
   * Those that are there in RESP only, or in another form: to be read about, not to be run. What
   * comes below a verb is written behind it.
   */
  public static List<Command> manual() {
    List<Command> own = own(null, null, null, Map.of(), null);
    own.add(Manual.group(List.of()));
    return own.stream()
        .flatMap(command -> command instanceof Group group ? group.spelled() : Stream.of(command))
        .toList();
  }

  /** Redis' words on the bucket that a client has selected: to be read about, not to be run. */
  public static List<Command> onSelected() {
    return RedisBucketCommands.ALL.stream().map(RedisCommand::asTyped).toList();
  }

  /** A client at {@code remote}, of whom nothing is known. */
  public RedisClient client(Caller caller, InetSocketAddress remote, InetSocketAddress local) {
    return clients.client(caller, remote, local);
  }

  /** Takes {@code client} into the list of all. */
  public void opened(RedisClient client) {
    clients.add(client);
  }

  /** Takes it out again. */
  public void closed(RedisClient client) {
    clients.remove(client);
  }

  @Override
  public Command find(Words words) {
    Command command = table.find(words);
    return command instanceof Choice choice ? choice.find(words) : command;
  }

  @Override
  public String fault(Words words) {
    Command command = table.named(words, 0);
    if (command == null) return null;
    return command instanceof Choice choice ? choice.fault(words) : wrongNumber(command.verb());
  }

  /** In the very words by which client libraries know what is meant. */
  static String wrongNumber(String verb) {
    return "wrong number of arguments for '" + verb.toLowerCase(Locale.ROOT) + "' command";
  }
}
