package kv.observer.http;

import java.io.IOException;

/** Sends events to those who ask for a route, as long as they listen. */
@FunctionalInterface
public interface StreamHandler {
  /**
   * Called on a thread that is for this one stream. The stream ends when this returns or throws;
   * an {@link IOException} of {@code events} is the way in which most end.
   *
   * @throws IOException if the browser is gone
   * @throws InterruptedException if the thread was interrupted: the port is closed
   */
  void stream(Request request, EventSink events) throws IOException, InterruptedException;
}
