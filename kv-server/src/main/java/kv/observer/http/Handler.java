package kv.observer.http;

/** Replies to the requests of a route. */
@FunctionalInterface
public interface Handler {
  /**
   * Called on the thread of the exchange, at the same time for several of them. What it throws is
   * logged, and replied to with status 500.
   *
   * @throws InterruptedException if the thread was interrupted: the exchange took too long, or the
   *     port is closed
   */
  Response handle(Request request) throws InterruptedException;
}
