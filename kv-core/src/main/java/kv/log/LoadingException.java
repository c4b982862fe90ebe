package kv.log;

/**
 * Says that a log is still being read, so that nobody knows yet what there is; nothing has been
 * done. Has no stack trace: clients ask again and again.
 */
public final class LoadingException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final int percent;

  /** One with how much has been read, 0 to 100. */
  public LoadingException(int percent) {
    super("loading: " + percent + "%", null, false, false);
    this.percent = percent;
  }

  /** How much has been read, 0 to 100. */
  public int percent() {
    return percent;
  }
}
