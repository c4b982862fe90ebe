package kv.router.link;

import static java.util.Objects.requireNonNull;

import java.rmi.NotBoundException;
import java.rmi.RemoteException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import kv.router.table.NodeAddress;
import kv.router.wire.Peer;
import kv.router.wire.PeerSockets;

/**
 * Looks one peer up when it is first needed, and again when it has been restarted since. All who
 * need it at the same time wait for one look-up, which has the time of a call for itself, however
 * little of theirs is left, and finds the address of the host anew. Safe for use by any thread.
 */
final class PeerSearch {
  private final NodeAddress node;
  private final LinkRules rules;
  private final OpenSockets open;
  private final HostSearch host;
  private final Search<Peer> search = new Search<>(this::search);

  /** The peer in the life in which it was looked up last; null if it must be looked up. */
  private volatile Peer known;

  PeerSearch(NodeAddress node, LinkRules rules, OpenSockets open) {
    this(node, rules, open, new HostSearch(node.host()));
  }

  /** With the search for the host of {@code node}. */
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

  /**
   * The peer if it is known, else what a look-up finds, which takes its part of {@code deadline}.
   *
   * @param fate what a client must know if there is none
   */
  Peer find(Deadline deadline, Link.Fate fate) throws Link.FailedException {
    Peer found = known;
    if (found != null) return found;
    try {
      found = await(deadline);
      deadline.cut();
      return found;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Link.FailedException f)
        throw Link.FailedException.unreachable(f.getMessage(), f);
      throw notLookedUp(fate, e);
    } catch (TimeoutException e) {
      if (deadline.isWhole()) throw Link.FailedException.unreachable(node, e);
      throw Link.FailedException.tooLate(node, rules.callTimeout(), fate, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notLookedUp(fate, e);
    }
  }

  private Peer await(Deadline deadline)
      throws ExecutionException, TimeoutException, InterruptedException {
    long nanos = deadline.nanosLeft();
    return deadline.isOfSeveral() ? search.awaitInAnyCase(nanos) : search.await(nanos);
  }

  /** Which says nothing about the peer. */
  private Link.FailedException notLookedUp(Link.Fate fate, Exception cause) {
    return new Link.FailedException(
        "node " + node + " could not be looked up", fate.unsent(), false, cause);
  }

  private Peer search() throws Link.FailedException {
    Peer found = known; // by a look-up that has just ended
    if (found != null) return found;
    Deadline deadline = Deadline.start(rules.callTimeout());
    try {
      found = lookUp(newSockets());
    } finally {
      deadline.close();
    }
    know(found);
    return found;
  }

  /** New ones each time: RMI keeps connections by factory, those to a former life, too. */
  LinkSockets newSockets() {
    return new LinkSockets(node, rules, open, host);
  }

  /** What the registry at the peer's address says now, asked over a connection of its own. */
  Peer lookUp(LinkSockets sockets) throws Link.FailedException {
    try {
      Registry registry = LocateRegistry.getRegistry(node.host(), node.port(), sockets);
      Peer found =
          PeerSockets.readingAs(sockets, () -> (Peer) registry.lookup(node.name()));
      return requireNonNull(found, "a peer");
    } catch (NotBoundException e) {
      throw Link.FailedException.unreachable(
          "node " + node + " is unreachable: there is another node at that address", e);
    } catch (RemoteException | RuntimeException e) {
      throw Link.FailedException.unreachable(node, e);
    }
  }
}
