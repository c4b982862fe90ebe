package kv.event;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Spliterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import kv.otp.Down;
import kv.otp.ExitedException;
import kv.otp.Monitor;
import kv.otp.Proc;

/**
 * The manager's end and the consumer's end of one stream: a handler that queues, a spliterator that
 * waits. Once ended, it queues nothing; what is queued by then it yields, unless it was released.
 * All that changes is guarded by this.
 */
final class EventStream<E> implements EventHandler<E>, Spliterator<E> {
  /** How many events a stream may lag behind before it is cut off. */
  static final int MAX_BEHIND = 1024;

  static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

  private record Element<E>(E event, CompletableFuture<Void> consumed) {}

  private final EventManager<E> manager;
  private final Proc consumer; // null if its life is not tied to any
  private final Duration timeout;

  private final ArrayDeque<Element<E>> queue = new ArrayDeque<>();
  private final List<Monitor> monitors = new ArrayList<>(2);
  private Element<E> current; // what the consumer is at, or was last
  private boolean subscribed;
  private boolean ended;
  private boolean left;
  private RuntimeException failure;

  EventStream(EventManager<E> manager) {
    this(manager, null, FOREVER);
  }

  EventStream(EventManager<E> manager, Proc consumer, Duration timeout) {
    this.manager = manager;
    this.consumer = consumer;
    this.timeout = timeout;
  }

  // The manager's end

  @Override
  public void handle(E event) {
    offer(event);
  }

  /** Queues an event; what is returned completes when the consumer is done with it or is gone. */
  synchronized CompletableFuture<Void> offer(E event) {
    if (ended) return CompletableFuture.completedFuture(null); // before the manager heard of it
    CompletableFuture<Void> consumed = new CompletableFuture<>();
    if (queue.size() == MAX_BEHIND)
      throw new IllegalStateException("a " + this + " fell behind by " + MAX_BEHIND + " events");
    queue.add(new Element<>(event, consumed));
    notifyAll();
    return consumed;
  }

  @Override
  public Object terminate(Removal cause) {
    if (cause instanceof Removal.Failed failed)
      end(new IllegalStateException(failed.cause().getMessage(), failed.cause()));
    else end(null);
    return null;
  }

  /** Hears of a stop, too, but by then {@link #terminate} has said that all is well. */
  private void managerEnded(Down down) {
    end(new ExitedException(down.proc().name(), down.reason()));
  }

  // The consumer's end

  @Override
  public boolean tryAdvance(Consumer<? super E> action) {
    Element<E> next;
    try {
      next = next();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for an event", e);
    } catch (TimeoutException e) {
      String none = "no event of " + manager.proc().name() + " within " + timeout;
      IllegalStateException late = new IllegalStateException(none, e);
      end(late);
      leave();
      throw late;
    }
    if (next == null) return false;
    try {
      action.accept(next.event);
    } finally {
      next.consumed.complete(null);
    }
    return true;
  }

  /** The next element, waited for; null at the end. */
  private Element<E> next() throws InterruptedException, TimeoutException {
    long deadlineNanos = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
    subscribe();
    synchronized (this) {
      while (queue.isEmpty() && !ended) {
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0) throw new TimeoutException();
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
      current = queue.poll();
      if (current == null && failure != null) throw failure;
      return current;
    }
  }

  private void subscribe() throws InterruptedException, TimeoutException {
    synchronized (this) {
      if (subscribed || ended) return;
      subscribed = true;
    }
    if (consumer != null) watch(consumer, this::consumerEnded);
    watch(manager.proc(), this::managerEnded);
    try {
      EventServer<E> rules = manager.rules;
      rules.server().call(() -> rules.add(this, () -> this, null), timeout);
    } catch (RuntimeException e) { // there is no manager, or this is its own thread
      end(e);
    } finally {
      if (hasLeft()) unsubscribe(); // whoever left meanwhile may have come before the request
    }
  }

  private void watch(Proc proc, Consumer<Down> watcher) {
    Monitor monitor = proc.monitor(watcher);
    synchronized (this) {
      monitors.add(monitor);
    }
  }

  private void consumerEnded(Down down) {
    end(new ExitedException(down.proc().name(), down.reason()));
    leave();
  }

  /** Unsubscribes; what is queued counts as consumed. Who pulls nevertheless finds the end. */
  void close() {
    end(null);
    synchronized (this) {
      failure = null;
    }
    leave();
  }

  /** The end, after what is queued; the first that says why is believed. */
  private synchronized void end(RuntimeException why) {
    if (ended) return;
    ended = true;
    failure = why;
    notifyAll();
  }

  /** Lets go of what a stream that has ended holds, and of all who wait for it. */
  private void leave() {
    synchronized (this) {
      left = true;
      if (current != null) current.consumed.complete(null);
      queue.forEach(element -> element.consumed.complete(null));
      queue.clear();
    }
    unsubscribe();
  }

  private synchronized boolean hasLeft() {
    return left;
  }

  private void unsubscribe() {
    List<Monitor> watching;
    synchronized (this) {
      watching = List.copyOf(monitors);
      monitors.clear();
    }
    watching.forEach(Monitor::demonitor);
    manager.rules.server().cast(() -> manager.rules.remove(this, null));
  }

  @Override
  public Spliterator<E> trySplit() {
    return null;
  }

  @Override
  public long estimateSize() {
    return Long.MAX_VALUE;
  }

  @Override
  public int characteristics() {
    return ORDERED | NONNULL;
  }

  static void await(CompletableFuture<Void> consumed) throws InterruptedException {
    try {
      consumed.get();
    } catch (ExecutionException e) {
      throw new AssertionError("consumption does not fail", e);
    }
  }

  @Override
  public String toString() {
    return "stream of " + manager.proc().name();
  }
}
