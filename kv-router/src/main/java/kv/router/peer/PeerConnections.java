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
import java.util.function.BiConsumer;
import kv.otp.Clock;
import kv.router.wire.Sockets;
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
public final class PeerConnections {
  private final PeerLimits limits;
  private final Optional<Tls> tls;
  private final BiConsumer<InetAddress, HandshakeException> strange;
  private final Overload overload;
  private final CallRoom room;

  /** The oldest first. */
  private final Set<PeerSocket> open = Collections.synchronizedSet(new LinkedHashSet<>());

  /**
   * None yet.
   *
   * @param tls what peers speak; empty for plain TCP
   * @param strangers has those who do not speak it
   * @param refused is run for each connection that is one too many
   * @param refusedCalls is run for each call that is one too many
   */
  public PeerConnections(
      PeerLimits limits,
      Optional<Tls> tls,
      RefusedPeers strangers,
      Runnable refused,
      Runnable refusedCalls) {
    this(
        limits,
        tls,
        strangers::add,
        overload(limits, refused, Clock.SYSTEM),
        new CallRoom(refusedCalls, Clock.SYSTEM));
  }

  /**
   * None yet, for peers without TLS.
   *
   * @param refused is run for each that is one too many
   * @param room for what they call
   */
  public PeerConnections(PeerLimits limits, Runnable refused, CallRoom room, Clock clock) {
    this(limits, Optional.empty(), (peer, why) -> {}, overload(limits, refused, clock), room);
  }

  private PeerConnections(
      PeerLimits limits,
      Optional<Tls> tls,
      BiConsumer<InetAddress, HandshakeException> strange,
      Overload overload,
      CallRoom room) {
    this.limits = limits;
    this.tls = tls;
    this.strange = strange;
    this.overload = overload;
    this.room = room;
  }

  private static Overload overload(PeerLimits limits, Runnable refused, Clock clock) {
    return new Overload(
        "connections of peers are refused: " + limits.maxConnections()
            + " are open (router.max-connections); INFO counts on (refused_peer_connections)",
        refused,
        clock);
  }

  /** How often to look for those that hang, so that none does for much longer than it may. */
  long lookEveryMillis() {
    return Math.max(1, limits.idleTimeout().toMillis() / 8);
  }

  /** A socket for the next one, not connected. */
  PeerSocket newSocket() throws SocketException {
    return new PeerSocket(limits.idleTimeout(), tls, strange, room, this::forget);
  }

  /** Has the place of one that is closed free. */
  void forget(PeerSocket socket) {
    open.remove(socket);
  }

  /** Takes in one that has been accepted, or closes it and answers false; for one thread. */
  boolean admit(PeerSocket socket) {
    if (open.size() >= limits.maxConnections()) {
      PeerSocket oneTooMany = oneTooManyWith(socket);
      overload.add();
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
