package kv.server.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import kv.command.Access;
import kv.command.Command;
import kv.command.CommandTable;
import kv.command.Words;

/** A verb with verbs of its own, as CLIENT has SETNAME: the second word tells which is meant. */
final class Group implements Choice {
  private static final int SECOND = 1;

  private final String verb;
  private final String summary;

  /** What the verb does alone; null if it does nothing. */
  private final Verb alone;

  private final List<Verb> members;
  private final CommandTable<Verb> table;

  Group(String verb, String summary, Verb alone, List<Verb> members) {
    this.verb = verb;
    this.summary = summary;
    this.alone = alone;
    this.members = new ArrayList<>(members);
    this.members.add(
        Verb.of("HELP", "lists these", Access.READ, (words, reply, client) -> reply.lines(help())));
    table = CommandTable.inAnyCase(this.members);
  }

  @Override
  public String usage() {
    return verb + (alone == null ? " subcommand [word ...]" : " [subcommand] [word ...]");
  }

  @Override
  public String summary() {
    return summary;
  }

  /** That of what the fewest may do; each member has its own. */
  @Override
  public Access access() {
    return Access.READ;
  }

  /** What it does alone, and its members, each with both verbs in its usage. */
  Stream<Command> spelled() {
    return Stream.concat(
        Stream.ofNullable(alone),
        members.stream()
            .map(
                member ->
                    new Verb(
                        verb + " " + member.usage(),
                        member.summary(),
                        member.access(),
                        member.action())));
  }

  List<Verb> members() {
    return members;
  }

  private List<String> help() {
    return spelled().map(member -> member.usage() + ": " + member.summary()).toList();
  }

  @Override
  public Verb find(Words words) {
    return words.count() == SECOND ? alone : table.find(words, SECOND);
  }

  @Override
  public String fault(Words words) {
    if (words.count() == SECOND) return RedisCommands.wrongNumber(verb);
    Verb member = table.named(words, SECOND);
    if (member != null)
      return RedisCommands.wrongNumber(verb.toLowerCase(Locale.ROOT) + "|" + member.verb());
    return "unknown subcommand '" + Texts.shown(words, SECOND) + "'. Try " + verb + " HELP.";
  }
}
