package kv.store;

import kv.log.LogException;

/**
 * How far a durable storage has to be safe before replies leave: as far as its log had come after
 * the last command. Not thread-safe; used again and again:
 *
 * <pre>
 *   commit.begin(true);
 *   bucket.put(key, value);
 *   commit.end();
 *   ...
 *   commit.run();
 * </pre>
 *
 * <p>It knows the log that a command began with: if the storage is restarted meanwhile, it is that
 * log that tells what is safe, and no later one. In memory only, it does nothing.
 */
public final class Commit {
  /** A command runs, and a long reply may leave in parts before it returns. */
  private static final long UNKNOWN = -1;

  private final Durability durability;

  /** The log of the commands that have been run since the last time; null if there are none. */
  private Durability.Life life;

  private long end;
  private boolean isWriting;
  private boolean hasWritten;

  /** Why some of the replies must not leave; null if nothing is known. */
  private LogException failure;

  /** Nothing has been run yet against {@code storage}. */
  public Commit(Storage storage) {
    durability = storage.durability();
  }

  /** To be called before a command runs, which may change something if {@code isWrite}. */
  public void begin(boolean isWrite) {
    Durability.Life present = durability.life();
    if (present != life) settle();
    life = present;
    end = UNKNOWN;
    isWriting = isWrite;
  }

  /** To be called when it has returned. */
  public void end() {
    Durability.Life present = durability.life();
    if (life == null) life = present; // opened meanwhile, for the first time
    if (life == null) return;
    end = life.end();
    hasWritten |= isWriting; // also if it found all as it wants it: others may just have done that
    if (present != life && isWriting)
      fail(
          new LogException(
              "the storage was restarted meanwhile; the command may have been carried out"));
  }

  /**
   * Waits until the replies to the commands that have been run since the last time may leave; does
   * nothing if there are none.
   *
   * @throws LogException if they must not leave; they are not waited for again
   */
  public void run() {
    settle();
    LogException because = failure;
    failure = null;
    if (because != null) throw because;
  }

  private void settle() {
    Durability.Life used = life;
    boolean wrote = hasWritten || end == UNKNOWN && isWriting;
    life = null;
    hasWritten = false;
    if (used == null) return;
    try {
      used.commit(end == UNKNOWN ? used.end() : end, wrote);
    } catch (LogException e) {
      fail(e);
    }
  }

  private void fail(LogException e) {
    if (failure == null) failure = e;
    else failure.addSuppressed(e);
  }
}
