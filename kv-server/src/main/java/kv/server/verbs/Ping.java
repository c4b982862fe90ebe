package kv.server.verbs;

import kv.command.Access;
import kv.command.Words;
import kv.server.wire.ClientReply;

/** Tells that the node is there. */
final class Ping implements NodeCommand {
  @Override
  public String usage() {
    return "PING";
  }

  @Override
  public String summary() {
    return "PONG";
  }

  @Override
  public Access access() {
    return Access.NONE;
  }

  @Override
  public AfterReply run(Words words, ClientReply reply, Caller caller) {
    reply.pong();
    return AfterReply.GO_ON;
  }
}
