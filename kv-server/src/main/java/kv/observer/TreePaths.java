package kv.observer;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where in the tree those are of whom reports tell, which know no more than what somebody is
 * called. No two supervisors of a node are called the same. Safe for use by any thread.
 */
final class TreePaths {
  private record Name(String supervisor, String child) {}

  /** Of all that have ever been seen: one that has ended is called the same when it is back. */
  private final Map<String, String> supervisors = new ConcurrentHashMap<>();

  /** Of those that were seen in the last look. */
  private volatile Map<Name, String> children = Map.of();

  /** What one look at the tree sees. */
  final class Look {
    private final Map<Name, String> seen = new HashMap<>();

    void seeSupervisor(String name, String path) {
      supervisors.put(name, path);
    }

    void seeChild(String supervisor, String child, String path) {
      seen.put(new Name(supervisor, child), path);
    }

    /** Says that this is all. */
    void end() {
      children = seen;
    }
  }

  /** The path of the supervisor; what it is called if it has never been seen. */
  String ofSupervisor(String name) {
    return supervisors.getOrDefault(name, name);
  }

  /** The path of a child that was seen in the last look; else null. */
  String ofChild(String supervisor, String child) {
    return children.get(new Name(supervisor, child));
  }
}
