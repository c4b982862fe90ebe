package kv.router.link;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import kv.router.table.NodeAddress;
import kv.router.wire.Sockets;

/**
 * The connections to peers that this node has open, those of links that no table names any more
 * included. A read has a time of its own; a write to a peer that does not read has none, and ends
 * only if its socket is closed from here. Safe for use by any thread.
 */
public final class OpenSockets {
  private final Set<LinkSockets.LinkSocket> open = ConcurrentHashMap.newKeySet();

  void add(LinkSockets.LinkSocket socket) {
    open.add(socket);
  }

  void remove(LinkSockets.LinkSocket socket) {
    open.remove(socket);
  }

  public int count() {
    return open.size();
  }

  /** Closes those that are in a write whose time was over at {@code nowNanos}. */
  public void closeLate(long nowNanos) {
    for (LinkSockets.LinkSocket socket : open) if (socket.isLate(nowNanos)) socket.closeAsLate();
  }

  /** Closes those that lead to {@code peer}, or are just being connected to it. */
  void closeAllTo(NodeAddress peer) {
    for (LinkSockets.LinkSocket socket : open)
      if (socket.peer().equals(peer)) Sockets.closeQuietly(socket);
  }
}
