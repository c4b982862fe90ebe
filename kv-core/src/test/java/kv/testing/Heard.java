package kv.testing;

import java.util.ArrayList;
import java.util.List;

/** What the handler of a thread hears of what nobody catches, where a test plays that handler. */
public final class Heard implements Thread.UncaughtExceptionHandler {
  private final List<Throwable> thrown = new ArrayList<>();

  /** Runs {@code action} on this thread, whose handler this is while it runs. */
  public Heard during(Runnable action) {
    Thread thread = Thread.currentThread();
    Thread.UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
    listen();
    try {
      action.run();
    } finally {
      thread.setUncaughtExceptionHandler(before);
    }
    return this;
  }

  /** Makes this the handler of the thread that calls. */
  public void listen() {
    Thread.currentThread().setUncaughtExceptionHandler(this);
  }

  @Override
  public synchronized void uncaughtException(Thread thread, Throwable heard) {
    thrown.add(heard);
  }

  /** All that it has heard, in order. */
  public synchronized List<Throwable> thrown() {
    return List.copyOf(thrown);
  }
}
