package kv.server.verbs;

import kv.command.Command;
import kv.command.Words;
import kv.server.wire.ClientReply;

/** A command about the node that the client talks to, where it runs. */
public interface NodeCommand extends Command {
  /** What is left to do when the reply has been written. */
  interface AfterReply {
    /** Nothing: the connection goes on. */
    AfterReply GO_ON = () -> true;

    /** Nothing, and the connection closes. */
    AfterReply CLOSE = () -> false;

    /**
     * Does it; answers whether the connection goes on.
     *
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    boolean run() throws InterruptedException;
  }

  /**
   * Runs, and answers.
   *
   * @param caller who asks, and may be somebody else afterwards
   * @throws kv.otp.ExitedException if a part of the node that it asks is not running
   * @throws kv.log.LoadingException if it asks for what is not known yet
   * @throws InterruptedException if the thread was interrupted; then there is no answer
   */
  AfterReply run(Words words, ClientReply reply, Caller caller) throws InterruptedException;
}
