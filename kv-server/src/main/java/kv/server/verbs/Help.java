package kv.server.verbs;

import java.util.ArrayList;
import java.util.List;
import kv.command.Access;
import kv.command.Command;
import kv.command.Words;
import kv.server.wire.ClientReply;

/** Lists the commands. */
public final class Help implements NodeCommand {
  private final List<String> lines;

  /** Help on {@code commands} and on itself. */
  Help(List<Command> commands) {
    List<Command> all = new ArrayList<>(commands);
    all.add(this);
    lines = all.stream().map(one -> String.format("%-24s%s", one.usage(), one.summary())).toList();
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
  public Then run(Words words, ClientReply reply, Caller caller) {
    reply.lines(lines);
    return Then.GO_ON;
  }
}
