package kv.log.disk;

/**
 * Says that a folder cannot be used for a log. Its message is one line for the operator: the
 * folder, what is wrong with it, and what to do.
 */
public final class FolderException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** One with its line. What would break the line, or hide in it, becomes a question mark. */
  public FolderException(String message) {
    this(message, null);
  }

  /** One with its line, and what has caused it. */
  public FolderException(String message, Throwable cause) {
    super(message.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]", "?"), cause);
  }
}
