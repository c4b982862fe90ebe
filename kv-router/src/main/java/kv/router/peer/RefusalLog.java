package kv.router.peer;

import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import kv.otp.Clock;
import kv.router.wire.Figures;
import kv.router.wire.Figures.Event;
import kv.tls.HandshakeException;

/**
 * Counts what is refused to those who come to the port for peers, and warns of it in the log, of
 * each kind once a minute at the most: who comes again and again must not fill it. Safe for use by
 * any thread.
 */
final class RefusalLog {
  private static final System.Logger LOG = System.getLogger(RefusalLog.class.getName());
  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int MAX_DETAIL = 200;

  private final Figures figures;
  private final Clock clock;

  /** When the log was last warned; guarded by this. */
  private final Map<Event, Long> warnedNanos = new EnumMap<>(Event.class);

  RefusalLog(Figures figures, Clock clock) {
    this.figures = figures;
    this.clock = clock;
  }

  /** A connection, as so many are open. */
  void connection(int open) {
    add(
        Event.REFUSED_PEER_CONNECTIONS,
        () -> "connections of peers are refused: " + open + " are open (router.max-connections)");
  }

  /** A call, as there is no room for it. */
  void call(long limitBytes) {
    add(
        Event.REFUSED_PEER_CALLS,
        () -> "calls of peers are refused: with them more than " + limitBytes
            + " bytes would be held for clients (server.max-memory)");
  }

  /** A connection of somebody who does not speak the TLS that is needed. */
  void handshake(InetAddress peer, HandshakeException why) {
    add(
        Event.FAILED_PEER_HANDSHAKES,
        () -> "a connection of " + peer.getHostAddress() + " to the port for other nodes was"
            + " refused: " + why.getMessage() + detail(why));
  }

  private void add(Event event, Supplier<String> warning) {
    String inInfo = "; INFO: " + Figures.name(event) + " " + figures.count(event);
    Level level = isDue(event) ? Level.WARNING : Level.DEBUG;
    LOG.log(level, () -> warning.get() + inInfo);
  }

  private synchronized boolean isDue(Event event) {
    long nowNanos = clock.nanoTime();
    Long warned = warnedNanos.get(event);
    if (warned != null && nowNanos - warned < QUIET_NANOS) return false;
    warnedNanos.put(event, nowNanos);
    return true;
  }

  /** What the JDK says of it, if that is fit for a line. */
  private static String detail(HandshakeException why) {
    String said = why.getCause() == null ? null : why.getCause().getMessage();
    if (said == null || said.length() > MAX_DETAIL) return "";
    return " (" + said.replaceAll("[^ -~]", "?") + ")";
  }
}
