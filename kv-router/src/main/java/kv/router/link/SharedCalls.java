package kv.router.link;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import kv.command.ByteBuilder;
import kv.command.ByteCursor;
import kv.otp.ExitReason;
import kv.otp.Proc;
import kv.otp.StartResult;
import kv.otp.Task;
import kv.router.link.CallFailedException.Blame;
import kv.router.link.CallFailedException.Fate;
import kv.router.wire.Peer;

/**
 * Brings the calls that several clients make of one peer at the same time to it together. Safe for
 * use by any thread.
 *
 * <p>The thread of a proc does so, which {@link #start} begins: it takes what waits in the queue,
 * brings it to the peer, and takes what has come meanwhile. So nobody waits for company, and a
 * client waits for two calls at the most, the one that is under way and its own, unless more waits
 * than may go together. To wake many clients takes as long as a call: if more wait, the proc wakes
 * the first of those that went together, and that one the others, while the next are on their way.
 * If a call runs out of time, the peer has stopped answering, and those who wait are told at once.
 *
 * <p><b>Nobody waits for ever.</b> A call belongs to the queue, or to the life of the proc that has
 * taken it out. When that life ends, however it ends, its thread gives each call that it has an
 * end, and {@link Life#close}, which runs before anyone hears of the end, does the same for those
 * that are at the peer, and for those in the queue. While there is no proc, a call has an empty
 * answer at once, which leaves it to its client: it is made alone then. A client looks whether
 * there is a proc after its call is in the queue, and a proc takes itself off before it empties the
 * queue: so one of them finds the call. The first end that a call is given stands, and its client,
 * who always comes back then, gives the others that came with it theirs.
 */
final class SharedCalls {
  /** What is brought together is no more than this, unless it is one call alone. */
  private static final int MAX_BYTES = 1024 * 1024;

  /** How long the proc waits for calls before it looks after its peer. */
  private static final long TICK_NANOS = MILLISECONDS.toNanos(250);

  private static final ByteCursor NO_ANSWER = new ByteCursor(new byte[0]);

  /** Made in advance: there may be no room to make a better one. */
  private static final CallFailedException BROKEN =
      new CallFailedException("a call to another node failed", Fate.IN_DOUBT, Blame.NONE, null);

  /** The way to the peer. */
  interface Carrier {
    /**
     * Has the peer run {@code calls}, {@code count} of them, each behind its length.
     *
     * @return their answers, as {@link Peer#share} says; there may be fewer
     */
    List<ByteCursor> share(byte[] calls, int count) throws CallFailedException;

    /** Looks whether the peer is there; called now and then while nothing waits. */
    default void look() {}

    /** Has what {@code thread} waits for fail soon, as its proc has to end. Does not block. */
    default void breakOff(Thread thread) {}
  }

  /** One client's call. */
  static final class Waiting {
    private final Proc worker;
    private final ByteBuilder call;
    private final Thread client = Thread.currentThread();

    /** Its end; written before {@link #isDone}. */
    private ByteCursor answer = NO_ANSWER;

    private CallFailedException failure;
    private Company others;
    private volatile boolean isDone;

    private Waiting(Proc worker, ByteBuilder call) {
      this.worker = worker;
      this.call = call;
    }

    /** Gives it an end, and its client {@code others} to wake; false if it has one already. */
    synchronized boolean end(ByteCursor answer, CallFailedException failure, Company others) {
      if (isDone) return false;
      this.answer = answer;
      this.failure = failure;
      this.others = others;
      isDone = true;
      LockSupport.unpark(client);
      return true;
    }

    /** Waits, and keeps an interrupt for later: the call may be on its way. */
    void await() {
      boolean isInterrupted = false;
      while (!isDone) {
        LockSupport.park(this);
        isInterrupted |= Thread.interrupted();
      }
      if (isInterrupted) client.interrupt();
      if (others != null) others.endRest();
    }
  }

  /** Those that go to the peer together, and what came of it. */
  private static final class Company {
    private final List<Waiting> calls = new ArrayList<>();
    private List<ByteCursor> answers = List.of();
    private CallFailedException failure = BROKEN;

    /** Gives the first its end, and has its client give the rest theirs; false if it has one. */
    boolean endByFirst() {
      return calls.get(0).end(answer(0), failure, this);
    }

    void endAll() {
      calls.get(0).end(answer(0), failure, null);
      endRest();
    }

    private void endRest() {
      for (int i = 1; i < calls.size(); i++) calls.get(i).end(answer(i), failure, null);
    }

    private ByteCursor answer(int i) {
      return i < answers.size() ? answers.get(i) : NO_ANSWER;
    }
  }

  private final Carrier carrier;
  private final Queue<Waiting> queue;

  /** The life that takes calls; null while there is none. */
  private final AtomicReference<Life> present = new AtomicReference<>();

  SharedCalls(Carrier carrier) {
    this(carrier, new ConcurrentLinkedQueue<>());
  }

