package kv.event;

/**
 * What an {@link EventManager} calls with each event. All methods run on the manager's thread, one
 * at a time, and hold up every other handler while they run.
 *
 * @param <E> what events are
 */
@FunctionalInterface
public interface EventHandler<E> {
  /**
   * Runs when the handler is added, before it is given any event.
   *
   * @throws Exception anything: the handler is not added
   */
  default void init() throws Exception {}

  /**
   * Handles one event.
   *
   * @throws Leave to be removed quietly
   * @throws Exception anything else: this handler is removed; the others get the event all the same
   */
  void handle(E event) throws Exception;

  /**
   * Answers a request to this handler alone.
   *
   * @param request what was passed to {@link EventManager#call}; may be null
   * @return the answer; may be null
   * @throws Leave to answer what it carries, and be removed quietly
   * @throws Exception anything else: this handler is removed, and the caller told why; so is one
   *     that takes no requests, by {@code UnsupportedOperationException}
   */
  default Object call(Object request) throws Exception {
    throw new UnsupportedOperationException("the handler takes no requests");
  }

  /**
   * Runs when the handler has been removed, whatever the cause; it gets no event any more. Not run
   * if the manager is killed or crashes.
   *
   * @return the answer to {@link EventManager#remove} or for the successor of a {@link
   *     EventManager#swap}, where that is the cause; may be null
   * @throws Exception anything: it is logged
   */
  default Object terminate(Removal cause) throws Exception {
    return null;
  }
}
