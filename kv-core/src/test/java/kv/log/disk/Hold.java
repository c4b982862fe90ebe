package kv.log.disk;

/**
 * Holds calls of a {@link FaultyDisk} until it is closed, or the disk crashes; other calls go on.
 * As with a real disk, no interrupt ends the waiting.
 */
public final class Hold implements AutoCloseable {
  private final Object lock;
  private int arrived;
  private boolean isOpen = true;

  /** One whose state the monitor {@code lock} guards. */
  Hold(Object lock) {
    this.lock = lock;
  }

  /** Waits until as many calls have been held. */
  public void awaitCalls(int count) throws InterruptedException {
    synchronized (lock) {
      while (arrived < count) lock.wait();
    }
  }

  /** Lets all go, those that are yet to come as well. */
  public void release() {
    synchronized (lock) {
      isOpen = false;
      lock.notifyAll();
    }
  }

  /** The same. */
  @Override
  public void close() {
    release();
  }

  /** Holds the calling thread, which has the monitor. */
  void hold() {
    arrived++;
    lock.notifyAll();
    boolean isInterrupted = false;
    while (isOpen)
      try {
        lock.wait();
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    if (isInterrupted) Thread.currentThread().interrupt();
  }
}
