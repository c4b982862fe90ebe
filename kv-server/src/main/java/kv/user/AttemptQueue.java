package kv.user;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Where clients wait for what only one may do at a time, in the order of arrival. Only so many may
 * wait. If there is one more, the queue sends away the one that came last from the origin with most
 * of them: so a client that fills all places keeps out those of its own origin, and nobody else, as
 * long as there are more places than origins. Safe for use by any thread.
 */
final class AttemptQueue {
  private final int maxWaiting;

  /** The first has its turn, the others wait; guarded by this. */
  private final List<Place> places = new ArrayList<>();

  /** Somebody who waits, or whose turn it is; compared by identity. */
  private static final class Place {
    private final Object origin;

    private Place(Object origin) {
      this.origin = origin;
    }
  }

  /** Nobody waits yet; at most {@code maxWaiting} will, besides the one whose turn it is. */
  AttemptQueue(int maxWaiting) {
    this.maxWaiting = maxWaiting;
  }

  /**
   * Waits for a turn, which lasts until {@link #end}.
   *
   * @param origin where the caller is from; compared by {@code equals}
   * @return false if it was sent away, and has no turn
   * @throws InterruptedException if the thread was interrupted before; then it has no turn either
   */
  synchronized boolean await(Object origin) throws InterruptedException {
    if (Thread.interrupted()) throw new InterruptedException("before it was its turn");
    Place own = new Place(origin);
    places.add(own);
    if (places.size() > maxWaiting + 1) sendOneAway();
    try {
      while (places.contains(own) && places.get(0) != own) wait();
    } catch (InterruptedException e) {
      places.remove(own);
      notifyAll(); // it may have been its turn by then
      throw e;
    }
    return places.contains(own);
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
    places.remove(last);
    notifyAll();
  }

  /** Ends the turn; to be called once by the thread that has it. */
  synchronized void end() {
    places.remove(0);
    notifyAll();
  }
}
