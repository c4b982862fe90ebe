package kv.router;

import java.lang.System.Logger.Level;
import kv.command.BucketCommand;
import kv.command.BucketCommands;
import kv.command.ByteCursor;
import kv.command.ByteCursor.MalformedException;
import kv.command.CommandTable;
import kv.command.Parts;
import kv.command.Requests;
import kv.command.Words;
import kv.otp.ExitedException;
import kv.otp.Proc;

/**
 * One call of a peer, run or refused on the thread that brings it. Whatever happens, there is an
 * answer: no exception of ours travels to the peer.
 *
 * <p>The peer asks again for what has no reply, so every command that may have been carried out
 * gets one.
 */
final class PeerCall {
  private static final System.Logger LOG = System.getLogger(PeerCall.class.getName());
  private static final CommandTable<BucketCommand> COMMANDS =
      new CommandTable<>(BucketCommands.ALL);

  private final Router router;
  private final Proc worker;
  private final byte[] call;
  private final Words words = new Words();
  private final AnswerBuilder answer;

  /** How many commands have been read to be run. */
  private int begun;

  /**
   * A call that is carried out as long as {@code worker} is alive; {@code keeper} has what is left
   * of listings then.
   */
  PeerCall(Router router, Proc worker, byte[] call, Parts.Keeper keeper) {
    this.router = router;
    this.worker = worker;
    this.call = call;
    answer = new AnswerBuilder(keeper);
  }

  /** Carries it out, or refuses it if it was not admitted; see {@link Peer#call}. */
  byte[] answer(boolean isAdmitted) {
    String node = "node " + router.node();
    try {
      if (isAdmitted) run();
      else refuseRest();
    } catch (MalformedException e) {
      LOG.log(Level.WARNING, "a peer sent a malformed call", e);
      fail("malformed call to " + node + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(node + " was interrupted; the command may have been carried out");
    } catch (Throwable e) { // an error, too: the peer could make nothing of it
      LOG.log(Level.ERROR, "a peer's call failed", e);
      fail(node + " failed; the command may have been carried out");
    }
    return answer.toByteArray();
  }

  private void run() throws MalformedException, InterruptedException {
    try {
      runAll();
    } catch (ExitedException e) {
      LOG.log(Level.DEBUG, "a call was overtaken by the end of what accepts peers", e);
      refuseRest();
    }
  }

  private void runAll() throws MalformedException, InterruptedException {
    ByteCursor source = new ByteCursor(call);
    Batch batch = router.batch(worker, Call.readHead(source), answer, answer::isFull);
    try {
      while (source.hasNext() && !answer.isFull()) {
        Requests.read(source, words);
        begun++;
        BucketCommand command = COMMANDS.find(words);
        if (command != null) batch.run(command, words);
        else batch.refuseUnknown(words);
      }
    } finally {
      batch.flush();
    }
  }

  /** Refuses every command that has no reply yet. */
  private void refuseRest() throws MalformedException {
    ByteCursor source = new ByteCursor(call);
    Call.readHead(source);
    int replied = answer.count();
    for (int i = 0; source.hasNext() && !answer.isFull(); i++) {
      Requests.read(source, words);
      if (i >= replied)
        answer.error("node " + router.node() + " is stopping; the command was not carried out");
    }
  }

  /** Gives what was begun the reply that it lacks; if it lacks none, what could not be read. */
  private void fail(String reason) {
    do answer.error(reason);
    while (answer.count() < begun);
  }
}
