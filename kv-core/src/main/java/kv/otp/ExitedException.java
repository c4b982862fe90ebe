package kv.otp;

/**
 * Says that the proc that was asked has ended, before or while it was asked: Erlang's {@code
 * noproc}. If it ended while it was asked, the request may or may not have been carried out.
 */
public final class ExitedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Object name;
  private final transient ExitReason reason;

  /** Says that {@code name} has ended with {@code reason}. */
  public ExitedException(Object name, ExitReason reason) {
    super(null, reason.cause());
    this.name = name;
    this.reason = reason;
  }

  @Override
  public String getMessage() {
    return Log.describe(name) + " is not running: " + reason;
  }

  /** What it ended with; {@link ExitReason#NO_PROC} if it was gone before it was asked. */
  public ExitReason reason() {
    return reason;
  }
}
