package kv.event;

import java.util.ArrayDeque;
import java.util.Spliterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import kv.otp.Down;
import kv.otp.ExitedException;
import kv.otp.Monitor;

/**
 * The manager's end and the consumer's end of one stream: a handler that queues, a spliterator that
 * waits. The queue and the stage that the stream is in are guarded by this.
 */
final class EventStream<E> implements EventHandler<E>, Spliterator<E> {
  /** How many events a stream may lag behind before it is cut off. */
  static final int MAX_BEHIND = 1024;

  private record Element<E>(E event, CompletableFuture<Void> consumed) {}

  private final EventManager<E> manager;
  private final ArrayDeque<Element<E>> queue = new ArrayDeque<>();
  private boolean subscribed;
  private boolean ended;
  private RuntimeException failure;
  private volatile Monitor monitor;

  EventStream(EventManager<E> manager) {
    this.manager = manager;
  }

  // The manager's end

  @Override
  public void handle(E event) {
    offer(event);
  }

  /** Queues an event; what is returned completes when the consumer is done with it or is gone. */
  synchronized CompletableFuture<Void> offer(E event) {
    if (ended) return CompletableFuture.completedFuture(null); // closed before the manager heard
    CompletableFuture<Void> consumed = new CompletableFuture<>();
    if (queue.size() == MAX_BEHIND) throw new IllegalStateException(behind());
    queue.add(new Element<>(event, consumed));
    notifyAll();
    return consumed;
  }

  @Override
  public Object terminate(Removal cause) {
    boolean cutOff = cause instanceof Removal.Failed;
    end(cutOff ? new IllegalStateException(behind()) : null);
    return null;
  }

  private String behind() {
    return "a stream of " + manager.proc().name() + " fell behind by " + MAX_BEHIND + " events";
  }

  private synchronized void end(RuntimeException why) {
    if (ended) return;
    ended = true;
    failure = why;
    notifyAll();
  }

  /** Hears of a stop, too, but by then {@link #terminate} has said that all is well. */
  private void managerEnded(Down down) {
    end(new ExitedException(manager.proc().name(), down.reason()));
  }

  // The consumer's end

  @Override
  public boolean tryAdvance(Consumer<? super E> action) {
    try {
      subscribe();
      Element<E> next = next();
      if (next == null) return false;
      try {
        action.accept(next.event);
      } finally {
        next.consumed.complete(null);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for an event", e);
    }
  }

  /** Unsubscribes; what is queued counts as consumed. Who pulls nevertheless finds the end. */
  void close() {
    synchronized (this) {
      ended = true;
      failure = null;
      queue.forEach(element -> element.consumed.complete(null));
      queue.clear();
      notifyAll();
      if (!subscribed) return;
    }
    if (monitor != null) monitor.demonitor();
    try {
      manager.remove(this, null);
    } catch (ExitedException e) {
      return; // the manager took its handlers along
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void subscribe() throws InterruptedException {
    synchronized (this) {
      if (subscribed || ended) return;
      subscribed = true;
    }
    manager.add(this, this);
    monitor = manager.proc().monitor(this::managerEnded);
  }

  private synchronized Element<E> next() throws InterruptedException {
    while (queue.isEmpty() && !ended) wait();
    Element<E> next = queue.poll();
    if (next == null && failure != null) throw failure;
    return next;
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
