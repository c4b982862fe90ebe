package kv.event;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Spliterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import kv.otp.Clock;
import kv.otp.Down;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.Monitor;
import kv.otp.Proc;

/**
 * The manager's end and the consumer's end of one stream: a handler that queues, a spliterator that
 * waits, on one thread at a time.
 *
 * <p>NEW → ASKED → SUBSCRIBED → ENDED → GONE: it may skip states, and never goes back.
 *
 * <ul>
 *   <li>The first pull makes it ASKED, the manager, when it takes the request, SUBSCRIBED.
 *   <li>ENDED by its removal or by the manager's end, it queues nothing and yields what it has.
 *   <li>GONE by the pull that finds the end, or waits in vain, by {@link #close} or by the
 *       consumer's death, it holds nothing, watches nobody, and nobody waits for it.
 * </ul>
 */
final class EventStream<E> implements EventHandler<E>, Spliterator<E> {
  static final int MAX_BEHIND = EventManager.MAX_BEHIND;
  static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

  private enum State {
    NEW,
    ASKED,
    SUBSCRIBED,
    ENDED,
    GONE
  }

  private record Element<E>(E event, CompletableFuture<Void> consumed) {}

  private final EventServer<E> rules;
  private final Proc consumer; // null if its life is not tied to any
  private final Duration timeout;
  private final Clock clock;

  // Guarded by this, under which no foreign code is called.
  private final Queue<Element<E>> queue = new ArrayDeque<>();
  private final List<Monitor> monitors = new ArrayList<>(2);
  private State state = State.NEW;
  private Element<E> current; // what the consumer is at, or was last
  private Thread puller; // whom to wake
  private Supplier<? extends RuntimeException> failure; // null for a normal end

  EventStream(EventManager<E> manager, Proc consumer, Duration timeout) {
    this(manager, consumer, timeout, Clock.SYSTEM);
  }

  EventStream(EventManager<E> manager, Proc consumer, Duration timeout, Clock clock) {
    this.rules = manager.rules;
    this.consumer = consumer;
    this.timeout = timeout;
    this.clock = clock;
  }

  // The manager's end

  /** Whether it is still wanted when the manager takes the request. */
  synchronized boolean subscribed() {
    if (state != State.ASKED) return false;
    state = State.SUBSCRIBED;
    return true;
  }

  @Override
  public void handle(E event) {
    offer(event);
  }

  /** Queues an event; what is returned completes when nobody need wait for its consumer. */
  synchronized CompletableFuture<Void> offer(E event) {
    if (isOver()) return null; // before the manager heard of it
    if (queue.size() == MAX_BEHIND)
      throw new IllegalStateException("a " + this + " fell behind by " + MAX_BEHIND + " events");
    CompletableFuture<Void> consumed = new CompletableFuture<>();
    queue.add(new Element<>(event, consumed));
    LockSupport.unpark(puller);
    return consumed;
  }

  @Override
  public synchronized Object terminate(Removal cause) {
    if (cause instanceof Removal.Stopped) return null; // the manager's end is told when it comes
    if (cause instanceof Removal.Failed failed)
      end(() -> new IllegalStateException(failed.cause().getMessage(), failed.cause()));
    else end(null);
    release();
    return null;
  }

  private synchronized void managerEnded(Down down) {
    ExitReason reason = down.proc().exitReason().orElse(down.reason()); // also if it is long gone
    end(ofManager(reason.isClean() ? down.reason() : reason));
  }

  /** The end that the end of the manager is: null for a clean one. */
  private Supplier<ExitedException> ofManager(ExitReason reason) {
    return reason.isClean() ? null : exited(rules.server().proc(), reason);
  }

  // The consumer's end

  @Override
  public boolean tryAdvance(Consumer<? super E> action) {
    rules.refuseOwnThread();
    Element<E> next = next();
    if (next == null) return false;
    try {
      action.accept(next.event);
    } finally {
      next.consumed.complete(null);
    }
    return true;
  }

  /** The next element, waited for; null at the end. */
  private Element<E> next() {
    long deadlineNanos = clock.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
    subscribe();
    while (mustWait()) {
      if (Thread.currentThread().isInterrupted())
        giveUp("interrupted while waiting for an event", new InterruptedException());
      else if (clock.nanoTime() - deadlineNanos < 0) clock.parkUntil(deadlineNanos);
      else giveUp("no event of " + name() + " within " + timeout, new TimeoutException());
    }
    return poll();
  }

  private synchronized void subscribe() {
    if (state != State.NEW) return;
    state = State.ASKED;
    if (consumer != null) watch(consumer, down -> leave(exited(consumer, down.reason())));
    watch(rules.server().proc(), this::managerEnded);
    rules.subscribe(this); // refused if it has left by then
  }

  private void watch(Proc proc, Consumer<Down> watcher) {
    if (state != State.ASKED) return;
    Monitor monitor = proc.monitor(watcher);
    if (state == State.ASKED) monitors.add(monitor); // else it has told its end at once
  }

  private synchronized boolean mustWait() {
    puller = Thread.currentThread();
    return queue.isEmpty() && !isOver();
  }

  private synchronized void giveUp(String message, Exception why) {
    if (mustWait()) leave(() -> new IllegalStateException(message, why));
  }

  private synchronized Element<E> poll() {
    current = queue.poll();
    if (current != null) return current;
    leave(failure);
    if (failure != null) throw failure.get();
    return null;
  }

  /** Unsubscribes; what is queued counts as consumed. A pull finds the end, or fails as before. */
  void close() {
    leave(null);
  }

  // Either end

  private boolean isOver() {
    return state.compareTo(State.ENDED) >= 0;
  }

  /** The end, after what is queued; the first that says why is believed. */
  private void end(Supplier<? extends RuntimeException> why) {
    if (isOver()) return;
    state = State.ENDED;
    failure = why;
    LockSupport.unpark(puller);
  }

  private synchronized void leave(Supplier<? extends RuntimeException> why) {
    if (state == State.GONE) return;
    boolean known = state == State.SUBSCRIBED;
    end(why);
    state = State.GONE;
    failure = why;
    release();
    queue.clear();
    monitors.forEach(Monitor::demonitor);
    monitors.clear();
    if (known) rules.unsubscribe(this);
  }

  /** Lets all go who wait for the consumer. */
  private void release() {
    if (current != null) current.consumed.complete(null);
    queue.forEach(element -> element.consumed.complete(null));
  }

  /** Makes each exception where it is thrown. */
  private static Supplier<ExitedException> exited(Proc proc, ExitReason reason) {
    return () -> new ExitedException(proc.name(), reason);
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

  @Override
  public String toString() {
    return "stream of " + name();
  }

  private String name() {
    return rules.server().proc().name();
  }
}
