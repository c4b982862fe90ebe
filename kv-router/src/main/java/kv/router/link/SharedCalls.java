package kv.router.link;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import kv.command.ByteBuilder;
import kv.command.ByteCursor;
import kv.otp.Proc;
import kv.router.wire.Peer;

/**
 * Brings the calls that several clients make of one peer at the same time to it together. A call
 * that finds none under way leaves at once, so nobody waits for company; those that come while it
 * is under way leave together when it is back. Safe for use by any thread.
 *
 * <p>There is no thread for it: a client that finds none under way leads, which is to bring its own
 * call and all that wait, and to hand on the lead when that is done. So the lead passes from client
 * to client, and each leads once at the most for a call of its own. Whoever has it is the only one
 * to take from the queue. It is let go only when the queue was empty, and the queue is looked at
 * once more after that: who came in between might rely on a lead that is gone.
 *
 * <p>Unless more waits than may go together, a client waits for two calls at the most, the one that
 * is under way and its own; if the former runs out of time, the peer has stopped answering, and
 * those who wait are told at once.
 *
 * <p>Whatever a leader dies of, for want of memory, say, the lead goes on: with a lead that is lost
 * all would wait for ever. So nothing that may fail comes between an end and the handing on.
 */
final class SharedCalls {
  /** What is brought together is no more than this, unless it is one call alone. */
  private static final int MAX_BYTES = 1024 * 1024;

  private static final ByteCursor NO_ANSWER = new ByteCursor(new byte[0]);

  /** Made in advance: who needs it may have no room to make a better one. */
  private static final Link.FailedException BROKEN =
      new Link.FailedException(
          "a call to another node failed; the command may have been carried out", null);

  /** The way to the peer. */
  interface Carrier {
    /**
     * Has the peer run {@code calls}, {@code count} of them, each behind its length.
     *
     * @return their answers, as {@link Peer#share} says; there may be fewer
     */
    List<ByteCursor> share(byte[] calls, int count) throws Link.FailedException;
  }

  /** Where a call is. */
  private enum State {
    WAITING,
    LEADS,
    DONE
  }

  /** One client's call, in the hands of the leader until it is done. */
  static final class Waiting {
    final Proc worker;
    final ByteBuilder call;
    final Thread thread = Thread.currentThread();
    volatile State state = State.WAITING;

    // Set before the state is.
    ByteCursor answer = NO_ANSWER;
    Link.FailedException failure;

    Waiting(Proc worker, ByteBuilder call) {
      this.worker = worker;
      this.call = call;
    }

    void become(State next) {
      state = next;
      if (thread != Thread.currentThread()) LockSupport.unpark(thread);
    }

    /** Waits, and keeps an interrupt for later: the call may be on its way. */
    void await() {
      boolean isInterrupted = false;
      while (state == State.WAITING) {
        LockSupport.park(this);
        isInterrupted |= Thread.interrupted();
      }
      if (isInterrupted) thread.interrupt();
    }
  }

  private final Carrier carrier;
  private final Queue<Waiting> queue;
  private final AtomicBoolean isLed = new AtomicBoolean();

  SharedCalls(Carrier carrier) {
    this(carrier, new ConcurrentLinkedQueue<>());
  }

  /** With a queue of the caller's, which is safe for use by any thread; for tests that watch it. */
  SharedCalls(Carrier carrier, Queue<Waiting> queue) {
    this.carrier = carrier;
    this.queue = queue;
  }

  /**
   * Has the peer run {@code call}, unless {@code worker} ends before it leaves. The call must stay
   * as it is until this returns.
   *
   * @return the answer as far as there is one: it may lack the last replies, or all; commands
   *     without reply were not run
   */
  ByteCursor call(Proc worker, ByteBuilder call) throws Link.FailedException {
    Waiting own = new Waiting(worker, call);
    queue.add(own);
    if (isLed.compareAndSet(false, true)) lead(own);
    while (own.state != State.DONE) {
      own.await();
      if (own.state == State.LEADS) lead(own);
    }
    if (own.failure != null) throw own.failure;
    return own.answer;
  }

  private void lead(Waiting own) {
    boolean isInterrupted = Thread.interrupted(); // meant for this client, not for the others
    List<Waiting> taken = List.of();
    List<ByteCursor> answers = List.of();
    Link.FailedException failure = BROKEN;
    try {
      taken = new ArrayList<>();
      take(taken);
      if (!taken.isEmpty()) answers = carrier.share(together(taken), taken.size());
      failure = null;
    } catch (Link.FailedException e) {
      failure = e;
      if (e.isOutOfTime()) failRest(e.ofUnsent());
    } finally {
      if (failure == BROKEN) queue.remove(own); // it may not have been taken, and is given up
      handOn();
      giveOut(answers, failure, taken);
      if (isInterrupted) own.thread.interrupt();
    }
  }

  /** Moves those at the head of the queue to {@code taken}; none whose worker has ended. */
  private void take(List<Waiting> taken) {
    int bytes = 0;
    for (Waiting next; (next = queue.peek()) != null; queue.remove()) {
      if (!next.worker.isAlive()) {
        next.become(State.DONE);
        continue;
      }
      bytes += next.call.length();
      if (!taken.isEmpty() && bytes > MAX_BYTES) return;
      taken.add(next);
    }
  }

  private static byte[] together(List<Waiting> taken) {
    int bytes = 0;
    for (Waiting one : taken) bytes += 4 + one.call.length();
    ByteBuilder calls = new ByteBuilder(bytes);
    for (Waiting one : taken) calls.appendWithLength(one.call);
    return calls.copyFrom(0);
  }

  private void failRest(Link.FailedException failure) {
    for (Waiting next; (next = queue.poll()) != null; ) {
      next.failure = failure;
      next.become(State.DONE);
    }
  }

  private void handOn() {
    do {
      Waiting next = queue.peek();
      if (next != null) {
        next.become(State.LEADS);
        return;
      }
      isLed.set(false);
    } while (!queue.isEmpty() && isLed.compareAndSet(false, true));
  }

  private static void giveOut(
      List<ByteCursor> answers, Link.FailedException failure, List<Waiting> taken) {
    for (int i = 0; i < taken.size(); i++) {
      Waiting one = taken.get(i);
      if (i < answers.size()) one.answer = answers.get(i);
      one.failure = failure;
      one.become(State.DONE);
    }
  }
}
