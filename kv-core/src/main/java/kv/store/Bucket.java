package kv.store;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import kv.log.LogException;
import kv.memory.Account;
import kv.memory.Footprint;
import kv.memory.Memory;
import kv.memory.MemoryFullException;
import kv.otp.Exit;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.OutOfHeap;
import kv.otp.Proc;

/**
 * A named map of keys to values, with a life: the guide's agent, without a thread of its own.
 *
 * <p>Safe for use by any thread; an operation on one key waits for nobody who is at another. Every
 * operation throws {@link ExitedException} if the bucket has exited, and then has done nothing that
 * anyone can see; one that returns has been carried out while the bucket lived.
 *
 * <p>In a durable storage, what the bucket holds outlives it: a bucket that has crashed is
 * restarted with the same content, as another object under the same name, and only {@link #stop} is
 * its end. Every operation on one that has crashed throws {@link LogException}, which says whether
 * it may have been carried out; {@link ExitedException} says that the bucket has been dropped. A
 * change may also be refused by the log, and is safe after {@link Storage#commit}.
 */
public final class Bucket {
  /** How many bytes a bucket's name may have; the least is 1. */
  public static final int MAX_NAME_BYTES = 4096;

  private final Bytes name;
  private final Proc proc;
  private final Memory memory;
  private final Account account;

  /** Values are compared by identity, which makes {@code replace} a compare-and-set. */
  private final ConcurrentHashMap<Bytes, byte[]> entries;

  /** Null if it is in memory only. */
  private final DurableLife life;

  private Bucket(Bytes name, Memory memory) {
    this.name = name;
    this.memory = memory;
    entries = new ConcurrentHashMap<>();
    life = null;
    account = new Account(memory);
    account.add(Footprint.bucket(name.length()));
    proc = Proc.passive("bucket " + name);
    proc.owns(account);
  }

  private Bucket(DurableTable table, DurableContent content) {
    name = content.bucketName();
    memory = table.memory();
    entries = content.map();
    account = content.account();
    proc = Proc.passive("bucket " + name);
    life = new DurableLife(table, content, proc);
  }

  /**
   * Starts an empty bucket that nobody supervises and no registry knows, and that may hold as much
   * as the heap does.
   *
   * @throws IllegalArgumentException if the name is empty or longer than {@link #MAX_NAME_BYTES}
   */
  public static Bucket start(Bytes name) {
    return start(name, Memory.unlimited());
  }

  /** As above, but all that it holds is held in {@code memory}, until it ends. */
  static Bucket start(Bytes name, Memory memory) {
    return new Bucket(checkName(name), memory);
  }

  /** Another life for what a bucket of a durable storage holds. */
  static Bucket on(DurableTable table, DurableContent content) {
    return new Bucket(table, content);
  }

  /** What is wrong with a name of {@code length} bytes; null if nothing is. */
  public static String nameFault(int length) {
    if (length >= 1 && length <= MAX_NAME_BYTES) return null;
    return "a bucket's name has 1 to " + MAX_NAME_BYTES + " bytes, not " + length;
  }

  static Bytes checkName(Bytes name) {
    String fault = nameFault(name.length());
    if (fault != null) throw new IllegalArgumentException(fault);
    return name;
  }

  /** Its name. */
  public Bytes name() {
    return name;
  }

  /** Its life. */
  public Proc proc() {
    return proc;
  }

  /** Its life as the log sees it; null if it is in memory only. */
  DurableLife life() {
    return life;
  }

  /** What outlives it in a durable storage. */
  DurableContent content() {
    return life.content();
  }

  /**
   * Throws what every operation would, if the bucket has exited: {@link ExitedException} or, if it
   * is being restarted, {@link LogException}.
   */
  public void ensureAlive() {
    if (life == null) proc.ensureAlive();
    else life.ensureAlive();
  }

  /** The fence after a change, which may have been carried out. */
  private void ensureDone() {
    if (life == null) proc.ensureAlive();
    else life.ensureDone();
  }

  /** The value of {@code key}; empty if it has none. */
  public Optional<Bytes> get(Bytes key) {
    byte[] value = entries.get(key);
    ensureAlive();
    return value == null ? Optional.empty() : Optional.of(Bytes.wrap(value));
  }

  /**
   * Gives {@code key} the value {@code value}, whatever it had before.
   *
   * @throws MemoryFullException if there is no room for that, and the key has no value that is as
   *     long
   */
  public void put(Bytes key, Bytes value) {
    ensureAlive();
    byte[] after = value.unwrap();
    long size = Footprint.entry(key.length(), after.length);
    if (life != null) life.ensureWritable(true);
    if (memory.hasRoomFor(size)) {
      byte[] before = life == null ? entries.put(key, after) : life.put(key, after);
      count(before == null ? size : growth(before, after));
    } else putInPlace(key, after);
    ensureDone();
  }

