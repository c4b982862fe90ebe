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
import kv.otp.Clock;
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
 * anyone can see any more; one that returns has been carried out before the bucket ended.
 *
 * <p>In a durable storage, what the bucket holds outlives it: a bucket that has crashed is
 * restarted with the same content, as another object under the same name, and only {@link #stop} is
 * its end. Every operation on one that has crashed throws {@link LogException}, which says whether
 * it may have been carried out; {@link ExitedException} says that the bucket has been dropped. A
 * change may also be refused by the log, and is safe after {@link Storage#commit}.
 *
 * <p>A key may have a deadline: see {@link Entry}. Whoever comes upon one that has passed takes the
 * key out first, and its storage does the same about each half a second, so nobody sees such a key,
 * nor sees it again if the clock is set back: in a durable storage its end is in the log before
 * anybody hears of it, and where the log refuses that, a read throws {@link LogException}, too. (A
 * disk that fails just then leaves both open, as reads do not wait for it.)
 */
public final class Bucket {
  /** How many bytes a bucket's name may have; the least is 1. */
  public static final int MAX_NAME_BYTES = 4096;

  private final Bytes name;
  private final Proc proc;
  private final Common common;
  private final Account account;

  /**
   * A value is an array of bytes, or {@link Expiring} if it has a deadline. Both are compared by
   * identity, which makes {@code replace} a compare-and-set.
   */
  private final ConcurrentHashMap<Bytes, Object> entries;

  /** Null if it is in memory only. */
  private final DurableLife life;

  /** Of one in memory only; null until there is a deadline. */
  private volatile Deadlines deadlines;

  private Bucket(Bytes name, Common common) {
    this.name = name;
    this.common = common;
    entries = new ConcurrentHashMap<>();
    life = null;
    account = new Account(common.memory());
    account.add(Footprint.bucket(name.length()));
    proc = Proc.passive("bucket " + name);
    proc.owns(account);
  }

  private Bucket(DurableTable table, DurableContent content) {
    name = content.bucketName();
    common = table.common();
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
    return start(name, new Common(Memory.unlimited(), Clock.SYSTEM));
  }

  /** As above, but with others of a storage, and all that it holds counts there until it ends. */
  static Bucket start(Bytes name, Common common) {
    return new Bucket(checkName(name), common);
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

  /**
   * The fence after a change. One on a bucket that has been dropped meanwhile was carried out
   * before that: nobody can have seen it otherwise.
   */
  private void ensureDone() {
    try {
      if (life != null) life.ensureDone();
      else proc.ensureAlive();
    } catch (ExitedException e) {
      if (e.reason() != ExitReason.NORMAL) throw e;
    }
  }

  /** The value of {@code key}; empty if it has none. */
  public Optional<Bytes> get(Bytes key) {
    byte[] value = Expiring.valueOf(find(key));
    ensureAlive();
    return value == null ? Optional.empty() : Optional.of(Bytes.wrap(value));
  }

  /** The value of {@code key} and its deadline; empty if it has none. */
  public Optional<Entry> entry(Bytes key) {
    Optional<Entry> entry = entryOf(find(key));
    ensureAlive();
    return entry;
  }

  /** The wall clock by which its deadlines go, in milliseconds since 1970. */
  public long systemMillis() {
    return common.systemMillis();
  }

  /** How many bytes a value may have. */
  public int maxValueBytes() {
    return common.maxValueBytes();
  }

  /**
   * What a value takes about that is made of that of {@code key} and {@code more} bytes: it exists
   * beside the one before, until it is in its place.
   */
  public long rewriteBytes(Bytes key, int more) {
    byte[] value = Expiring.valueOf(entries.get(key));
    long length = (value == null ? 0 : value.length) + (long) more;
    return Memory.ofArray((int) Math.min(length, maxValueBytes()));
  }

  private static Optional<Entry> entryOf(Object held) {
    if (held == null) return Optional.empty();
    return Optional.of(
        new Entry(Bytes.wrap(Expiring.valueOf(held)), Expiring.deadlineOf(held)));
  }

  /** What the map has for {@code key}, or null; what has expired is taken out before. */
  private Object find(Bytes key) {
    Object held = entries.get(key);
    while (held instanceof Expiring expiring && expiring.isDue(common.systemMillis())) {
      expire(expiring);
      held = entries.get(key);
    }
    return held;
  }

  /** Takes out an entry whose deadline has come; it may be gone meanwhile. */
  private void expire(Expiring due) {
    if (life != null) life.ensureWritable(false);
    boolean isMine = replace(due.key, due, null);
    if (isMine) {
      account.add(-Expiring.size(due.key, due));
      common.countExpired();
    }
    deadlines().remove(due);
  }

  /**
   * Takes out what has expired, but no more than {@code most} entries: the work of a moment.
   *
   * @return whether there may be more
   * @throws LogException if the log refuses it, or the bucket is being restarted
   */
  boolean expireDue(int most) {
    Deadlines known = deadlinesOrNull();
    if (known == null) return false;
    long now = common.systemMillis();
    for (int i = 0; i < most; i++) {
      Expiring first = known.first();
      if (first == null || !first.isDue(now)) return false;
      expire(first);
    }
    return true;
  }

  private Deadlines deadlinesOrNull() {
    return life == null ? deadlines : content().deadlinesOrNull();
  }

  private Deadlines deadlines() {
    if (life != null) return content().deadlines();
    if (deadlines == null) makeDeadlines();
    return deadlines;
  }

  private synchronized void makeDeadlines() {
    if (deadlines == null) deadlines = new Deadlines();
  }

  /**
   * Gives {@code key} the value {@code value}, without a deadline, whatever it had before.
   *
   * @throws MemoryFullException if there is no room for that, and the key has no value that is as
   *     long
   * @throws ValueTooLongException if it is longer than {@link #maxValueBytes}
   */
  public void put(Bytes key, Bytes value) {
    ensureAlive();
    byte[] after = value.unwrap();
    ensureLength(after.length);
    long size = Footprint.entry(key.length(), after.length);
    if (life != null) life.ensureWritable(true);
    if (common.memory().hasRoomFor(size)) {
      Object before = life == null ? entries.put(key, after) : life.put(key, after);
      count(before == null ? size : growth(key, before, after));
      forget(before);
    } else putInPlace(key, after);
    ensureDone();
  }

  private void ensureLength(long bytes) {
    int most = common.maxValueBytes();
    if (bytes > most) throw new ValueTooLongException(bytes, most);
  }

  /** To be called with what the map has no more; null if that is nothing. */
  private void forget(Object before) {
    if (before instanceof Expiring expiring) deadlines().remove(expiring);
  }

  /**
   * Gives each key of {@code pairs} its value, one after another. That is not atomic: others may
   * see some of them without the rest.
   *
   * @param pairs is gone through twice
   * @throws MemoryFullException if there is no room for all that they add; then none is put
   * @throws ValueTooLongException if one of them is; then none is put
   * @throws LogException as {@link #put}, or that some keys have been put, and others not: for want
   *     of room that others have taken meanwhile, or because the log refuses the rest
   */
  public void putAll(Iterable<Map.Entry<Bytes, Bytes>> pairs) {
    ensureAlive();
    long growth = 0;
    for (Map.Entry<Bytes, Bytes> pair : pairs) {
      Bytes key = pair.getKey();
      byte[] after = pair.getValue().unwrap();
      ensureLength(after.length);
      growth += Math.max(0, growth(key, entries.get(key), after));
    }
    Memory memory = common.memory();
    if (growth > 0 && !memory.hasRoomFor(growth)) throw memory.refuse();
    forAll(pairs, pair -> put(pair.getKey(), pair.getValue()));
  }

  /**
   * Takes each of {@code keys} out, one after another, which is not atomic.
   *
   * @return how many had a value
   * @throws LogException as {@link #delete}, or that some have been taken out, and others not
   */
  public long deleteAll(Iterable<Bytes> keys) {
    long[] count = {0};
    forAll(
        keys,
        key -> {
          if (delete(key).isPresent()) count[0]++;
        });
    return count[0];
  }

  /**
   * Runs {@code action} for each of {@code items}. If the bucket is dropped behind the first ones,
   * they have been carried out before that, and what the others would have done is gone with it.
   */
  private static <T> void forAll(Iterable<T> items, Consumer<T> action) {
    int done = 0;
    try {
      for (T item : items) {
        action.accept(item);
        done++;
      }
    } catch (ExitedException e) {
      if (done == 0 || e.reason() != ExitReason.NORMAL) throw e;
    } catch (MemoryFullException | LogException e) {
      if (done == 0) throw e;
      throw new LogException(
          e.getMessage() + "; the first " + done + " keys had been changed before", e);
    }
  }

  /** Takes {@code key} out; returns the value that it had. */
  public Optional<Bytes> delete(Bytes key) {
    ensureAlive();
    if (life != null) life.ensureWritable(false);
    Object before = life == null ? entries.remove(key) : life.delete(key);
    account.add(-Expiring.size(key, before));
    forget(before);
    boolean isDue = before instanceof Expiring expiring && expiring.isDue(common.systemMillis());
    if (isDue) common.countExpired();
    ensureDone();
    return before == null || isDue
        ? Optional.empty()
        : Optional.of(Bytes.wrap(Expiring.valueOf(before)));
  }

  /**
   * Replaces the value of {@code key} by what {@code function} makes of it; empty stands for no
   * value. A deadline stays. All else is as with {@link #updateEntry}.
   *
   * @return the value before
   */
  public Optional<Bytes> update(Bytes key, UnaryOperator<Optional<Bytes>> function) {
    requireNonNull(function, "function");
    return updateEntry(
            key,
            before -> {
              long deadline = before.map(Entry::deadlineMillis).orElse(Entry.NEVER);
              return result(function.apply(before.map(Entry::value)))
                  .map(value -> new Entry(value, deadline));
            })
        .map(Entry::value);
  }

  /**
   * Replaces the entry of {@code key} by what {@code function} makes of it; empty stands for none,
   * and so does one whose deadline has passed. The change is atomic for this key. No lock is held
   * while the function runs, so it may take its time, and may use this bucket; if the key has
   * changed meanwhile, it is run again with the new entry.
   *
   * <p>A function that throws, or returns null, crashes the bucket, which exits with that cause.
   * One that changes this very key is run again and again.
   *
   * @return the entry before
   * @throws ExitedException if the bucket has exited, or {@code function} has just crashed it
   * @throws MemoryFullException if what the function returned takes more than the entry before, as
   *     a deadline does, and has no room
   * @throws ValueTooLongException if it has returned another value, which is longer than {@link
   *     #maxValueBytes}
   * @throws LogException if the log refuses it, or the bucket is being restarted
   */
  public Optional<Entry> updateEntry(Bytes key, UnaryOperator<Optional<Entry>> function) {
    requireNonNull(key, "key");
    requireNonNull(function, "function");
    while (true) {
      ensureAlive();
      Object before = find(key);
      Optional<Entry> entry = entryOf(before);
      Object after = held(key, before, apply(function, entry));
      ensureAlive();
      if (after == before) return entry; // nothing changes: nothing has to be written or safe
      if (life != null) life.ensureWritable(after != null);
      long growth = growth(key, before, after);
      Memory memory = common.memory();
      if (growth > 0 && !memory.hasRoomFor(growth)) throw memory.refuse();
      if (replace(key, before, after)) {
        count(growth);
        forget(before);
        if (after instanceof Expiring expiring) deadlines().add(expiring);
        ensureDone();
        return entry;
      }
    }
  }

  /** What the map is to have in the place of {@code before}: the same if nothing changes. */
  private Object held(Bytes key, Object before, Optional<Entry> wanted) {
    if (wanted.isEmpty()) return null;
    byte[] value = wanted.get().value().unwrap();
    byte[] former = Expiring.valueOf(before);
    long deadline = wanted.get().deadlineMillis();
    if (value == former && deadline == Expiring.deadlineOf(before)) return before;
    if (value != former) ensureLength(value.length);
    if (deadline == Entry.NEVER) return value;
    if (deadline <= common.systemMillis()) return null;
    return Expiring.inPlaceOf(before, key, value, deadline);
  }

  /**
   * Gives {@code key} the value {@code value} if it has none. Atomic for this key, as are those
   * below; each throws what {@link #put} does, and what gives another value takes a deadline off.
   *
   * @return whether it had none
   */
  public boolean putIfAbsent(Bytes key, Bytes value) {
    Entry entry = Entry.of(value);
    return updateEntry(key, before -> Optional.of(before.orElse(entry))).isEmpty();
  }

  /**
   * Gives {@code key} the value {@code value} if it has one.
   *
   * @return whether it had one
   */
  public boolean putIfPresent(Bytes key, Bytes value) {
    Entry entry = Entry.of(value);
    return updateEntry(key, before -> before.map(any -> entry)).isPresent();
  }

  /**
   * Gives {@code key} the value {@code value} if its value is {@code expected}, byte for byte.
   *
   * @return whether it was
   */
  public boolean compareAndSet(Bytes key, Bytes expected, Bytes value) {
    requireNonNull(expected, "expected");
    Entry entry = Entry.of(value);
    return updateEntry(
            key, before -> before.map(any -> any.value().equals(expected) ? entry : any))
        .filter(any -> any.value().equals(expected))
        .isPresent();
  }

  /**
   * Gives {@code key} the value {@code value}, whatever it had before.
   *
   * @return the value before
   */
  public Optional<Bytes> getAndPut(Bytes key, Bytes value) {
    Optional<Entry> entry = Optional.of(Entry.of(value));
    return updateEntry(key, before -> entry).map(Entry::value);
  }

  /**
   * Adds {@code by} to the number that the value of {@code key} is: digits, and '-' before them if
   * it is below zero. No value counts as 0. A deadline stays.
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
    try {
      return OptionalLong.of(Math.addExact(known.getAsLong(), by));
    } catch (ArithmeticException e) { // it has more than 64 bits
      return OptionalLong.empty();
    }
  }

  /**
   * Puts {@code more} behind the value of {@code key}; no value counts as an empty one. A deadline
   * stays.
   *
   * @return how many bytes the value has then
   * @throws ValueTooLongException if they would be more than {@link #maxValueBytes}
   */
  public int append(Bytes key, Bytes more) {
    Bytes none = Bytes.of();
    Bytes before =
        update(
                key,
                value -> {
                  long length = (long) value.orElse(none).length() + more.length();
                  boolean isTooLong = length > maxValueBytes();
                  return isTooLong ? value : Optional.of(value.orElse(none).with(more));
                })
            .orElse(none);
    ensureLength((long) before.length() + more.length());
    return before.length() + more.length();
  }

  /**
   * Has {@code key} expire. Throws what {@link #updateEntry} does: a deadline takes room.
   *
   * @param deadlineMillis when, see {@link Entry}; if that has passed, the key is gone at once
   * @return whether it had a value
   */
  public boolean expireAt(Bytes key, long deadlineMillis) {
    return updateEntry(key, before -> before.map(entry -> entry.expiringAt(deadlineMillis)))
        .isPresent();
  }

  /**
   * Takes the deadline of {@code key} off.
   *
   * @return whether it had one
   */
  public boolean persist(Bytes key) {
    return updateEntry(key, before -> before.map(entry -> entry.until(Entry.NEVER)))
        .filter(Entry::hasDeadline)
        .isPresent();
  }

  /**
   * How many keys have a value, and perhaps some that have just expired and not been taken out yet.
   */
  public int size() {
    int size = entries.size();
    ensureAlive();
    return size;
  }

  /**
   * How many bytes of the heap it holds with its name and its entries, as the bound on memory
   * counts them; zero once the bucket has exited and is not restarted.
   */
  public long bytes() {
    return account.held();
  }

  /** As {@link #size}, and zero once the bucket has exited and is not restarted. */
  public long count() {
    boolean isThere = life == null ? proc.isAlive() : !content().isDropped();
    return isThere ? entries.mappingCount() : 0;
  }

  /** How many of its keys have a deadline. */
  public long expiringKeys() {
    Deadlines known = deadlinesOrNull();
    return known == null ? 0 : known.count();
  }

  /**
   * The keys that have a value, in no order: references, in a list of the caller's own. A key that
   * comes or goes meanwhile may or may not be among them.
   */
  public List<Bytes> keys() {
    List<Bytes> keys = new ArrayList<>();
    forEachKey(keys::add);
    return keys;
  }

  /** As {@link #keys}, one after another: nothing is kept of them. */
  public void forEachKey(Consumer<Bytes> action) {
    if (deadlinesOrNull() == null) entries.keySet().forEach(action);
    else
      for (Bytes key : entries.keySet()) if (isThere(key)) action.accept(key);
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
    return find(key) != null;
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

  private Optional<Entry> apply(UnaryOperator<Optional<Entry>> function, Optional<Entry> entry) {
    try {
      return result(function.apply(entry));
    } catch (Throwable t) { // the bucket has no thread: this is the root of what runs in it
      OutOfHeap.tell(t);
      ExitReason reason = Exit.reasonOf(t);
      if (reason == ExitReason.NORMAL) reason = ExitReason.crash(t); // no signal carries normal
      proc.exit(reason);
      throw new ExitedException(proc.name(), reason);
    }
  }

  private static <T> T result(T made) {
    return requireNonNull(made, "the function's result");
  }

  private boolean replace(Bytes key, Object before, Object after) {
    if (life != null) return life.replace(key, before, after);
    if (before == null) return entries.putIfAbsent(key, after) == null;
    if (after == null) return entries.remove(key, before);
    return entries.replace(key, before, after);
  }

  /** Where there is no room: replaces a value by one that takes no more. */
  private void putInPlace(Bytes key, byte[] after) {
    while (true) {
      Object before = find(key);
      long growth = growth(key, before, after);
      if (growth > 0) throw common.memory().refuse();
      if (replace(key, before, after)) {
        count(growth);
        forget(before);
        return;
      }
    }
  }

  private static long growth(Bytes key, Object before, Object after) {
    return Expiring.size(key, after) - Expiring.size(key, before);
  }

  private void count(long bytes) {
    if (account.add(bytes)) account.grow(entries.mappingCount());
  }
}
