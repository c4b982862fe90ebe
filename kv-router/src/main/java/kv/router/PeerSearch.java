package kv.router;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.rmi.NotBoundException;
import java.rmi.RemoteException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import kv.otp.OutOfHeap;

/**
 * Looks one peer up when it is first needed, and again when it has been restarted since. All who
 * need it at the same time wait for one look-up. Safe for use by any thread.
 */
final class PeerSearch {
  private final NodeAddress node;
  private final LinkRules rules;
  private final OpenSockets open;

  /** The peer in the life in which it was looked up last; null if it must be looked up. */
  private volatile Peer known;

  /** The look-up that is under way, null if none is; guarded by this. */
  private FutureTask<Peer> search;

  PeerSearch(NodeAddress node, LinkRules rules, OpenSockets open) {
    this.node = node;
    this.rules = rules;
    this.open = open;
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

  /** The peer if it is known, else what the look-up that is under way finds, or one of our own. */
  Peer find(Deadline deadline) throws Link.FailedException {
    FutureTask<Peer> found;
    boolean isOurs;
    synchronized (this) {
      if (known != null) return known;
      isOurs = search == null;
      if (isOurs) search = new FutureTask<>(this::search);
      found = search;
    }
    if (isOurs) found.run();
    try {
      return found.get(deadline.nanosLeft(), NANOSECONDS);
    } catch (ExecutionException e) {
      OutOfHeap.tell(e.getCause());
      if (e.getCause() instanceof Link.FailedException f)
        throw Link.FailedException.unreachable(f.getMessage(), f);
      throw Link.FailedException.unreachable(node, e);
    } catch (TimeoutException e) {
      throw Link.FailedException.unreachable(node, e);
    } catch (InterruptedException e) { // says nothing about the peer
      Thread.currentThread().interrupt();
      throw new Link.FailedException("node " + node + " is unreachable", e);
    }
  }

  private Peer search() throws Link.FailedException {
    Peer found = null;
    try {
      found = lookUp(newSockets());
      return found;
    } finally {
      synchronized (this) {
        known = found;
        search = null;
      }
    }
  }

  /** New ones each time: RMI keeps connections by factory, those to a former life, too. */
  LinkSockets newSockets() {
    return new LinkSockets(node, rules, open);
  }

  /** What the registry at the peer's address says now, asked over a connection of its own. */
  Peer lookUp(LinkSockets sockets) throws Link.FailedException {
    try {
      Registry registry = LocateRegistry.getRegistry(node.host(), node.port(), sockets);
      return requireNonNull(sockets.reading(() -> (Peer) registry.lookup(node.name())), "a peer");
    } catch (NotBoundException e) {
      throw Link.FailedException.unreachable(
          "node " + node + " is unreachable: there is another node at that address", e);
    } catch (RemoteException | RuntimeException e) {
      throw Link.FailedException.unreachable(node, e);
    }
  }
}
