package kv.router;

import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The connections of peers that are open, each of which has one of RMI's threads: no more than may
 * be, and none for longer than it may take to bring a call or to read an answer. Safe for use by
 * any thread.
 */
final class PeerConnections {
  private static final System.Logger LOG = System.getLogger(PeerConnections.class.getName());

  private final PeerLimits limits;
  private final Runnable refused;
  private final Set<PeerSocket> open = ConcurrentHashMap.newKeySet();

  /** Whether the one that came last was one too many; for the thread that accepts. */
  private volatile boolean isFull;

  /** None yet; {@code refused} is run for each that is one too many. */
  PeerConnections(PeerLimits limits, Runnable refused) {
    this.limits = limits;
    this.refused = refused;
  }

  /** How often to look for those that hang, so that none does for much longer than it may. */
  long lookEveryMillis() {
    return Math.max(1, limits.idleTimeout().toMillis() / 8);
  }

  /** A socket for the next one, not connected. */
  PeerSocket newSocket() {
    return new PeerSocket(limits.idleTimeout(), open::remove);
  }

  /** Takes in one that has been accepted, or closes it and answers false; for one thread. */
  boolean admit(PeerSocket socket) {
    if (open.size() < limits.maxConnections()) {
      isFull = false;
      open.add(socket);
      if (socket.isClosed()) open.remove(socket);
      return true;
    }
    socket.closeQuietly();
    refused.run();
    if (!isFull)
      LOG.log(
          Level.WARNING,
          "connections of peers are refused: " + limits.maxConnections()
              + " are open (router.max-connections)");
    isFull = true;
    return false;
  }

  int count() {
    return open.size();
  }

  /** Closes those that have brought no whole call, or read no whole answer, for too long. */
  void closeStuck(long nowNanos) {
    for (PeerSocket socket : open) if (socket.isStuck(nowNanos)) socket.closeQuietly();
  }
}
