package kv.store;

import java.time.Duration;
import java.util.Collection;
import java.util.function.Supplier;
import kv.log.LogException;
import kv.otp.Clock;
import kv.otp.Proc;
import kv.otp.Task;

/**
 * Takes out the keys that have expired, and that nobody has come upon: looks about each half a
 * second, and takes a few out of each bucket in turn until no more are due.
 */
final class Sweeper implements Task.Work {
  private static final long PAUSE_NANOS = Duration.ofMillis(500).toNanos();

  /** How many keys it takes out of one bucket before it looks at others, and at its own life. */
  private static final int STEP = 256;

  private final Supplier<Collection<Bucket>> buckets;
  private final Clock clock;

  /** Sweeps whatever {@code buckets} there are. */
  Sweeper(Supplier<Collection<Bucket>> buckets, Clock clock) {
    this.buckets = buckets;
    this.clock = clock;
  }

  @Override
  public void run(Proc self) throws InterruptedException {
    while (true) {
      clock.await(clock.nanoTime() + PAUSE_NANOS);
      while (sweep(self)) Thread.yield(); // clients come first
    }
  }

  /** Whether there may be more to take out. */
  private boolean sweep(Proc self) throws InterruptedException {
    boolean isMore = false;
    for (Bucket bucket : buckets.get()) {
      self.ensureAlive();
      if (Thread.interrupted()) throw new InterruptedException("while keys were taken out");
      isMore |= sweep(bucket);
    }
    return isMore;
  }

  private static boolean sweep(Bucket bucket) {
    try {
      return bucket.expireDue(STEP);
    } catch (LogException e) { // which the log has told of; the bucket's turn comes again
      return false;
    }
  }
}
