package kv.router;

import kv.command.Access;
import kv.command.BucketCommand;
import kv.log.LogException;
import kv.store.Storage;

/**
 * How far the storage of this node has to be safe before replies leave: as far as it had come after
 * the last command that was run on a bucket here. Not thread-safe; used again and again.
 */
final class Commit {
  private static final long NOWHERE = 0;

  /** A command runs, and a long reply may leave in parts before it returns. */
  private static final long UNKNOWN = -1;

  private final Storage storage;
  private long end = NOWHERE;
  private boolean hasWritten;

  /** Nothing has been run yet against {@code storage}. */
  Commit(Storage storage) {
    this.storage = storage;
  }

  /** To be called before {@code command} runs. */
  void begin(BucketCommand command) {
    end = UNKNOWN;
    hasWritten |= command.access().includes(Access.WRITE);
  }

  /** To be called when it has returned. */
  void end() {
    end = storage.end();
  }

  /**
   * Waits until the replies to the commands that have been run since the last time may leave; does
   * nothing if there are none.
   *
   * @throws LogException if they must not leave; they are not waited for again
   */
  void run() {
    if (end == NOWHERE) return;
    long upTo = end == UNKNOWN ? storage.end() : end;
    boolean wrote = hasWritten;
    end = NOWHERE;
    hasWritten = false;
    if (upTo != NOWHERE) storage.commit(upTo, wrote);
  }
}
