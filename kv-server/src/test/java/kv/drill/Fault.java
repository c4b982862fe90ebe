package kv.drill;

/** What a drill does to the nodes. */
enum Fault {
  /** kill -9, and another life. */
  CRASH,
  KILL_REGISTRY,
  KILL_EVENTS,
  KILL_POOL,
  KILL_ACCEPTOR,
  KILL_CONNECTION,
  KILL_PEERS,
  /** A node stands still for two seconds, longer than a call between nodes may take. */
  FREEZE,
  /** What is between the nodes lets nothing through for a while. */
  STALL,
  /** The same, and connections are lost. */
  CUT
}
