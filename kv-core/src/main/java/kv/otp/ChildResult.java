package kv.otp;

/**
 * What a supervisor answers when its children are administered: values, for each is to be expected.
 */
public sealed interface ChildResult {
  /** See {@link Plain#DONE}. */
  ChildResult DONE = Plain.DONE;

  /** See {@link Plain#IGNORED}. */
  ChildResult IGNORED = Plain.IGNORED;

  /** See {@link Plain#ALREADY_PRESENT}. */
  ChildResult ALREADY_PRESENT = Plain.ALREADY_PRESENT;

  /** See {@link Plain#NOT_FOUND}. */
  ChildResult NOT_FOUND = Plain.NOT_FOUND;

  /** See {@link Plain#RUNNING}. */
  ChildResult RUNNING = Plain.RUNNING;

  /** See {@link Plain#RESTARTING}. */
  ChildResult RESTARTING = Plain.RESTARTING;

  /** See {@link Plain#SIMPLE_ONE_FOR_ONE}. */
  ChildResult SIMPLE_ONE_FOR_ONE = Plain.SIMPLE_ONE_FOR_ONE;

  /** The answers that carry nothing. */
  enum Plain implements ChildResult {
    /** Done. */
    DONE,
    /**
     * The start function had nothing to start; the spec is kept unless it is temporary, or one of
     * simple_one_for_one.
     */
    IGNORED,
    /** There is a child with that id, though it is not running. */
    ALREADY_PRESENT,
    /** There is no such child. */
    NOT_FOUND,
    /** That cannot be done with a child that is running. */
    RUNNING,
    /** That cannot be done with a child that is being restarted. */
    RESTARTING,
    /** That call means nothing under simple_one_for_one, or only under it. */
    SIMPLE_ONE_FOR_ONE
  }

  /**
   * The child was started.
   *
   * @param proc its life
   * @param info what its start function told besides, or null
   */
  record Started(Proc proc, Object info) implements ChildResult {}

  /**
   * A child with that id is running.
   *
   * @param proc its life
   */
  record AlreadyStarted(Proc proc) implements ChildResult {}

  /**
   * The child could not be started.
   *
   * @param reason why
   */
  record Failed(ExitReason reason) implements ChildResult {}

  /**
   * The spec was refused, and nothing was started.
   *
   * @param fault what is wrong with it
   */
  record Invalid(String fault) implements ChildResult {}
}
