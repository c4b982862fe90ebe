package kv.server.verbs;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what passes through a node's connections. Safe for use by any thread. */
public final class Traffic {
  /** What is rare, and told by {@code INFO} under its name in lower case. */
  public enum Event {
    /** A client was told that it is not served, for want of a place or a thread. */
    REFUSED_CONNECTIONS,
    /** A connection was closed because its client sent nothing for too long. */
    IDLE_CONNECTIONS_CLOSED,
    /** A connection was closed because its client had not logged in for too long. */
    ANONYMOUS_CONNECTIONS_CLOSED,
    /** A connection was closed because its client read nothing for too long. */
    STUCK_CONNECTIONS_CLOSED,
    /** A client did not speak the TLS that it must. */
    FAILED_HANDSHAKES,
    /** A line, a word or a request was longer than it may be. */
    REQUESTS_OVER_LIMIT,
    /** A name or a password was wrong. */
    FAILED_LOGINS,
    /** A name and a password were not looked at: too many waited for that, or hung up meanwhile. */
    REFUSED_LOGINS,
    /** A request was refused because of who asked. */
    REFUSED_COMMANDS
  }

  private final LongAdder connections = new LongAdder();
  private final LongAdder allConnections = new LongAdder();
  private final LongAdder commands = new LongAdder();

  /** Never changed once it is full. */
  private final Map<Event, LongAdder> events = new EnumMap<>(Event.class);

  public Traffic() {
    for (Event event : Event.values()) events.put(event, new LongAdder());
  }

  public void opened() {
    connections.increment();
    allConnections.increment();
  }

  public void closed() {
    connections.decrement();
  }

  /** To be called once for all that was read together: it costs more than a command may. */
  public void ran(int count) {
    commands.add(count);
  }

  public void count(Event event) {
    events.get(event).increment();
  }

  /** How many connections there are. */
  public long connections() {
    return connections.sum();
  }

  /** How many connections there have been, those that there are included. */
  public long allConnections() {
    return allConnections.sum();
  }

  /** How many requests have been answered, by whatever reply. */
  long commands() {
    return commands.sum();
  }

  /** How often that has happened. */
  public long total(Event event) {
    return events.get(event).sum();
  }
}
