package kv.event;

/** What an {@link EventManager} answers when its handlers are administered or called. */
public sealed interface EventResult {
  /** The handler was added. */
  EventResult ADDED = Plain.ADDED;

  /** There is a handler under that id. */
  EventResult ALREADY_PRESENT = Plain.ALREADY_PRESENT;

  /** There is no handler under that id. */
  EventResult NOT_FOUND = Plain.NOT_FOUND;

  /** The answers that carry nothing. */
  enum Plain implements EventResult {
    /** See {@link EventResult#ADDED}. */
    ADDED,
    /** See {@link EventResult#ALREADY_PRESENT}. */
    ALREADY_PRESENT,
    /** See {@link EventResult#NOT_FOUND}. */
    NOT_FOUND
  }

  /**
   * The handler was called.
   *
   * @param value what it answered; may be null
   */
  record Answered(Object value) implements EventResult {}

  /**
   * The handler was removed.
   *
   * @param answer what its {@code terminate} returned; may be null
   */
  record Removed(Object answer) implements EventResult {}

  /**
   * The handler threw: from its {@code init}, and it was not added; from its {@code call}, and it
   * was removed. Or the successor in a swap could not be made.
   *
   * @param cause what was thrown
   */
  record Failed(Throwable cause) implements EventResult {}
}
