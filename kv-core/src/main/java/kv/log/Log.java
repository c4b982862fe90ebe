package kv.log;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;
import jdk.jfr.FlightRecorder;
import kv.log.disk.Disk;
import kv.log.disk.FolderException;
import kv.otp.Clock;

/**
 * The log of a storage, from when it is opened until it is closed: a life of the storage has one.
 * Safe for use by any thread.
 *
 * <pre>opened → recovered → closed</pre>
 *
 * <p><b>A record's way.</b> A position only grows, over restarts too. A record is given its
 * position and copied into a buffer in one step, under {@link #lock}, held for no longer. It is
 * <em>written</em> when the operating system has it, which survives a {@code kill -9}; one thread
 * writes for all who have appended: it takes the buffer away and gives an empty one for it, under
 * {@link #writing}, which it holds until all is written. Others who come meanwhile let further ones
 * run, for they will find it written. It is <em>forced</em> when it survives a power failure; one
 * thread forces, under {@link #forcing}, for all who wait; it writes first, so that they need not.
 * So the locks are taken in the order forcing, writing, lock, and {@code forced <= written <= end}
 * at any time.
 *
 * <p><b>When something fails</b>, that is a state, a {@link Trouble}, and no crash. A write that
 * has failed keeps its bytes and its place, and is tried again: nothing behind it is written. Bytes
 * that a force has failed for are never forced again, as the operating system may have thrown them
 * away and will not say so twice: a new run begins, all is written once more as a snapshot, and
 * until both are safe nothing is acknowledged.
 *
 * <p><b>A snapshot</b> at a position has all that was appended before it. A change is appended
 * before others can see it; so after the position is taken, all changes that had begun are waited
 * for, and then the entries are read. They are counted in two turns: the one that counts now, and
 * the one before it, which comes to an end.
 */
public final class Log {
  /** Looks, right before a record is appended, whether that may still be. */
  public interface Guard {
    /** Throws what its caller is to be told if no more is to be written. Must not block. */
    void ensureOpen();
  }

  private static final System.Logger LOG = System.getLogger(Log.class.getName());
  private static final byte[] NOTHING = {};

  /** A run begins at a multiple of this, and as much behind all that there was. */
  static final long RUN = 1L << 32;

  /** So much may be unforced where nobody asks for more: then no position is used twice. */
  private static final long MAX_UNFORCED = 1L << 31;

  /** If so much has gathered, whoever appends more writes it first. */
  private static final int MAX_GATHERED = 1024 * 1024;

  /** A buffer that has grown beyond this is given up when it is empty. */
  private static final int BUFFER_BYTES = 256 * 1024;

  /** How often a thread lets others go on before it waits for who writes for all. */
  private static final int PATIENCE = 20;

  /** How long those who only read wait for others that write. */
  private static final long READ_NANOS = MILLISECONDS.toNanos(20);

  /** After so much it is looked for how much is free. */
  private static final long LOOK_BYTES = 16 * 1024 * 1024;

  /** After a snapshot has failed. */
  private static final long RETRY_NANOS = SECONDS.toNanos(5);

  /** After one on a full disk: what users take out, they take out bit by bit. */
  private static final long FULL_NANOS = SECONDS.toNanos(60);

  private static final long LEAST_LOG_BYTES = 64 * 1024 * 1024;

  /** What a log has appended. */
  private static final class Buffer {
    byte[] bytes = new byte[16 * 1024];
    int length;

