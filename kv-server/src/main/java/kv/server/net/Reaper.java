package kv.server.net;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import kv.figures.Traffic;
import kv.otp.Clock;
import kv.otp.Proc;
import kv.otp.Task;

/**
 * Ends connections that have waited for their clients too long, for requests, for a login or for
 * replies to be read, and closes those that have been refused. It looks at all of them from time to
 * time, so that a connection ends at its limit or up to two looks later; no connection reads a
 * clock for that. What it has seen goes with it: after a crash, every limit begins anew.
 */
public final class Reaper implements Task.Work {
  /** How long a client may take to log in: enough to type a name and a password by hand. */
  static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(30);

  /** How long a connection that was ended may take to come to its end: much more than it needs. */
  static final Duration END_TIMEOUT = Duration.ofSeconds(10);

  private static final String NOT_LOGGED_IN =
      "not logged in within " + LOGIN_TIMEOUT.toSeconds() + " s; AUTH name password comes first";
  private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(1);
  private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(1);
  private static final int LOOKS_WITHIN_A_LIMIT = 4;

  private final Clients clients;
  private final Duration idleTimeout;
  private final Duration writeTimeout;
  private final Clock clock;
  private final Map<Connection, Look> looks = new HashMap<>();

  /** What a connection was seen to do, and since when, and since when nobody knew who it is. */
  private static final class Look {
    private long unknownSinceNanos;
    private int word;
    private long sinceNanos;

    private Look(int word, long nowNanos) {
      unknownSinceNanos = nowNanos;
      set(word, nowNanos);
    }

    private void set(int word, long nowNanos) {
      this.word = word;
      sinceNanos = nowNanos;
    }
  }

  /** One that looks at {@code clients}; a timeout of zero is none. */
  public Reaper(Clients clients, Duration idleTimeout, Duration writeTimeout, Clock clock) {
    this.clients = clients;
    this.idleTimeout = idleTimeout;
    this.writeTimeout = writeTimeout;
    this.clock = clock;
  }

  @Override
  public void run(Proc self) throws InterruptedException {
    long intervalNanos = interval().toNanos();
    while (true) {
      clock.await(clock.nanoTime() + intervalNanos);
      look(clock.nanoTime());
    }
  }

  /** How long it waits between two looks. */
  Duration interval() {
    Duration interval = LONGEST_INTERVAL;
    for (Duration limit : new Duration[] {idleTimeout, writeTimeout}) {
      Duration part = limit.dividedBy(LOOKS_WITHIN_A_LIMIT);
      if (!limit.isZero() && part.compareTo(interval) < 0) interval = part;
    }
    return interval.compareTo(SHORTEST_INTERVAL) < 0 ? SHORTEST_INTERVAL : interval;
  }

  /** Looks at every connection, at the time {@code nowNanos}, and ends those that are due. */
  void look(long nowNanos) {
    clients.refusals().look(nowNanos);
    for (Connection connection : clients.live()) look(connection, nowNanos);
    if (looks.size() > clients.live().size()) looks.keySet().retainAll(clients.live());
  }

  /** How many connections it knows, for tests of what is left behind. */
  int remembered() {
    return looks.size();
  }

  private void look(Connection connection, long nowNanos) {
    int word = connection.activity();
    Look last = looks.computeIfAbsent(connection, c -> new Look(word, nowNanos));
    if (last.word != word) last.set(word, nowNanos);
    if (connection.isOfKnown()) last.unknownSinceNanos = nowNanos; // it may be forgotten later
    long sameNanos = nowNanos - last.sinceNanos;
    boolean isSilent = Activity.kind(word) == Activity.WAITING;
    connection.client().wasSilentFor(isSilent ? sameNanos : 0);
    switch (Activity.kind(word)) {
      case Activity.WAITING -> {
        if (isOver(idleTimeout, sameNanos)) endIdle(connection, word);
        else if (isAnonymous(last, nowNanos)) endAnonymous(connection, word);
      }
      case Activity.WRITING -> {
        if (isOver(writeTimeout, sameNanos)) endStuck(connection, word);
        else if (isAnonymous(last, nowNanos)) endAnonymousReader(connection, word);
      }
      case Activity.OVER -> {
        if (isOver(END_TIMEOUT, sameNanos)) connection.closeSocket();
      }
      default -> {} // at work
    }
  }

  private static boolean isAnonymous(Look last, long nowNanos) {
    return isOver(LOGIN_TIMEOUT, nowNanos - last.unknownSinceNanos);
  }

  private static boolean isOver(Duration limit, long nanos) {
    return !limit.isZero() && nanos >= TimeUnit.NANOSECONDS.convert(limit);
  }

  private void endIdle(Connection connection, int word) {
    String reason = "idle for " + idleTimeout.toMillis() + " ms (server.idle-timeout)";
    connection.endWait(word, reason, Traffic.Event.IDLE_CONNECTIONS_CLOSED);
  }

  private void endAnonymous(Connection connection, int word) {
    connection.endWait(word, NOT_LOGGED_IN, Traffic.Event.ANONYMOUS_CONNECTIONS_CLOSED);
  }

  /** It reads replies slowly instead of logging in. */
  private void endAnonymousReader(Connection connection, int word) {
    connection.endStuck(word, NOT_LOGGED_IN, Traffic.Event.ANONYMOUS_CONNECTIONS_CLOSED);
  }

  private void endStuck(Connection connection, int word) {
    String reason =
        "none of a reply was read for " + writeTimeout.toMillis() + " ms (server.write-timeout)";
    connection.endStuck(word, reason, Traffic.Event.STUCK_CONNECTIONS_CLOSED);
  }
}
