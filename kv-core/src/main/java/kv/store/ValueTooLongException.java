package kv.store;

/** Says that a value would be longer than a value may be in this storage; nothing has changed. */
public final class ValueTooLongException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ValueTooLongException(long bytes, int most) {
    super("a value of " + bytes + " bytes; it may have " + most, null, false, false);
  }
}
