package kv.log.disk;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import kv.log.disk.DiskCalls.Kind;

/** What a {@link FaultyDisk} does to the calls that come. The monitor {@code lock} guards all. */
final class DiskFaults {
  /** How a call fails; of a write, {@code written} bytes are carried out before. */
  record Failure(IOException exception, int written) {}

  /** What happens to some calls. Either {@code reason} or {@code hold} is null. */
  private static final class Rule {
    final DiskCalls calls;
    final String reason;
    final int written;
    final Hold hold;
    long seen;

    Rule(DiskCalls calls, String reason, int written, Hold hold) {
      this.calls = calls;
      this.reason = reason;
      this.written = written;
      this.hold = hold;
    }

    boolean hits(Kind kind, String name) {
      if (!calls.cover(kind, name)) return false;
      seen++;
      return calls.first() <= seen && seen <= calls.last();
    }
  }

  private final Object lock;
  private final List<Rule> rules = new ArrayList<>();
  private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
  private long changes;
  private long crashAt = Long.MAX_VALUE;
  private int writtenAtCrash;
  private boolean hasCrashed;

  DiskFaults(Object lock) {
    this.lock = lock;
  }

  void fail(DiskCalls calls, String reason, int written) {
    rules.add(new Rule(calls, reason, written, null));
  }

  Hold hold(DiskCalls calls) {
    Hold hold = new Hold(lock);
    rules.add(new Rule(calls, null, 0, hold));
    return hold;
  }

  void mend() {
    rules.removeIf(rule -> rule.hold == null);
  }

  void crashAt(long change, int written) {
    crashAt = changes + change;
    writtenAtCrash = written;
  }

  void crash() {
    hasCrashed = true;
    for (Rule rule : rules) if (rule.hold != null) rule.hold.close();
  }

  long count(Kind kind) {
    return counts.getOrDefault(kind, 0L);
  }

  long changes() {
    return changes;
  }

  boolean hasCrashed() {
    return hasCrashed;
  }

  /** Counts a call, and holds it if it is to be held; null if it does not fail. */
  Failure meet(Kind kind, String name) {
    if (hasCrashed) return new Failure(new CrashedException(), 0);
    counts.merge(kind, 1L, Long::sum);
    if (kind.isChange() && ++changes >= crashAt) {
      crash();
      return new Failure(new CrashedException(), writtenAtCrash);
    }
    List<Rule> hit = rules.stream().filter(rule -> rule.hits(kind, name)).toList();
    for (Rule rule : hit) if (rule.hold != null) rule.hold.hold();
    if (hasCrashed) return new Failure(new CrashedException(), 0); // while it was held
    return hit.stream()
        .filter(rule -> rule.reason != null)
        .findFirst()
        .map(rule -> new Failure(new IOException(rule.reason), rule.written))
        .orElse(null);
  }

  /** As {@link #meet}, for a call that is carried out as a whole or not at all. */
  void check(Kind kind, String name) throws IOException {
    Failure failure = meet(kind, name);
    if (failure != null) throw failure.exception();
  }
}
