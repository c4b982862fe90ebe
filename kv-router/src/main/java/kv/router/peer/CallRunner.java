package kv.router.peer;

import kv.command.ByteCursor;
import kv.otp.Proc;

/** Runs the commands of a peer's call; whatever happens, it answers, and throws nothing. */
public interface CallRunner {
  /**
   * Runs {@code call}, as far as {@code answer} has room; see {@link kv.router.wire.Peer#call}.
   *
   * @param worker nothing is run any more once it has ended
   * @param isAdmitted if not, every command is refused, as this node is stopping
   * @param mayForward whether the call may wait for a further node; if not, it ends before the
   *     first command that would
   */
  void run(
      Proc worker, ByteCursor call, boolean isAdmitted, boolean mayForward, AnswerBuilder answer);
}
