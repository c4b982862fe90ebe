package kv.router;

import java.lang.System.Logger.Level;
import java.util.List;
import kv.command.Access;
import kv.command.BucketCommand;
import kv.command.ByteBuilder;
import kv.command.ByteCursor.MalformedException;
import kv.command.ByteCursor;
import kv.command.Reply;
import kv.command.ReplyCodec;
import kv.command.RequestCodec;
import kv.command.Words;
import kv.log.LogException;
import kv.memory.MemoryFullException;
import kv.otp.ExitedException;
import kv.otp.Proc;
import kv.router.link.CallFailedException;
import kv.router.link.Link;
import kv.router.table.NodeAddress;
import kv.router.wire.AnswerRoom;
import kv.router.wire.Call;
import kv.router.wire.Peer;
import kv.store.Bucket;
import kv.store.Bytes;
import kv.store.Commit;
import kv.store.Storage;

/**
 * The requests of one client, run in the order in which they come and answered in that order. Those
 * for a peer are gathered, as long as they come one after another, and go there in one call. So a
 * reply may be given later than {@link #run} returns, but not later than {@link #flush} does.
 *
 * <p>Once the worker that runs them has ended, no further one is run or sent to a peer: it may have
 * waited for a peer when it was killed, and nobody counts on what it does since then.
 *
 * <p>Not safe for use by several threads; used again and again by the one that has it.
 */
public final class Batch {
  private static final System.Logger LOG = System.getLogger(Batch.class.getName());
  private static final int MAX_COMMANDS = 1024;
  private static final int MAX_BYTES = 256 * 1024;

  /** Of one request that goes to a peer: a call has room for it behind its head and MAX_BYTES. */
  static final int MAX_REQUEST_BYTES = Peer.MAX_BYTES - 2 * MAX_BYTES;

  private final Router router;
  private final Proc worker;
  private final List<String> path;
  private final Storage storage;
  private final Commit commit;
  private final Reply reply;

  /** To the peer that {@link #waiting} is for; null if nothing waits. */
  private Link link;

  /** The call that is being gathered, and how many commands are in it. */
  private final ByteBuilder waiting;

  private int count;

  /** For the answer whose replies are being passed on, which can take a client's time. */
  private final AnswerRoom room;

  /** A batch without commands, whose replies wait for {@code commit}. */
  Batch(
      Router router,
      Proc worker,
      List<String> path,
      Storage storage,
      Commit commit,
      Reply reply) {
    this.router = router;
    this.worker = worker;
    this.path = path;
    this.storage = storage;
    this.commit = commit;
    this.reply = reply;
    waiting = new ByteBuilder(0, router.memory());
    room = new AnswerRoom(router.memory());
  }

  /**
   * Runs {@code command} where its bucket lives. The words are not needed any more when it returns.
   *
   * @throws InterruptedException if the thread was interrupted; replies are missing then
   * @throws ExitedException if the worker has ended; the commands without reply were not run
   */
  public void run(BucketCommand command, Words words) throws InterruptedException {
    String fault = Bucket.nameFault(words.length(BucketCommand.NAME));
    if (fault != null) {
      refuse(fault);
      return;
    }
    Routes routes = router.routes();
    if (routes == null) {
      runHere(command, words);
      return;
    }
    int firstByte = words.firstByte(BucketCommand.NAME);
    NodeAddress holder = routes.holder(firstByte);
    if (holder == null) refuse("no route for bucket " + name(words).quoted());
    else if (router.isHere(holder)) {
      if (hasRoom()) runHere(command, words);
    } else if (path.contains(holder.name())) {
      String loop = String.join(" -> ", path) + " -> " + holder.name();
      refuse("routing loop " + loop + " for bucket " + name(words).quoted());
    } else gather(routes.link(firstByte), words);
  }

  private void runHere(BucketCommand command, Words words) throws InterruptedException {
    worker.ensureAlive(); // at the last moment: what went before may have waited for a peer
    commit.begin(command.access().includes(Access.WRITE));
    command.run(storage, words, reply);
    commit.end();
  }

  /** As {@link #flush}, and tells whether there is room for a further reply after that. */
  private boolean hasRoom() {
    flush();
    return reply.makeRoom();
  }

