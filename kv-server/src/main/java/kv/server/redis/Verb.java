package kv.server.redis;

import java.io.IOException;
import kv.command.Access;
import kv.command.Command;
import kv.command.Words;
import kv.server.verbs.NodeCommand.AfterReply;
import kv.server.wire.RespReplies;

/**
 * A command that is there in RESP only, about the connection that it comes on or the node.
 *
 * @param action what it does
 */
public record Verb(String usage, String summary, Access access, Action action) implements Command {
  /** What a verb does: it answers, and tells what is left to do when the reply has been written. */
  interface Action {
    AfterReply run(Words words, RespReplies reply, RedisClient client)
        throws IOException, InterruptedException;
  }

  /** The same, of one after which nothing is left to do. */
  interface SimpleAction {
    void run(Words words, RespReplies reply, RedisClient client)
        throws IOException, InterruptedException;
  }

  static Verb of(String usage, String summary, Access access, SimpleAction action) {
    return new Verb(
        usage,
        summary,
        access,
        (words, reply, client) -> {
          action.run(words, reply, client);
          return AfterReply.GO_ON;
        });
  }

  /**
   * Runs, and answers, unless the client wants no reply.
   *
   * @throws IOException if the client has gone away
   * @throws kv.otp.ExitedException if a part of the node that it asks is not running
   * @throws InterruptedException if the thread was interrupted; then there is no answer
   */
  public AfterReply run(Words words, RespReplies reply, RedisClient client)
      throws IOException, InterruptedException {
    return action.run(words, reply, client);
  }
}
