package kv.router.link;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import kv.router.wire.Sockets;

/**
 * The connections to peers that this node has open, those of links that no table names any more
 * included. A read has a time of its own; a write to a peer that does not read has none, and ends
 * only if its socket is closed from here. Safe for use by any thread.
 */
public final class OpenSockets {
  private final Set<LinkSockets.LinkSocket> open = ConcurrentHashMap.newKeySet();

  /** Threads that are to end, and so to open nothing any more; as long as there are any. */
  private final Set<Thread> ending =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  void add(LinkSockets.LinkSocket socket) {
    open.add(socket);
    if (ending.contains(socket.user())) Sockets.closeQuietly(socket);
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

  /** Closes those that {@code thread} has used last, is just connecting, or opens from now on. */
  void closeAllOf(Thread thread) {
    ending.add(thread); // first: one that is added meanwhile is closed by one of the two
    for (LinkSockets.LinkSocket socket : open)
      if (socket.user() == thread) Sockets.closeQuietly(socket);
  }
}
