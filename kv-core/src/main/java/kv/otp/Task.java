package kv.otp;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedSelectorException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.ClosedWatchServiceException;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A proc that runs one piece of work on a thread of its own and ends with it: Elixir's {@code
 * Task}.
 *
 * <p>If its supervisor dies without stopping it, it ends at once, for the same reason. Else it ends
 *
 * <ul>
 *   <li>with {@link ExitReason#NORMAL} when the work returns, unless it was asked to end;
 *   <li>with the reason that it was asked for when the work then returns, or throws what the
 *       request has brought about, itself or as the cause of something else: an {@code
 *       InterruptedException}, or an {@code IOException}, such as that of a closed socket, or what
 *       else says that something is closed, ended or cancelled;
 *   <li>with {@link Exit#reason()} when the work throws that;
 *   <li>with a crash of whatever else the work throws, errors included. Of a heap that has run out,
 *       the thread's handler of uncaught exceptions hears before: see {@link OutOfHeap}.
 * </ul>
 */
public final class Task {
  /**
   * What a task does. Work that hangs on something else than an interruptible wait says in {@link
   * #shutdown} how to end that wait, for example by closing a socket: the exception that comes of
   * it is no crash. In {@link #close} it says what to take away from a thread that does not react.
   */
  public interface Work {
    /**
     * Runs on the task's own thread.
     *
     * @param self this task, whose {@link Proc#ensureAlive} fences what the work shares
     * @throws Exception anything: it becomes the exit reason
     */
    void run(Proc self) throws Exception;

    /**
     * Asks the work to come to its end; runs on the asker's thread, may be called more than once.
     * Must not block: the asker may be the supervisor, whose timeout runs only after that.
     * Interrupts {@code worker} unless overridden.
     *
     * @throws Exception anything: the task ends with a crash of it, at once
     */
    default void shutdown(Thread worker, ExitReason reason) throws Exception {
      worker.interrupt();
    }

    /**
     * Gives back what the work holds: called once, when the task ends, in whatever way, before
     * anyone is told; also from another thread while {@link #run} is still in its code, if the task
     * is killed. Must not block: until it returns, the task has not ended, and a kill, whose thread
     * this is, does not come back.
     *
     * @throws Exception anything: it is suppressed into the crash, or logged if there is none
     */
    default void close() throws Exception {}
  }

  private static final Log LOG = new Log(Task.class);

  /** What is thrown where a thing is used that somebody closes, ends, cancels or interrupts. */
  private static final List<Class<? extends Exception>> LOSSES =
      List.of(
          InterruptedException.class,
          IOException.class,
          ExitedException.class,
          BrokenBarrierException.class,
          CancellationException.class,
          RejectedExecutionException.class,
          ClosedFileSystemException.class,
          ClosedSelectorException.class,
          ClosedWatchServiceException.class);

  /** How deep in the causes a loss is looked for: they may be without end. */
  private static final int MAX_DEPTH = 16;

  /** Made in advance, for want of room to make a better one. */
  private static final ExitReason NO_ROOM = ExitReason.crash("nothing can be said of it");

  static {
    OutOfHeap.tell(new OutOfMemoryError("not now")); // loads what there is no room to load then
  }

  private final AtomicReference<ExitReason> asked = new AtomicReference<>();
  private final Work work;
  private final Proc proc;

  /** Null until the factory has given it. */
  private volatile Thread thread;

  private Task(String name, Work work, Proc.Behaviour behaviour) {
    this.work = requireNonNull(work, "work");
    proc = new Proc(name, behaviour == null ? this::asked : behaviour);
    proc.owns(this::interrupt);
    proc.owns(work::close);
  }

  /**
   * Starts {@code work} on a new platform thread that bears {@code name}, and is no daemon: the JVM
   * does not end before it.
   */
  public static Proc start(String name, Work work) {
    return start(name, work, Task::platformThread);
  }

  /** The JVM lives as long as it does, whoever makes it: by itself, it would be as its maker is. */
  static Thread platformThread(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(false);
    return thread;
  }

  /**
   * Starts {@code work} on a new thread of {@code threads}, a daemon if they are.
   *
   * @throws OutOfMemoryError if the machine has no thread left; the work is closed then, as with
   *     whatever else the factory throws
   */
  public static Proc start(String name, Work work, ThreadFactory threads) {
    return start(name, work, threads, null);
  }

  /** As above, with an answer of its own to exit signals instead of the task's. */
  static Proc start(String name, Work work, ThreadFactory threads, Proc.Behaviour behaviour) {
    Task task = new Task(name, work, behaviour);
    try {
      task.start(threads);
    } catch (Throwable e) { // the work was handed over: it is closed, whatever has failed
      task.proc.end(ExitReason.crash(e));
      throw e;
    }
    return task.proc;
  }

  private void start(ThreadFactory threads) {
    Thread made = requireNonNull(threads.newThread(this::run), "the factory's thread");
    made.setName(proc.name());
    thread = made;
    made.start();
  }

  private void run() {
    ExitReason reason = outcome();
    for (boolean isTold = false; ; isTold = true) {
      try {
        proc.end(reason);
        return;
      } catch (VirtualMachineError e) { // no room to tell of the end as yet: told it must be
        if (!isTold) OutOfHeap.tell(e);
      }
    }
  }

  private ExitReason outcome() {
    try {
      work.run(proc);
      ExitReason request = asked.get();
      return request == null ? ExitReason.NORMAL : request;
    } catch (Throwable t) { // the thread's root: whatever it is, it is this proc's exit reason
      OutOfHeap.tell(t);
      return reasonOf(t, asked.get());
    }
  }

  /** {@code request} is what the task was asked to end with; null if a loss is no excuse. */
  private ExitReason reasonOf(Throwable thrown, ExitReason request) {
    try {
      if (request == null || thrown instanceof Exit || !isLoss(thrown))
        return Exit.reasonOf(thrown);
      String what = proc.name() + " was asked to end, and ends by what that has taken away";
      LOG.log(Level.DEBUG, what, () -> what, thrown);
      return request;
    } catch (Throwable t) { // no room, or an exception that fails to tell its cause
      return NO_ROOM;
    }
  }

  /** Also if it had to be wrapped, as in a function that throws no such exception. */
  private static boolean isLoss(Throwable thrown) {
    Throwable next = thrown;
    for (int depth = 0; next != null && depth < MAX_DEPTH; depth++) {
      Throwable cause = next;
      if (LOSSES.stream().anyMatch(loss -> loss.isInstance(cause))) return true;
      next = cause.getCause();
    }
    return false;
  }

  private void asked(Proc self, ExitReason reason, Proc.Asker who) {
    if (who == Proc.Asker.PARENT && reason != ExitReason.SHUTDOWN) {
      self.end(reason); // its supervisor is dead
      return;
    }
    asked.compareAndSet(null, reason);
    try {
      work.shutdown(thread, reason);
    } catch (Throwable e) { // the work's fault, on the asker's thread: not the asker's end
      OutOfHeap.tell(e);
      self.end(reasonOf(e, null));
    }
  }

  private void interrupt() {
    Thread worker = thread;
    if (worker != null && worker != Thread.currentThread()) worker.interrupt();
  }
}
