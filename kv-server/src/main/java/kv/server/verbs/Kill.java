package kv.server.verbs;

import kv.command.Access;
import kv.command.Words;
import kv.otp.Proc;
import kv.server.wire.ClientReply;

/** Crashes a part of the node, for drills: it comes back as its supervisor says. */
final class Kill implements NodeCommand {
  private final LiveTree tree;
  private final boolean isAllowed;

  Kill(LiveTree tree, boolean isAllowed) {
    this.tree = tree;
    this.isAllowed = isAllowed;
  }

  @Override
  public String usage() {
    return "KILL path";
  }

  @Override
  public String summary() {
    return "crashes what TREE lists there, for drills: OK";
  }

  @Override
  public Access access() {
    return Access.ADMIN;
  }

  /**
   * The kill comes after the reply: it may be the end of this very connection. The client's next
   * request waits until the supervisor has restarted what it restarts.
   */
  @Override
  public AfterReply run(Words words, ClientReply reply, Caller caller) throws InterruptedException {
    if (!isAllowed) {
      reply.error("drills are off; start the node with server.drills=true");
      return AfterReply.GO_ON;
    }
    Proc found = tree.find(words.bytes(1));
    if (found == null) {
      reply.notFound();
      return AfterReply.GO_ON;
    }
    reply.ok();
    return () -> {
      found.kill();
      return caller.await(tree::awaitRestarts);
    };
  }
}
