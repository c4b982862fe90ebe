package kv.store;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import kv.log.Extent;
import kv.log.LoadingException;
import kv.log.Log;
import kv.log.LogSettings;
import kv.log.disk.Disk;
import kv.log.disk.FolderException;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.Name;
import kv.otp.OutOfHeap;
import kv.otp.Proc;
import kv.otp.Supervisor;

/**
 * What a life of a durable storage stands on: a log, and the table that was recovered from it. It
 * outlives crashes of the children that work at it, and ends with the supervisor of the storage.
 * Safe for use by any thread.
 *
 * <pre>
 *   recovering → open → over → closed
 *       `→ failed ------^
 * </pre>
 *
 * <p>Where the disk fails while it recovers, the first life of a process fails, as somebody has
 * just set that folder, and hears what is wrong with it. A later one stays recovering, and is tried
 * again: the node has served from that folder, and will when the disk does.
 */
final class LogLife implements Durability.Life {
  private static final System.Logger LOG = System.getLogger(LogLife.class.getName());

  private final Disk disk;
  private final LogSettings settings;
  private final Common common;
  private final Name<Supervisor> supervisor;
  private final Name<Registry> registry;
  private final Consumer<LogLife> onOpen;

  /** Whether the process had none before. */
  private final boolean isFirst;

  /** Held while the log is read or closed, by a keeper that was killed, too, until it notices. */
  private final ReentrantLock reading = new ReentrantLock();

  // Guarded by reading; the log is also read without it, and is null until it could be opened.
  private volatile Log log;
  private Extent kept;
  private boolean wasRead;

  /** Whether people have been told that the disk fails. */
  private boolean isTold;
  private boolean isClosed;

  /** Written under this, as is what follows; null while it is not open. */
  private volatile DurableTable table;

  /** What was the table until the end; null if there was none. */
  private DurableTable former;

  private volatile FolderException failure;

  /** From here on the log has what is nowhere else, and is not opened anew. */
  private volatile boolean wasOpen;

  private volatile boolean isOver;

  /** Stands for the supervisor of buckets. */
  private Object parent;

  /**
   * Opens the log; of a later life, {@link #recover} does if the disk fails now.
   *
   * @param onOpen hears of this life right before its table can be used
   * @throws FolderException if it cannot be used, or holds what cannot fit the heap
   */
  LogLife(
      Disk disk,
      LogSettings settings,
      Common common,
      Name<Supervisor> supervisor,
      Name<Registry> registry,
      boolean isFirst,
      Consumer<LogLife> onOpen) {
    this.disk = disk;
    this.settings = settings;
    this.common = common;
    this.supervisor = supervisor;
    this.registry = registry;
    this.isFirst = isFirst;
    this.onOpen = onOpen;
    try {
      openLog();
    } catch (FolderException e) {
      if (!mayPass(e)) throw e;
    }
  }

  private void openLog() {
    Log opened = Log.open(disk, settings);
    kept = opened.extent();
    HeapRoom.ensure(disk.folder(), kept, heapBytes());
    log = opened;
  }

  /** Whether it is the disk that fails, and not what is on it that is wrong. */
  private boolean mayPass(FolderException e) {
    return !isFirst && e.getCause() instanceof IOException;
  }

  Log log() {
    return log;
  }

  @Override
  public long end() {
    return log.end();
  }

  @Override
  public void commit(long end, boolean hasWritten) {
    log.commit(end, hasWritten);
  }

  /**
   * The table.
   *
   * @throws LoadingException if it is not there yet, or not any more
   */
  DurableTable table() {
    DurableTable present = table;
    if (present == null) throw new LoadingException(Math.min(99, percent()));
    return present;
  }

  private int percent() {
    Log opened = log;
    return opened == null ? 0 : opened.percent();
  }

  /** The table; null if it is not there. */
  DurableTable tableOrNull() {
    return table;
  }

  /** All buckets; a live view. None before it is open. */
  Collection<Bucket> buckets() {
    DurableTable present = table;
    return present == null ? List.of() : present.all();
  }

  /** Why it will never open; empty if nothing is known against it. */
  Optional<FolderException> failure() {
    return Optional.ofNullable(failure);
  }

  /**
   * Recovers the table from the log, from the beginning if a keeper was killed at it, and has its
   * buckets become children; does no more than is left to do.
   *
   * @return false if the disk fails: it is to be tried again
   * @throws FolderException if that cannot be; it will be no other way the next time
   */
  boolean recover(Proc keeper) throws InterruptedException {
    reading.lockInterruptibly();
    try {
      if (!wasOpen && !isOver) readAnew(keeper);
    } catch (FolderException e) {
      if (mayPass(e)) {
        tell(e);
        return false;
      }
      fail(e);
      throw e;
    } finally {
      reading.unlock();
    }
    giveChildren();
    return true;
  }

