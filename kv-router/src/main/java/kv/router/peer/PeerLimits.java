package kv.router.peer;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import kv.router.wire.KeepAlive;

/**
 * What peers may take of the node that they connect to. Immutable.
 *
 * @param maxConnections how many connections may be open at a time, 1 or more; each has a thread
 * @param idleTimeout how long one may take to bring its next call or to read an answer, 1 ms or
 *     more
 * @param keepAlive whether the system asks for peers that are silent
 */
public record PeerLimits(int maxConnections, Duration idleTimeout, KeepAlive keepAlive) {
  /** Refuses limits with which no peer could be served. */
  public PeerLimits {
    requireNonNull(idleTimeout, "idleTimeout");
    requireNonNull(keepAlive, "keepAlive");
    if (maxConnections < 1 || idleTimeout.toMillis() < 1)
      throw new IllegalArgumentException(
          "not 1 connection and 1 ms or more: " + maxConnections + " and " + idleTimeout);
  }
}
