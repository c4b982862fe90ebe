package kv.otp;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A proc with a mailbox and one thread that handles what arrives there, one message at a time, in
 * the order of arrival: Erlang's {@code gen_server}, with closures for messages. State that only
 * these closures touch needs no lock.
 *
 * <p>A message that throws crashes the server. When it is asked to stop, it first handles the
 * messages that came before, then runs its terminate callback, then ends. Safe for use by any
 * thread.
 */
public final class GenServer {
  /** What a server is asked to do, on its own thread. */
  @FunctionalInterface
  public interface Message {
    /**
     * Handles the message.
     *
     * @throws Exception anything: it crashes the server
     */
    void handle() throws Exception;
  }

  /**
   * What a server is asked and the caller waits for, on the server's own thread. It replies when it
   * likes, as Erlang's {@code gen_server:reply} allows: before it goes on with what it has to do,
   * or not yet, and leaves {@code reply} to a later message or another thread.
   *
   * @param <T> what the reply is
   */
  @FunctionalInterface
  public interface Request<T> {
    /**
     * Handles the request.
     *
     * @param reply lets the caller go with a reply, which may be null; only the first counts
     * @throws Exception anything: it crashes the server
     */
    void handle(Consumer<T> reply) throws Exception;
  }

  /** What becomes of exit signals. */
  private enum Exits {
    /** Nobody's is trapped. */
    ALL_HIT,
    /** That of a supervisor's death is a message like its order to stop. */
    PARENT_HEARD,
    /** So it is, and those of others are dropped. */
    STRANGERS_MISS
  }

  private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

  private final Mailbox mailbox = new Mailbox();
  private final Set<Monitor> monitors = ConcurrentHashMap.newKeySet();
  private final Consumer<ExitReason> terminate;
  private final Proc proc;
  private volatile Thread thread;

  private GenServer(String name, Exits exits, Consumer<ExitReason> terminate) {
    this.terminate = requireNonNull(terminate, "terminate");
    Task.Work loop =
        new Task.Work() {
          @Override
          public void run(Proc self) throws Exception {
            thread = Thread.currentThread();
            for (Message next; (next = take(self)) != null; ) {
              if (self.cause() != null) return; // killed: not one message more
              next.handle();
              Thread.interrupted(); // what a message leaves behind must not hit the next one
            }
          }

          @Override
          public void close() {
            mailbox.close();
            monitors.forEach(Monitor::demonitor);
          }
        };
    proc =
        Task.start(
            name,
            loop,
            Task::platformThread,
            (self, reason, who) -> {
              if (who == Proc.Asker.STOP) refuseOwnThread();
              boolean orphaned = who == Proc.Asker.PARENT && reason != ExitReason.SHUTDOWN;
              if (orphaned && exits == Exits.ALL_HIT) self.end(reason);
              else if (who != Proc.Asker.STRANGER || exits != Exits.STRANGERS_MISS)
                mailbox.put(() -> stop(reason));
            });
  }

  /** A kill interrupts this thread, and has ended the server then; anybody else does so in vain. */
  private Message take(Proc self) throws InterruptedException {
    while (true) {
      try {
        return mailbox.take();
      } catch (InterruptedException e) {
        if (self.cause() != null) throw e;
      }
    }
  }

  /**
   * Starts a server that has nothing to clean up. If its supervisor dies without stopping it, it
   * ends at once, whatever still waits in its mailbox.
   */
  public static GenServer start(String name) {
    return new GenServer(name, Exits.ALL_HIT, reason -> {});
  }

  /**
   * Starts a server that ends in order also if its supervisor dies: after the messages that came
   * before, and with its clean-up. In Erlang it would trap exits for that.
   *
   * @param name what it is called in logs and thread dumps
   * @param terminate runs on the server's thread when it was asked to stop, with the reason it will
   *     end with; not when it crashes or is killed
   */
  public static GenServer start(String name, Consumer<ExitReason> terminate) {
    return new GenServer(name, Exits.PARENT_HEARD, terminate);
  }

