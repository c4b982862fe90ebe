package kv.drill;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** What all who take part in a drill share. Safe for use by any thread. */
final class Drill {
  private final ConcurrentLinkedQueue<String> findings = new ConcurrentLinkedQueue<>();
  private final CountDownLatch trouble = new CountDownLatch(1);
  private final LongAdder done = new LongAdder();
  private final LongAdder confirmed = new LongAdder();
  private volatile int faults;
  private volatile boolean isOver;

  /** Something is as it must never be; the drill need not go on. */
  void report(String finding) {
    findings.add(finding);
    trouble.countDown();
  }

  /** All that was reported. */
  List<String> findings() {
    return List.copyOf(findings);
  }

  /** Lets that time pass under load; true, at once, if there is something to report. */
  boolean isTroubledWithin(Duration time) throws InterruptedException {
    return trouble.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** How many faults have been, so that clients know when to look at all that they have. */
  int faults() {
    return faults;
  }

  /** A fault has been, and is over. For one thread. */
  void faulted() {
    faults = faults + 1;
  }

  /** The clients stop. */
  void end() {
    isOver = true;
  }

  boolean isOver() {
    return isOver || trouble.getCount() == 0;
  }

  /** A request was carried out. */
  void count() {
    done.increment();
  }

  /** An acknowledged write was found to be there. */
  void countConfirmed() {
    confirmed.increment();
  }

  long done() {
    return done.sum();
  }

  long confirmed() {
    return confirmed.sum();
  }
}
