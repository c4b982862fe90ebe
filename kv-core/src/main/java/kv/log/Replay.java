package kv.log;

/** Hears, in order, of all that a log has kept. For one thread. */
public interface Replay {
  /** Does nothing: for what is only to be verified. */
  Replay NONE =
      new Replay() {
        @Override
        public void reset() {}

        @Override
        public void create(long bucket, byte[] name, long entries) {}

        @Override
        public void drop(long bucket) {}

        @Override
        public void put(long bucket, byte[] key, byte[] value, long deadlineMillis) {}

        @Override
        public void delete(long bucket, byte[] key) {}
      };

  /** Forget all that was heard: it begins anew, from an older snapshot. */
  void reset();

  /**
   * A bucket was created; does nothing if there is one of that number.
   *
   * @param entries about how many keys it will have; 0 if that is not known
   */
  void create(long bucket, byte[] name, long entries);

  /** The bucket was dropped, with all that it held. */
  void drop(long bucket);

  /**
   * The key has that value. The arrays are the listener's own.
   *
   * @param deadlineMillis when it expires, by the wall clock; 0 for never
   */
  void put(long bucket, byte[] key, byte[] value, long deadlineMillis);

  /** The key has no value any more. */
  void delete(long bucket, byte[] key);
}
