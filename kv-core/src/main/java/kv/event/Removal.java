package kv.event;

import kv.otp.ExitReason;

/** Why a handler is removed. */
public sealed interface Removal {
  /**
   * Somebody called {@link EventManager#remove}.
   *
   * @param argument what was passed there; may be null
   */
  record Asked(Object argument) implements Removal {}

  /**
   * The handler threw.
   *
   * @param cause what it threw
   */
  record Failed(Throwable cause) implements Removal {}

  /**
   * The proc that the handler was tied to has ended.
   *
   * @param reason what it ended with
   */
  record OwnerExited(ExitReason reason) implements Removal {}

  /**
   * The manager was stopped in order.
   *
   * @param reason what it ends with
   */
  record Stopped(ExitReason reason) implements Removal {}
}
