package kv.store;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import kv.log.LogException;
import kv.otp.Clock;
import kv.otp.ExitedException;
import kv.otp.Proc;
import kv.otp.Task;

/**
 * Takes out the keys that have expired, and that nobody has come upon: looks about each half a
 * second, and takes a few out of each bucket in turn until no more are due.
 */
final class Sweeper implements Task.Work {
  private static final System.Logger LOG = System.getLogger(Sweeper.class.getName());
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
      Collection<Bucket> left = buckets.get();
      while (!left.isEmpty()) left = sweep(left, self);
    }
  }

  /** Takes a few keys out of each of {@code some}; answers in which there may be more. */
  private static List<Bucket> sweep(Collection<Bucket> some, Proc self)
      throws InterruptedException {
    List<Bucket> left = new ArrayList<>();
    for (Bucket bucket : some) {
      self.ensureAlive();
      if (Thread.interrupted()) throw new InterruptedException("while keys were taken out");
      if (sweep(bucket)) left.add(bucket);
    }
    Thread.yield(); // clients come first
    return left;
  }

  private static boolean sweep(Bucket bucket) {
    try {
      return bucket.expireDue(STEP);
    } catch (ExitedException e) {
      LOG.log(Level.DEBUG, "a bucket was dropped while keys were taken out of it", e);
    } catch (LogException e) { // which the log has told of; the bucket's turn comes again
      LOG.log(Level.DEBUG, "keys that have expired cannot be taken out for now", e);
    }
    return false;
  }
}
