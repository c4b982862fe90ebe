package kv.store;

import java.util.HashMap;
import java.util.Map;
import kv.log.Replay;
import kv.memory.Footprint;

/**
 * Makes the buckets that a log tells of. What they hold is counted, and nothing is refused: it has
 * been acknowledged. But if the heap cannot hold it, that is told before it runs out. Used by one
 * thread.
 */
final class ReplayedBuckets implements Replay {
  /** The heap has no room for what is told. */
  static final class TooMuchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private TooMuchException(long bytes) {
      super("entries of " + bytes + " bytes and more");
    }
  }

  private final Common common;
  private final long most;
  private final Map<Long, Recovered> buckets = new HashMap<>();

  /** The one that was told of last, or null: records of one bucket come together mostly. */
  private Recovered last;

  private long lastNumber;

  /** What all entries take at the least. */
  private long least;

  /** What one bucket holds so far; the account hears of it at the end. */
  private static final class Recovered {
    final DurableContent content;
    long bytes;
    long least;

    Recovered(DurableContent content) {
      this.content = content;
    }
  }

  /** @param most how many bytes of the heap there are for entries */
  ReplayedBuckets(Common common, long most) {
    this.common = common;
    this.most = most;
  }

  @Override
  public void reset() {
    giveUp();
    buckets.clear();
    last = null;
    least = 0;
  }

  @Override
  public void create(long bucket, byte[] name, long entries) {
    if (find(bucket) != null) return;
    DurableContent content = new DurableContent(Bytes.wrap(name), bucket, entries, common);
    buckets.put(bucket, new Recovered(content));
    last = null;
  }

  @Override
  public void drop(long bucket) {
    Recovered dropped = buckets.remove(bucket);
    last = null;
    if (dropped == null) return;
    dropped.content.account().close();
    least -= dropped.least;
  }

  /** Of a bucket that is not there, because it was dropped later, there is nothing to keep. */
  @Override
  public void put(long bucket, byte[] key, byte[] value, long deadlineMillis) {
    Recovered found = find(bucket);
    if (found == null) return;
    DurableContent content = found.content;
    Bytes of = Bytes.wrap(key);
    Object after = value;
    if (deadlineMillis != Entry.NEVER)
      after = Expiring.inPlaceOf(content.map().get(of), of, value, deadlineMillis);
    Object before = content.map().put(of, after);
    if (before != null) uncount(found, of, before);
    if (after instanceof Expiring expiring) content.deadlines().add(expiring);
    found.bytes += Expiring.size(of, after);
    count(found, Footprint.leastEntry(key.length, value.length));
    if (least > most) throw new TooMuchException(least);
  }

  @Override
  public void delete(long bucket, byte[] key) {
    Recovered found = find(bucket);
    if (found == null) return;
    Bytes of = Bytes.wrap(key);
    Object before = found.content.map().remove(of);
    if (before != null) uncount(found, of, before);
  }

  private void uncount(Recovered in, Bytes key, Object before) {
    if (before instanceof Expiring expiring) in.content.deadlines().remove(expiring);
    in.bytes -= Expiring.size(key, before);
    count(in, -Footprint.leastEntry(key.length(), Expiring.valueOf(before).length));
  }

  private void count(Recovered in, long bytes) {
    in.least += bytes;
    least += bytes;
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