  private void tell(FolderException e) {
    if (!isTold) LOG.log(Level.WARNING, e.getMessage() + "; this is tried again each second");
    isTold = true;
  }

  private void readAnew(Proc keeper) throws InterruptedException {
    if (failure != null) throw failure;
    if (wasRead) log.close();
    if (wasRead || log == null) openLog();
    wasRead = true;
    try {
      read(keeper);
    } catch (ReplayedBuckets.TooMuchException e) { // what was read is garbage by now
      throw tooSmall(e);
    } catch (OutOfMemoryError e) {
      if (OutOfHeap.isSaidBy(e)) throw tooSmall(e);
      throw e;
    }
  }

  private FolderException tooSmall(Throwable cause) {
    return HeapRoom.tooSmall(disk.folder(), kept, heapBytes(), log.percent(), cause);
  }

  private static long heapBytes() {
    return Runtime.getRuntime().maxMemory();
  }

  private void read(Proc keeper) throws InterruptedException {
    ReplayedBuckets replayed = new ReplayedBuckets(common, HeapRoom.forEntries(heapBytes()));
    boolean isKept = false;
    try {
      log.recover(replayed);
      DurableTable recovered = new DurableTable(log, common, supervisor, registry);
      replayed.addTo(recovered);
      keeper.ensureAlive();
      isKept = open(recovered);
    } finally {
      if (!isKept) replayed.giveUp();
    }
  }

  private synchronized boolean open(DurableTable recovered) {
    if (isOver) return false;
    wasOpen = true;
    recovered.claim(parent);
    if (!isFirst) tellBack(recovered);
    onOpen.accept(this);
    table = recovered;
    notifyAll();
    return true;
  }

  private void tellBack(DurableTable recovered) {
    long keys = recovered.all().stream().mapToLong(Bucket::count).sum();
    int count = recovered.all().size();
    LOG.log(
        Level.INFO,
        () -> count + " buckets, " + keys + " keys are back from " + disk.folder());
  }

  private synchronized void fail(FolderException e) {
    failure = e;
    notifyAll();
  }

  /** Waits without limit until it is open. */
  synchronized void awaitOpen() throws InterruptedException {
    while (table == null) wait();
  }

  /** Waits until it is open, or will not be, for so long at the most. */
  synchronized void awaitOpen(Duration time) throws InterruptedException {
    long deadline = System.nanoTime() + time.toNanos();
    while (table == null && failure == null && !isOver) {
      long millis = NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (millis <= 0) return;
      wait(millis);
    }
  }

  /**
   * As {@link #awaitOpen()}, for those outside.
   *
   * @throws FolderException if it will never be
   * @throws ExitedException if it is over
   */
  synchronized void awaitRecovered() throws InterruptedException {
    while (table == null) {
      if (failure != null) throw failure;
      if (isOver) throw new ExitedException("storage", ExitReason.NO_PROC);
      wait();
    }
  }

  /**
   * From here on, buckets are the children of a new supervisor, for which {@code newParent} stands;
   * what is still under way of the one before comes to nothing.
   */
  synchronized void claim(Object newParent) {
    parent = newParent;
    if (table != null) table.claim(newParent);
  }

  /**
   * Has each bucket that is nobody's child become one. It may be called by several at a time: by
   * the keeper when the table is open, by a supervisor of buckets when it is there, whichever comes
   * later, and by a registry, for what a kill in the middle of a create has left.
   */
  void giveChildren() throws InterruptedException {
    DurableTable present = table;
    Optional<Supervisor> parent = supervisor.whereis();
    if (present == null || parent.isEmpty()) return;
    try {
      present.giveChildren(parent.get());
    } catch (ExitedException e) { // the next one does it
      LOG.log(Level.DEBUG, "the supervisor of buckets ended before it had all of them", e);
    }
  }

  /** It is not used any more: its memory is not counted. Does not block. */
  synchronized void giveUp() {
    isOver = true;
    if (table != null) former = table;
    table = null;
    if (former != null) former.giveUp();
    notifyAll();
  }

  /** Ends it, and closes the log; waits until that is done. */
  void close() {
    giveUp();
    reading.lock();
    try {
      if (isClosed) return;
      isClosed = true;
      if (log != null) log.close();
    } finally {
      reading.unlock();
    }
  }

  /**
   * Lets go of what it held, once it is closed: all of that is read once more, and the heap need
   * not have room for both, whoever still has a bucket of this one.
   */
  void forget() {
    DurableTable forgotten;
    synchronized (this) {
      forgotten = former;
      former = null;
    }
    if (forgotten != null) forgotten.forget();
  }
}
