package kv.drill;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits, with a bound, for a state that another process comes to in its own time and tells nobody
 * of: that its descriptors are closed, or that it answers again. Asking until it is so is the only
 * way to know; what the calling process itself brings about is awaited by latches instead.
 */
final class Patience {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** Tells what is not yet as it must be; null if nothing. */
  interface Fault {
    String find() throws IOException, InterruptedException;
  }

  private Patience() {}

  /** Looks until there is no fault, or {@code bound} has passed; answers the last one, or null. */
  static String until(Duration bound, Fault fault) throws IOException, InterruptedException {
    long end = System.nanoTime() + bound.toNanos();
    String found = fault.find();
    while (found != null && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(PAUSE_NANOS);
      found = fault.find();
    }
    return found;
  }
}
