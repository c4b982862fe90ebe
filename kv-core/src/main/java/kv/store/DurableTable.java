package kv.store;

import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import kv.log.Content;
import kv.log.Log;
import kv.log.LogException;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.Name;
import kv.otp.Proc;
import kv.otp.Supervisor;

/**
 * The names and the buckets of a durable storage, from a recovery of its log until that is closed.
 * A name has its bucket's present life, also one that has just crashed: only a drop frees the name.
 * Creates and drops check, append and change the table in one step under its lock. Anyone may read,
 * without waiting.
 */
final class DurableTable {
  private final Log log;
  private final Common common;
  private final Name<Supervisor> supervisor;
  private final Name<Registry> registry;
  private final ConcurrentHashMap<Bytes, Bucket> buckets = new ConcurrentHashMap<>();

  /** Drops of which no handler of events has been told. */
  private final Deque<BucketEvent> untold = new ConcurrentLinkedDeque<>();

  /** Stands for the supervisor whose children the lives are. Guarded by this, as what follows. */
  private Object parent;

  private long nextNumber;
  private boolean isGivenUp;

  /** Empty, on a log that has been opened. */
  DurableTable(Log log, Common common, Name<Supervisor> supervisor, Name<Registry> registry) {
    this.log = log;
    this.common = common;
    this.supervisor = supervisor;
    this.registry = registry;
  }

  Log log() {
    return log;
  }

  Common common() {
    return common;
  }

  /** The bucket under {@code name}, or null; it may be being restarted. */
  Bucket get(Bytes name) {
    return buckets.get(name);
  }

  /** All buckets; a live view. */
  Collection<Bucket> all() {
    return buckets.values();
  }

  /** What snapshots are made of. */
  Content content() {
    return () -> buckets.values().stream().map(Bucket::content).toList();
  }

  /** Takes in what was recovered; a bucket lives from here on, though nobody's child as yet. */
  void add(DurableContent content) {
    buckets.put(content.bucketName(), Bucket.on(this, content));
  }

  /** From here on, lives are the children of the supervisor for which {@code newParent} stands. */
  synchronized void claim(Object newParent) {
    parent = newParent;
  }

  /**
   * The bucket under {@code name}, made if there is none. Has to be allowed by the log before.
   *
   * @param guard refuses if the caller has been replaced
   */
  Bucket create(Bytes name, Log.Guard guard) {
    int entered = log.enter();
    try {
      return createHere(name, guard);
    } finally {
      log.leave(entered);
    }
  }

  private synchronized Bucket createHere(Bytes name, Log.Guard guard) {
    Bucket present = buckets.get(name);
    if (present != null) return present;
    ensureInUse();
    long number = Math.max(nextNumber, log.nextBucket());
    log.create(guard, number, name.unwrap());
    nextNumber = number + 1;
    Bucket created = Bucket.on(this, new DurableContent(name, number, 0, common));
    buckets.put(name, created);
    return created;
  }

  /** Ends the bucket for good, and its life; then the registry tells of it. */
  void drop(Bucket bucket) throws InterruptedException {
    log.ensureWritable(false);
    int entered = log.enter();
    try {
      if (!dropHere(bucket)) return;
    } finally {
      log.leave(entered);
    }
    try {
      end(bucket.proc());
    } finally {
      registry.whereis().ifPresent(Registry::tellDrops);
    }
  }

  private synchronized boolean dropHere(Bucket bucket) {
    DurableContent content = bucket.content();
    if (content.isDropped()) return false;
    ensureInUse();
    bucket.life().appendDrop();
    buckets.remove(content.bucketName());
    content.account().close();
    untold.add(new BucketEvent.Exit(content.bucketName(), bucket, ExitReason.NORMAL));
    return true;
  }

  /** By its supervisor, which would miss it otherwise; by itself if that is not there. */
  private void end(Proc life) throws InterruptedException {
    try {
      if (supervisor.whereis().isPresent()) supervisor.get().terminateChild(life);
    } catch (ExitedException e) { // and all buckets with it
      life.kill();
    }
    life.stop(); // if it was nobody's child as yet
  }

  /** The next drop to tell of, or null. */
  BucketEvent nextUntold() {
    return untold.poll();
  }

  /** Takes back what could not be told: the next registry does it. */
  void stillUntold(BucketEvent event) {
    untold.addFirst(event);
  }

  /** Has {@code supervisor} start a child for each bucket that is not one of its children. */
  void giveChildren(Supervisor to) throws InterruptedException {
    for (Bucket bucket : buckets.values())
      if (!isChild(bucket.life())) to.startChild(List.of(bucket.content()));
  }

  private synchronized boolean isChild(DurableLife life) {
    return life.parent() == parent;
  }

  /**
   * A life for {@code content} as a child of {@code by}: the one that it has if that is nobody's,
   * or a new one in its place.
   *
   * @return null if there is nothing to start: it is dropped, or is such a child already, or {@code
   *     by} has been replaced
   */
  synchronized Bucket adopt(Object by, DurableContent content) {
    if (by != parent || content.isDropped() || isGivenUp) return null;
    Bucket former = buckets.get(content.bucketName());
    DurableLife life = former.life();
    boolean isOpen = life.isOpen();
    if (isOpen && life.parent() == by) return null;
    boolean isNew = !isOpen || life.parent() != null;
    Bucket adopted = isNew ? Bucket.on(this, content) : former;
    adopted.life().setParent(by);
    if (!isNew) return adopted;
    buckets.put(content.bucketName(), adopted);
    former.proc().kill(); // if it was taken in by a supervisor that is gone
    return adopted;
  }

  private void ensureInUse() {
    if (isGivenUp) throw new LogException("the storage is being restarted; try again");
  }

  /** The end of its use: what it holds is not counted any more. */
  synchronized void giveUp() {
    isGivenUp = true;
    for (Bucket bucket : buckets.values()) bucket.content().account().close();
  }

  /**
   * Empties what was given up, when its log is closed: no snapshot is made of it any more, no
   * change is appended, and who reads it hears that its life has ended. Lives before the last are
   * dead, as they were ended under the lock.
   */
  void forget() {
    for (Bucket bucket : buckets.values()) bucket.proc().kill();
    for (Bucket bucket : buckets.values()) bucket.content().map().clear();
  }
}
