package kv.router.link;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

  /** Closes those that {@code thread} has used last, or is just connecting. */
  void closeAllOf(Thread thread) {
    for (LinkSockets.LinkSocket socket : open)
      if (socket.user() == thread) Sockets.closeQuietly(socket);
  }
}
