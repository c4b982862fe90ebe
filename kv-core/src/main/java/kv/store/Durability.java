package kv.store;

import kv.log.LoadingException;
import kv.log.LogException;

/** What of a storage's content is known and safe: as far as it has a log, what that says. */
interface Durability {
  /** That of memory: all is known, and there is nothing to wait for. */
  Durability NONE =
      new Durability() {
        @Override
        public void ensureLoaded() {}

        @Override
        public long end() {
          return 0;
        }

        @Override
        public void commit(long end, boolean hasWritten) {}
      };

  /**
   * See {@link Storage#ensureLoaded}.
   *
   * @throws LoadingException if it is not known yet what there is
   */
  void ensureLoaded();

  /** See {@link Storage#end}. */
  long end();

  /**
   * See {@link Storage#commit}.
   *
   * @throws LogException if it is not safe
   */
  void commit(long end, boolean hasWritten);
}
