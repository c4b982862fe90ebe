package kv.router;

import kv.command.ByteCursor;
import kv.command.ByteCursor.MalformedException;
import kv.otp.Proc;
import kv.router.peer.AnswerBuilder;
import kv.router.peer.CallRunner;
import kv.store.Commit;
import kv.store.Storage;

/** The calls that peers bring in one message; their answers wait together until they may leave. */
final class PeerCalls implements CallRunner {
  private final Router router;
  private final Commit commit;

  /** None yet; {@code storage} is that of {@code router}. */
  PeerCalls(Router router, Storage storage) {
    this.router = router;
    commit = new Commit(storage);
  }

  @Override
  public void run(
      Proc worker, ByteCursor call, boolean isAdmitted, boolean mayForward, AnswerBuilder answer)
      throws MalformedException {
    new PeerCall(router, worker, mayForward, commit, answer).run(call, isAdmitted);
  }

  @Override
  public void commit() {
    commit.run();
  }
}
