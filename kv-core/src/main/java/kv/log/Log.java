package kv.log;

/**
 * The log of a storage, from when it is opened until it is closed: a life of the storage has one.
 * Safe for use by any thread.
 *
 * <pre>opened → recovered → closed</pre>
 */
public final class Log {
  /** Looks, right before a record is appended, whether that may still be. */
  public interface Guard {
    /** Throws what its caller is to be told if no more is to be written. Must not block. */
    void ensureOpen();
  }

  private Log() {}

  /**
   * Opens the log in a folder, or makes an empty one; looks at all that can be told without reading
   * it whole.
   *
   * @param disk the folder; nobody else may have it
   * @throws FolderException if the folder cannot be used as it is; nothing has been changed then
   */
  public static Log open(Disk disk, LogSettings settings) {
    return new Log();
  }

  /**
   * Tells {@code target} of all that was kept, cuts off a torn tail, and begins a new file. To be
   * called once, by one thread, before anything is appended.
   *
   * @throws FolderException if something is damaged; nothing has been changed then
   * @throws InterruptedException if the thread is interrupted; it may be opened again
   */
  public void recover(Replay target) throws InterruptedException {}

  /** How much of it has been told, 0 to 100. */
  public int percent() {
    return 100;
  }

  /** The number for a next bucket: larger than any there was. Once it is recovered. */
  public long nextBucket() {
    return 1;
  }

  /**
   * To be asked before something is written: whether there is room for a record, which {@code
   * append} then has. Waits while others write, if much has gathered.
   *
   * @param takesRoom whether more is kept after that than before; what is taken out may use the
   *     reserve
   * @throws LogException if writes are refused; nothing has been done
   */
  public void ensureWritable(boolean takesRoom) {}

  /** Appends that {@code key} has {@code value}; see {@link #ensureWritable}. */
  public long put(Guard guard, long bucket, byte[] key, byte[] value, long deadlineMillis) {
    return 0;
  }

  /** Appends that {@code key} has no value; see {@link #put}. */
  public long delete(Guard guard, long bucket, byte[] key) {
    return 0;
  }

  /** Appends that a bucket was created; see {@link #put}. */
  public long create(Guard guard, long bucket, byte[] name) {
    return 0;
  }

  /** Appends that a bucket was dropped; see {@link #put}. */
  public long drop(Guard guard, long bucket) {
    return 0;
  }

  /**
   * To be called before a change is appended and made, and {@link #leave} with its answer when
   * others can see it: a snapshot waits for those that are in between.
   */
  public int enter() {
    return 0;
  }

  /** See {@link #enter}. */
  public void leave(int entered) {}

  /** Where it ends. */
  public long end() {
    return 0;
  }

  /**
   * Waits until what is before {@code end} is as safe as the policy says.
   *
   * @param end what {@link #end} has told, perhaps of a former log of the same folder
   * @param hasWritten whether what is to be acknowledged has changed something; else it need not
   *     be safe while writes fail or hang
   * @throws LogException if it is not safe; what was written may have been carried out
   */
  public void commit(long end, boolean hasWritten) {}

  /**
   * What has to be done now and then, each second: looks how much is free, tries again what has
   * failed.
   */
  public void tend() {}

  /** Forces what has been written, if something has; blocks as long as the disk does. */
  public void sync() {}

  /** Waits until {@link #sync} has something to do, or its time has come. */
  public void awaitSyncTime() throws InterruptedException {}

  /** Whether a snapshot is wanted: the log has become long, or a force has failed. */
  public boolean wantsSnapshot() {
    return false;
  }

  /**
   * Writes a snapshot of {@code content}, and gives up what is older; then writes go on, if they
   * waited for it.
   *
   * @throws InterruptedException if the thread is interrupted; it may be called again
   */
  public void writeSnapshot(Content content) throws InterruptedException {}

  /** Writes and forces what there is, as far as it can, and refuses all that comes after that. */
  public void close() {}
}
