package kv.drill;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

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
  KILL_BUCKET,
  KILL_BUCKETS,
  KILL_STORAGE,
  KILL_LOG,
  KILL_KEEPER,
  KILL_SYNCER,
  KILL_COMPACTOR,
  /** A node stands still for two seconds, longer than a call between nodes may take. */
  FREEZE,
  /** What is between the nodes lets nothing through for a while. */
  STALL,
  /** The same, and connections are lost. */
  CUT;

  /** What a node that keeps its buckets in memory loses them by, and what it has no part for. */
  private static final Set<Fault> OF_DURABLE_NODES =
      EnumSet.range(KILL_BUCKET, KILL_COMPACTOR);

  /** All that may happen to a node that keeps its buckets in memory only. */
  static Set<Fault> inMemory() {
    return Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.copyOf(OF_DURABLE_NODES)));
  }
}