  /**
   * Sends what waits for a peer and gives all replies that are owed; if they have no room, as many
   * as have, and the commands behind them are forgotten and not run.
   *
   * @throws ExitedException if the worker has ended; the commands without reply were not run
   */
  public void flush() {
    if (link == null) return;
    Link to = link;
    link = null;
    try {
      callUntilDone(to);
    } finally {
      room.close();
      count = 0;
      waiting.clear();
    }
  }

  private void callUntilDone(Link to) {
    int done = 0;
    boolean isTogether = isOwn();
    try {
      while (done < count && (isTogether || reply.makeRoom())) {
        if (!room.tryTakeFor(count - done)) {
          giveErrors(count - done, room.refusal());
          return;
        }
        done += isTogether ? callTogether(to) : callAlone(to, done);
        isTogether = false;
      }
    } catch (CallFailedException e) {
      router.countFailedCall(to);
      LOG.log(Level.DEBUG, "a call failed", e);
      giveErrors(count - done, e.getMessage());
    }
  }

  /** Answers a request that cannot be carried out, behind all that came before it. */
  public void refuse(String reason) {
    if (hasRoom()) reply.error(reason);
  }

  /** Answers a request that is no command, behind all that came before it. */
  public void refuseUnknown(Words words) {
    if (hasRoom()) reply.unknownCommand(words.verb());
  }

  /**
   * Waits until what the replies so far tell of this node's buckets is as safe as its storage makes
   * it: to be called before they leave. Does nothing if they tell of none: what a peer answers is
   * safe there.
   *
   * @throws LogException if it is not safe; then none of the replies since the last time may leave
   */
  public void commit() {
    commit.run();
  }

  /** Gives back all that it takes; it is not to be used any more. */
  public void close() {
    waiting.close();
  }

  private static Bytes name(Words words) {
    return words.bytes(BucketCommand.NAME);
  }

  /** Whether the commands are those of a client of this node. */
  private boolean isOwn() {
    return path.size() == 1;
  }

  private void gather(Link to, Words words) {
    long length = RequestCodec.length(words);
    if (length > MAX_REQUEST_BYTES) {
      refuse(
          "the request has " + length + " bytes; only the bucket's own node can carry it out, for "
              + MAX_REQUEST_BYTES + " are the most that go from node to node; send several");
      return;
    }
    if (link != null && link != to
        || count == MAX_COMMANDS
        || waiting.length() > MAX_BYTES) flush();
    if (link == null) Call.writeHead(path, waiting);
    link = to;
    int start = waiting.length();
    try {
      Call.writeRequest(words, waiting);
      count++;
    } catch (MemoryFullException e) {
      waiting.cutTo(start);
      refuse(e.getMessage());
    }
  }

  /** Sends all commands along with those of other clients; answers how many got their reply. */
  private int callTogether(Link to) throws CallFailedException {
    worker.ensureAlive();
    router.countCall(to);
    return giveReplies(to.callTogether(worker, waiting), to, 0, count);
  }

  /** Sends all commands from number {@code first} on; answers how many have got their reply. */
  private int callAlone(Link to, int first) throws CallFailedException {
    worker.ensureAlive();
    router.countCall(to);
    byte[] call = Call.without(first, waiting.copyFrom(0));
    byte[] answer = to.call(call);
    return giveReplies(new ByteCursor(answer), to, 1, count - first);
  }

  /** Hands on between {@code least} and {@code most} replies; answers how many. */
  private int giveReplies(ByteCursor arrived, Link from, int least, int most) {
    PeerListings listings = new PeerListings(router, from);
    ByteCursor answer = room.settle(arrived);
    int given = 0;
    try {
      for (; given < most && answer.hasNext(); given++) {
        ReplyCodec.read(answer, reply, listings);
        reply.makeRoom(); // where it answers false, the reply is there all the same
      }
      if (given >= least && !answer.hasNext()) return given;
    } catch (MalformedException e) {
      from.malformedAnswer(e);
    } catch (RuntimeException | Error e) { // a client that has gone away, as a rule
      listings.dropAll(answer, e);
      throw e;
    } finally {
      room.close();
    }
    giveErrors(
        most - given,
        "node " + from.node()
            + " gave a malformed answer; the command may have been carried out");
    return most;
  }

  private void giveErrors(int commands, String reason) {
    for (int i = 0; i < commands; i++) {
      reply.error(reason);
      reply.makeRoom(); // as above
    }
  }
}
