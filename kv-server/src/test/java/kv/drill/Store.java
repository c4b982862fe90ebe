package kv.drill;

import java.io.Closeable;
import java.io.IOException;

/** A way to whatever answers requests: a node, or a double of one. */
@FunctionalInterface
interface Store extends Closeable {
  /**
   * Asks, and waits for the answer.
   *
   * @throws IOException if none came: the request may have been carried out, or may be later
   * @throws WrongReplyException if one came that cannot be one to this request
   */
  Answer run(Request request) throws IOException;

  @Override
  default void close() throws IOException {}
}
