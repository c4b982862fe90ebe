package kv.figures;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import kv.otp.Clock;

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
    REFUSED_COMMANDS,
    /** The observer had no place, or no thread, for a browser or a tool. */
    REFUSED_OBSERVER_CONNECTIONS,
    /** A request to the observer, or its reply, took too long. */
    SLOW_OBSERVER_REQUESTS,
    /** An event stream was cut off because its browser read nothing for too long. */
    STUCK_OBSERVER_STREAMS,
    /** A request to the observer was not let in: host, origin, token, or too long. */
    REFUSED_OBSERVER_REQUESTS,
    /** A connection to the observer brought no head that made sense. */
    MALFORMED_OBSERVER_REQUESTS
  }

  private final LongAdder connections = new LongAdder();
  private final LongAdder allConnections = new LongAdder();
  private final LongAdder commands = new LongAdder();

  /** Never changed once it is full. */
  private final Map<Event, LongAdder> events = new EnumMap<>(Event.class);

  private final Verbs verbs = new Verbs();
  private final Latency latency = new Latency();
  private final Clock clock;
  private final boolean isTimed;

  /**
   * Nothing yet.
   *
   * @param isTimed whether somebody wants to know what is asked and how long it takes; if not, no
   *     request reads a clock, and {@link #verbs} and {@link #latency} stay empty
   */
  public Traffic(boolean isTimed) {
    this(isTimed, Clock.SYSTEM);
  }

  /** The same by the time of {@code clock}. */
  Traffic(boolean isTimed, Clock clock) {
    this.isTimed = isTimed;
    this.clock = clock;
    for (Event event : Event.values()) events.put(event, new LongAdder());
  }

  /** Where a session that begins counts what its client asks. */
  public Tally tally() {
    return new Tally(this, verbs, clock, isTimed);
  }

  public void opened() {
    connections.increment();
    allConnections.increment();
  }

  public void closed() {
    connections.decrement();
  }

  /** To be called once for all that was read together: it costs more than a command may. */
  void ran(int count) {
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
  public long commands() {
    return commands.sum();
  }

  /**
   * How often each command was asked that was asked at all, under its {@link
   * kv.command.Command#name name}; what is no command is {@code (unknown)}.
   */
  public Map<String, Long> verbs() {
    return verbs.totals();
  }

  /** How long requests took, from the arrival of a batch until all its replies were written. */
  public Latency latency() {
    return latency;
  }

  /** How often that has happened. */
  public long total(Event event) {
    return events.get(event).sum();
  }
}
