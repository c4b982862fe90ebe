package kv.observer.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import kv.figures.Traffic;
import kv.observer.http.Place.Stage;

/**
 * The places of one start of a port: there is a thread for each, and so many exchanges are under
 * way at a time. Where all are taken, the oldest whose head has not come yet gives way to the next
 * one; so does who is told that there is no place. One place is never given to anything but these
 * and health, so a probe that sends its head at once is answered, whatever others hold.
 *
 * <p>An exchange is ended by an interrupt of its thread, which closes its connection. Safe for use
 * by any thread.
 */
final class Places implements Executor {
  private static final int LOOKS_IN_A_REQUEST = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Bounds bounds;
  private final Traffic traffic;

  /** Those that are taken, the oldest first; guarded by this. */
  private final Map<Thread, Place> taken = new LinkedHashMap<>();

  private boolean isClosed;

  Places(Bounds bounds, Traffic traffic) {
    this.bounds = bounds;
    this.traffic = traffic;
  }

  /**
   * Runs {@code exchange} on a thread of its own, as soon as it has a place. Meanwhile nothing else
   * is accepted: the caller is the thread that accepts.
   *
   * @throws RejectedExecutionException if the port is closed; the connection is closed then, as
   *     with an error of a machine that has no thread left
   */
  @Override
  public void execute(Runnable exchange) {
    Thread thread = new Thread(() -> run(exchange), "observer exchange");
    thread.setDaemon(true);
    take(thread);
    boolean isStarted = false;
    try {
      thread.start();
      isStarted = true;
    } finally {
      if (!isStarted) {
        traffic.count(Traffic.Event.REFUSED_OBSERVER_CONNECTIONS);
        leave(thread);
      }
    }
  }

  private synchronized void take(Thread thread) {
    try {
      while (!isClosed && taken.size() >= bounds.connections()) makeRoom();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      isClosed = true; // who accepts can accept no more
    }
    if (isClosed) throw new RejectedExecutionException("the port is closed");
    taken.put(thread, new Place(thread, System.nanoTime()));
    notifyAll();
  }

  /** Has the oldest that may give way do so, when it may, and waits for something to happen. */
  private void makeRoom() throws InterruptedException {
    long millis = 0; // without limit: whoever leaves tells
    if (taken.values().stream().noneMatch(place -> place.stage == Stage.ENDING)) {
      Place oldest = taken.values().stream().filter(Place::givesWay).findFirst().orElse(null);
      if (oldest != null) {
        long age = System.nanoTime() - oldest.sinceNanos;
        millis = bounds.head().minusNanos(age).toMillis() + 1;
        if (age >= bounds.head().toNanos()) {
          millis = 0;
          traffic.count(Traffic.Event.REFUSED_OBSERVER_CONNECTIONS);
          end(oldest);
        }
      }
    }
    wait(millis);
  }

  private static void end(Place place) {
    place.stage = Stage.ENDING;
    place.thread.interrupt();
  }

  private void run(Runnable exchange) {
    try {
      exchange.run();
    } finally {
      leave(Thread.currentThread());
    }
  }

  private synchronized void leave(Thread thread) {
    Place left = taken.remove(thread);
    if (left.stage == Stage.HEAD && thread == Thread.currentThread())
      traffic.count(Traffic.Event.MALFORMED_OBSERVER_REQUESTS);
    notifyAll();
  }

  /** The place of the exchange on the calling thread. */
  synchronized Place own() {
    return taken.get(Thread.currentThread());
  }

  /** Its head has come, and it asks for health. */
  synchronized void becomeHealth(Place place) {
    become(place, Stage.HEALTH);
  }

  /** Its head has come: whether there is a place for it besides the one that is kept. */
  synchronized boolean becomeRequest(Place place) {
    long others =
        taken.values().stream()
            .filter(other -> other.stage == Stage.REQUEST || other.stage == Stage.STREAM)
            .count();
    boolean isFree = others < bounds.connections() - 1;
    if (isFree) become(place, Stage.REQUEST);
    return isFree;
  }

  /** Its head has come, and it is told why nothing is done for it. */
  synchronized void becomeRefused(Place place) {
    become(place, Stage.REFUSED);
  }

  /** It is to be a stream: whether there may be one more. */
  synchronized boolean becomeStream(Place place) {
    long others = taken.values().stream().filter(other -> other.stage == Stage.STREAM).count();
    boolean isFree = others < bounds.streams();
    if (isFree) become(place, Stage.STREAM);
    return isFree;
  }

  synchronized boolean givesWay(Place place) {
    return place.givesWay();
  }

  private static void become(Place place, Stage stage) {
    if (place.stage != Stage.ENDING) place.stage = stage;
  }

  /** Ends whatever takes too long, until the thread is interrupted. */
  synchronized void guard() throws InterruptedException {
    long requestNanos = bounds.request().toNanos();
    long lookMillis = Math.max(1, bounds.request().toMillis() / LOOKS_IN_A_REQUEST);
    while (true) {
      long nowNanos = System.nanoTime();
      for (Place place : taken.values()) {
        if (!place.isLate(nowNanos, requestNanos)) continue;
        traffic.count(
            place.stage == Stage.STREAM
                ? Traffic.Event.STUCK_OBSERVER_STREAMS
                : Traffic.Event.SLOW_OBSERVER_REQUESTS);
        end(place);
      }
      wait(taken.isEmpty() ? 0 : lookMillis);
    }
  }

  /**
   * Ends them all, and waits a while for that; from now on none is given. Called on one of their
   * own threads, as by somebody who crashes the port from the page, it leaves that one alone: an
   * interrupt would have the JDK's server not wait until the port is free.
   */
  void close() {
    List<Thread> threads;
    synchronized (this) {
      isClosed = true;
      threads = new ArrayList<>(taken.keySet());
      threads.remove(Thread.currentThread());
      threads.forEach(thread -> end(taken.get(thread)));
      notifyAll();
    }
    awaitEnd(threads);
  }

  /** The thread is not interrupted, and none of {@code threads}. */
  private static void awaitEnd(List<Thread> threads) {
    long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
    try {
      for (Thread thread : threads) {
        long millis = (deadlineNanos - System.nanoTime()) / 1_000_000;
        if (millis > 0) thread.join(millis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
