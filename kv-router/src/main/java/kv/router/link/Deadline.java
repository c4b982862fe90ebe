package kv.router.link;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * Until when the call of a {@link Link} that this thread is in may wait, whatever it waits for. RMI
 * cannot hand it down to the sockets that it uses, so it belongs to the thread from its start to
 * its close. For that thread only.
 */
final class Deadline implements AutoCloseable {
  private static final ThreadLocal<Deadline> CURRENT = new ThreadLocal<>();

  private final long endNanos;
  private boolean isWhole = true;

  private Deadline(Duration time) {
    endNanos = System.nanoTime() + time.toNanos();
  }

  /** Begins the time that this thread has. */
  static Deadline start(Duration time) {
    Deadline deadline = new Deadline(time);
    CURRENT.set(deadline);
    return deadline;
  }

  /** Whether this thread is in the call of a link. */
  static boolean isRunning() {
    return CURRENT.get() != null;
  }

  /**
   * How long this thread may wait for one thing: {@code most}, or less if its deadline is nearer.
   *
   * @return 1 or more
   * @throws SocketTimeoutException if its deadline has passed
   */
  static int millisLeft(int most) throws SocketTimeoutException {
    Deadline current = CURRENT.get();
    if (current == null) return most;
    long left = current.nanosLeft();
    if (left <= 0) throw new SocketTimeoutException("the time for the call is over");
    return (int) Math.min(most, NANOSECONDS.toMillis(left - 1) + 1);
  }

  /**
   * Until when this thread may wait for one thing, on the clock of {@link System#nanoTime}: until
   * its deadline, or for {@code otherwise} milliseconds from now if it has none.
   */
  static long endNanos(int otherwise) {
    Deadline current = CURRENT.get();
    return current == null ? System.nanoTime() + MILLISECONDS.toNanos(otherwise) : current.endNanos;
  }

  /** What is left, in nanoseconds; less than zero once it has passed. */
  long nanosLeft() {
    return endNanos - System.nanoTime();
  }

  /** Says that a part of the time has gone into something else than what is to be done in it. */
  void cut() {
    isWhole = false;
  }

  /** Whether all of the time was there for what is to be done in it. */
  boolean isWhole() {
    return isWhole;
  }

  @Override
  public void close() {
    CURRENT.remove();
  }
}
