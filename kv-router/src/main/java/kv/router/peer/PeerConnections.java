package kv.router.peer;

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
import kv.memory.Memory;
import kv.otp.Clock;
import kv.router.wire.Figures;
import kv.router.wire.Sockets;
import kv.tls.Tls;

/**
 * The connections of peers that are open, each of which has one of RMI's threads: no more than may
 * be, and none for longer than it may take to bring a call or to read an answer. Safe for use by
 * any thread.
 *
 * <p>When all places are taken, one that has shown to be a peer's is not touched; the others make
 * room for one that comes, the oldest first, and first of all those of the address that has most of
 * them. So it takes more addresses, and more haste, than a peer has to keep that peer out.
 */
public final class PeerConnections {
  private final PeerLimits limits;
  private final Optional<Tls> tls;
  private final Memory memory;
  private final RefusalLog refusals;

  /** The oldest first. */
  private final Set<PeerSocket> open = Collections.synchronizedSet(new LinkedHashSet<>());

  /**
   * None yet.
   *
   * @param tls what peers speak; empty for plain TCP
   * @param figures count what is refused
   * @param memory the account of what is held for clients, in which calls and answers are, too
   */
  public PeerConnections(
      PeerLimits limits, Optional<Tls> tls, Figures figures, Memory memory, Clock clock) {
    this.limits = limits;
    this.tls = tls;
    this.memory = memory;
    refusals = new RefusalLog(figures, clock);
  }

  /** How often to look for those that hang, so that none does for much longer than it may. */
  long lookEveryMillis() {
    return Math.max(1, limits.idleTimeout().toMillis() / 8);
  }

  /** What tells of those that are refused. */
  RefusalLog refusals() {
    return refusals;
  }

  /** A socket for the next one, not connected. */
  PeerSocket newSocket() throws SocketException {
    CallAccount account = new CallAccount(memory, refusals);
    return new PeerSocket(limits, tls, refusals::handshake, account, this::forget);
  }

  /** Has the place of one that is closed free. */
  void forget(PeerSocket socket) {
    open.remove(socket);
  }

  /** Takes in one that has been accepted, or closes it and answers false; for one thread. */
  boolean admit(PeerSocket socket) {
    if (open.size() >= limits.maxConnections()) {
      PeerSocket oneTooMany = oneTooManyWith(socket);
      refusals.connection(limits.maxConnections());
      if (oneTooMany.isProven()) oneTooMany = socket; // its call has come meanwhile
      Sockets.closeQuietly(oneTooMany); // who sees that finds it counted
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

  int count() {
    return open.size();
  }

  /** Closes those that have brought no whole call, or read no whole answer, for too long. */
  void closeStuck(long nowNanos) {
    for (PeerSocket socket : new ArrayList<>(open))
      if (socket.isStuck(nowNanos)) Sockets.closeQuietly(socket);
  }
}
