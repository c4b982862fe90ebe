package kv.event;

/**
 * Thrown by a handler to be removed, quietly: its {@code terminate} runs with {@link Removal#LEFT},
 * and nothing is logged. Means so from {@link EventHandler#handle} and {@link EventHandler#call}
 * only; elsewhere it is a failure like any other.
 */
public final class Leave extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Object answer;

  /** Leaves without a word. */
  public Leave() {
    this(null);
  }

  /**
   * Leaves with an answer to the {@link EventHandler#call} that throws it; dropped elsewhere.
   *
   * @param answer may be null
   */
  public Leave(Object answer) {
    super("the handler leaves", null, false, false); // an order, not a fault: nobody asks where
    this.answer = answer;
  }

  Object answer() {
    return answer;
  }
}
