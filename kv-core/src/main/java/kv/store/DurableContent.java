package kv.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kv.log.Content;
import kv.memory.Account;
import kv.memory.Footprint;

/**
 * What a bucket of a durable storage holds, and the account of it: outlives the bucket's lives, one
 * after another, until it is dropped. Safe for use by any thread.
 */
final class DurableContent implements Content.Bucket {
  /** More than that a map makes room for when it must. */
  private static final long MAX_ROOM = 1 << 29;

  private final Bytes name;
  private final long number;
  private final Account account;
  private final ConcurrentHashMap<Bytes, Object> entries;

  /** Null until there is a deadline. */
  private volatile Deadlines deadlines;

  /** Set within the log's own order, so that nothing of this bucket follows its end there. */
  private volatile boolean isDropped;

  /**
   * Empty, and counted where those of {@code common} are.
   *
   * @param number unlike that of any bucket there was
   * @param room how many entries are to come, if that is known
   */
  DurableContent(Bytes name, long number, long room, Common common) {
    this.name = name;
    this.number = number;
    account = new Account(common.memory());
    account.add(Footprint.bucket(name.length()));
    int entriesToCome = (int) Math.min(room, MAX_ROOM);
    entries = room == 0 ? new ConcurrentHashMap<>() : new ConcurrentHashMap<>(entriesToCome);
    account.grow(entriesToCome);
  }

  Bytes bucketName() {
    return name;
  }

  Account account() {
    return account;
  }

  /** See {@link Bucket}. */
  ConcurrentHashMap<Bytes, Object> map() {
    return entries;
  }

  Deadlines deadlinesOrNull() {
    return deadlines;
  }

  Deadlines deadlines() {
    if (deadlines == null) makeDeadlines();
    return deadlines;
  }

  private synchronized void makeDeadlines() {
    if (deadlines == null) deadlines = new Deadlines();
  }

  boolean isDropped() {
    return isDropped;
  }

  void setDropped(boolean isDropped) {
    this.isDropped = isDropped;
  }

  @Override
  public long number() {
    return number;
  }

  @Override
  public byte[] name() {
    return name.unwrap();
  }

  @Override
  public long entries() {
    return entries.mappingCount();
  }

  @Override
  public <X extends Exception> void forEach(Content.Visitor<X> target) throws X {
    for (Map.Entry<Bytes, Object> entry : entries.entrySet()) {
      Object held = entry.getValue();
      target.entry(
          entry.getKey().unwrap(), Expiring.valueOf(held), Expiring.deadlineOf(held));
    }
  }
}
