package kv.router;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.stream.Stream;
import kv.command.BucketCommand;
import kv.command.ByteCursor;
import kv.command.ByteCursor.MalformedException;
import kv.command.CommandTable;
import kv.command.RequestCodec;
import kv.command.Words;
import kv.command.bucket.BucketCommands;
import kv.command.redis.RedisBucketCommands;
import kv.memory.MemoryFullException;
import kv.otp.ExitedException;
import kv.otp.OutOfHeap;
import kv.otp.Proc;
import kv.router.peer.AnswerBuilder;
import kv.router.wire.Call;
import kv.router.wire.Peer;
import kv.store.Commit;

/**
 * One call of a peer, run or refused on the thread that brings it. Whatever happens, there is an
 * answer: no exception of ours travels to the peer, nor out of here but for a malformed call.
 *
 * <p>The peer asks again for what has no reply, so every command that may have been carried out
 * gets one.
 */
final class PeerCall {
  private static final System.Logger LOG = System.getLogger(PeerCall.class.getName());
  private static final CommandTable<BucketCommand> COMMANDS =
      new CommandTable<>(
          Stream.concat(BucketCommands.ALL.stream(), RedisBucketCommands.ALL.stream()).toList());

  private final Router router;
  private final Proc worker;
  private final boolean mayForward;
  private final Commit commit;
  private final AnswerBuilder answer;
  private final Words words;

  /** How many commands have been read to be run. */
  private int begun;

  /**
   * A call that is carried out as long as {@code worker} is alive.
   *
   * @param mayForward whether it may wait for a further node; if not, it ends before the first
   *     command that would
   * @param commit what the answer has to wait for
   * @param answer where the replies go
   */
  PeerCall(
      Router router, Proc worker, boolean mayForward, Commit commit, AnswerBuilder answer) {
    this.router = router;
    this.worker = worker;
    this.mayForward = mayForward;
    this.commit = commit;
    this.answer = answer;
    words = new Words(router.memory());
  }

  /** Carries out {@code call}, or refuses it if it was not admitted; see {@link Peer#call}. */
  void run(ByteCursor call, boolean isAdmitted) throws MalformedException {
    String node = "node " + router.node();
    try {
      List<String> path = Call.readHead(call);
      if (isAdmitted) run(path, call);
      else refuseRest(call);
    } catch (MalformedException e) {
      fail("malformed call to " + node + ": " + e.getMessage());
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(node + " was interrupted; the command may have been carried out");
    } catch (Throwable e) { // an error, too: the peer could make nothing of it
      OutOfHeap.tell(e);
      LOG.log(Level.ERROR, "a peer's call failed", e);
      fail(node + " failed; the command may have been carried out");
    } finally {
      words.clear();
    }
  }

  private void run(List<String> path, ByteCursor call)
      throws MalformedException, InterruptedException {
    Batch batch = router.batch(worker, path, commit, answer);
    try {
      runAll(batch, call);
    } catch (ExitedException e) {
      LOG.log(Level.DEBUG, "a call was overtaken by the end of what accepts peers", e);
      refuseRest(call);
    } finally {
      batch.close();
    }
  }

  private void runAll(Batch batch, ByteCursor call)
      throws MalformedException, InterruptedException {
    try {
      while (call.hasNext() && !answer.isFull()) {
        if (!read(call, batch)) continue;
        BucketCommand command = COMMANDS.find(words);
        if (!mayForward && command != null && router.isElsewhere(words)) return;
        begun++;
        if (command != null) batch.run(command, words);
        else batch.refuseUnknown(words);
      }
    } finally {
      batch.flush();
    }
  }

  /** Reads the next request; false if there was no room for its words, and so it is refused. */
  private boolean read(ByteCursor call, Batch batch) throws MalformedException {
    try {
      RequestCodec.read(call, words);
      return true;
    } catch (MemoryFullException e) {
      begun++;
      batch.refuse(e.getMessage());
      return false;
    }
  }

  /** Refuses every command that has no reply yet. */
  private void refuseRest(ByteCursor call) throws MalformedException {
    while (answer.count() < begun && !answer.isFull()) refuse();
    while (call.hasNext() && !answer.isFull()) {
      RequestCodec.skip(call);
      refuse();
    }
  }

  private void refuse() {
    answer.error("node " + router.node() + " is stopping; the command was not carried out");
  }

  /** Gives what was begun the reply that it lacks; if it lacks none, what could not be read. */
  private void fail(String reason) {
    do answer.error(reason);
    while (answer.count() < begun);
  }
}
