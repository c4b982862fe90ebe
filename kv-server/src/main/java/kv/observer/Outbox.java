package kv.observer;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What waits to be sent to one page. A page that is slow, or asleep, costs no more than this holds:
 * what comes while it is full closes it, and the page is dropped; it may come back, and is told all
 * anew then. Safe for use by any thread.
 */
final class Outbox {
  /** It is full above that, and so has room for one more event, however long: a long history. */
  static final int MAX_BYTES = 4 * 1024 * 1024;

  private final Deque<byte[]> events = new ArrayDeque<>();
  private int bytes;
  private boolean isClosed;

  /** Adds what is to be sent; false if it was full, or is closed. */
  synchronized boolean offer(byte[] event) {
    isClosed |= bytes > MAX_BYTES;
    if (isClosed) {
      close();
      return false;
    }
    events.add(event);
    bytes += event.length;
    notifyAll();
    return true;
  }

  /** The next to be sent, waited for; null once it is closed. */
  synchronized byte[] take() throws InterruptedException {
    while (!isClosed && events.isEmpty()) wait();
    if (isClosed) return null;
    byte[] next = events.remove();
    bytes -= next.length;
    return next;
  }

  synchronized void close() {
    isClosed = true;
    events.clear();
    bytes = 0;
    notifyAll();
  }
}
