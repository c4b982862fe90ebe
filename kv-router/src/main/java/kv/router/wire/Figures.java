package kv.router.wire;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what happens between a node and its peers. Safe for use by any thread. */
public final class Figures {
  /** What is counted, and told by {@code INFO} under its name in lower case. */
  public enum Event {
    /** This node has called another. */
    ROUTED_CALLS,
    /** A call has had no answer. */
    FAILED_CALLS,
    /** A peer's connection was closed because there were too many. */
    REFUSED_PEER_CONNECTIONS,
    /** A peer's call was not read because there was no memory for it. */
    REFUSED_PEER_CALLS,
    /** A peer's call made no sense. */
    MALFORMED_PEER_CALLS,
    /** A connection to the port for peers was refused, for want of the right TLS. */
    FAILED_PEER_HANDSHAKES,
    /** A new table has taken the place of the former one. */
    TABLE_RELOADS,
    /** A new table was refused, and the former one kept. */
    REFUSED_TABLE_RELOADS
  }

  /** Never changed once it is full. */
  private final Map<Event, AtomicLong> counts = new EnumMap<>(Event.class);

  /** None yet. */
  public Figures() {
    for (Event event : Event.values()) counts.put(event, new AtomicLong());
  }

  /** What {@code event} is called in {@code INFO}. */
  public static String name(Event event) {
    return event.name().toLowerCase(Locale.ROOT);
  }

  /** Counts one more, and returns how often it has happened with it. */
  public long count(Event event) {
    return counts.get(event).incrementAndGet();
  }

  /** How often that has happened. */
  public long total(Event event) {
    return counts.get(event).get();
  }
}
