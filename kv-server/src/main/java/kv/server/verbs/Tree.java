package kv.server.verbs;

import kv.command.Access;
import kv.command.Words;
import kv.server.wire.ClientReply;

/** Shows the supervision tree as it is now. */
final class Tree implements NodeCommand {
  private final LiveTree tree;

  Tree(LiveTree tree) {
    this.tree = tree;
  }

  @Override
  public String usage() {
    return "TREE";
  }

  @Override
  public String summary() {
    return "the supervision tree: path, kind, state, restarts; OK";
  }

  @Override
  public Access access() {
    return Access.ADMIN;
  }

  @Override
  public AfterReply run(Words words, ClientReply reply, Caller caller) throws InterruptedException {
    reply.lines(tree.lines());
    return AfterReply.GO_ON;
  }
}
