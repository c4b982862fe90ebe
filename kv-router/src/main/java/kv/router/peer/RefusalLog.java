package kv.router.peer;

import java.net.InetAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import kv.command.ByteCursor.MalformedException;
import kv.otp.Clock;
import kv.router.wire.Figures;
import kv.router.wire.Figures.Event;
import kv.router.wire.RareWarning;
import kv.tls.HandshakeException;

/**
 * Counts what is refused to those who come to the port for peers, and warns of it in the log, of
 * each kind as rarely as a {@link RareWarning} does. Safe for use by any thread.
 */
final class RefusalLog {
  private static final System.Logger LOG = System.getLogger(RefusalLog.class.getName());
  private static final int MAX_DETAIL = 200;

  private final Figures figures;

  /** Never changed once it is full. */
  private final Map<Event, RareWarning> warnings = new EnumMap<>(Event.class);

  RefusalLog(Figures figures, Clock clock) {
    this.figures = figures;
    for (Event event : Event.values())
      warnings.put(event, new RareWarning(LOG, clock, "INFO: " + Figures.name(event)));
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

  /** A call that is none, or a part of a call. */
  void malformed(MalformedException why) {
    add(
        Event.MALFORMED_PEER_CALLS,
        () -> "malformed calls of peers are refused: " + why.getMessage());
  }

  private void add(Event event, Supplier<String> warning) {
    figures.count(event);
    warnings.get(event).tell(warning, null);
  }

  /** What the JDK says of it, if that is fit for a line. */
  private static String detail(HandshakeException why) {
    String said = why.getCause() == null ? null : why.getCause().getMessage();
    if (said == null || said.length() > MAX_DETAIL) return "";
    return " (" + said.replaceAll("[^ -~]", "?") + ")";
  }
}
