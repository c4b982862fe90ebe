package kv.event;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import kv.otp.ExitReason;
import kv.otp.GenServer;
import kv.otp.Proc;

/**
 * The rules of an {@link EventManager}. Everything but the constructor and {@link #server} runs on
 * the server's thread, so that nothing here needs a lock. Whatever a handler throws, errors
 * included, is that handler's alone, unless the manager has been killed: then the handler has but
 * met the interrupt of the kill, and no handler hears anything any more.
 */
final class EventServer<E> {
  private static final System.Logger LOG = System.getLogger(EventManager.class.getName());

  /** A handler in its place; {@code tie} is null if it has no owner. */
  private record Installed<E>(Object id, EventHandler<E> handler, Tie tie) {}

  private final GenServer server;
  private final Map<Object, Installed<E>> handlers = new LinkedHashMap<>();

  EventServer(String name) {
    server = GenServer.start(name, this::stopped);
  }

  GenServer server() {
    return server;
  }

  List<Object> ids() {
    List<Object> ids = new ArrayList<>(handlers.keySet());
    Collections.reverse(ids);
    return ids;
  }

  /** Adds what {@code maker} makes, with {@code tie}, unless that is null. */
  EventResult add(Object id, Supplier<? extends EventHandler<E>> maker, Tie tie) {
    if (handlers.containsKey(id)) return EventResult.ALREADY_PRESENT;
    EventHandler<E> handler;
    try {
      handler = maker.get();
      handler.init();
    } catch (Throwable t) {
      return new EventResult.Failed(t);
    }
    proc().ensureAlive();
    Installed<E> installed = new Installed<>(id, handler, tie);
    handlers.put(id, installed);
    if (tie != null) tie.bind(server, reason -> ownerExited(installed, reason));
    return EventResult.ADDED;
  }

  EventResult remove(Object id, Object argument) {
    Installed<E> installed = handlers.get(id);
    if (installed == null) return EventResult.NOT_FOUND;
    return new EventResult.Removed(uninstall(installed, new Removal.Asked(argument)));
  }

  EventResult swap(
      Object oldId,
      Object argument,
      Object newId,
      Function<? super EventResult, ? extends EventHandler<E>> successor) {
    if (!newId.equals(oldId) && handlers.containsKey(newId)) return EventResult.ALREADY_PRESENT;
    Installed<E> old = handlers.get(oldId);
    if (old == null) return add(newId, () -> successor.apply(EventResult.NOT_FOUND), null);
    Object answer = uninstall(old, new Removal.Swapped(newId, argument));
    Tie tie = old.tie == null ? null : old.tie.renewed();
    EventResult result =
        add(newId, () -> successor.apply(new EventResult.Removed(answer)), tie);
    if (tie != null && result instanceof EventResult.Failed failed)
      tie.tell(new Removal.Failed(failed.cause()));
    return result;
  }

  EventResult call(Object id, Object request) {
    Installed<E> installed = handlers.get(id);
    if (installed == null) return EventResult.NOT_FOUND;
    try {
      return new EventResult.Answered(installed.handler.call(request));
    } catch (Leave leave) {
      uninstall(installed, Removal.LEFT);
      return new EventResult.Answered(leave.answer());
    } catch (Throwable t) {
      failed(installed, t);
      return new EventResult.Failed(t);
    }
  }

  /** Tells all handlers; streams add to {@code consumers}, unless null, what they complete. */
  void tell(E event, List<CompletableFuture<Void>> consumers) {
    for (Installed<E> installed : List.copyOf(handlers.values())) {
      proc().ensureAlive();
      try {
        if (consumers != null && installed.handler instanceof EventStream<E> stream)
          consumers.add(stream.offer(event));
        else installed.handler.handle(event);
      } catch (Leave leave) {
        uninstall(installed, Removal.LEFT);
      } catch (Throwable t) {
        failed(installed, t);
      }
    }
  }

  private void failed(Installed<E> installed, Throwable cause) {
    proc().ensureAlive();
    LOG.log(Level.ERROR, () -> proc().name() + " removes handler " + installed.id, cause);
    uninstall(installed, new Removal.Failed(cause));
  }

  private void ownerExited(Installed<E> installed, ExitReason reason) {
    if (handlers.get(installed.id) == installed) // else another has the id now
      uninstall(installed, new Removal.OwnerExited(reason));
  }

  private void stopped(ExitReason reason) {
    for (Installed<E> installed : List.copyOf(handlers.values()))
      uninstall(installed, new Removal.Stopped(reason));
  }

  /** Removes a handler, and answers what its {@code terminate} returned, null if that threw. */
  private Object uninstall(Installed<E> installed, Removal cause) {
    proc().ensureAlive();
    handlers.remove(installed.id);
    Object answer = null;
    try {
      answer = installed.handler.terminate(cause);
    } catch (Throwable t) {
      proc().ensureAlive();
      LOG.log(Level.ERROR, () -> proc().name() + ": terminate of " + installed.id + " failed", t);
    }
    if (installed.tie != null) installed.tie.cut(cause);
    return answer;
  }

  private Proc proc() {
    return server.proc();
  }
}
