package kv.store;

import kv.log.LoadingException;
import kv.log.LogException;

/** What of a storage's content is known and safe: as far as it has a log, what that says. */
interface Durability {
  /** A log from when it is open; each start of the storage has one of its own. */
  interface Life {
    /** Where it ends: what has been read or written before now is no later. */
    long end();

    /**
     * Waits until what is before {@code end} is as safe as the policy of the log asks. One that is
     * closed does not wait, and knows what it has kept.
     *
     * @param hasWritten whether replies are to tell of a change; those that only tell what there is
     *     do not wait for a disk that fails
     * @throws LogException if it is not safe; what was written may have been carried out
     */
    void commit(long end, boolean hasWritten);
  }

  /** That of memory: all is known, and there is nothing to wait for. */
  Durability NONE =
      new Durability() {
        @Override
        public void ensureLoaded() {}

        @Override
        public Life life() {
          return null;
        }
      };

  /**
   * See {@link Storage#ensureLoaded}.
   *
   * @throws LoadingException if it is not known yet what there is
   */
  void ensureLoaded();

  /** The log that was open last, and may be closed; null if none was. */
  Life life();
}