  /**
   * Gives each key of {@code pairs} its value, one after another, in the order of the map. That is
   * not atomic: others may see some of them without the rest, and what {@link #put} throws for one
   * leaves those before it as they are.
   *
   * @throws MemoryFullException if there is no room for all that they add; then none is put. Others
   *     who write meanwhile may take the room, and then some are put
   */
  public void putAll(Map<Bytes, Bytes> pairs) {
    ensureAlive();
    long growth = 0;
    for (Map.Entry<Bytes, Bytes> pair : pairs.entrySet()) {
      Bytes key = pair.getKey();
      growth += Math.max(0, size(key, pair.getValue().unwrap()) - size(key, entries.get(key)));
    }
    if (growth > 0 && !memory.hasRoomFor(growth)) throw memory.refuse();
    pairs.forEach(this::put);
  }

  /** Takes {@code key} out; returns the value that it had. */
  public Optional<Bytes> delete(Bytes key) {
    ensureAlive();
    if (life != null) life.ensureWritable(false);
    byte[] value = life == null ? entries.remove(key) : life.delete(key);
    if (value != null) count(-size(key, value));
    ensureDone();
    return value == null ? Optional.empty() : Optional.of(Bytes.wrap(value));
  }

  /**
   * Replaces the value of {@code key} by what {@code function} makes of it; empty stands for no
   * value. The change is atomic for this key. No lock is held while the function runs, so it may
   * take its time, and may use this bucket; if the key has changed meanwhile, it is run again with
   * the new value.
   *
   * <p>A function that throws, or returns null, crashes the bucket, which exits with that cause.
   * One that changes this very key is run again and again.
   *
   * @return the value before
   * @throws ExitedException if the bucket has exited, or {@code function} has just crashed it
   * @throws MemoryFullException if what the function returned is longer than the value before, and
   *     has no room
   */
  public Optional<Bytes> update(Bytes key, UnaryOperator<Optional<Bytes>> function) {
    requireNonNull(key, "key");
    requireNonNull(function, "function");
    while (true) {
      ensureAlive();
      byte[] before = entries.get(key);
      Optional<Bytes> value = Optional.ofNullable(before).map(Bytes::wrap);
      byte[] after = apply(function, value).map(Bytes::unwrap).orElse(null);
      ensureAlive();
      if (after == before) return value; // nothing changes: nothing has to be written or safe
      if (life != null) life.ensureWritable(after != null);
      long growth = size(key, after) - size(key, before);
      if (growth > 0 && !memory.hasRoomFor(growth)) throw memory.refuse();
      if (replace(key, before, after)) {
        count(growth);
        ensureDone();
        return value;
      }
    }
  }

  /**
   * Gives {@code key} the value {@code value} if it has none. Atomic for this key, as are those
   * below; each throws what {@link #put} does.
   *
   * @return whether it had none
   */
  public boolean putIfAbsent(Bytes key, Bytes value) {
    requireNonNull(value, "value");
    return update(key, before -> Optional.of(before.orElse(value))).isEmpty();
  }

  /**
   * Gives {@code key} the value {@code value} if it has one.
   *
   * @return whether it had one
   */
  public boolean putIfPresent(Bytes key, Bytes value) {
    requireNonNull(value, "value");
    return update(key, before -> before.map(any -> value)).isPresent();
  }

  /**
   * Gives {@code key} the value {@code value} if its value is {@code expected}, byte for byte.
   *
   * @return whether it was
   */
  public boolean compareAndSet(Bytes key, Bytes expected, Bytes value) {
    requireNonNull(expected, "expected");
    requireNonNull(value, "value");
    return update(key, before -> before.map(any -> any.equals(expected) ? value : any))
        .filter(expected::equals)
        .isPresent();
  }

  /**
   * Gives {@code key} the value {@code value}, whatever it had before.
   *
   * @return the value before
   */
  public Optional<Bytes> getAndPut(Bytes key, Bytes value) {
    requireNonNull(value, "value");
    return update(key, before -> Optional.of(value));
  }

  /**
   * Adds {@code by} to the number that the value of {@code key} is: digits, and '-' before them if
   * it is below zero. No value counts as 0.
   *
   * @return the new value; empty if the value is no number of 64 bits, or the sum is none: nothing
   *     has changed then
   */
  public OptionalLong add(Bytes key, long by) {
    Optional<Bytes> before =
        update(
            key,
            number -> {
              OptionalLong sum = sum(number, by);
              if (sum.isEmpty() || by == 0 && number.isPresent()) return number;
              return Optional.of(Bytes.of(Long.toString(sum.getAsLong())));
            });
    return sum(before, by);
  }

