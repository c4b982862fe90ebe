package kv.server.net;

import java.net.Socket;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import kv.figures.Traffic;
import kv.router.wire.KeepAlive;
import kv.server.wire.RequestBuffer;

/**
 * The connections that live: from when they are accepted to their close, however they come to their
 * end. There are only so many; a client beyond that is refused. Outlives every part of the
 * server. Safe for use by any thread.
 */
public final class Clients {
  /**
   * What a connection counts: itself, and what it may take for requests and replies without asking
   * ({@link RequestBuffer#USUAL_CAPACITY}, {@link kv.command.ByteBuilder#FREE_BYTES}).
   */
  static final long CONNECTION_BYTES = 24 * 1024;

  /** The same with TLS, and its buffers: measured as 75 KiB. */
  static final long TLS_CONNECTION_BYTES = 80 * 1024;

  private final Session.Service service;
  private final int max;
  private final long maxInMemory;
  private final KeepAlive keepAlive;
  private final Set<Connection> live = ConcurrentHashMap.newKeySet();
  private final RefusedClients refusals;

  /**
   * Nobody yet.
   *
   * @param max how many connections there may be, if they take no more memory than is there for
   *     their requests and replies
   * @param isPlain whether what is written needs no handshake, so that a refused client can be told
   * @param keepAlive whether the system asks for clients that are silent
   */
  public Clients(Session.Service service, int max, boolean isPlain, KeepAlive keepAlive) {
    this.service = service;
    this.max = max;
    this.keepAlive = keepAlive;
    long bytes = isPlain ? CONNECTION_BYTES : TLS_CONNECTION_BYTES;
    maxInMemory = service.router().memory().limit() / bytes;
    refusals = new RefusedClients(isPlain);
  }

  /** The same, where nobody asks for clients that are silent. */
  Clients(Session.Service service, int max, boolean isPlain) {
    this(service, max, isPlain, KeepAlive.OFF);
  }

  /** What holds for the socket of each of them. */
  KeepAlive keepAlive() {
    return keepAlive;
  }

  /** A connection with {@code client}, which counts until it is closed; null if it is refused. */
  Connection admit(Socket client) {
    Connection connection = new Connection(client, service, this);
    String fault = add(connection);
    if (fault == null) return connection;
    refuse(client, fault);
    return null;
  }

  /** Answers why not, or null. */
  private synchronized String add(Connection connection) {
    if (live.size() >= max)
      return "too many connections: this node takes " + max + " (server.max-connections)";
    if (live.size() >= maxInMemory)
      return "too many connections: this node has memory for " + maxInMemory
          + " (server.max-memory)";
    live.add(connection);
    service.redisCommands().opened(connection.client());
    service.traffic().opened();
    return null;
  }

  /** Takes out a connection that closes; false if it was not there any more. */
  boolean remove(Connection connection) {
    if (!live.remove(connection)) return false;
    service.redisCommands().closed(connection.client());
    service.traffic().closed();
    return true;
  }

  /** Tells {@code client}, who has been told nothing yet, and closes it. */
  void refuse(Socket client, String reason) {
    service.traffic().count(Traffic.Event.REFUSED_CONNECTIONS);
    refusals.refuse(client, reason);
  }

  /** All that live; a view, which may be looked at while it changes. */
  public Collection<Connection> live() {
    return Collections.unmodifiableSet(live);
  }

  public RefusedClients refusals() {
    return refusals;
  }
}
