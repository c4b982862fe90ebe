package kv.log;

/**
 * Says that what is asked of a log cannot be had now: it refuses to write, or what was written is
 * not safe. The message is for clients, and says whether what was asked may have been carried out.
 * Has no stack trace: it is thrown again and again while a disk is full.
 */
public final class LogException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** One with what clients are told. */
  public LogException(String message) {
    this(message, null);
  }

  /** One with what clients are told, and what has caused it. */
  public LogException(String message, Throwable cause) {
    super(message, cause, false, false);
  }
}
