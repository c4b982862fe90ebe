package kv.store;

import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Names and their buckets. Anyone may read, without waiting; one writes at a time: the registry
 * that claimed the table last. A registry that was killed while its thread was at work cannot write
 * any more.
 */
final class BucketTable {
  private final ConcurrentHashMap<Bytes, Bucket> buckets = new ConcurrentHashMap<>();

  /** Guarded by this, as is every write. */
  private Object writer;

  /** The bucket under {@code name}, or null; it may have exited. */
  Bucket get(Bytes name) {
    return buckets.get(name);
  }

  /** All buckets; a live view. */
  Collection<Bucket> all() {
    return buckets.values();
  }

  synchronized void claim(Object newWriter) {
    writer = newWriter;
  }

  /** Adds a bucket under a name that is free; false if {@code by} is not the writer any more. */
  synchronized boolean add(Object by, Bucket bucket) {
    return by == writer && buckets.putIfAbsent(bucket.name(), bucket) == null;
  }

  /** Removes that very bucket; false if it is not there, or {@code by} is no longer the writer. */
  synchronized boolean remove(Object by, Bucket bucket) {
    return by == writer && buckets.remove(bucket.name(), bucket);
  }

  int count() {
    return buckets.size();
  }

  /** Drops everything; nobody is the writer then. */
  synchronized void clear() {
    writer = null;
    buckets.clear();
  }
}
