package kv.event;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import kv.otp.ExitReason;
import kv.otp.GenServer;
import kv.otp.Log;
import kv.otp.OutOfHeap;
import kv.otp.Proc;

/**
 * The rules of an {@link EventManager}. Everything runs on the server's thread, so that nothing
 * here needs a lock, but for the constructor and what says that it is for any thread. Whatever a
 * handler throws, errors included, is that handler's alone, and so is an interrupt that it leaves
 * behind, unless the manager has been killed: then the handler has but met the interrupt of the
 * kill, and no handler hears anything any more.
 */
final class EventServer<E> {
  static final Log LOG = new Log(EventManager.class);

  /** Tells one event; what is returned, unless null, completes when the event is consumed. */
  @FunctionalInterface
  private interface Teller<E> {
    CompletableFuture<Void> tell(E event) throws Exception;
  }

  /** A handler in its place; {@code tie} is null if it has no owner. Known by identity. */
  private record Installed<E>(Object id, EventHandler<E> handler, Teller<E> teller, Tie tie) {}

  private final GenServer server;
  private final List<Installed<E>> handlers = new ArrayList<>(); // the oldest first
  private volatile Thread thread;

  EventServer(String name) {
    server = GenServer.startTrapping(name, this::stopped);
    server.cast(() -> thread = Thread.currentThread());
  }

  /** For any thread. */
  GenServer server() {
    return server;
  }

  /** For any thread; fails on the server's own, which must not wait for what it is to tell. */
  void refuseOwnThread() {
    if (Thread.currentThread() == thread)
      throw new IllegalStateException(
          proc().name() + " cannot wait for its own events: its handlers must not pull them");
  }

  /** For any thread: has an id that cannot be compared fail there. */
  static void tryOut(Object id) {
    if (id != null && !id.equals(id)) throw new IllegalArgumentException("an id unlike itself");
  }

  /** For any thread: has {@code stream} told every event from now on, unless it leaves before. */
  void subscribe(EventStream<E> stream) {
    server.cast(
        () -> {
          if (stream.subscribed())
            handlers.add(new Installed<>(stream, stream, stream::offer, null));
        });
  }

  /** For any thread. */
  void unsubscribe(EventStream<E> stream) {
    server.cast(() -> remove(stream, null));
  }

  List<Object> ids() {
    List<Object> ids = new ArrayList<>();
    for (Installed<E> installed : handlers) ids.add(installed.id);
    Collections.reverse(ids);
    return ids;
  }

  /** Adds a handler, tied to {@code owner} unless that is null. */
  EventResult add(
      Object id, EventHandler<E> handler, Proc owner, Consumer<? super Removal> told) {
    if (find(id) != null) return EventResult.ALREADY_PRESENT;
    Supplier<Tie> tie =
        () -> owner == null ? null : new Tie(server, owner, told, this::ownerExited);
    return install(id, () -> handler, tie);
  }

  EventResult remove(Object id, Object argument) {
    Installed<E> installed = find(id);
    if (installed == null) return EventResult.NOT_FOUND;
    return new EventResult.Removed(uninstall(installed, new Removal.Asked(argument)));
  }

  EventResult swap(
      Object oldId,
      Object argument,
      Object newId,
      Function<? super EventResult, ? extends EventHandler<E>> successor) {
    Installed<E> old = find(oldId);
    Installed<E> taken = find(newId);
    if (taken != null && taken != old) return EventResult.ALREADY_PRESENT;
    if (old == null)
      return install(newId, () -> successor.apply(EventResult.NOT_FOUND), () -> null);
    Object answer = uninstall(old, new Removal.Swapped(newId, argument));
    EventResult result =
        install(newId, () -> successor.apply(new EventResult.Removed(answer)), () -> old.tie);
    if (old.tie != null && result instanceof EventResult.Failed failed)
      old.tie.tell(new Removal.Failed(failed.cause()));
    return result;
  }

  EventResult call(Object id, Object request) {
    Installed<E> installed = find(id);
    if (installed == null) return EventResult.NOT_FOUND;
    try {
      Object answer = installed.handler.call(request);
      settle();
      return new EventResult.Answered(answer);
    } catch (Leave leave) {
      uninstall(installed, Removal.LEFT);
      return new EventResult.Answered(leave.answer());
    } catch (Throwable t) {
      failed(installed, t);
      return new EventResult.Failed(t);
    }
  }

  /** Tells all handlers; answers what completes when all streams have had the event consumed. */
  CompletableFuture<Void> tell(E event) {
    List<CompletableFuture<Void>> consumptions = new ArrayList<>();
    for (Installed<E> installed : List.copyOf(handlers)) {
      try {
        CompletableFuture<Void> consumed = installed.teller.tell(event);
        if (consumed != null) consumptions.add(consumed);
      } catch (Leave leave) {
        uninstall(installed, Removal.LEFT);
      } catch (Throwable t) {
        failed(installed, t);
      }
      settle();
    }
    return CompletableFuture.allOf(consumptions.toArray(CompletableFuture<?>[]::new));
  }

  private Installed<E> find(Object id) {
    if (id == null) return null;
    for (Installed<E> installed : handlers) if (id.equals(installed.id)) return installed;
    return null;
  }

  private EventResult install(
      Object id, Supplier<? extends EventHandler<E>> maker, Supplier<Tie> tie) {
    EventHandler<E> handler;
    try {
      settle();
      handler = maker.get();
      settle();
      handler.init();
    } catch (Throwable t) {
      OutOfHeap.tell(t);
      settle();
      return new EventResult.Failed(t);
    }
    settle();
    Teller<E> teller =
        event -> {
          handler.handle(event);
          return null;
        };
    handlers.add(new Installed<>(id, handler, teller, tie.get()));
    return EventResult.ADDED;
  }

  private void failed(Installed<E> installed, Throwable cause) {
    OutOfHeap.tell(cause);
    settle();
    String who = proc().name() + " removes ";
    LOG.log(Level.ERROR, who + "a handler", () -> who + "handler " + installed.id, cause);
    uninstall(installed, new Removal.Failed(cause));
  }

  private void ownerExited(Tie tie, ExitReason reason) {
    for (Installed<E> installed : List.copyOf(handlers)) // none, if it was removed meanwhile
      if (installed.tie == tie) uninstall(installed, new Removal.OwnerExited(reason));
  }

  private void stopped(ExitReason reason) {
    for (Installed<E> installed : List.copyOf(handlers))
      uninstall(installed, new Removal.Stopped(reason));
  }

  /** Removes a handler, and answers what its {@code terminate} returned, null if that threw. */
  private Object uninstall(Installed<E> installed, Removal cause) {
    settle();
    handlers.removeIf(other -> other == installed); // its id may have changed
    Object answer = null;
    try {
      answer = installed.handler.terminate(cause);
    } catch (Throwable t) {
      OutOfHeap.tell(t);
      settle();
      String who = proc().name() + ": terminate of ";
      LOG.log(Level.ERROR, who + "a handler failed", () -> who + installed.id + " failed", t);
    }
    settle();
    if (installed.tie != null) installed.tie.tell(cause);
    return answer;
  }

  /** After foreign code: an interrupt that it left must hit nobody else, but a kill everybody. */
  private void settle() {
    Thread.interrupted();
    proc().ensureAlive();
  }

  private Proc proc() {
    return server.proc();
  }
}
