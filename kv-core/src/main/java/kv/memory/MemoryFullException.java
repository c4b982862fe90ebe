package kv.memory;


/**
 * Says that something has no room in a {@link Memory}, as a write may have none in a storage that
 * is full; nothing has changed. Has no stack trace: it is thrown again and again while the memory
 * is full.
 */
public final class MemoryFullException extends RuntimeException {
  private static final long serialVersionUID = 1;

  MemoryFullException(long held, long limit, String remedy) {
    super(
        "out of memory: " + held + " of " + limit + " bytes are held" + remedy,
        null,
        false,
        false);
  }
}
