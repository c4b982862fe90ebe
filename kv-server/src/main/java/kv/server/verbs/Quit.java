package kv.server.verbs;

import kv.command.Access;
import kv.command.Words;
import kv.server.wire.ClientReply;

/** Ends the connection. */
final class Quit implements NodeCommand {
  @Override
  public String usage() {
    return "QUIT";
  }

  @Override
  public String summary() {
    return "OK, and the connection closes";
  }

  @Override
  public Access access() {
    return Access.NONE;
  }

  @Override
  public AfterReply run(Words words, ClientReply reply, Caller caller) {
    reply.ok();
    return AfterReply.CLOSE;
  }
}
