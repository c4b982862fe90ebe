package kv.otp;

import java.util.ArrayDeque;

/**
 * The messages that wait for one consumer, first come first served, but for those that should have
 * been there already. Guarded by itself. A closed mailbox is empty, takes no message and gives
 * none.
 */
final class Mailbox {
  private final ArrayDeque<GenServer.Message> messages = new ArrayDeque<>();
  private final ArrayDeque<GenServer.Message> early = new ArrayDeque<>(0);
  private boolean closed;

  /** Adds a message; false if the mailbox is closed. */
  synchronized boolean put(GenServer.Message message) {
    if (closed) return false;
    messages.add(message);
    notifyAll();
    return true;
  }

  /** As {@link #put}, but waits first while {@code capacity} messages or more are waiting. */
  synchronized boolean put(GenServer.Message message, int capacity) throws InterruptedException {
    while (!closed && messages.size() >= capacity) wait();
    return put(message);
  }

  /** Adds a message before all that {@link #put} has added, behind those that came in this way. */
  synchronized void putEarly(GenServer.Message message) {
    if (closed) return;
    early.add(message);
    notifyAll();
  }

  /** Waits for the next message; null once the mailbox is closed. */
  synchronized GenServer.Message take() throws InterruptedException {
    while (!closed && early.isEmpty() && messages.isEmpty()) wait();
    GenServer.Message next = early.isEmpty() ? messages.poll() : early.poll();
    notifyAll();
    return next;
  }

  synchronized void close() {
    closed = true;
    early.clear();
    messages.clear();
    notifyAll();
  }
}