    void ensureRoom(int more) {
      long least = (long) length + more;
      if (least <= bytes.length) return;
      if (least > Record.MAX_BYTES)
        throw new LogException(
            length + " bytes wait to be written, and " + Record.MAX_BYTES
                + " is the most; try again");
      long wanted = Math.max(2L * bytes.length, least);
      bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Record.MAX_BYTES));
    }

    void clear() {
      length = 0;
      if (bytes.length > BUFFER_BYTES) bytes = new byte[BUFFER_BYTES];
    }
  }

  private final Disk disk;
  private final LogSettings settings;
  private final Clock clock;
  private final boolean isAlways;
  private final UUID boot;
  private final Recovery recovery;
  private final AtomicLong read = new AtomicLong();
  private final long toRead;
  private volatile LogFiles files;
  private volatile boolean isRecovered;

  /** Where the log before the present run ended, as far as it is safe. */
  private volatile long before;

  /** Where the present run begins; beyond everything while nothing is acknowledged. */
  private volatile long first;

  private volatile long runStart;

  /** Where the run before the present one ended, if that began while this log is open. */
  private volatile long formerEnd;

  private final Object lock = new Object();

  // Guarded by the lock; the end is also read without it.
  private Buffer filling = new Buffer();
  private volatile long end;
  private long salt;
  private boolean isSealed = true;
  private final CRC32C sum = new CRC32C();

  /** The end of the last record that is not a mark. */
  private volatile long dataEnd;

  private final ReentrantLock writing = new ReentrantLock();

  // Guarded by writing.
  private Buffer emptying = new Buffer();

  /** How many bytes of {@link #emptying} are written. */
  private int emptied;

  /** Written under writing, as is the failure. */
  private volatile long written;

  /** The end of the last record that is written whole: a mark tells of no part of one. */
  private volatile long whole;

  private final ReentrantLock forcing = new ReentrantLock();

  /** Held while a snapshot is written; taken before all others. */
  private final ReentrantLock compacting = new ReentrantLock();

  /** Held while files get and lose their names; taken before forcing. */
  private final Object naming = new Object();

  /** Who waits until something is safe, the last one first; each leaves when it is woken. */
  private final AtomicReference<Waiter> waiters = new AtomicReference<>();

  private volatile long forced;

  /** Who waits for a force to come, if it is to come earlier. */
  private volatile Thread syncer;

  /** What the last mark says; guarded by forcing. */
  private long marked;

  private volatile boolean isForceAsked;
  private volatile boolean isWriteAsked;
  private volatile boolean isForcing;
  private volatile long forceBeganNanos;

  /** Whether the present run has bytes that a force has failed for. */
  private volatile boolean isPoisoned;

  private final Map<Trouble.State, String> troubles = new EnumMap<>(Trouble.State.class);

  /** The first of them; null if there is none. */
  private volatile Trouble trouble = new Trouble(Trouble.State.CLOSED, "the log is not open yet");

  private final LongAdder[] entered = {new LongAdder(), new LongAdder()};
  private final LongAdder[] left = {new LongAdder(), new LongAdder()};

  /** The turn that changes are counted in now, 0 or 1. */
  private volatile int turn;

  private volatile long nextBucket = 1;
  private volatile long snapshotPosition;
  private volatile long snapshotBytes;
  private final LongAdder failedSyncs = new LongAdder();
  private final LongAdder syncs = new LongAdder();
  private volatile long free = -1;
  private volatile long lookedAt;
  private volatile long retryNanos;

  private Log(Disk disk, LogSettings settings, UUID boot) throws IOException {
    this.disk = disk;
    this.boot = boot;
    this.settings = settings;
    clock = settings.clock();
    isAlways = settings.policy() == SyncPolicy.ALWAYS;
    recovery = Recovery.look(disk, boot);
    toRead = recovery.bytes();
  }

  /**
   * Opens the log in a folder, or makes an empty one; looks at all that can be told without reading
   * it whole.
   *
   * @param disk the folder; nobody else may have it
   * @throws FolderException if the folder cannot be used as it is; nothing has been changed then
   */
  public static Log open(Disk disk, LogSettings settings) {
    return open(disk, settings, bootId());
  }

  /** The same on a machine whose boot has that id. */
  static Log open(Disk disk, LogSettings settings, UUID boot) {
    try {
      return new Log(disk, settings, boot);
    } catch (IOException e) {
      throw unreadable(disk, e);
    }
  }

  static FolderException unreadable(Disk disk, IOException e) {
    return new FolderException(
        disk.folder() + " cannot be used: " + e.getMessage()
            + "; mend that, or set another folder",
        e);
  }

  /** The boot of this machine; {@link Header#NO_BOOT} where it does not tell. */
  static UUID bootId() {
    try {
      String text =
          Files.readString(
              Path.of("/proc/sys/kernel/random/boot_id"), StandardCharsets.US_ASCII);
      return UUID.fromString(text.trim());
    } catch (IOException | IllegalArgumentException e) {
      LOG.log(Level.DEBUG, "this machine does not tell when it was started", e);
      return Header.NO_BOOT;
    }
  }

  /**
   * Tells {@code target} of all that was kept, cuts off a torn tail, and begins a new file. To be
   * called once, by one thread, before anything is appended.
   *
   * @throws FolderException if something is damaged; nothing has been changed then
   * @throws InterruptedException if the thread is interrupted; it may be opened again
   */
  public void recover(Replay target) throws InterruptedException {
    try {
      Numbers numbers = new Numbers(target);
      Recovery.End found = recovery.replay(numbers, read::addAndGet);
      long start = start(recovery, found); // before those that it is behind are gone
      recovery.tidy();
      recovery.cut(found);
      begin(found, start, numbers.next());
    } catch (IOException e) {
      throw unreadable(disk, e);
    }
  }

  /** Cuts the log of a folder at its end and begins an empty run there; for {@link Check}. */
  static void begin(Disk disk, Recovery recovery, Recovery.End found) throws IOException {
    long start = start(recovery, found);
    recovery.tidy();
    recovery.cut(found);
    UUID folder = recovery.folder().orElseThrow();
    LogFiles opened =
        new LogFiles(disk, folder, Header.NO_BOOT, LogSettings.DEFAULT.segmentBytes());
    opened.begin(start, found.position(), true, new SecureRandom().nextLong());
    opened.abandon();
  }

  /** Where a run begins that is to be behind all that there was. */
  private static long start(Recovery recovery, Recovery.End found) {
    return after(Math.max(found.position(), recovery.last()));
  }

  private static long after(long end) {
    return (end / RUN + 2) * RUN;
  }

  private void begin(Recovery.End found, long start, long next) throws IOException {
    Snapshot base = recovery.used();
    boolean isNew = found.run().isEmpty();
    UUID folder = recovery.folder().orElseGet(UUID::randomUUID);
    LogFiles opened = new LogFiles(disk, folder, boot, settings.segmentBytes());
    salt = new SecureRandom().nextLong();
    opened.begin(start, isNew ? Header.NOTHING : found.position(), true, salt);
    files = opened;
    nextBucket = Math.max(next, base == null ? 1 : base.nextBucket());
    snapshotPosition = base == null ? -1 : base.position();
    snapshotBytes = base == null ? 0 : base.recordBytes();
    before = found.position();
    first = start;
    runStart = start;
    lookedAt = start;
    retryNanos = clock.nanoTime();
    forced = start;
    written = start;
    whole = start;
    dataEnd = start;
    synchronized (lock) {
      end = start;
      isSealed = false;
    }
    isRecovered = true;
    lookForRoom();
    setTrouble(null, null);
  }

  /** How much {@link #recover} tells of at the least; to be called before it. */
  public Extent extent() {
    return Extent.of(recovery);
  }

  /** How much of it has been told, 0 to 100. */
  public int percent() {
    if (isRecovered) return 100;
    return toRead == 0 ? 0 : (int) Math.min(99, 100 * read.get() / toRead);
  }

  /** The number for a next bucket: larger than any there was. Once it is recovered. */
  public long nextBucket() {
    return nextBucket;
  }

  /**
   * To be asked before something is written: whether there is room for a record, which what is
   * called then has. Waits while others write, if much has gathered.
   *
   * @param takesRoom whether more is kept after that than before; what is taken out may use the
   *     reserve
   * @throws LogException if writes are refused; nothing has been done
   */
  public void ensureWritable(boolean takesRoom) {
    Trouble now = trouble;
    if (now != null && (takesRoom || now.state() != Trouble.State.FULL)) throw now.refusal();
    if (end - written > MAX_GATHERED) writeGathered();
  }

  private void writeGathered() {
    try {
      write(end);
    } catch (LogException e) { // it is of others; what is asked for now has not begun
      Trouble now = trouble;
      throw now == null ? e : now.refusal();
    }
  }

  /** Appends that {@code key} has {@code value}; see {@link #ensureWritable}. */
  public long put(Guard guard, long bucket, byte[] key, byte[] value, long deadlineMillis) {
    int kind = deadlineMillis == 0 ? Record.PUT : Record.PUT_UNTIL;
    return append(guard, kind, bucket, deadlineMillis, key, value);
  }

  /** Appends that {@code key} has no value; see {@link #put}. */
  public long delete(Guard guard, long bucket, byte[] key) {
    return append(guard, Record.DELETE, bucket, 0, key, NOTHING);
  }

  /** Appends that a bucket was created; see {@link #put}. */
  public long create(Guard guard, long bucket, byte[] name) {
    if (bucket > Record.MAX_BUCKET)
      throw new LogException("there have been " + Record.MAX_BUCKET + " buckets, which is all");
    long position = append(guard, Record.CREATE, bucket, 0, name, NOTHING);
    synchronized (lock) {
      nextBucket = Math.max(nextBucket, bucket + 1);
    }
    return position;
  }

  /** Appends that a bucket was dropped; see {@link #put}. */
  public long drop(Guard guard, long bucket) {
    return append(guard, Record.DROP, bucket, 0, NOTHING, NOTHING);
  }

  private long append(
      Guard guard, int kind, long bucket, long deadline, byte[] key, byte[] value) {
    long size = Record.size(kind, key.length, value.length);
    if (key.length > Record.MAX_KEY_BYTES || Record.aligned(size) > Record.MAX_BYTES)
      throw new LogException(
          "a key has " + Record.MAX_KEY_BYTES + " bytes at the most, and with its value "
              + Record.MAX_BYTES);
    synchronized (lock) {
      if (isSealed) throw new LogException("the storage is being restarted; try again");
      guard.ensureOpen(); // last: what it lets pass is appended
      return dataEnd = append(kind, (int) size, bucket, deadline, key, value);
    }
  }

  private long append(int kind, int size, long bucket, long deadline, byte[] key, byte[] value) {
    int aligned = (int) Record.aligned(size);
    Buffer buffer = filling;
    buffer.ensureRoom(aligned);
    long position = end;
    int at = buffer.length;
    Record.write(
        buffer.bytes,
        at,
        size,
        kind,
        bucket,
        deadline,
        key,
        value,
        Record.stamp(salt, position),
        sum);
    for (int i = size; i < aligned; i++) buffer.bytes[at + i] = 0;
    buffer.length = at + aligned;
    return end = position + aligned;
  }

  /**
   * To be called before a change is appended and made, and {@link #leave} with its answer when
   * others can see it: a snapshot waits for those that are in between.
   */
  public int enter() {
    int now = turn;
    entered[now].increment();
    return now;
  }

  /** See {@link #enter}. */
  public void leave(int entered) {
    left[entered].increment();
  }

  /** Where what users have changed ends: nobody has to wait for the mark behind it. */
  public long end() {
    return dataEnd;
  }

  /**
   * Waits until what is before {@code position} is as safe as the policy says; no longer than the
   * time for a force.
   *
   * @param position what {@link #end} has told, perhaps of a former log of the same folder
   * @param hasWritten whether what is to be acknowledged has changed something; else it need not
   *     be safe while writes fail or hang
   * @throws LogException if it is not safe; what was written may have been carried out
   */
  public void commit(long position, boolean hasWritten) {
    if (position <= (isAlways ? forced : written) && position >= first) return;
    if (!hasWritten) commitRead(position);
    else if (position < first) commitFormer(position);
    else commitWrite(position);
  }

  /** Nothing is written, or it is not trusted. */
  private static boolean isBroken(Trouble trouble) {
    return trouble != null && trouble.state().compareTo(Trouble.State.HEALING) <= 0;
  }

  /** What was appended before the present run is there if it was found, or has been saved. */
  private void commitFormer(long position) {
    Trouble now = trouble; // first: when it is over, what follows tells
    if (position <= before) return;
    if (position >= first) {
      commitWrite(position);
      return;
    }
    throw now != null
        ? now.doubt()
        : new LogException("the storage was restarted; the command may have been carried out");
  }

  private void commitWrite(long position) {
    if (!isAlways) write(position);
    else if (!awaitForced(position)) { // who forces writes first, once for all who wait
      Trouble now = trouble;
      throw now != null ? now.doubt() : slow().doubt();
    }
    if (position < first) commitFormer(position); // what is forced now may be another run
  }

  private Trouble slow() {
    return new Trouble(
        Trouble.State.SLOW,
        "the disk has not forced what was written for " + settings.syncTimeout().toSeconds()
            + " s (storage.sync-timeout)");
  }

  private void commitRead(long position) {
    if (position < first) {
      if (!isBroken(trouble)) commitFormer(position);
      return;
    }
    try {
      if (isAlways) awaitForced(position);
      else awaitWritten(position);
    } catch (LogException e) { // it is told to those who write
      LOG.log(Level.DEBUG, "a read does not wait: {0}", e.getMessage());
    }
  }

  /** Waits a short while until others have written it: a thread that writes may hang. */
  private void awaitWritten(long position) {
    for (int i = 0; i < PATIENCE && written < position; i++) Thread.yield();
    if (written >= position || isBroken(trouble)) return;
    Waiter self = new Waiter(Thread.currentThread(), position, true);
    self.push(waiters);
    isWriteAsked = true;
    LockSupport.unpark(syncer);
    awaitOver(self, Clock.SYSTEM, READ_NANOS);
    if (written >= position || !writing.tryLock()) return; // who holds it hangs
    try {
      if (written < position && !isBroken(trouble)) writeOut();
    } finally {
      writing.unlock();
    }
  }

  /** Has the operating system have all before {@code position}. */
  private void write(long position) {
    for (int i = 0; !writing.tryLock(); i++) {
      if (written >= position) return;
      if (i == PATIENCE) {
        awaitWriter();
        break;
      }
      Thread.yield();
    }
    try {
      if (written >= position) return;
      Trouble now = trouble;
      if (isBroken(now)) throw now.doubt();
      writeOut();
    } finally {
      writing.unlock();
    }
  }

  /** Waits until nobody else writes, and so may write; no longer than for a force. */
  private void awaitWriter() {
    long deadline = clock.nanoTime() + settings.syncTimeout().toNanos();
    boolean isInterrupted = false;
    boolean isMine = false;
    while (!isMine) {
      long rest = deadline - clock.nanoTime();
      if (rest <= 0) break;
      try {
        isMine = writing.tryLock(rest, NANOSECONDS);
        if (!isMine) break;
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) Thread.currentThread().interrupt();
    if (isMine) return;
    setTrouble(Trouble.State.SLOW, slow().what());
    throw slow().doubt();
  }

  /** Writes all that there is; under writing. */
  private void writeOut() {
    try {
      while (true) {
        while (emptied < emptying.length) {
          int rest = emptying.length - emptied;
          int count = files.write(written, emptying.bytes, emptied, rest);
          emptied += count;
          written += count;
        }
        emptying.clear();
        emptied = 0;
        whole = written;
        if (!swap()) break;
      }
    } catch (IOException e) {
      setTrouble(Trouble.State.FAILED, "a write to " + disk.folder() + " failed: " + reason(e));
      throw trouble.doubt();
    }
    if (trouble != null && hasTrouble(Trouble.State.FAILED))
      setTrouble(Trouble.State.FAILED, null);
    if (!isAlways && waiters.get() != null) wakeWaiters();
    if (written - lookedAt > LOOK_BYTES) lookForRoom();
    if (isLate()) setTrouble(Trouble.State.SLOW, slow().what()); // who tends may hang as well
  }

  /** How much memory is set aside for what is not written yet; for tests. */
  int bufferBytes() {
    writing.lock();
    try {
      synchronized (lock) {
        return filling.bytes.length + emptying.bytes.length;
      }
    } finally {
      writing.unlock();
    }
  }

  private boolean swap() {
    synchronized (lock) {
      if (filling.length == 0) return false;
      Buffer full = filling;
      filling = emptying;
      emptying = full;
      return true;
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  /** Waits until all before {@code position} is forced; false if it is not in time. */
  private boolean awaitForced(long position) {
    if (isBroken(trouble)) return forced >= position;
    Waiter self = new Waiter(Thread.currentThread(), position, false);
    self.push(waiters);
    askForForce();
    awaitOver(self, clock, settings.syncTimeout().toNanos());
    return forced >= position;
  }

  /** Waits until that waiter need not, or its time has passed by {@code time}. */
  private void awaitOver(Waiter self, Clock time, long nanos) {
    long deadline = time.nanoTime() + nanos;
    boolean isInterrupted = false;
    while (!isOver(self) && time.nanoTime() - deadline < 0) {
      time.parkUntil(deadline);
      isInterrupted |= Thread.interrupted();
    }
    if (isInterrupted) Thread.currentThread().interrupt();
    if (isDone(self)) return;
    self.position = 0;
    wakeWaiters(); // forgets it
  }

  /** Has the next force begin now, unless one is asked for that has not begun. */
  private void askForForce() {
    if (isForceAsked) return;
    isForceAsked = true;
    LockSupport.unpark(syncer);
  }

  /**
   * What has to be done now and then, each second: looks how much is free, tries again what has
   * failed.
   */
  public void tend() {
    if (!isRecovered || isSealed()) return;
    lookForRoom();
    boolean isSlow = isLate() || hasTrouble(Trouble.State.SLOW) && isWritingNow();
    setTrouble(Trouble.State.SLOW, isSlow ? slow().what() : null);
    if (hasTrouble(Trouble.State.FAILED)) tryAgain();
    try {
      if (trouble == null) files.prepare();
    } catch (IOException e) { // it is made when it is needed, and told then
      LOG.log(Level.DEBUG, "the next file of the log was not made in advance", e);
    }
  }

  private boolean isLate() {
    return isForcing && clock.nanoTime() - forceBeganNanos > settings.syncTimeout().toNanos();
  }

  private boolean isWritingNow() {
    if (!writing.tryLock()) return true;
    writing.unlock();
    return false;
  }

  private void lookForRoom() {
    lookedAt = written;
    long now;
    try {
      now = disk.free();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the disk does not tell what is free", e);
      return;
    }
    free = now;
    String full =
        "disk full: " + now + " bytes are free in " + disk.folder() + ", and "
            + settings.minFree() + " are kept free (storage.min-free)";
    setTrouble(Trouble.State.FULL, now < settings.minFree() ? full : null);
  }

  private void tryAgain() {
    writing.lock();
    try {
      writeOut();
    } catch (LogException e) {
      LOG.log(Level.DEBUG, "it fails still: {0}", e.getMessage());
    } finally {
      writing.unlock();
    }
  }

  private boolean isSealed() {
    synchronized (lock) {
      return isSealed;
    }
  }

  private boolean hasTrouble(Trouble.State state) {
    synchronized (troubles) {
      return troubles.containsKey(state);
    }
  }

  /** Notes that there is that trouble, or no longer if {@code what} is null. */
  private void setTrouble(Trouble.State state, String what) {
    Trouble was;
    Trouble now = null;
    synchronized (troubles) {
      was = trouble;
      if (state != null && what == null) troubles.remove(state);
      if (what != null) troubles.put(state, what);
      for (Map.Entry<Trouble.State, String> one : troubles.entrySet()) {
        now = new Trouble(one.getKey(), one.getValue());
        break;
      }
      trouble = now;
    }
    boolean isNew = now != null && (was == null || was.state() != now.state());
    if (isNew && now.state() != Trouble.State.CLOSED)
      LOG.log(Level.WARNING, now.what() + "; writes are refused until that is over");
    if (now == null && was != null && was.state() != Trouble.State.CLOSED)
      LOG.log(Level.INFO, "writes to " + disk.folder() + " go on");
    if (now != null) wakeWaiters();
  }

  /** Wakes and forgets all who need not wait any longer. */
  private void wakeWaiters() {
    for (Waiter next, one = waiters.getAndSet(null); one != null; one = next) {
      next = one.next;
      if (!isOver(one)) one.push(waiters);
      if (isOver(one)) LockSupport.unpark(one.thread); // else, who forces next sees it there
    }
  }

  private boolean isOver(Waiter waiter) {
    return isDone(waiter) || isBroken(trouble);
  }

  private boolean isDone(Waiter waiter) {
    return waiter.position <= (waiter.onlyReads ? written : forced);
  }

  /**
   * A thread that waits until all before a position is forced, or, if it only reads, written; the
   * position is 0 when it does not wait any more.
   */
  private static final class Waiter {
    private final Thread thread;
    private final boolean onlyReads;
    private volatile long position;
    private Waiter next;

    Waiter(Thread thread, long position, boolean onlyReads) {
      this.thread = thread;
      this.onlyReads = onlyReads;
      this.position = position;
    }

    void push(AtomicReference<Waiter> waiters) {
      do next = waiters.get();
      while (!waiters.compareAndSet(next, this));
    }
  }

  /** Forces what has been written, if something has; blocks as long as the disk does. */
  public void sync() {
    isForceAsked = false;
    if (!isRecovered || isPoisoned) return;
    forcing.lock();
    try {
      if (!isSealed() && dataEnd > forced && force()) mark();
    } finally {
      forcing.unlock();
    }
  }

  /** Under forcing; false if that has failed, now or before. */
  private boolean force() {
    if (isPoisoned) return false;
    forceBeganNanos = clock.nanoTime();
    isForcing = true; // from here on, for a write may hang as well
    try {
      write(end);
    } catch (LogException e) { // what was written before is forced all the same
      LOG.log(Level.DEBUG, "not all is written: {0}", e.getMessage());
    }
    try {
      long target = whole; // before the files are taken: those that are new then are empty
      forceFiles(target - forced);
      syncs.increment();
      forced = target;
      files.closeBefore(target);
      wakeWaiters();
      return true;
    } catch (IOException e) {
      isPoisoned = true;
      failedSyncs.increment();
      setTrouble(
          Trouble.State.HEALING,
          "a force of " + disk.folder() + " failed: " + reason(e) + "; all is written anew");
      distrust();
      return false;
    } finally {
      isForcing = false;
    }
  }

  private void forceFiles(long bytes) throws IOException {
    LogForceEvent event = FlightRecorder.isInitialized() ? new LogForceEvent() : null;
    if (event != null) event.begin();
    boolean isDone = false;
    try {
      for (Disk.File file : files.unforced()) file.force();
      isDone = true;
    } finally {
      if (event != null) record(event, bytes, !isDone);
    }
  }

  private void record(LogForceEvent event, long bytes, boolean isFailed) {
    event.end();
    if (!event.shouldCommit()) return;
    event.folder = disk.folder().toString();
    event.bytes = bytes;
    event.failed = isFailed;
    event.commit();
  }

  /** From here on, nothing is acknowledged but what is forced; see {@link #endHealing}. */
  private void distrust() {
    if (first == Long.MAX_VALUE) return;
    before = forced;
    first = Long.MAX_VALUE;
  }

  /**
   * Appends that all that is forced is, unless that was said, and has it written. While healing,
   * nothing is said: it would be taken for a word on the former run as well.
   */
  private void mark() {
    if (first != runStart || marked == forced) return;
    marked = forced;
    byte[] value = new byte[16];
    Record.putLong(value, 0, forced);
    Record.putLong(value, 8, Instant.now().toEpochMilli());
    synchronized (lock) {
      append(Record.MARK, Record.MARK_BYTES, 0, 0, NOTHING, value);
    }
    try {
      write(end);
    } catch (LogException e) { // it is written when all is
      LOG.log(Level.DEBUG, "a mark is not written yet: {0}", e.getMessage());
    }
  }

  /** Waits until {@link #sync} has something to do, or its time has come. */
  public void awaitSyncTime() throws InterruptedException {
    long deadline = clock.nanoTime() + SECONDS.toNanos(1);
    syncer = Thread.currentThread();
    while (true) {
      while (!isForceAsked && clock.nanoTime() - deadline < 0) {
        if (isWriteAsked) writeAsAsked();
        else clock.parkUntil(deadline);
        if (Thread.interrupted()) throw new InterruptedException("waiting to force the log");
      }
      boolean isDue =
          isForceAsked || settings.policy() != SyncPolicy.NO || end - forced > MAX_UNFORCED / 2;
      if (isDue) return;
      deadline = clock.nanoTime() + SECONDS.toNanos(1);
    }
  }

  /** For those who only read: a thread that writes may hang. */
  private void writeAsAsked() {
    isWriteAsked = false;
    try {
      write(end);
    } catch (LogException e) {
      LOG.log(Level.DEBUG, "what a read waits for is not written: {0}", e.getMessage());
    }
  }

  /**
   * Whether a snapshot is wanted: the log has become long, a force has failed, or the disk is full,
   * perhaps of what has been taken out since.
   */
  public boolean wantsSnapshot() {
    if (!isRecovered || isSealed() || clock.nanoTime() - retryNanos < 0) return false;
    return isPoisoned
        || hasTrouble(Trouble.State.HEALING)
        || hasTrouble(Trouble.State.FULL) && hasChanged()
        || logBytes() > Math.max(LEAST_LOG_BYTES, snapshotBytes);
  }

  /** Whether users have changed anything since the last snapshot. */
  private boolean hasChanged() {
    return dataEnd > Math.max(runStart, snapshotPosition) || formerBytes() > 0;
  }

  /** Whether all that was appended survives a power failure. */
  boolean isAllForced() {
    return dataEnd <= forced && first == runStart;
  }

  /** How long the log behind the snapshot is, the gaps between runs not counted. */
  private long logBytes() {
    return end - Math.max(runStart, snapshotPosition) + formerBytes();
  }

  private long formerBytes() {
    long bytes = 0;
    for (Segment segment : recovery.segments())
      if (segment.end() > snapshotPosition) bytes += segment.bytes();
    return bytes;
  }

  /**
   * Writes a snapshot of {@code content}, and gives up what is older; then writes go on, if they
   * waited for it. If that fails, the log has it tried again.
   *
   * @throws InterruptedException if the thread is interrupted; it may be called again
   */
  public void writeSnapshot(Content content) throws InterruptedException {
    compacting.lockInterruptibly(); // one that was killed may be at it until it notices
    try {
      boolean isHealing = hasTrouble(Trouble.State.HEALING);
      if (isPoisoned) beginAnew();
      long position;
      synchronized (lock) {
        if (isSealed) return;
        position = end;
      }
      awaitChanges();
      try (SnapshotWriter writer = new SnapshotWriter(disk, folder(), position)) {
        writer.write(content);
        long read = end;
        if (makeSafe(read)) publish(writer, writer.finish(read, nextBucket), isHealing);
        else retryNanos = clock.nanoTime() + RETRY_NANOS;
      }
      if (hasTrouble(Trouble.State.FULL)) retryNanos = clock.nanoTime() + FULL_NANOS;
    } catch (IOException e) {
      retryNanos = clock.nanoTime() + RETRY_NANOS;
      LOG.log(Level.WARNING, "no snapshot was written to " + disk.folder() + ": " + reason(e));
    } finally {
      compacting.unlock();
    }
  }

  private void publish(SnapshotWriter writer, Snapshot made, boolean isHealing)
      throws IOException {
    synchronized (naming) {
      if (isSealed()) return;
      writer.publish();
      snapshotPosition = made.position();
      snapshotBytes = made.recordBytes();
      if (isHealing) endHealing();
      giveUpBefore(made.position());
    }
  }

  private UUID folder() {
    return files.folder();
  }

  /** Begins a run behind one that cannot be trusted; what of that is not written never is. */
  private void beginAnew() throws IOException {
    forcing.lock();
    writing.lock();
    try {
      if (isSealed()) return; // the folder may be that of a next log
      long start = after(end);
      long fresh = new SecureRandom().nextLong();
      files.begin(start, written, false, fresh);
      synchronized (lock) {
        formerEnd = end;
        filling.clear();
        emptying.clear();
        emptied = 0;
        salt = fresh;
        end = start;
        dataEnd = start;
      }
      runStart = start;
      written = start;
      whole = start;
      forced = start;
      isPoisoned = false;
    } finally {
      writing.unlock();
      forcing.unlock();
    }
  }

  /** All that the former run had, and the snapshot has, is safe now. */
  private void endHealing() {
    forcing.lock();
    try {
      if (isPoisoned) return; // once more
      before = formerEnd;
      first = runStart;
      setTrouble(Trouble.State.HEALING, null);
    } finally {
      forcing.unlock();
    }
  }

  /** Waits until all changes that have begun can be seen. */
  private void awaitChanges() throws InterruptedException {
    int former = turn;
    awaitLeft(1 - former); // a wait that was broken off may have left some there
    turn = 1 - former;
    awaitLeft(former);
  }

  private void awaitLeft(int turn) throws InterruptedException {
    while (true) {
      long gone = left[turn].sum(); // first: who has gone has come before
      if (gone == entered[turn].sum()) return;
      clock.await(clock.nanoTime() + MILLISECONDS.toNanos(1));
    }
  }

  /** Forces all before {@code position}; while healing, too, and says so nowhere. */
  private boolean makeSafe(long position) {
    forcing.lock();
    try {
      writing.lock();
      try {
        if (written < position) writeOut();
      } finally {
        writing.unlock();
      }
      if (isSealed()) return false;
      if (forced >= position) return true;
      if (!force()) return false;
      mark();
      return true;
    } catch (LogException e) {
      LOG.log(Level.WARNING, "no snapshot was written: " + e.getMessage());
      return false;
    } finally {
      forcing.unlock();
    }
  }

  /** Deletes the snapshots and the files of the log that the one at {@code position} stands for. */
  private void giveUpBefore(long position) throws IOException {
    List<String> names = disk.names();
    deleteBefore(position, names, Header.Kind.SNAPSHOT);
    long firstKept = -1;
    for (String name : names) {
      long at = Header.position(name);
      if (name.startsWith(Header.Kind.LOG.prefix) && at <= position)
        firstKept = Math.max(firstKept, at);
    }
    deleteBefore(firstKept, names, Header.Kind.LOG);
    disk.forceNames();
  }

  private void deleteBefore(long position, List<String> names, Header.Kind kind)
      throws IOException {
    for (String name : names) {
      long at = Header.position(name);
      if (name.startsWith(kind.prefix) && at >= 0 && at < position) disk.delete(name);
    }
  }

  /** Writes and forces what there is, as far as it can, and refuses all that comes after that. */
  public void close() {
    if (!isRecovered || isSealed()) return;
    forcing.lock();
    try {
      synchronized (lock) {
        isSealed = true;
      }
      setTrouble(Trouble.State.CLOSED, "the storage is being restarted, or has ended");
      finish();
    } finally {
      abandonFiles();
      forcing.unlock();
    }
    synchronized (naming) { // a snapshot that is just getting its name has it now, or never
      LOG.log(Level.DEBUG, "the log in {0} is closed", disk.folder());
    }
  }

  private void finish() {
    tryAgain();
    if (dataEnd > forced && force()) {
      mark();
      tryAgain();
      force();
    }
    boolean isWritten = written >= dataEnd;
    if (isWritten && isAllForced()) return;
    String what = isWritten ? "safe from a power failure" : "written";
    LOG.log(
        Level.WARNING, "not all was " + what + " when the log in " + disk.folder() + " was closed");
  }

  private void abandonFiles() {
    writing.lock();
    try {
      files.abandon();
    } finally {
      writing.unlock();
    }
  }

  /** How the log is: for people and for tools. */
  public LogFigures figures() {
    Trouble now = trouble;
    long unsynced = isForcing ? clock.nanoTime() - forceBeganNanos : 0;
    return new LogFigures(
        now == null ? "open" : now.state().word,
        now == null ? "" : now.what(),
        free,
        end - written,
        NANOSECONDS.toSeconds(unsynced),
        syncs.sum(),
        failedSyncs.sum(),
        isRecovered ? logBytes() : 0,
        snapshotBytes);
  }

  /** Hears of the largest number of a bucket. */
  private static final class Numbers implements Replay {
    private final Replay target;
    private long next = 1;

    Numbers(Replay target) {
      this.target = target;
    }

    long next() {
      return next;
    }

    @Override
    public void reset() {
      target.reset();
    }

    @Override
    public void create(long bucket, byte[] name, long entries) {
      next = Math.max(next, bucket + 1);
      target.create(bucket, name, entries);
    }

    @Override
    public void drop(long bucket) {
      next = Math.max(next, bucket + 1);
      target.drop(bucket);
    }

    @Override
    public void put(long bucket, byte[] key, byte[] value, long deadlineMillis) {
      target.put(bucket, key, value, deadlineMillis);
    }

    @Override
    public void delete(long bucket, byte[] key) {
      target.delete(bucket, key);
    }
  }
}
