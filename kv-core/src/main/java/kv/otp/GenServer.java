package kv.otp;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.OptionalInt;
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
 * <p>A message that throws crashes the server. An order to {@link Proc#stop} is a message: the
 * server first handles those that came before, then runs its terminate callback, then ends. What an
 * exit signal does, its supervisor's shutdown among them, is OTP's rule as well, and depends on the
 * start:
 *
 * <ul>
 *   <li>A server of {@link #start(String)} ends at once, whatever it is doing and whatever waits
 *       for it: its thread is interrupted and, if it goes on all the same, fenced off.
 *   <li>A server of {@link #startTrapping(String, Consumer)} takes the signal for an order to stop.
 *       It is for a server that must finish what it has begun, or has something to clean up; its
 *       supervisor waits for it as long as the child's {@link Shutdown} says.
 * </ul>
 *
 * <p>Safe for use by any thread.
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

  /**
   * What a server does before anybody can send it a message: the first thing on its own thread, as
   * Erlang's {@code init}.
   */
  @FunctionalInterface
  public interface Init {
    /**
     * Makes the server ready.
     *
     * @param self the server, whose start has not returned yet
     * @throws Exception anything: the start has failed for that reason
     */
    void init(GenServer self) throws Exception;
  }

  /** A message that waits for its time. */
  public interface Timer {
    /**
     * Has the message not sent; for any thread.
     *
     * @return false if that comes too late: the message waits in the mailbox, or has been handled;
     *     or it was cancelled before, or the server has ended
     */
    boolean cancel();
  }

  /** What becomes of exit signals. */
  private enum Exits {
    /** They end the server. */
    UNTRAPPED,
    /** They are orders to stop. */
    TRAPPED,
    /** Those of the parent are, those of others are dropped. */
    PARENT_ONLY
  }

  private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

  private final Mailbox mailbox;
  private final Set<Monitor> monitors = ConcurrentHashMap.newKeySet();
  private final Consumer<ExitReason> terminate;
  private final Proc proc;
  private volatile Thread thread;

  private GenServer(String name, Clock clock, Exits exits, Consumer<ExitReason> terminate) {
    mailbox = new Mailbox(clock);
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
    Proc.Behaviour behaviour =
        new Proc.Behaviour() {
          @Override
          public void asked(Proc self, ExitReason reason, Proc.Asker who) {
            if (who == Proc.Asker.STOP) refuseOwnThread();
            else if (exits == Exits.UNTRAPPED) {
              self.end(reason);
              return;
            } else if (who == Proc.Asker.STRANGER && exits == Exits.PARENT_ONLY) return;
            mailbox.put(() -> stop(reason));
          }

          @Override
          public OptionalInt messages() {
            return OptionalInt.of(mailbox.size());
          }
        };
    proc = Task.start(name, loop, Task::platformThread, behaviour);
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
   * Starts a server that an exit signal ends at once: it has nothing to clean up, and nothing that
   * it must finish.
   *
   * @param name what it is called in logs and thread dumps
   */
  public static GenServer start(String name) {
    return start(name, Clock.SYSTEM);
  }

  /** As above, with timers that go by {@code clock}. */
  static GenServer start(String name, Clock clock) {
    return new GenServer(name, clock, Exits.UNTRAPPED, reason -> {});
  }

  /**
   * As {@link #start(String)}, but returns when {@code init} has. Waits for that without limit.
   *
   * @throws StartException if {@code init} threw: with the reason of an {@link Exit}, or a crash;
   *     the server has ended
   * @throws InterruptedException if the caller is interrupted; the server is killed, not waited for
   */
  public static GenServer start(String name, Init init) throws InterruptedException {
    return start(name).begin(init);
  }

  /**
   * Starts a server that traps exits: an exit signal is an order to stop in order, after the
   * messages that came before, and with its clean-up.
   *
   * @param name what it is called in logs and thread dumps
   * @param terminate runs on the server's thread when it was asked to stop, with the reason it will
   *     end with; not when it crashes or is killed
   */
  public static GenServer startTrapping(String name, Consumer<ExitReason> terminate) {
    return new GenServer(name, Clock.SYSTEM, Exits.TRAPPED, terminate);
  }

  /**
   * As {@link #startTrapping(String, Consumer)}, but returns when {@code init} has.
   *
   * @throws StartException if {@code init} threw; {@code terminate} does not run then
   * @throws InterruptedException as for {@link #start(String, Init)}
   */
  public static GenServer startTrapping(String name, Init init, Consumer<ExitReason> terminate)
      throws InterruptedException {
    return startTrapping(name, terminate).begin(init);
  }

  /** As that, but deaf to exit signals of anyone but its parent, as OTP's supervisors are. */
  static GenServer startSupervising(String name, Consumer<ExitReason> terminate) {
    return new GenServer(name, Clock.SYSTEM, Exits.PARENT_ONLY, terminate);
  }

  /** Runs {@code init}; for who has just started this, and has told nobody of it yet. */
  GenServer begin(Init init) throws InterruptedException {
    requireNonNull(init, "init");
    try {
      return call(
          () -> {
            init.init(this);
            return this;
          });
    } catch (ExitedException e) {
      throw new StartException(proc.name(), e.reason());
    } catch (InterruptedException e) {
      proc.kill();
      throw e;
    }
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

  /**
   * Sends a message when {@code delay} has passed: Erlang's {@code send_after}. It comes behind
   * what waits in the mailbox by then. A server that ends drops it.
   *
   * @param delay zero or more
   * @throws IllegalArgumentException if it is negative
   */
  public Timer sendAfter(Duration delay, Message message) {
    requireNonNull(message, "message");
    if (delay.isNegative()) throw new IllegalArgumentException("not a delay: " + delay);
    return mailbox.putAfter(message, TimeUnit.NANOSECONDS.convert(delay));
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

  /**
   * As {@link #call(Request)}, but gives up after {@code timeout}, whoever was to reply.
   *
   * @throws TimeoutException if no reply came in time; one that comes later is dropped
   */
  public <T> T call(Request<T> request, Duration timeout)
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
      long millis = TimeUnit.MILLISECONDS.convert(timeout);
      throw new TimeoutException(proc.name() + " gave no answer in " + millis + " ms");
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
    Monitor monitor = watched.monitor(down -> cast(() -> deliver(down, onDown)), monitors);
    if (proc.cause() != null) monitor.demonitor();
    return monitor;
  }

  private static void deliver(Down down, Consumer<Down> onDown) {
    if (!down.monitor().isFlushed()) onDown.accept(down);
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