  /** As {@link #start(String, Consumer)}, but deaf to exit signals of anyone but its parent. */
  static GenServer startTrapping(String name, Consumer<ExitReason> terminate) {
    return new GenServer(name, Exits.STRANGERS_MISS, terminate);
  }

  /** Its life. */
  public Proc proc() {
    return proc;
  }

  /** Sends a message without waiting. A server that has ended drops it, as Erlang does. */
  public void cast(Message message) {
    mailbox.put(message);
  }

  /**
   * Sends a message; waits while {@code capacity} messages or more are waiting for the server,
   * unless it is the server itself that sends.
   *
   * @param capacity 1 or more
   * @throws InterruptedException if the caller is interrupted; the message is not sent then
   */
  public void cast(Message message, int capacity) throws InterruptedException {
    if (capacity < 1) throw new IllegalArgumentException("not a capacity: " + capacity);
    if (Thread.currentThread() == thread) mailbox.put(message);
    else mailbox.put(message, capacity);
  }

  /** As {@link #cast(Message)}, but handled before all that has been cast so. */
  void castEarly(Message message) {
    mailbox.putEarly(message);
  }

  /**
   * Has {@code request} run on the server's thread and waits without limit for what it returns.
   *
   * @throws ExitedException if the server has ended, or ends before it answers
   * @throws IllegalStateException if the server calls itself, which could never be answered
   */
  public <T> T call(Callable<T> request) throws InterruptedException {
    return call(asRequest(request));
  }

  /**
   * As {@link #call(Callable)}, but gives up after {@code timeout}.
   *
   * @throws TimeoutException if no answer came in time; the request may still be carried out
   */
  public <T> T call(Callable<T> request, Duration timeout)
      throws InterruptedException, TimeoutException {
    return call(asRequest(request), timeout);
  }

  /**
   * As {@link #call(Callable)}, but returns as soon as {@code request} replies, whatever it does
   * afterwards. A request that ends without a reply, and leaves it to nobody, keeps the caller
   * waiting until the server ends.
   *
   * @throws ExitedException if the server has ended, or ends before it replies
   * @throws IllegalStateException if the server calls itself
   */
  public <T> T call(Request<T> request) throws InterruptedException {
    try {
      return call(request, FOREVER);
    } catch (TimeoutException e) {
      throw new AssertionError("292 years have passed", e);
    }
  }

  private static <T> Request<T> asRequest(Callable<T> request) {
    return reply -> reply.accept(request.call());
  }

  private <T> T call(Request<T> request, Duration timeout)
      throws InterruptedException, TimeoutException {
    refuseOwnThread();
    CompletableFuture<Supplier<T>> reply = new CompletableFuture<>();
    Monitor monitor =
        proc.monitor(
            down ->
                reply.complete(
                    () -> {
                      throw new ExitedException(proc.name(), down.reason());
                    }));
    try {
      mailbox.put(() -> request.handle(answer -> reply.complete(() -> answer)));
      return reply.get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS).get();
    } catch (TimeoutException e) {
      throw new TimeoutException(proc.name() + " gave no answer in " + timeout.toMillis() + " ms");
    } catch (ExecutionException e) {
      throw new AssertionError("a reply is a value", e);
    } finally {
      monitor.demonitor();
    }
  }

  /**
   * Watches {@code watched} for this server: the {@link Down} arrives as a message. The monitor
   * goes with the server, as in Erlang. To be called on the server's thread.
   */
  public Monitor monitor(Proc watched, Consumer<Down> onDown) {
    Monitor monitor = watched.monitor(down -> cast(() -> onDown.accept(down)), monitors);
    if (proc.cause() != null) monitor.demonitor();
    return monitor;
  }

  /** Fails fast if the server's own thread is about to wait for the server. */
  private void refuseOwnThread() {
    if (Thread.currentThread() == thread)
      throw new IllegalStateException(
          proc.name() + " is called from its own thread, where the call can never be answered;"
              + " a child must not call its supervisor while it starts or stops");
  }

  private void stop(ExitReason reason) {
    terminate.accept(reason);
    throw new Exit(reason);
  }
}
