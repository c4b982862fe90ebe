package kv.router.peer;

import kv.command.ByteCursor;
import kv.command.ByteCursor.MalformedException;
import kv.log.LogException;
import kv.otp.Proc;

/**
 * Runs the calls that come in one message of a peer, one after another, on one thread; whatever
 * happens, it answers each, and throws nothing but that one is malformed.
 */
public interface CallRunner {
  /**
   * Runs {@code call}, as far as {@code answer} has room; see {@link kv.router.wire.Peer#call}.
   *
   * @param worker nothing is run any more once it has ended
   * @param isAdmitted if not, every command is refused, as this node is stopping
   * @param mayForward whether the call may wait for a further node; if not, it ends before the
   *     first command that would
   * @throws MalformedException if the call is malformed; what could be read has its replies then,
   *     and the rest an error
   */
  void run(
      Proc worker, ByteCursor call, boolean isAdmitted, boolean mayForward, AnswerBuilder answer)
      throws MalformedException;

  /**
   * Waits until all that the answers tell of is safe: once, before they leave; not at all if no
   * command was run on a bucket of this node. It has to give up before the peer does, after {@code
   * router.call-timeout}; the bounds of {@link kv.store.Storage#commit} see to that.
   *
   * @throws LogException if it is not safe; then none of the answers may leave
   */
  void commit();
}
