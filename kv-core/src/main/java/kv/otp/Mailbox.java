package kv.otp;

import java.util.ArrayDeque;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

/**
 * The messages that wait for one consumer, first come first served, but for those that should have
 * been there already. Guarded by itself. A closed mailbox is empty, takes no message and gives
 * none.
 *
 * <p>A message of a timer is put when its time has come: before the next one that somebody puts, or
 * by the consumer, which waits no longer than that. So there is no thread that watches the clock.
 */
final class Mailbox {
  /** A message that is put at its time, unless it is cancelled before. */
  final class Timer implements GenServer.Timer, Comparable<Timer> {
    private final long dueNanos;
    private final long number;

    /** Null once it is put or cancelled: those who hold the timer need not hold it as well. */
    private GenServer.Message message;

    private Timer(GenServer.Message message, long dueNanos, long number) {
      this.message = message;
      this.dueNanos = dueNanos;
      this.number = number;
    }

    @Override
    public boolean cancel() {
      synchronized (Mailbox.this) {
        return timers.remove(this) && take() != null;
      }
    }

    private GenServer.Message take() {
      GenServer.Message taken = message;
      message = null;
      return taken;
    }

    /** By time, of which the difference counts, as it may overflow; the older one first. */
    @Override
    public int compareTo(Timer other) {
      int byTime = Long.signum(dueNanos - other.dueNanos);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  private final Clock clock;
  private final ArrayDeque<GenServer.Message> messages = new ArrayDeque<>();
  private final ArrayDeque<GenServer.Message> early = new ArrayDeque<>(0);
  private final TreeSet<Timer> timers = new TreeSet<>();
  private long timersSoFar;
  private Thread consumer; // whom to wake
  private boolean closed;

  Mailbox(Clock clock) {
    this.clock = clock;
  }

  /** Adds a message; false if the mailbox is closed. */
  synchronized boolean put(GenServer.Message message) {
    if (closed) return false;
    putDue();
    messages.add(message);
    LockSupport.unpark(consumer);
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
    LockSupport.unpark(consumer);
  }

  /** Puts a message {@code nanos} from now, half of all that a long can count at the most. */
  synchronized Timer putAfter(GenServer.Message message, long nanos) {
    long dueNanos = clock.nanoTime() + Math.min(nanos, Long.MAX_VALUE / 2);
    Timer timer = new Timer(message, dueNanos, timersSoFar++);
    if (closed) return timer;
    timers.add(timer);
    LockSupport.unpark(consumer);
    return timer;
  }

  /** Waits for the next message, on the one thread that ever does; null once it is closed. */
  GenServer.Message take() throws InterruptedException {
    while (true) {
      Timer first;
      synchronized (this) {
        consumer = Thread.currentThread();
        putDue();
        if (closed || !early.isEmpty() || !messages.isEmpty()) return poll();
        first = timers.isEmpty() ? null : timers.first();
      }
      if (first == null) LockSupport.park(this);
      else clock.parkUntil(first.dueNanos);
      if (Thread.interrupted()) throw new InterruptedException("waiting for a message");
    }
  }

  /** How many messages wait for the consumer, and not for their time. */
  synchronized int size() {
    putDue();
    return early.size() + messages.size();
  }

  private void putDue() {
    if (timers.isEmpty()) return; // which spares the clock
    long now = clock.nanoTime();
    while (!timers.isEmpty() && timers.first().dueNanos - now <= 0)
      messages.add(timers.pollFirst().take());
  }

  private GenServer.Message poll() {
    GenServer.Message next = early.isEmpty() ? messages.poll() : early.poll();
    notifyAll(); // those who wait for room
    return next;
  }

  synchronized void close() {
    closed = true;
    early.clear();
    messages.clear();
    timers.forEach(Timer::take);
    timers.clear();
    LockSupport.unpark(consumer);
    notifyAll();
  }
}