  /** With a queue of the caller's, which is safe for use by any thread; for tests that watch it. */
  SharedCalls(Carrier carrier, Queue<Waiting> queue) {
    this.carrier = carrier;
    this.queue = queue;
  }

  /** Starts the proc; its {@code info} is what finds it in the tree. */
  StartResult start(Object info) {
    Life life = new Life();
    present.set(life); // before its thread begins, and so before it can end
    return StartResult.ok(Task.start("link " + info, life), info);
  }

  /**
   * Has the peer run {@code call}, unless {@code worker} ends before it leaves. The call must stay
   * as it is until this returns.
   *
   * @return the answer as far as there is one: it may lack the last replies, or all; commands
   *     without reply were not run
   */
  ByteCursor call(Proc worker, ByteBuilder call) throws CallFailedException {
    if (present.get() == null) return NO_ANSWER;
    Waiting own = new Waiting(worker, call);
    queue.add(own);
    Life life = present.get();
    if (life != null) life.wake();
    else if (queue.remove(own)) return NO_ANSWER;
    own.await();
    if (own.failure != null) throw own.failure;
    return own.answer;
  }

  /** How many are at the peer. */
  int underWay() {
    Life life = present.get();
    return life == null ? 0 : life.underWay.size();
  }

  private void emptyQueue(CallFailedException failure) {
    for (Waiting next; (next = queue.poll()) != null; ) next.end(NO_ANSWER, failure, null);
  }

  /** One life of the proc. */
  private final class Life implements Task.Work {
    /** Those that are at the peer, or about to go there. */
    private volatile List<Waiting> underWay = List.of();

    // For the proc's thread only.
    private final Company nobody = new Company();

    /** Those that it has taken from the queue, and that are not back yet. */
    private Company taken = nobody;

    /** Taken as well, but for the next time. */
    private Waiting heldBack;

    private volatile Thread thread;
    private volatile boolean isParked;
    private volatile boolean isLooking;
    private volatile boolean isStopping;

    void wake() {
      if (isParked) LockSupport.unpark(thread);
    }

    @Override
    public void run(Proc self) {
      thread = Thread.currentThread();
      try {
        while (!isStopping) {
          take();
          if (taken.calls.isEmpty()) idle();
          else bring();
        }
      } finally { // what it has taken and not brought
        endAll(taken.calls, null);
        if (heldBack != null) heldBack.end(NO_ANSWER, null, null);
      }
    }

    private void idle() {
      isParked = true;
      if (queue.isEmpty() && !isStopping) LockSupport.parkNanos(SharedCalls.this, TICK_NANOS);
      isParked = false;
      isLooking = true; // before it looks at what is set before somebody looks at this
      if (queue.isEmpty() && !isStopping) carrier.look();
      isLooking = false;
    }

    /** Takes those at the head of the queue that may go together; none whose worker has ended. */
    private void take() {
      taken = new Company();
      int bytes = 0;
      while (heldBack != null || (heldBack = queue.poll()) != null) {
        if (heldBack.worker.isAlive()) {
          bytes += heldBack.call.length();
          if (!taken.calls.isEmpty() && bytes > MAX_BYTES) return;
          taken.calls.add(heldBack);
        } else heldBack.end(NO_ANSWER, null, null);
        heldBack = null;
      }
    }

    private void bring() {
      byte[] calls = together(); // first: who has been given an end writes his next call there
      underWay = taken.calls;
      if (isStopping) return;
      try {
        taken.answers = carrier.share(calls, taken.calls.size());
        taken.failure = null;
      } catch (CallFailedException e) {
        taken.failure = e;
        if (e.isOutOfTime()) emptyQueue(e.ofUnsent());
      } finally {
        Company back = taken;
        taken = nobody;
        underWay = List.of();
        if (queue.isEmpty() || !back.endByFirst()) back.endAll();
      }
    }

    private byte[] together() {
      int bytes = 0;
      for (Waiting one : taken.calls) bytes += 4 + one.call.length();
      ByteBuilder calls = new ByteBuilder(bytes);
      for (Waiting one : taken.calls) calls.appendWithLength(one.call);
      return calls.copyFrom(0);
    }

    /** Has what it brings come to its end, and brings no more; a look is broken off. */
    @Override
    public void shutdown(Thread worker, ExitReason reason) {
      isStopping = true;
      LockSupport.unpark(worker);
      if (isLooking) carrier.breakOff(worker);
    }

    @Override
    public void close() {
      isStopping = true;
      present.compareAndSet(this, null); // the next may be there already
      emptyQueue(null);
      endAll(underWay, BROKEN);
      if (!underWay.isEmpty() || isLooking) carrier.breakOff(thread);
    }

    private static void endAll(List<Waiting> all, CallFailedException failure) {
      for (Waiting one : all) one.end(NO_ANSWER, failure, null);
    }
  }
}
