package kv.server.verbs;

import java.util.ArrayList;
import java.util.List;
import kv.command.Access;
import kv.command.Command;
import kv.command.CommandTable;
import kv.command.Words;
import kv.server.wire.ClientReply;

/** Lists the commands, in two columns, so that the list fits a screen; or says what one does. */
public final class Help implements NodeCommand {
  /** Half of what a terminal has. */
  private static final int COLUMNS = 40;

  private final List<String> lines;
  private final CommandTable<Command> table;

  /** Help on {@code commands} and on itself. */
  Help(List<Command> commands) {
    List<Command> all = new ArrayList<>(commands);
    all.add(this);
    table = new CommandTable<>(all);
    lines = inTwoColumns(all.stream().map(Command::usage).toList());
  }

  private static List<String> inTwoColumns(List<String> usages) {
    int longest = usages.stream().mapToInt(String::length).max().orElse(0);
    String left = "%-" + Math.max(COLUMNS, longest + 2) + "s%s";
    int rows = (usages.size() + 1) / 2;
    List<String> lines = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      String right = row + rows < usages.size() ? usages.get(row + rows) : "";
      lines.add(String.format(left, usages.get(row), right).stripTrailing());
    }
    return lines;
  }

  @Override
  public String usage() {
    return "HELP [verb]";
  }

  @Override
  public String summary() {
    return "this list, or what one request does; OK";
  }

  @Override
  public Access access() {
    return Access.NONE;
  }

  @Override
  public AfterReply run(Words words, ClientReply reply, Caller caller) {
    Command asked = table.named(words, 1);
    if (words.count() < 2) reply.lines(lines);
    else if (asked == null) reply.notFound();
    else reply.lines(List.of(asked.usage() + ": " + asked.summary()));
    return AfterReply.GO_ON;
  }
}
