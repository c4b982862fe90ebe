package kv.router;

import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import kv.otp.Clock;
import kv.tls.HandshakeException;
import kv.tls.Tls;

/**
 * The connections of peers that are open, each of which has one of RMI's threads: no more than may
 * be, and none for longer than it may take to bring a call or to read an answer. Safe for use by
 * any thread.
 *
 * <p>When all places are taken, one that has shown to be a peer's is not touched; the others make
 * room for whoever comes, the oldest first, and first of all those of the address that has most of
 * them. So it takes more addresses, and more haste, than a peer has to keep that peer out.
 */
final class PeerConnections {
  private static final System.Logger LOG = System.getLogger(PeerConnections.class.getName());
  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final PeerLimits limits;
  private final Runnable refused;
  private final Optional<Tls> tls;
  private final BiConsumer<InetAddress, HandshakeException> strange;
  private final Clock clock;

  /** The oldest first. */
  private final Set<PeerSocket> open = Collections.synchronizedSet(new LinkedHashSet<>());

  /** When the log was last told that there are too many; for the thread that accepts. */
  private long toldNanos;

  /** None yet, for peers of {@code router}, which counts each that is one too many. */
  PeerConnections(PeerLimits limits, Router router) {
    this(
        limits, router::countRefusedConnection, router.tls(), router.refusals()::add, Clock.SYSTEM);
  }

  /** None yet, for peers without TLS; {@code refused} is run for each that is one too many. */
  PeerConnections(PeerLimits limits, Runnable refused, Clock clock) {
    this(limits, refused, Optional.empty(), (peer, why) -> {}, clock);
  }

  /**
   * None yet.
   *
   * @param refused is run for each that is one too many
   * @param strange hears of each that does not speak {@code tls}
   */
  private PeerConnections(
      PeerLimits limits,
      Runnable refused,
      Optional<Tls> tls,
      BiConsumer<InetAddress, HandshakeException> strange,
      Clock clock) {
    this.limits = limits;
    this.refused = refused;
    this.tls = tls;
    this.strange = strange;
    this.clock = clock;
    toldNanos = clock.nanoTime() - QUIET_NANOS;
  }

  /** How often to look for those that hang, so that none does for much longer than it may. */
  long lookEveryMillis() {
    return Math.max(1, limits.idleTimeout().toMillis() / 8);
  }

  /** A socket for the next one, not connected. */
  PeerSocket newSocket() throws SocketException {
    return new PeerSocket(limits.idleTimeout(), tls, strange, this::forget);
  }

  /** Has the place of one that is closed free. */
  void forget(PeerSocket socket) {
    open.remove(socket);
  }

  /** Takes in one that has been accepted, or closes it and answers false; for one thread. */
  boolean admit(PeerSocket socket) {
    if (open.size() >= limits.maxConnections()) {
      PeerSocket oneTooMany = oneTooManyWith(socket);
      refuse(oneTooMany);
      if (oneTooMany == socket) return false;
    }
    open.add(socket);
    if (socket.isClosed()) open.remove(socket);
    return true;
  }

  /** Of those that have shown nothing, {@code next} included, the one that is to go. */
  private PeerSocket oneTooManyWith(PeerSocket next) {
    List<PeerSocket> strangers = new ArrayList<>(open);
    strangers.removeIf(PeerSocket::isProven);
    strangers.add(next);
    Map<InetAddress, Integer> counts = new HashMap<>();
    for (PeerSocket stranger : strangers) counts.merge(stranger.getInetAddress(), 1, Integer::sum);
    int most = Collections.max(counts.values());
    strangers.removeIf(stranger -> counts.get(stranger.getInetAddress()) < most);
    return strangers.get(0);
  }

  private void refuse(PeerSocket socket) {
    refused.run();
    long nowNanos = clock.nanoTime();
    if (nowNanos - toldNanos >= QUIET_NANOS) { // whoever comes again and again must not fill it
      toldNanos = nowNanos;
      LOG.log(
          Level.WARNING,
          "connections of peers are refused: " + limits.maxConnections()
              + " are open (router.max-connections); INFO counts on (refused_peer_connections)");
    }
    socket.closeQuietly(); // who sees that finds it counted
  }

  int count() {
    return open.size();
  }

  /** Closes those that have brought no whole call, or read no whole answer, for too long. */
  void closeStuck(long nowNanos) {
    for (PeerSocket socket : new ArrayList<>(open))
      if (socket.isStuck(nowNanos)) socket.closeQuietly();
  }
}
