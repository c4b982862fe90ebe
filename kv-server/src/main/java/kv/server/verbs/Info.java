package kv.server.verbs;

import java.util.ArrayList;
import java.util.List;
import kv.command.Access;
import kv.command.Words;
import kv.server.wire.ClientReply;

/** Tells figures about the node, each with its name. */
final class Info implements NodeCommand {
  private final NodeFigures figures;

  Info(NodeFigures figures) {
    this.figures = figures;
  }

  @Override
  public String usage() {
    return "INFO";
  }

  @Override
  public String summary() {
    return "figures about this node, a name and a value a line; OK";
  }

  @Override
  public Access access() {
    return Access.ADMIN;
  }

  @Override
  public AfterReply run(Words words, ClientReply reply, Caller caller) throws InterruptedException {
    List<String> lines = new ArrayList<>();
    figures.now().forEach((name, value) -> lines.add(name + " " + value));
    reply.lines(lines);
    return AfterReply.GO_ON;
  }
}
