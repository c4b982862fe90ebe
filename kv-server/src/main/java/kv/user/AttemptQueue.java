package kv.user;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import kv.user.Logins.Outcome;
import kv.user.Logins.Refused;

/**
 * Where clients wait for what only one may do at a time, in the order of arrival. Those of one
 * origin who attempt the same share a place: one of them leads, and has the turn for all. Only so
 * many places may wait. If there is one more, the queue sends away the one that came last from the
 * origin with most of them: so a client that fills all places keeps out those of its own origin,
 * and nobody else, as long as there are more places than origins. Safe for use by any thread.
 */
final class AttemptQueue {
  /** How often who leads a place that waits is looked after. */
  private static final long LOOK_MILLIS = 50;

  private final int maxWaiting;
  private final ReentrantLock lock = new ReentrantLock();

  /** The first has its turn, the others wait; guarded by the lock. */
  private final List<Place> places = new ArrayList<>();

  /** Those who attempt the same; compared by identity. Guarded by the lock. */
  private final class Place {
    private final Object origin;
    private final Object attempt;
    private final Condition changed = lock.newCondition();
    private int sharers;

    /** Null if it left, and nobody has taken the lead since. */
    private Thread leader = Thread.currentThread();

    /** Null until there is one; the place is given back by then. */
    private volatile Outcome outcome;

    private Place(Object origin, Object attempt) {
      this.origin = origin;
      this.attempt = attempt;
    }

    private void end(Outcome end) {
      outcome = end;
      remove();
      changed.signalAll();
    }

    private void remove() {
      boolean wasFirst = places.get(0) == this;
      places.remove(this);
      if (wasFirst && !places.isEmpty()) places.get(0).changed.signalAll();
    }

    private boolean isLedByMe() {
      return leader == Thread.currentThread();
    }

    private boolean hasMyTurn() {
      return isLedByMe() && places.indexOf(this) == 0;
    }
  }

  /** Nobody waits yet; at most {@code maxWaiting} places will, besides the one with the turn. */
  AttemptQueue(int maxWaiting) {
    this.maxWaiting = maxWaiting;
  }

  /**
   * Waits for a turn and takes it, or for what comes of the turn of another that attempts the same.
   *
   * @param origin where the caller is from; compared by {@code equals}
   * @param attempt what {@code turn} finds the outcome of; compared by {@code equals}
   * @param turn run on this thread or not at all; if it throws, the next of its place runs its own
   * @param isGone whether the caller has hung up; asked on this thread now and then while a turn is
   *     waited for and once after that, but never if the turn comes at once
   * @return {@link Refused#BUSY} if the place was sent away, {@link Refused#GONE} if it is gone
   * @throws InterruptedException if the thread was interrupted while it waited
   */
  Outcome await(Object origin, Object attempt, Supplier<Outcome> turn, BooleanSupplier isGone)
      throws InterruptedException {
    Place own = join(origin, attempt);
    try {
      boolean isTurn = isTurn(own);
      while (!isTurn && own.outcome == null) {
        isTurn = await(own);
        if (own.outcome == null && isGone.getAsBoolean()) return Refused.GONE;
      }
      if (isTurn) end(own, turn.get());
      return own.outcome;
    } finally {
      leave(own);
    }
  }

  private Place join(Object origin, Object attempt) {
    lock.lock();
    try {
      Place own = null;
      for (Place place : places)
        if (place.origin.equals(origin) && place.attempt.equals(attempt)) own = place;
      if (own == null) places.add(own = new Place(origin, attempt));
      own.sharers++;
      if (places.size() > maxWaiting + 1) sendOneAway();
      return own;
    } finally {
      lock.unlock();
    }
  }

  private void sendOneAway() {
    List<Place> waiting = places.subList(1, places.size());
    List<Object> origins = waiting.stream().map(place -> place.origin).toList();
    Place last = null;
    int most = 0;
    for (Place place : waiting) {
      int count = Collections.frequency(origins, place.origin);
      if (count >= most) last = place;
      most = Math.max(most, count);
    }
    last.end(Refused.BUSY);
  }

  private boolean isTurn(Place own) {
    lock.lock();
    try {
      return own.hasMyTurn();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until there is an outcome, or for the lead; who has that, for the turn or a look. Answers
   * whether it is the turn.
   */
  private boolean await(Place own) throws InterruptedException {
    lock.lock();
    try {
      if (own.isLedByMe()) {
        if (!own.hasMyTurn() && own.outcome == null)
          own.changed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      } else {
        while (own.leader != null && own.outcome == null) own.changed.await();
        if (own.outcome == null) own.leader = Thread.currentThread();
      }
      return own.hasMyTurn();
    } finally {
      lock.unlock();
    }
  }

  private void end(Place own, Outcome outcome) {
    lock.lock();
    try {
      own.end(outcome);
    } finally {
      lock.unlock();
    }
  }

  private void leave(Place own) {
    lock.lock();
    try {
      own.sharers--;
      if (own.outcome != null) return;
      if (own.sharers == 0) own.remove();
      else if (own.isLedByMe()) {
        own.leader = null;
        own.changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }
}
