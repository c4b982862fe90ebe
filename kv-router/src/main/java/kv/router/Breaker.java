package kv.router;

import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.rmi.ConnectException;
import java.rmi.ConnectIOException;
import java.rmi.NoSuchObjectException;
import java.rmi.RemoteException;
import java.rmi.UnknownHostException;
import java.rmi.UnmarshalException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Asks one peer, and does not ask it any more, from when it was unreachable or gave no answer in
 * time, until a probe has had one. While that lasts, the breaker is open: whoever asks is told at
 * once, and the peer is asked nothing. Safe for use by any thread.
 */
final class Breaker {
  /** One of the things that a peer can be asked. */
  interface Question {
    byte[] ask(Peer peer) throws RemoteException;
  }

  private static final System.Logger LOG = System.getLogger(Breaker.class.getName());

  private final NodeAddress node;
  private final LinkRules rules;
  private final PeerSearch search;

  /** What everybody is told while it is open; null while it is closed. */
  private final AtomicReference<Link.FailedException> refusal = new AtomicReference<>();

  /** A closed one. */
  Breaker(NodeAddress node, LinkRules rules, PeerSearch search) {
    this.node = node;
    this.rules = rules;
    this.search = search;
  }

  boolean isOpen() {
    return refusal.get() != null;
  }

  /**
   * Does nothing if it is closed.
   *
   * @throws Link.FailedException if it is open
   */
  void ensureClosed() throws Link.FailedException {
    Link.FailedException failure = refusal.get();
    if (failure != null) throw failure;
  }

  /**
   * Asks the peer until {@code deadline}.
   *
   * @param doubt what a client must know if the question may have reached the peer
   * @param hasAllTime whether it is the peer's fault alone if no answer comes in time
   * @throws Link.FailedException if there is no answer, or it is open
   */
  byte[] ask(Question question, String doubt, Deadline deadline, boolean hasAllTime)
      throws Link.FailedException {
    ensureClosed();
    Link.FailedException failure;
    try {
      return ask(question, deadline);
    } catch (Link.FailedException e) {
      failure = e;
    } catch (RemoteException | RuntimeException e) {
      failure = failure(e, doubt);
    }
    if (failure.isUnreachable()) open(failure);
    if (failure.isOutOfTime() && hasAllTime) open(Link.FailedException.unreachable(node, failure));
    throw failure;
  }

  private void open(Link.FailedException failure) {
    if (refusal.compareAndSet(null, failure))
      LOG.log(Level.INFO, () -> failure.getMessage() + "; calls fail at once until it answers");
  }

  /** What a probe connects by. */
  LinkSockets newSockets() {
    return search.newSockets();
  }

  /**
   * Looks the peer up by {@code sockets} and has it run no commands, all within the time for a
   * call, and closes if it has answered. If not, the others are told what it has met with.
   */
  void probe(LinkSockets sockets) {
    Deadline deadline = Deadline.start(rules.callTimeout());
    try {
      Peer found = search.lookUp(sockets);
      ask(found, peer -> peer.call(Call.OF_NOTHING));
      search.know(found);
      if (refusal.getAndSet(null) != null)
        LOG.log(Level.INFO, () -> "node " + node + " answers again");
    } catch (Link.FailedException e) {
      stayOpen(e);
    } catch (RemoteException | RuntimeException e) {
      stayOpen(Link.FailedException.unreachable(node, e));
    } finally {
      deadline.close();
    }
  }

  private void stayOpen(Link.FailedException failure) {
    refusal.updateAndGet(former -> former == null ? null : failure);
    LOG.log(Level.DEBUG, () -> "node " + node + " does not answer yet", failure);
  }

  private byte[] ask(Question question, Deadline deadline)
      throws Link.FailedException, RemoteException {
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

  /** TLS wraps what its socket throws, and RMI what that throws. */
  private static boolean isOutOfTime(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause())
      if (cause instanceof SocketTimeoutException) return true;
    return false;
  }

  private Link.FailedException failure(Exception e, String doubt) {
    boolean neverBegan =
        e instanceof ConnectException
            || e instanceof ConnectIOException
            || e instanceof UnknownHostException
            || e instanceof NoSuchObjectException;
    if (neverBegan) return Link.FailedException.unreachable(node, e);
    boolean isOutOfTime = isOutOfTime(e);
    String what =
        isOutOfTime
            ? "gave no answer in " + rules.callTimeout().toMillis() + " ms"
            : "broke off the call";
    return new Link.FailedException("node " + node + " " + what, doubt, isOutOfTime, e);
  }
}
