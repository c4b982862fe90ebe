package kv.server;

import java.util.concurrent.atomic.LongAdder;

/** Counts what passes through a node's connections. Safe for use by any thread. */
final class Traffic {
  private final LongAdder connections = new LongAdder();
  private final LongAdder commands = new LongAdder();
  private final LongAdder failedLogins = new LongAdder();
  private final LongAdder refusedCommands = new LongAdder();

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
}
