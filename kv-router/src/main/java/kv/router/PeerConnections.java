package kv.router;

import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import kv.tls.HandshakeException;
import kv.tls.Tls;

/**
 * The connections of peers that are open, each of which has one of RMI's threads: no more than may
 * be, and none for longer than it may take to bring a call or to read an answer. Safe for use by
 * any thread.
 */
final class PeerConnections {
  private static final System.Logger LOG = System.getLogger(PeerConnections.class.getName());

  private final PeerLimits limits;
  private final Runnable refused;
  private final Optional<Tls> tls;
  private final BiConsumer<InetAddress, HandshakeException> strange;
  private final Set<PeerSocket> open = ConcurrentHashMap.newKeySet();

  /** Whether the one that came last was one too many; for the thread that accepts. */
  private volatile boolean isFull;

  /** None yet, for peers of {@code router}, which counts each that is one too many. */
  PeerConnections(PeerLimits limits, Router router) {
    this(limits, router::countRefusedConnection, router.tls(), router.refusals()::add);
  }

  /** None yet, for peers without TLS; {@code refused} is run for each that is one too many. */
  PeerConnections(PeerLimits limits, Runnable refused) {
    this(limits, refused, Optional.empty(), (peer, why) -> {});
  }

  /**
   * None yet.
   *
   * @param refused is run for each that is one too many
   * @param strange hears of each that does not speak {@code tls}
   */
  PeerConnections(
      PeerLimits limits,
      Runnable refused,
      Optional<Tls> tls,
      BiConsumer<InetAddress, HandshakeException> strange) {
    this.limits = limits;
    this.refused = refused;
    this.tls = tls;
    this.strange = strange;
  }

  /** How often to look for those that hang, so that none does for much longer than it may. */
  long lookEveryMillis() {
    return Math.max(1, limits.idleTimeout().toMillis() / 8);
  }

  /** A socket for the next one, not connected. */
  PeerSocket newSocket() throws SocketException {
    return new PeerSocket(limits.idleTimeout(), tls, strange, open::remove);
  }

  /** Takes in one that has been accepted, or closes it and answers false; for one thread. */
  boolean admit(PeerSocket socket) {
    if (open.size() < limits.maxConnections()) {
      isFull = false;
      open.add(socket);
      if (socket.isClosed()) open.remove(socket);
      return true;
    }
    refused.run();
    if (!isFull)
      LOG.log(
          Level.WARNING,
          "connections of peers are refused: " + limits.maxConnections()
              + " are open (router.max-connections)");
    isFull = true;
    socket.closeQuietly(); // who sees that finds it counted
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
