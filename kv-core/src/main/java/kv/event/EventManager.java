package kv.event;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
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
 * lives on. A manager that its supervisor restarts begins without handlers; who added some
 * watches {@link #proc} and adds them again.
 *
 * <p>Safe for use by any thread. Every request, which is all but {@link #notify(Object)} and the
 * making of a stream, waits for its turn in the manager's mailbox, without limit, and so behind a
 * handler that takes its time. It throws {@link ExitedException} if the manager has ended, {@code
 * InterruptedException} if the caller is interrupted (what was asked may still be done), and {@code
 * IllegalStateException} if it is made on the manager's own thread, as by a handler: it could never
 * be answered. Ids are compared by {@code equals}; one that throws there crashes the manager or, if
 * it throws when compared with itself, fails at the caller.
 *
 * @param <E> what events are
 */
public final class EventManager<E> {
  /** How many messages may wait for the manager before {@link #notify(Object)} waits, too. */
  public static final int MAX_WAITING = 16_384;

  /** How many events a stream may lag behind before it is cut off. */
  public static final int MAX_BEHIND = 1024;

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
    return install(id, handler, null, null);
  }

  /**
   * As {@link #add(Object, EventHandler)}, for as long as {@code owner} lives: when it ends, for
   * whatever reason, the handler is removed. If it has ended already, the answer is {@code ADDED}
   * all the same, and a message later the handler is removed. The manager's death does nothing to
   * the owner.
   */
  public EventResult add(Object id, EventHandler<E> handler, Proc owner)
      throws InterruptedException {
    return add(id, handler, owner, removal -> {});
  }

  /**
   * As {@link #add(Object, EventHandler, Proc)}, and the owner is told why the handler is removed,
   * but for the owner's own end, of which it hears nothing.
   *
   * @param told called once, after the handler's {@code terminate}, if that is run; not if the
   *     handler was not added. A {@link #swap} is told as {@link Removal.Swapped}, and the last
   *     word is then that of the successor: {@code Failed} if there is none. It runs on the
   *     manager's thread or, with {@link Removal.ManagerExited}, on the one that ends the manager,
   *     unless another word is just being told; and it must be quick: it posts a message, opens a
   *     latch. If it throws, that is logged, and nothing else happens
   */
  public EventResult add(
      Object id, EventHandler<E> handler, Proc owner, Consumer<? super Removal> told)
      throws InterruptedException {
    requireNonNull(owner, "owner");
    requireNonNull(told, "told");
    return install(id, handler, owner, told);
  }

  private EventResult install(
      Object id, EventHandler<E> handler, Proc owner, Consumer<? super Removal> told)
      throws InterruptedException {
    EventServer.tryOut(requireNonNull(id, "id"));
    requireNonNull(handler, "handler");
    return rules.server().call(() -> rules.add(id, handler, owner, told));
  }

  /**
   * Removes a handler, or cuts a stream off: that yields what it has and ends normally.
   *
   * @param id null is found nowhere, here and wherever a handler is asked for
   * @param argument passed to the handler's {@code terminate}; may be null
   * @return {@code Removed} with what {@code terminate} returned, or {@code NOT_FOUND}
   */
  public EventResult remove(Object id, Object argument) throws InterruptedException {
    EventServer.tryOut(id);
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
   * @return {@code ADDED}, also if there was no old one; {@code Failed} if {@code successor} threw
   *     or made nothing, or {@code init} threw: the old one is gone all the same; {@code
   *     ALREADY_PRESENT} if the id is a third handler's, and nothing was done
   */
  public EventResult swap(
      Object oldId,
      Object argument,
      Object newId,
      Function<? super EventResult, ? extends EventHandler<E>> successor)
      throws InterruptedException {
    EventServer.tryOut(requireNonNull(newId, "newId"));
    EventServer.tryOut(oldId);
    requireNonNull(successor, "successor");
    return rules.server().call(() -> rules.swap(oldId, argument, newId, successor));
  }

  /**
   * Has one handler answer a request, after the events that were sent before. A stream, which takes
   * none, is cut off by it.
   *
   * @param request may be null
   * @return {@code Answered}, also by a handler that leaves with it; {@code Failed} if it threw,
   *     and is removed; {@code NOT_FOUND}
   */
  public EventResult call(Object id, Object request) throws InterruptedException {
    EventServer.tryOut(id);
    return rules.server().call(() -> rules.call(id, request));
  }

  /**
   * The ids of all handlers, the newest first. Subscribed streams are among them, under ids that
   * are good for {@link #remove} only.
   */
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
    rules.server().cast(() -> rules.tell(event), MAX_WAITING);
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
              rules.tell(event);
            });
  }

  /**
   * Sends an event and waits until all handlers have handled it, also if one of them failed, and
   * until each stream has had it consumed, or was closed, cut off or removed: the consumer of a
   * stream must not call it. It throws {@link ExitedException}, too, if the manager ends before.
   */
  public void syncNotify(E event) throws InterruptedException {
    requireNonNull(event, "event");
    rules.server()
        .<Void>call(reply -> rules.tell(event).thenRun(() -> reply.accept(null)));
  }

  /**
   * The events from the first pull on, for one consumer. It subscribes when it is first pulled, and
   * waits for the next event as long as it takes; it ends when the manager ends cleanly or the
   * subscription is removed. Close it to unsubscribe:
   *
   * <pre>{@code
   * try (Stream<String> events = manager.stream()) {
   *   events.limit(10).forEach(System.out::println);
   * }
   * }</pre>
   *
   * <p>Without that, {@code limit} and {@code findFirst} leave it subscribed, for a stream does not
   * tell its source that it has had enough, and so does an action that throws: events collect, and
   * {@link #syncNotify} waits for them until the stream is cut off. An element counts as consumed
   * when the action on it returns; with {@code iterator()}, which fetches it, in {@code hasNext}.
   *
   * <p>One that falls behind by more than {@link #MAX_BEHIND} events is cut off: it yields what it
   * has and then fails with {@code IllegalStateException}, whose cause is another. A pull that is
   * interrupted unsubscribes, and fails so with an {@code InterruptedException} as cause and the
   * interrupt still set; one by a handler of this very manager is refused so. If the manager
   * ends for another reason than a clean one, the stream yields what it has and then fails with
   * {@link ExitedException}, which has the reason; so does one that is first pulled after the end
   * of the manager, be that clean or not.
   */
  public Stream<E> stream() {
    return stream(new EventStream<>(this, null, EventStream.FOREVER));
  }

  /**
   * As {@link #stream()}, for as long as {@code consumer} lives: when it ends, who waits for
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
   * counts. Who has no proc to name may name a {@link Proc#passive} one.
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
