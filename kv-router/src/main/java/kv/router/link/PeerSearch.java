package kv.router.link;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.rmi.NotBoundException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import kv.router.table.NodeAddress;
import kv.router.wire.Peer;
import kv.router.wire.PeerSockets;

/**
 * Looks one peer up when it is first needed, and again when it has been restarted since. One thread
 * does so for all who need it at the same time, and finds the addresses of the host anew. Safe for
 * use by any thread.
 */
final class PeerSearch {
  private final NodeAddress node;
  private final LinkRules rules;
  private final OpenSockets open;
  private final HostSearch host;

  /** Held by the one who looks it up. */
  private final ReentrantLock looking = new ReentrantLock();

  /** The peer in the life in which it was looked up last; null if it must be looked up. */
  private volatile Peer known;

  PeerSearch(NodeAddress node, LinkRules rules, OpenSockets open, HostSearch host) {
    this.node = node;
    this.rules = rules;
    this.open = open;
    this.host = host;
  }

  /** The peer, or null if it must be looked up. */
  Peer known() {
    return known;
  }

  synchronized void forget(Peer former) {
    if (known == former) known = null;
  }

  synchronized void know(Peer found) {
    known = found;
  }

  /** The peer if it is known, else what a look-up finds, which takes its part of this deadline. */
  Peer find(Deadline deadline) throws CallFailedException {
    Peer found = known;
    return found != null ? found : lookUpInTurn(deadline);
  }

  private Peer lookUpInTurn(Deadline deadline) throws CallFailedException {
    boolean isFirst = looking.tryLock();
    try {
      if (!isFirst) deadline.cut();
      if (!isFirst && !looking.tryLock(deadline.nanosLeft(), NANOSECONDS))
        throw CallFailedException.tooLate(node, rules.callTimeout(), null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CallFailedException(
          "node " + node + " could not be looked up",
          CallFailedException.Fate.UNSENT,
          CallFailedException.Blame.NONE,
          e);
    }
    try {
      Peer found = known; // by the one who was waited for
      if (found == null) found = lookUp(deadline);
      know(found);
      deadline.cut();
      return found;
    } finally {
      looking.unlock();
    }
  }

  /** What the registry at the peer's address says now, asked over a connection of its own. */
  Peer lookUp(Deadline deadline) throws CallFailedException {
    try {
      // New sockets each time: RMI keeps connections by factory, those to a former life, too.
      List<InetAddress> addresses = host.find(Deadline.millisLeft(rules.connectMillis()));
      LinkSockets sockets = new LinkSockets(node, addresses, rules, open);
      Registry registry = LocateRegistry.getRegistry(node.host(), node.port(), sockets);
      Peer found = PeerSockets.readingAs(sockets, () -> (Peer) registry.lookup(node.name()));
      return requireNonNull(found, "a peer");
    } catch (NotBoundException e) {
      throw CallFailedException.unreachable(
          "node " + node + " is unreachable: there is another node at that address", e);
    } catch (IOException | RuntimeException e) {
      if (isOutOfTime(e) && !deadline.isWhole())
        throw CallFailedException.tooLate(node, rules.callTimeout(), e);
      throw CallFailedException.unreachable(node, e);
    }
  }

  /** Whether a wait for the peer has run out: TLS wraps what its socket throws, RMI that. */
  static boolean isOutOfTime(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause())
      if (cause instanceof SocketTimeoutException) return true;
    return false;
  }
}
