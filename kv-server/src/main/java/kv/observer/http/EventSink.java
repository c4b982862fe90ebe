package kv.observer.http;

import java.io.IOException;

/** Where the events of one stream go; for the thread that the stream is on. */
public interface EventSink {
  /**
   * Writes one or more whole events, as {@code text/event-stream} has them in UTF-8. Waits until
   * the system has taken them; if that lasts longer than a request may, the stream is cut off.
   *
   * @throws IOException if the browser is gone, or the stream was cut off
   */
  void send(byte[] events) throws IOException;
}
