package kv.store;

import java.util.HashMap;
import java.util.Map;
import kv.log.Replay;

/**
 * Makes the buckets that a log tells of. What they hold is counted, and nothing is refused: it has
 * been acknowledged. Used by one thread.
 */
final class ReplayedBuckets implements Replay {
  private final Memory memory;
  private final Map<Long, Recovered> buckets = new HashMap<>();

  /** The one that was told of last, or null: records of one bucket come together mostly. */
  private Recovered last;

  private long lastNumber;

  /** What one bucket holds so far; the account hears of it at the end. */
  private static final class Recovered {
    final DurableContent content;
    long bytes;

    Recovered(DurableContent content) {
      this.content = content;
    }
  }

  ReplayedBuckets(Memory memory) {
    this.memory = memory;
  }

  @Override
  public void reset() {
    giveUp();
    buckets.clear();
    last = null;
  }

  @Override
  public void create(long bucket, byte[] name, long entries) {
    if (find(bucket) != null) return;
    DurableContent content = new DurableContent(Bytes.wrap(name), bucket, entries, memory);
    buckets.put(bucket, new Recovered(content));
    last = null;
  }

  @Override
  public void drop(long bucket) {
    Recovered dropped = buckets.remove(bucket);
    if (dropped != null) dropped.content.account().close();
    last = null;
  }

  /** Of a bucket that is not there, because it was dropped later, there is nothing to keep. */
  @Override
  public void put(long bucket, byte[] key, byte[] value, long deadlineMillis) {
    Recovered found = find(bucket);
    if (found == null) return;
    byte[] before = found.content.map().put(Bytes.wrap(key), value);
    found.bytes += Footprint.entry(key.length, value.length);
    if (before != null) found.bytes -= Footprint.entry(key.length, before.length);
  }

  @Override
  public void delete(long bucket, byte[] key) {
    Recovered found = find(bucket);
    if (found == null) return;
    byte[] before = found.content.map().remove(Bytes.wrap(key));
    if (before != null) found.bytes -= Footprint.entry(key.length, before.length);
  }

  private Recovered find(long bucket) {
    if (last != null && lastNumber == bucket) return last;
    lastNumber = bucket;
    return last = buckets.get(bucket);
  }

  /** Puts all that there is into {@code table}, which is empty. */
  void addTo(DurableTable table) {
    for (Recovered each : buckets.values()) {
      each.content.account().add(each.bytes);
      each.content.account().grow(each.content.entries());
      table.add(each.content);
    }
  }

  /** Counts nothing of it any more. */
  void giveUp() {
    buckets.values().forEach(each -> each.content.account().close());
  }
}
