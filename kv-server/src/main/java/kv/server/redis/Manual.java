package kv.server.redis;

import static kv.command.BucketCommand.NAME;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kv.command.Access;
import kv.command.BucketCommand;
import kv.command.Command;
import kv.command.Usage;
import kv.command.Words;
import kv.server.wire.RespReplies;
import kv.server.wire.RespReplies.Flag;

/** What there is to ask: COMMAND, of which redis-cli makes its hints. */
final class Manual {
  /** A word of a usage line, or what stands in brackets: perhaps several that repeat together. */
  private static final Pattern WORDS =
      Pattern.compile("(?:\\[([a-z -]*[a-z])|([a-z-]+))( \\.\\.\\.)?\\]?");

  /** Where the names stand, behind COMMAND INFO. */
  private static final int FIRST_NAME = 2;

  /** What each command takes, by its name in lower case: made once, for all who ask. */
  private final Map<String, Object> infos = new TreeMap<>();

  /** What each command does. */
  private final Map<String, Object> docs = new TreeMap<>();

  private Manual() {}

  /** That on {@code commands}, and on itself. */
  static Group group(List<Command> commands) {
    Manual manual = new Manual();
    commands.forEach(manual::add);
    Group group = manual.group();
    manual.add(group);
    return group;
  }

  private void add(Command command) {
    infos.put(name(command), info(command));
    docs.put(name(command), docs(command));
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
            (words, reply, client) -> reply.data(List.copyOf(infos.values()))),
        List.of(
            Verb.of(
                "COUNT",
                "how many commands there are",
                Access.READ,
                (words, reply, client) -> reply.number(infos.size())),
            Verb.of("INFO [name ...]", "what commands take", Access.READ, this::infos),
            Verb.of("DOCS [name ...]", "what commands do", Access.READ, this::docs)));
  }

  /** In the order in which they are asked for; null for what is none. */
  private void infos(Words words, RespReplies reply, RedisClient client) {
    if (words.count() == FIRST_NAME) {
      reply.data(List.copyOf(infos.values()));
      return;
    }
    reply.data(
        new AbstractList<Object>() { // there may be many
          @Override
          public Object get(int index) {
            return infos.get(name(words, FIRST_NAME + index));
          }

          @Override
          public int size() {
            return words.count() - FIRST_NAME;
          }
        });
  }

  private void docs(Words words, RespReplies reply, RedisClient client) {
    Map<String, Object> asked = new LinkedHashMap<>(words.count() == FIRST_NAME ? docs : Map.of());
    for (int at = FIRST_NAME; at < words.count(); at++) {
      String name = name(words, at);
      if (docs.containsKey(name)) asked.put(name, docs.get(name));
    }
    reply.data(asked);
  }

  private static String name(Words words, int at) {
    return Texts.of(words, at).toLowerCase(Locale.ROOT);
  }

  /**
   * Name, arity, flags, the places of the first and the last key and the step between keys, and
   * four lists that stay empty. What tells which node it is for is the bucket, if it is named.
   */
  private static List<Object> info(Command command) {
    if (command instanceof TwoForms forms) return info(forms.redis());
    Usage usage = Usage.of(command);
    int least = usage.least();
    Keys keys = Keys.of(command);
    return List.of(
        name(command),
        least == usage.most() ? least : -least,
        List.of(new Flag(flag(command.access()))),
        keys.first,
        keys.last,
        keys.step,
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  /** Where the first and the last key stand, and how far they are apart. */
  private record Keys(int first, int last, int step) {
    private static Keys of(Command command) {
      if (command instanceof BucketCommand) return new Keys(NAME, NAME, NAME);
      if (!(command instanceof OnSelected) || !command.usage().contains(" key"))
        return new Keys(0, 0, 0);
      if (command.usage().endsWith("[key value ...]")) return new Keys(1, -1, 2);
      return new Keys(1, command.usage().endsWith(" key ...") ? -1 : 1, 1);
    }
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
    docs.put("group", isOnKeys(command) ? "generic" : "server");
    List<Object> arguments =
        WORDS.matcher(command.usage().substring(command.verb().length()))
            .results()
            .<Object>map(Manual::argument)
            .toList();
    if (command instanceof Group group) docs.put("subcommands", subcommands(group));
    else if (!arguments.isEmpty()) docs.put("arguments", arguments);
    return docs;
  }

  private static boolean isOnKeys(Command command) {
    return command instanceof BucketCommand
        || command instanceof OnSelected
        || command instanceof TwoForms;
  }

  private static Map<String, Object> subcommands(Group group) {
    Map<String, Object> docs = new LinkedHashMap<>();
    for (Verb member : group.members()) docs.put(name(group) + "|" + name(member), docs(member));
    return docs;
  }

  private static Map<String, Object> argument(MatchResult words) {
    List<Flag> flags = new ArrayList<>();
    boolean isOptional = words.group(1) != null;
    if (isOptional) flags.add(new Flag("optional"));
    if (words.group(3) != null) flags.add(new Flag("multiple"));
    String name = words.group(isOptional ? 1 : 2);
    Map<String, Object> argument = argument(name);
    if (name.contains(" ")) {
      argument.put("type", "block");
      argument.put("arguments", Stream.of(name.split(" ")).map(Manual::argument).toList());
    }
    if (!flags.isEmpty()) argument.put("flags", flags);
    return argument;
  }

  private static Map<String, Object> argument(String name) {
    Map<String, Object> argument = new LinkedHashMap<>();
    argument.put("name", name);
    argument.put("type", "string");
    return argument;
  }
}
