package kv.server.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import kv.command.Access;
import kv.command.BucketCommand;
import kv.command.Command;
import kv.command.Words;
import kv.server.wire.RespReplies;

/** What there is to ask: COMMAND, of which redis-cli makes its hints. */
final class Manual {
  private static final Pattern WORD = Pattern.compile("\\[?([a-z-]+)( \\.\\.\\.)?\\]?");

  /** Each command by its name, in lower case. */
  private final Map<String, Command> commands = new TreeMap<>();

  private Manual(List<Command> commands) {
    for (Command command : commands) this.commands.put(name(command), command);
  }

  /** That on {@code commands}, and on itself. */
  static Group group(List<Command> commands) {
    List<Command> all = new ArrayList<>(commands);
    Manual manual = new Manual(all);
    Group group = manual.group();
    manual.commands.put(name(group), group);
    return group;
  }

  private static String name(Command command) {
    return command.verb().toLowerCase(Locale.ROOT);
  }

  private Group group() {
    return new Group(
        "COMMAND",
        "about all that can be asked; COMMAND HELP lists how",
        Verb.of(
            "COMMAND",
            "what all commands take",
            Access.READ,
            (words, reply, client) ->
                reply.data(commands.values().stream().map(Manual::info).toList())),
        List.of(
            Verb.of(
                "COUNT",
                "how many commands there are",
                Access.READ,
                (words, reply, client) -> reply.number(commands.size())),
            Verb.of(
                "INFO [name ...]", "what commands take", Access.READ,
                (words, reply, client) -> reply.data(infos(words))),
            Verb.of(
                "DOCS [name ...]", "what commands do", Access.READ,
                (words, reply, client) -> reply.data(docs(words)))));
  }

  /** In the order in which they are asked for; null for what is none. */
  private List<Object> infos(Words words) {
    List<Object> infos = new ArrayList<>();
    asked(words).forEach((name, command) -> infos.add(command == null ? null : info(command)));
    return infos;
  }

  private Map<String, Object> docs(Words words) {
    Map<String, Object> docs = new LinkedHashMap<>();
    asked(words)
        .forEach(
            (name, command) -> {
              if (command != null) docs.put(name, docs(command));
            });
    return docs;
  }

  private Map<String, Command> asked(Words words) {
    if (words.count() == 2) return commands;
    Map<String, Command> asked = new LinkedHashMap<>();
    for (int at = 2; at < words.count(); at++) {
      String name = Texts.of(words, at).toLowerCase(Locale.ROOT);
      asked.put(name, commands.get(name));
    }
    return asked;
  }

  /**
   * Name, arity, flags, the places of the first and the last key and the step between keys, and
   * four lists that stay empty. What a client must know to find the right node is the bucket.
   */
  private static List<Object> info(Command command) {
    String usage = command.usage();
    int least = (int) Pattern.compile(" [a-z]").matcher(usage).results().count() + 1;
    boolean isFixed = usage.indexOf('[') < 0 && !usage.endsWith("...");
    int key = command instanceof BucketCommand ? BucketCommand.NAME : 0;
    return List.of(
        name(command),
        isFixed ? least : -least,
        List.of(flag(command.access())),
        key,
        key,
        key,
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  private static String flag(Access access) {
    return switch (access) {
      case NONE -> "no_auth";
      case READ -> "readonly";
      case WRITE -> "write";
      case ADMIN -> "admin";
    };
  }

  private static Map<String, Object> docs(Command command) {
    Map<String, Object> docs = new LinkedHashMap<>();
    docs.put("summary", command.summary());
    docs.put("since", RedisCommands.REDIS_VERSION);
    docs.put("group", command instanceof BucketCommand ? "generic" : "server");
    List<Object> arguments =
        WORD.matcher(command.usage().substring(command.verb().length()))
            .results()
            .<Object>map(Manual::argument)
            .toList();
    if (command instanceof Group group) docs.put("subcommands", subcommands(group));
    else if (!arguments.isEmpty()) docs.put("arguments", arguments);
    return docs;
  }

  private static Map<String, Object> subcommands(Group group) {
    Map<String, Object> docs = new LinkedHashMap<>();
    for (Verb member : group.members()) docs.put(name(group) + "|" + name(member), docs(member));
    return docs;
  }

  private static Map<String, Object> argument(MatchResult word) {
    List<String> flags = new ArrayList<>();
    if (word.group().startsWith("[")) flags.add("optional");
    if (word.group(2) != null) flags.add("multiple");
    Map<String, Object> argument = new LinkedHashMap<>();
    argument.put("name", word.group(1));
    argument.put("type", "string");
    if (!flags.isEmpty()) argument.put("flags", flags);
    return argument;
  }
}
