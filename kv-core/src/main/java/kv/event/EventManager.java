package kv.event;

import static java.util.Objects.requireNonNull;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import kv.otp.Down;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.GenServer;
import kv.otp.Monitor;
import kv.otp.Proc;

/**
 * Tells events to handlers, on a thread of its own, one event after another, the oldest handler
 * first.
 *
 * <p>A handler that throws is removed alone: the others still get that very event, and the manager
 * lives on. A manager that its supervisor restarts begins without handlers; whoever added some
 * watches {@link #proc} and adds them again. Safe for use by any thread.
 *
 * @param <E> what events are
 */
public final class EventManager<E> {
  /** How many messages may wait for the manager before {@link #notify(Object)} waits, too. */
  public static final int MAX_WAITING = 16_384;

  private static final System.Logger LOG = System.getLogger(EventManager.class.getName());

  private record Installed<E>(Object id, EventHandler<E> handler, Monitor owner) {}

  private final GenServer server;

  // Touched by the server's thread only.
  private final Map<Object, Installed<E>> handlers = new LinkedHashMap<>();

  private EventManager(String name) {
    server = GenServer.start(name, this::stopped);
  }

  /** Starts a manager without handlers. */
  public static <E> EventManager<E> start(String name) {
    return new EventManager<>(name);
  }

  /** Its life. */
  public Proc proc() {
    return server.proc();
  }

  /**
   * Adds a handler, after all others.
   *
   * @param id what it is removed by; compared by {@code equals}
   * @return {@code ADDED}; {@code ALREADY_PRESENT} if the id is taken; {@code Failed} if its {@code
   *     init} threw
   * @throws ExitedException if the manager has ended
   */
  public EventResult add(Object id, EventHandler<E> handler) throws InterruptedException {
    requireNonNull(id, "id");
    requireNonNull(handler, "handler");
    return server.call(() -> install(id, handler, null));
  }

  /**
   * As {@link #add(Object, EventHandler)}, for as long as {@code owner} lives: when it ends, for
   * whatever reason, the handler is removed. The manager's death does nothing to the owner.
   */
  public EventResult add(Object id, EventHandler<E> handler, Proc owner)
      throws InterruptedException {
    requireNonNull(id, "id");
    requireNonNull(handler, "handler");
    requireNonNull(owner, "owner");
    return server.call(() -> install(id, handler, owner));
  }

  /**
   * Removes a handler.
   *
   * @param argument passed to the handler's {@code terminate}; may be null
   * @return {@code Removed} with what {@code terminate} returned, or {@code NOT_FOUND}
   * @throws ExitedException if the manager has ended
   */
  public EventResult remove(Object id, Object argument) throws InterruptedException {
    return server.call(
        () -> {
          Installed<E> installed = handlers.get(id);
          if (installed == null) return EventResult.NOT_FOUND;
          return new EventResult.Removed(uninstall(installed, new Removal.Asked(argument)));
        });
  }

  /** The ids of all handlers, the newest first. */
  public List<Object> handlers() throws InterruptedException {
    return server.call(
        () -> {
          List<Object> ids = new ArrayList<>(handlers.keySet());
          Collections.reverse(ids);
          return ids;
        });
  }

  /**
   * Sends an event and does not wait for the handlers, but for room: while {@link #MAX_WAITING}
   * messages are waiting for the manager, so does the caller. An event for a manager that has ended
   * is dropped.
   */
  public void notify(E event) throws InterruptedException {
    requireNonNull(event, "event");
    server.cast(() -> tell(event, null), MAX_WAITING);
  }

  /**
   * Sends an event and waits until all handlers have handled it, also if one of them failed, and
   * until all streams have had it consumed.
   *
   * @throws ExitedException if the manager has ended
   */
  public void syncNotify(E event) throws InterruptedException {
    requireNonNull(event, "event");
    List<CompletableFuture<Void>> consumers = new ArrayList<>();
    server.call(
        () -> {
          tell(event, consumers);
          return null;
        });
    for (CompletableFuture<Void> consumed : consumers) EventStream.await(consumed);
  }

  /**
   * The events from the first pull on, for one consumer. It subscribes when it is first pulled, and
   * waits for the next event as long as it takes; it ends when the manager is stopped in order or
   * the subscription is removed. Close it, as by try-with-resources, to unsubscribe.
   *
   * <p>Every stream gets every event. One that falls behind by more than {@link
   * EventStream#MAX_BEHIND} events is cut off, so that nobody waits for it: it yields what it has
   * and then fails with {@code IllegalStateException}. It fails with {@link ExitedException} if the
   * manager is killed or crashes, or has ended before the first pull, and if the consumer is
   * interrupted, with {@code IllegalStateException} and the interrupt still set.
   */
  public Stream<E> stream() {
    EventStream<E> stream = new EventStream<>(this);
    return StreamSupport.stream(stream, false).onClose(stream::close);
  }

  private EventResult install(Object id, EventHandler<E> handler, Proc owner) {
    if (handlers.containsKey(id)) return EventResult.ALREADY_PRESENT;
    try {
      handler.init();
    } catch (Throwable t) {
      return new EventResult.Failed(t);
    }
    Monitor monitor = owner == null ? null : server.monitor(owner, down -> ownerExited(id, down));
    handlers.put(id, new Installed<>(id, handler, monitor));
    return EventResult.ADDED;
  }

  private void ownerExited(Object id, Down down) {
    Installed<E> installed = handlers.get(id);
    if (installed == null || installed.owner != down.monitor()) return; // another has the id now
    ExitReason reason = down.proc().exitReason().orElse(down.reason());
    uninstall(installed, new Removal.OwnerExited(reason));
  }

  /** Tells all handlers; streams add to {@code consumers}, unless null, what they complete. */
  private void tell(E event, List<CompletableFuture<Void>> consumers) {
    for (Installed<E> installed : List.copyOf(handlers.values())) {
      proc().ensureAlive();
      try {
        if (consumers != null && installed.handler instanceof EventStream<E> stream)
          consumers.add(stream.offer(event));
        else installed.handler.handle(event);
      } catch (Throwable t) { // an error, too, is that handler's alone
        proc().ensureAlive(); // else the handler has but met the interrupt of a kill
        LOG.log(Level.ERROR, () -> proc().name() + " removes handler " + installed.id, t);
        uninstall(installed, new Removal.Failed(t));
      }
    }
  }

  private Object uninstall(Installed<E> installed, Removal cause) {
    handlers.remove(installed.id);
    if (installed.owner != null) installed.owner.demonitor();
    try {
      return installed.handler.terminate(cause);
    } catch (Throwable t) {
      LOG.log(Level.ERROR, () -> proc().name() + ": terminate of " + installed.id + " failed", t);
      return null;
    }
  }

  private void stopped(ExitReason reason) {
    for (Installed<E> installed : List.copyOf(handlers.values()))
      uninstall(installed, new Removal.Stopped(reason));
  }
}
