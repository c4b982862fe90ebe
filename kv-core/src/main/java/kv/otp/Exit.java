package kv.otp;

import static java.util.Objects.requireNonNull;

/**
 * Thrown by a proc's own code to end that proc with a reason of its choice: Erlang's {@code
 * exit/1}. From a start function it becomes the bare reason of the failed start.
 */
public final class Exit extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient ExitReason reason;

  /** Ends the proc whose thread throws it with {@code reason}. */
  public Exit(ExitReason reason) {
    super(null, requireNonNull(reason, "reason").cause());
    this.reason = reason;
  }

  /** Made when it is asked for: a reason from deep in a tree is long. */
  @Override
  public String getMessage() {
    return reason.toString();
  }

  /** What the proc ends with. */
  public ExitReason reason() {
    return reason;
  }

  /** What an uncaught {@code thrown} makes of the proc in whose code it was thrown. */
  public static ExitReason reasonOf(Throwable thrown) {
    return thrown instanceof Exit exit ? exit.reason : ExitReason.crash(thrown);
  }
}
