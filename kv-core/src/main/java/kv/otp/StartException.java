package kv.otp;

/**
 * Says that a {@link Supervisor}, or a {@link GenServer} with an init function, could not be
 * started. Thrown from a start function, it becomes the bare reason of that child's failed start,
 * so that failures pass through nested supervisors unchanged.
 */
public final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient String name;
  private final transient ExitReason reason;

  StartException(String name, ExitReason reason) {
    super(null, reason.cause());
    this.name = name;
    this.reason = reason;
  }

  @Override
  public String getMessage() {
    return name + " did not start: " + reason;
  }

  /**
   * Why. Of a server: what its init function exited or crashed with. Of a supervisor: {@code
   * shutdown(failed_to_start_child(id, reason))} if a child failed, a crash whose term is a text
   * that says which flag or spec is wrong otherwise, OTP's {@code start_spec} for people.
   */
  public ExitReason reason() {
    return reason;
  }
}
