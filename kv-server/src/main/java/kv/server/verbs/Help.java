package kv.server.verbs;

import java.util.ArrayList;
import java.util.List;
import kv.command.Access;
import kv.command.Command;
import kv.command.Words;
import kv.server.wire.ClientReply;

/** Lists the commands. */
public final class Help implements NodeCommand {
  /** How many columns the usages have at least. */
  private static final int USAGE_COLUMNS = 24;

  private final List<String> lines;

  /** Help on {@code commands} and on itself. */
  Help(List<Command> commands) {
    List<Command> all = new ArrayList<>(commands);
    all.add(this);
    int longest = all.stream().mapToInt(one -> one.usage().length()).max().getAsInt();
    String line = "%-" + Math.max(USAGE_COLUMNS, longest + 2) + "s%s";
    lines = all.stream().map(one -> String.format(line, one.usage(), one.summary())).toList();
  }

  @Override
  public String usage() {
    return "HELP";
  }

  @Override
  public String summary() {
    return "this list; OK";
  }

  @Override
  public Access access() {
    return Access.NONE;
  }

  @Override
  public AfterReply run(Words words, ClientReply reply, Caller caller) {
    reply.lines(lines);
    return AfterReply.GO_ON;
  }
}
