package kv.event;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import kv.otp.ExitedException;
import kv.otp.Proc;

/**
 * Tells events to handlers, on a thread of its own, one event after another, the oldest handler
 * first.
 *
 * <p>A handler that throws is removed alone: the others still get that very event, and the manager
 * lives on. A manager that its supervisor restarts begins without handlers; whoever added some
 * watches {@link #proc} and adds them again.
 *
 * <p>Safe for use by any thread. Every request, which is all but {@link #notify(Object)} and the
 * making of a stream, waits for its turn in the manager's mailbox, without limit, and so behind a
 * handler that takes its time. It throws {@link ExitedException} if the manager has ended, {@code
 * InterruptedException} if the caller is interrupted (what was asked may still be done), and {@code
 * IllegalStateException} if it is made on the manager's own thread, as by a handler: it could never
 * be answered. The ids of handlers are compared by {@code equals}; one that throws there crashes
 * the manager.
 *
 * @param <E> what events are
 */
public final class EventManager<E> {
  /** How many messages may wait for the manager before {@link #notify(Object)} waits, too. */
  public static final int MAX_WAITING = 16_384;

  final EventServer<E> rules;

  private EventManager(EventServer<E> rules) {
    this.rules = rules;
  }

  /** Starts a manager without handlers. */
  public static <E> EventManager<E> start(String name) {
    return new EventManager<>(new EventServer<>(name));
  }

  /** Its life. */
  public Proc proc() {
    return rules.server().proc();
  }

  /**
   * Adds a handler, after all others.
   *
   * @return {@code ADDED}; {@code ALREADY_PRESENT} if the id is taken; {@code Failed} if its {@code
   *     init} threw
   */
  public EventResult add(Object id, EventHandler<E> handler) throws InterruptedException {
    return install(id, handler, null);
  }

  /**
   * As {@link #add(Object, EventHandler)}, for as long as {@code owner} lives: when it ends, for
   * whatever reason, the handler is removed. The manager's death does nothing to the owner.
   */
  public EventResult add(Object id, EventHandler<E> handler, Proc owner)
      throws InterruptedException {
    return add(id, handler, owner, removal -> {});
  }

  /**
   * As {@link #add(Object, EventHandler, Proc)}, and the owner is told when the handler is removed,
   * for whatever reason but the owner's own end.
   *
   * @param told called exactly once, after the handler's {@code terminate}; not if the handler was
   *     not added, nor for an owner that has ended. It runs on the manager's thread or, with {@link
   *     Removal.ManagerExited}, on the one that ends the manager, and must be quick: it posts a
   *     message, opens a latch. If it throws, that is logged, and nothing else happens
   */
  public EventResult add(
      Object id, EventHandler<E> handler, Proc owner, Consumer<? super Removal> told)
      throws InterruptedException {
    requireNonNull(owner, "owner");
    requireNonNull(told, "told");
    return install(id, handler, new Tie(owner, told));
  }

  private EventResult install(Object id, EventHandler<E> handler, Tie tie)
      throws InterruptedException {
    requireNonNull(id, "id");
    requireNonNull(handler, "handler");
    return rules.server().call(() -> rules.add(id, () -> handler, tie));
  }

  /**
   * Removes a handler.
   *
   * @param argument passed to the handler's {@code terminate}; may be null
   * @return {@code Removed} with what {@code terminate} returned, or {@code NOT_FOUND}
   */
  public EventResult remove(Object id, Object argument) throws InterruptedException {
    return rules.server().call(() -> rules.remove(id, argument));
  }

  /**
   * Replaces a handler by another in one step: no event comes in between. First the old one's
   * {@code terminate} runs, then {@code successor} makes the new one, then that one's {@code init}
   * runs. The new one comes after all others; its owner, and whom to tell, is the old one's.
   *
   * @param argument passed to the old one's {@code terminate}; may be null
   * @param newId the new one's id; may be that of the old one
   * @param successor is given {@code Removed} with what {@code terminate} returned, or {@code
   *     NOT_FOUND} if there is no old one, and makes the new one, on the manager's thread
   * @return {@code ADDED}, also if there was no old one; {@code Failed} if {@code successor} or
   *     {@code init} threw: the old one is gone all the same, and the owner that was told of the
   *     swap is told of this, too; {@code ALREADY_PRESENT} if the id is a third handler's, and
   *     nothing was done
   */
  public EventResult swap(
      Object oldId,
      Object argument,
      Object newId,
      Function<? super EventResult, ? extends EventHandler<E>> successor)
      throws InterruptedException {
    requireNonNull(newId, "newId");
    requireNonNull(successor, "successor");
    return rules.server().call(() -> rules.swap(oldId, argument, newId, successor));
  }