  private static OptionalLong sum(Optional<Bytes> number, long by) {
    OptionalLong known = number.isEmpty() ? OptionalLong.of(0) : number.get().number();
    if (known.isEmpty()) return known;
    long sum = known.getAsLong() + by;
    boolean isOver = ((known.getAsLong() ^ sum) & (by ^ sum)) < 0;
    return isOver ? OptionalLong.empty() : OptionalLong.of(sum);
  }

  /** How many keys have a value. */
  public int size() {
    int size = entries.size();
    ensureAlive();
    return size;
  }

  /** As {@link #size}, and zero once the bucket has exited and is not restarted. */
  public long count() {
    boolean isThere = life == null ? proc.isAlive() : !content().isDropped();
    return isThere ? entries.mappingCount() : 0;
  }

  /**
   * The keys that have a value, in no order: references, in a list of the caller's own. A key that
   * comes or goes meanwhile may or may not be among them.
   */
  public List<Bytes> keys() {
    List<Bytes> keys = new ArrayList<>(entries.keySet());
    ensureAlive();
    return keys;
  }

  /** As {@link #keys}, one after another: nothing is kept of them. */
  public void forEachKey(Consumer<Bytes> action) {
    entries.keySet().forEach(action);
    ensureAlive();
  }

  /**
   * A page of the keys, as {@link #keys} has them, and where the next page begins. Who asks for
   * page after page, from cursor 0 until the next is 0, is given each key that has a value all the
   * time, at least once; one that comes or goes meanwhile may or may not be given.
   *
   * <p>Nobody remembers a cursor, and it never ends: it is a place among the hashes of keys, so it
   * goes on in a bucket that was restarted, in this process or the next one.
   *
   * @param cursor 0, or what a call before has returned
   * @param count how many keys are enough, 1 or more: keys whose hashes are much the same are given
   *     together, and where there are few keys for their table, as after many were deleted, there
   *     may be fewer or none
   * @return the next cursor; 0 if there is no further page
   * @throws IllegalArgumentException if {@code cursor} or {@code count} can be none
   */
  public long scan(long cursor, int count, Consumer<Bytes> action) {
    long next =
        new Bins(entries.keySet())
            .scan(
                cursor,
                count,
                key -> {
                  if (isThere(key)) action.accept(key);
                });
    ensureAlive();
    return next;
  }

  /** Whether {@link #scan} takes it for a cursor. */
  public static boolean isCursor(long cursor) {
    return Bins.isCursor(cursor);
  }

  /**
   * Any key that has a value, of which each may be the one, but not all are as likely; empty if
   * there is none. Where there are few keys for their table, as after many were deleted, this may
   * take as long as {@link #keys}.
   */
  public Optional<Bytes> randomKey() {
    Bytes key = new Bins(entries.keySet()).any(this::isThere);
    ensureAlive();
    return Optional.ofNullable(key);
  }

  private boolean isThere(Bytes key) {
    return entries.get(key) != null;
  }

  /**
   * Ends the bucket, with reason normal, and all it holds; does nothing if it has exited. In a
   * durable storage this drops it, on disk as well; its proc may then tell another reason.
   */
  public void stop() throws InterruptedException {
    if (life == null) proc.stop();
    else life.drop(this);
  }

  @Override
  public String toString() {
    return proc.toString();
  }

  private Optional<Bytes> apply(UnaryOperator<Optional<Bytes>> function, Optional<Bytes> value) {
    try {
      return requireNonNull(function.apply(value), "the function's result");
    } catch (Throwable t) { // the bucket has no thread: this is the root of what runs in it
      OutOfHeap.tell(t);
      ExitReason reason = Exit.reasonOf(t);
      if (reason == ExitReason.NORMAL) reason = ExitReason.crash(t); // no signal carries normal
      proc.exit(reason);
      throw new ExitedException(proc.name(), reason);
    }
  }

  private boolean replace(Bytes key, byte[] before, byte[] after) {
    if (life != null) return life.replace(key, before, after);
    if (before == null) return entries.putIfAbsent(key, after) == null;
    if (after == null) return entries.remove(key, before);
    return entries.replace(key, before, after);
  }

  /** Where there is no room: replaces a value by one that takes no more. */
  private void putInPlace(Bytes key, byte[] after) {
    while (true) {
      byte[] before = entries.get(key);
      if (before == null || growth(before, after) > 0) throw memory.refuse();
      if (replace(key, before, after)) {
        count(growth(before, after));
        return;
      }
    }
  }

  private static long growth(byte[] before, byte[] after) {
    return Footprint.array(after.length) - Footprint.array(before.length);
  }

  /** What the entry takes; nothing if there is none, as {@code value} is null. */
  private static long size(Bytes key, byte[] value) {
    return value == null ? 0 : Footprint.entry(key.length(), value.length);
  }

  private void count(long bytes) {
    if (account.add(bytes)) account.grow(entries.mappingCount());
  }
}
