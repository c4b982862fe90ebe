package kv.log;

/**
 * Says that a folder cannot be used as it is: it is in use, is not one of ours, is damaged, or the
 * disk does not let it be read or written. The message is one line, and names the place and the
 * remedy.
 */
public final class FolderException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** One with what users are told. */
  public FolderException(String message) {
    super(message);
  }

  /** One with what users are told, and what has caused it. */
  public FolderException(String message, Throwable cause) {
    super(message, cause);
  }
}
