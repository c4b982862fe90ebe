package kv.event;

import kv.otp.ExitReason;

/** Why a handler is removed. */
public sealed interface Removal {
  /** The handler threw {@link Leave}. */
  Removal LEFT = Plain.LEFT;

  /** The cause that carries nothing. */
  enum Plain implements Removal {
    /** See {@link Removal#LEFT}. */
    LEFT
  }

  /**
   * Somebody called {@link EventManager#remove}.
   *
   * @param argument what was passed there; may be null
   */
  record Asked(Object argument) implements Removal {}

  /**
   * Somebody called {@link EventManager#swap}.
   *
   * @param newId the successor's id
   * @param argument what was passed there; may be null
   */
  record Swapped(Object newId, Object argument) implements Removal {}

  /**
   * The handler threw; or, as told to an owner, the successor in a swap could not be made, or its
   * {@code init} threw.
   *
   * @param cause what was thrown
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

  /**
   * The manager was killed or has crashed. The owner is told; the handler's {@code terminate} is
   * not run.
   *
   * @param reason what the manager ended with
   */
  record ManagerExited(ExitReason reason) implements Removal {}
}
