package kv.router.link;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import kv.router.wire.KeepAlive;
import kv.tls.Tls;

/**
 * How a node deals with each of its peers. Immutable.
 *
 * @param connectTimeout how long to wait for a connection, 1 ms or more
 * @param callTimeout how long to wait for an answer, 1 ms or more
 * @param maxCalls how many calls of single clients may be under way at a time, 1 or more; the one
 *     that brings the calls of several clients together comes on top
 * @param tls what peers speak, with certificates that bear their names; empty for plain TCP
 * @param keepAlive whether the system asks for peers that are silent
 */
public record LinkRules(
    Duration connectTimeout,
    Duration callTimeout,
    int maxCalls,
    Optional<Tls> tls,
    KeepAlive keepAlive) {
  /** Refuses times and numbers with which no call could be made. */
  public LinkRules {
    requireNonNull(connectTimeout, "connectTimeout");
    requireNonNull(callTimeout, "callTimeout");
    requireNonNull(tls, "tls");
    requireNonNull(keepAlive, "keepAlive");
    if (connectTimeout.toMillis() < 1 || callTimeout.toMillis() < 1 || maxCalls < 1)
      throw new IllegalArgumentException(
          "not 1 ms, 1 ms and 1 call or more: " + connectTimeout + ", " + callTimeout + " and "
              + maxCalls);
  }

  /** The same for plain TCP, where nobody asks for peers that are silent. */
  public LinkRules(Duration connectTimeout, Duration callTimeout, int maxCalls) {
    this(connectTimeout, callTimeout, maxCalls, Optional.empty(), KeepAlive.OFF);
  }

  int connectMillis() {
    return Math.toIntExact(connectTimeout.toMillis());
  }
}
