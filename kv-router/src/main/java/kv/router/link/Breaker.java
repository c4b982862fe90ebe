package kv.router.link;

import java.lang.System.Logger.Level;
import java.rmi.ConnectException;
import java.rmi.ConnectIOException;
import java.rmi.NoSuchObjectException;
import java.rmi.RemoteException;
import java.rmi.UnknownHostException;
import java.rmi.UnmarshalException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import jdk.jfr.FlightRecorder;
import kv.router.link.CallFailedException.Blame;
import kv.router.link.CallFailedException.Fate;
import kv.router.table.NodeAddress;
import kv.router.wire.Call;
import kv.router.wire.Peer;

/**
 * Asks one peer, and stops to ask it when it does not answer, until it has answered a probe. While
 * that lasts, the breaker is open: callers are told at once, and the peer is asked nothing. Safe
 * for use by any thread.
 *
 * <p>It opens for a failure that the peer alone can be blamed for: there is no connection to it in
 * the whole time for that, or no answer in the whole time for a question that it answers itself.
 * Where a part of the time was spent before, or the peer may have passed the question on to a node
 * that does not answer, a time that runs out is no more than a doubt: the others go on to ask, and
 * the peer is probed, which is to ask it something that it answers itself. A caller that was
 * interrupted blames nobody: it may have been that which closed its socket.
 */
final class Breaker {
  /** One of the things that a peer can be asked. */
  interface Question {
    byte[] ask(Peer peer) throws RemoteException;
  }

  private static final System.Logger LOG = System.getLogger(Breaker.class.getName());
  private static final Question OF_NOTHING = peer -> peer.call(Call.OF_NOTHING);

  private final NodeAddress node;
  private final LinkRules rules;
  private final PeerSearch search;

  /** What everybody is told while it is open; null while it is closed. */
  private final AtomicReference<CallFailedException> refusal = new AtomicReference<>();

  /** Whether the time of a question ran out that the peer may not be to blame for. */
  private volatile boolean isDoubted;

  /** A closed one. */
  Breaker(NodeAddress node, LinkRules rules, PeerSearch search) {
    this.node = node;
    this.rules = rules;
    this.search = search;
  }

  boolean isOpen() {
    return refusal.get() != null;
  }

  /** What everybody is told while it is open; empty while it is closed. */
  Optional<String> trouble() {
    return Optional.ofNullable(refusal.get()).map(CallFailedException::getMessage);
  }

  /** Whether it is open, or may have to be: {@link #probe} finds out. */
  boolean awaitsProbe() {
    return isDoubted || isOpen();
  }

  /**
   * Does nothing if it is closed.
   *
   * @throws CallFailedException if it is open
   */
  void ensureClosed() throws CallFailedException {
    CallFailedException failure = refusal.get();
    if (failure != null) throw failure;
  }

  /**
   * Asks the peer until {@code deadline}.
   *
   * @param bytes how many go there, for those who record it
   * @param isAnsweredThere whether the peer needs no other node to answer
   * @throws CallFailedException if there is no answer, or it is open
   */
  byte[] ask(Question question, int bytes, Deadline deadline, boolean isAnsweredThere)
      throws CallFailedException {
    ensureClosed();
    PeerCallEvent event =
        FlightRecorder.isInitialized() ? PeerCallEvent.beginIfRecorded() : null;
    byte[] answer = null;
    CallFailedException failure = null;
    try {
      answer = askFound(question, deadline);
    } catch (CallFailedException e) {
      failure = e;
    } catch (RemoteException | RuntimeException e) {
      failure = failure(e, deadline);
    }
    if (event != null) event.end(node, bytes, answer, failure);
    if (failure == null) return answer;
    if (!Thread.currentThread().isInterrupted())
      judge(failure, isAnsweredThere && deadline.isWhole());
    throw failure;
  }

  private byte[] askFound(Question question, Deadline deadline)
      throws CallFailedException, RemoteException {
    Peer peer = search.known();
    try {
      if (peer != null) return ask(peer, question);
    } catch (NoSuchObjectException e) {
      search.forget(peer); // the peer was restarted: this object is of its former life
    }
    return ask(search.find(deadline), question);
  }

  /** What is not the peer that it should be can answer null, and have any exception thrown here. */
  private static byte[] ask(Peer peer, Question question) throws RemoteException {
    byte[] answer = question.ask(peer);
    if (answer == null) throw new UnmarshalException("null instead of an answer");
    return answer;
  }

  private CallFailedException failure(Exception e, Deadline deadline) {
    boolean isOutOfTime = PeerSearch.isOutOfTime(e);
    if (neverBegan(e))
      return isOutOfTime && !deadline.isWhole()
          ? CallFailedException.tooLate(node, rules.callTimeout(), e)
          : CallFailedException.unreachable(node, e);
    String what =
        isOutOfTime
            ? "gave no answer in " + rules.callTimeout().toMillis() + " ms"
            : "broke off the call";
    return new CallFailedException(
        "node " + node + " " + what,
        Fate.IN_DOUBT,
        isOutOfTime ? Blame.OUT_OF_TIME : Blame.NONE,
        e);
  }

  private static boolean neverBegan(Exception e) {
    return e instanceof ConnectException
        || e instanceof ConnectIOException
        || e instanceof UnknownHostException
        || e instanceof NoSuchObjectException;
  }

  private void judge(CallFailedException failure, boolean isProof) {
    if (failure.isUnreachable()) open(failure);
    else if (failure.isOutOfTime() && isProof) open(CallFailedException.unreachable(node, failure));
    else if (failure.isOutOfTime()) isDoubted = true;
  }

  private void open(CallFailedException failure) {
    if (refusal.compareAndSet(null, failure))
      LOG.log(Level.INFO, () -> failure.getMessage() + "; calls fail at once until it answers");
  }

  /**
   * Has the peer run no commands, within the time for a call, and closes if it has answered, or
   * opens if it has not. If it is open, the peer is looked up anew, and callers hear what that has
   * met with.
   */
  void probe() {
    try (Deadline deadline = Deadline.start(rules.callTimeout())) {
      if (isOpen()) closeIfItAnswers(deadline);
      else openIfItDoesNot(deadline);
    }
  }

  private void openIfItDoesNot(Deadline deadline) {
    isDoubted = false; // what comes from now on is another doubt
    try {
      ask(OF_NOTHING, Call.OF_NOTHING.length, deadline, true);
    } catch (CallFailedException e) {
      LOG.log(Level.DEBUG, () -> "node " + node + " is doubted, and does not answer", e);
    }
  }

  private void closeIfItAnswers(Deadline deadline) {
    try {
      Peer found = search.lookUp(deadline);
      ask(found, OF_NOTHING);
      search.know(found);
      isDoubted = false;
      if (refusal.getAndSet(null) != null)
        LOG.log(Level.INFO, () -> "node " + node + " answers again");
    } catch (CallFailedException e) {
      stayOpen(e);
    } catch (RemoteException | RuntimeException e) {
      stayOpen(CallFailedException.unreachable(node, e));
    }
  }

  private void stayOpen(CallFailedException failure) {
    refusal.updateAndGet(former -> former == null ? null : failure);
    LOG.log(Level.DEBUG, () -> "node " + node + " does not answer yet", failure);
  }
}
