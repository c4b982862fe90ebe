package kv.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** What a log is to keep: buckets by their numbers, as texts. What is told is added. */
final class Kept implements Replay, Content {
  /** One bucket. */
  static final class Bucket implements Content.Bucket {
    final long number;
    final String name;
    final Map<String, String> entries = new ConcurrentSkipListMap<>();

    Bucket(long number, String name) {
      this.number = number;
      this.name = name;
    }

    @Override
    public long number() {
      return number;
    }

    @Override
    public byte[] name() {
      return name.getBytes(UTF_8);
    }

    @Override
    public long entries() {
      return entries.size();
    }

    @Override
    public <X extends Exception> void forEach(Visitor<X> target) throws X {
      for (Map.Entry<String, String> one : entries.entrySet())
        target.entry(one.getKey().getBytes(UTF_8), one.getValue().getBytes(UTF_8), 0);
    }
  }

  final Map<Long, Bucket> buckets = new ConcurrentHashMap<>();

  /** All that there is, as one text: for comparisons. */
  Map<String, String> all() {
    Map<String, String> all = new TreeMap<>();
    for (Bucket bucket : buckets.values())
      all.put(bucket.number + " " + bucket.name, bucket.entries.toString());
    return all;
  }

  @Override
  public Collection<Bucket> buckets() {
    return buckets.values();
  }

  @Override
  public void reset() {
    buckets.clear();
  }

  @Override
  public void create(long bucket, byte[] name, long entries) {
    buckets.putIfAbsent(bucket, new Bucket(bucket, new String(name, UTF_8)));
  }

  @Override
  public void drop(long bucket) {
    buckets.remove(bucket);
  }

  @Override
  public void put(long bucket, byte[] key, byte[] value, long deadlineMillis) {
    Bucket found = buckets.get(bucket);
    if (found != null) found.entries.put(new String(key, UTF_8), new String(value, UTF_8));
  }

  @Override
  public void delete(long bucket, byte[] key) {
    Bucket found = buckets.get(bucket);
    if (found != null) found.entries.remove(new String(key, UTF_8));
  }
}
