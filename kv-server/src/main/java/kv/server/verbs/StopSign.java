package kv.server.verbs;

/**
 * Tells a connection that it is to stop. Its thread sees so before it waits for requests; if it
 * waits for a supervisor it is interrupted, for supervisors may be waiting for the connection's
 * end. Nothing else of what it does is. Safe for use by any thread.
 */
public final class StopSign {
  private volatile boolean isGiven;

  /** Whether the connection's thread may be waiting for a supervisor; guarded by this. */
  private boolean isAsking;

  public boolean isGiven() {
    return isGiven;
  }

  public synchronized void give(Thread worker) {
    isGiven = true;
    if (isAsking) worker.interrupt();
  }

  /** To be called by the connection's thread before it may ask a supervisor. */
  public synchronized void startAsking() {
    isAsking = true;
    if (isGiven) Thread.currentThread().interrupt(); // what asks nobody does not notice
  }

  /** To be called by the connection's thread afterwards. */
  public synchronized void stopAsking() {
    isAsking = false;
    if (isGiven) Thread.interrupted(); // it was meant for what was asked
  }
}