  /**
   * Has one handler answer a request, after the events that were sent before.
   *
   * @param request may be null
   * @return {@code Answered}, also by a handler that leaves with it; {@code Failed} if it threw,
   *     and is removed; {@code NOT_FOUND}
   */
  public EventResult call(Object id, Object request) throws InterruptedException {
    return rules.server().call(() -> rules.call(id, request));
  }

  /** The ids of all handlers, the newest first. */
  public List<Object> handlers() throws InterruptedException {
    return rules.server().call(rules::ids);
  }

  /**
   * Sends an event and does not wait for the handlers, but for room: while {@link #MAX_WAITING}
   * messages are waiting for the manager, so does the caller. An event for a manager that has ended
   * is dropped.
   */
  public void notify(E event) throws InterruptedException {
    requireNonNull(event, "event");
    rules.server().cast(() -> rules.tell(event, null), MAX_WAITING);
  }

  /**
   * Sends an event and waits until the manager takes it, which is after all that was sent before,
   * but not for the handlers.
   */
  public void ackNotify(E event) throws InterruptedException {
    requireNonNull(event, "event");
    rules.server()
        .<Void>call(
            reply -> {
              reply.accept(null);
              rules.tell(event, null);
            });
  }

  /**
   * Sends an event and waits until all handlers have handled it, also if one of them failed, and
   * until all streams have had it consumed: the consumer of a stream must not call it.
   */
  public void syncNotify(E event) throws InterruptedException {
    requireNonNull(event, "event");
    List<CompletableFuture<Void>> consumers = new ArrayList<>();
    rules.server()
        .call(
            () -> {
              rules.tell(event, consumers);
              return null;
            });
    for (CompletableFuture<Void> consumed : consumers) EventStream.await(consumed);
  }

  /**
   * The events from the first pull on, for one consumer. It subscribes when it is first pulled, and
   * waits for the next event as long as it takes; it ends when the manager is stopped in order or
   * the subscription is removed.
   *
   * <p>Close it, as by try-with-resources, to unsubscribe. That it has yielded all that was wanted,
   * as with {@code limit(n)}, does not: until it is closed, events collect, and {@link #syncNotify}
   * waits for them. Closed, it leaves nothing behind and keeps nobody waiting.
   *
   * <p>Every stream gets every event. One that falls behind by more than {@link
   * EventStream#MAX_BEHIND} events is cut off, so that nobody waits for it: it yields what it has
   * and then fails with {@code IllegalStateException}. It fails with {@link ExitedException} if the
   * manager is killed or crashes, or has ended before the first pull, and if the consumer is
   * interrupted, with {@code IllegalStateException} and the interrupt still set.
   */
  public Stream<E> stream() {
    return stream(new EventStream<>(this));
  }

  /**
   * As {@link #stream()}, for as long as {@code consumer} lives: when it ends, whoever waits for
   * this stream in {@link #syncNotify} goes on, the subscription is removed, and a thread that
   * still pulls fails with {@link ExitedException}. So a consumer that dies need not close it.
   */
  public Stream<E> stream(Proc consumer) {
    return stream(consumer, EventStream.FOREVER);
  }

  /**
   * As {@link #stream(Proc)}, but a pull that gets no event within {@code timeout} unsubscribes and
   * fails with {@code IllegalStateException}, whose cause is a {@link
   * java.util.concurrent.TimeoutException}. The wait for the manager to take the subscription
   * counts.
   *
   * @throws IllegalArgumentException if {@code timeout} is not positive
   */
  public Stream<E> stream(Proc consumer, Duration timeout) {
    requireNonNull(consumer, "consumer");
    requireNonNull(timeout, "timeout");
    if (timeout.isNegative() || timeout.isZero())
      throw new IllegalArgumentException("the timeout of a stream is not positive: " + timeout);
    return stream(new EventStream<>(this, consumer, timeout));
  }

  private Stream<E> stream(EventStream<E> events) {
    return StreamSupport.stream(events, false).onClose(events::close);
  }
}
