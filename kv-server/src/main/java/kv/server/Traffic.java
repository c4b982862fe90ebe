package kv.server;

import java.util.concurrent.atomic.LongAdder;

/** Counts what passes through a node's connections. Safe for use by any thread. */
final class Traffic {
  private final LongAdder connections = new LongAdder();
  private final LongAdder commands = new LongAdder();
  private final LongAdder failedLogins = new LongAdder();
  private final LongAdder refusedCommands = new LongAdder();
  private final LongAdder refusedConnections = new LongAdder();
  private final LongAdder idleConnectionsClosed = new LongAdder();
  private final LongAdder stuckConnectionsClosed = new LongAdder();
  private final LongAdder requestsOverLimit = new LongAdder();

  void opened() {
    connections.increment();
  }

  void closed() {
    connections.decrement();
  }

  /** To be called once for all that was read together: it costs more than a command may. */
  void ran(int count) {
    commands.add(count);
  }

  void loginFailed() {
    failedLogins.increment();
  }

  void refused() {
    refusedCommands.increment();
  }

  void refusedConnection() {
    refusedConnections.increment();
  }

  void closedIdle() {
    idleConnectionsClosed.increment();
  }

  void closedStuck() {
    stuckConnectionsClosed.increment();
  }

  void requestOverLimit() {
    requestsOverLimit.increment();
  }

  /** How many connections there are. */
  long connections() {
    return connections.sum();
  }

  /** How many requests have been answered, by whatever reply. */
  long commands() {
    return commands.sum();
  }

  /** How many times a name or a password was wrong. */
  long failedLogins() {
    return failedLogins.sum();
  }

  /** How many requests were refused because of who asked. */
  long refusedCommands() {
    return refusedCommands.sum();
  }

  /** How many clients were told that they are not served, for want of a place or a thread. */
  long refusedConnections() {
    return refusedConnections.sum();
  }

  /** How many connections were closed because their clients sent nothing for too long. */
  long idleConnectionsClosed() {
    return idleConnectionsClosed.sum();
  }

  /** How many connections were closed because their clients read nothing for too long. */
  long stuckConnectionsClosed() {
    return stuckConnectionsClosed.sum();
  }

  /** How many lines, words and requests were longer than they may be. */
  long requestsOverLimit() {
    return requestsOverLimit.sum();
  }
}
