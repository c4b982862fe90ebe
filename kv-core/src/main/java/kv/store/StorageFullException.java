package kv.store;

/**
 * Says that what should be written has no room in the {@link Memory}; nothing has changed. Reads,
 * deletes and values that are no longer than those that they replace need none. Has no stack trace:
 * it is thrown at every write while the storage is full.
 */
public final class StorageFullException extends RuntimeException {
  private static final long serialVersionUID = 1;

  StorageFullException(long held, long limit) {
    super(
        "out of memory: " + held + " of " + limit
            + " bytes are held; delete something, or drop a bucket",
        null,
        false,
        false);
  }
}
