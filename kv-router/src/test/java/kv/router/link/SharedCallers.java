package kv.router.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import kv.command.ByteBuilder;
import kv.otp.Proc;
import kv.otp.StartResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Clients of one {@link SharedCalls}, each on a thread of its own, and the way to their peer. */
abstract class SharedCallers {
  final HeldCarrier carrier = new HeldCarrier();
  final WatchedQueue queue = new WatchedQueue();
  final SharedCalls calls = new SharedCalls(carrier, queue);

  /** The present life of what brings the calls. */
  Proc proc;

  /** A client on a thread of its own. */
  final class Caller {
    final Proc worker = Proc.passive("caller");
    final FutureTask<String> answer;
    final Thread thread;

    /** Set once it has its answer. */
    boolean isInterrupted;

    private Caller(String call, boolean isInterruptedBefore) {
      ByteBuilder bytes = new ByteBuilder(0).append(call);
      answer = new FutureTask<>(() -> call(bytes, isInterruptedBefore));
      thread = new Thread(answer, "caller");
      thread.start();
    }

    private String call(ByteBuilder bytes, boolean isInterruptedBefore) throws Exception {
      if (isInterruptedBefore) Thread.currentThread().interrupt();
      try {
        return HeldCarrier.text(calls.call(worker, bytes));
      } finally {
        isInterrupted = Thread.interrupted();
      }
    }

    void assertFailed(String message) throws InterruptedException {
      try {
        throw new AssertionError("no failure, but " + answer.get());
      } catch (ExecutionException e) {
        assertThat(e.getCause()).isInstanceOf(CallFailedException.class).hasMessage(message);
      }
    }
  }

  /** One whose call is in the queue when this returns. */
  Caller caller(String call) throws InterruptedException {
    return caller(call, false);
  }

  Caller caller(String call, boolean isInterruptedBefore) throws InterruptedException {
    Caller started = new Caller(call, isInterruptedBefore);
    queue.awaitAdded();
    return started;
  }

  /** One that is about to add its call. */
  Caller comer(String call) throws InterruptedException {
    Caller started = new Caller(call, false);
    queue.awaitCome();
    return started;
  }

  @BeforeEach
  void startLife() {
    proc = ((StartResult.Ok) calls.start("bar")).proc();
  }

  @AfterEach
  void leaveNobodyWaiting() throws InterruptedException {
    carrier.letGo();
    if (proc.isAlive()) proc.stop();
  }

  static void assertAnswered(String expected, Caller caller) throws Exception {
    assertThat(caller.answer.get()).isEqualTo(expected);
  }

  /** Whatever has been before: a call that comes now finds nobody in its way. */
  void assertGoesOn() throws Exception {
    Caller late = caller("late");
    carrier.next().answer();
    assertAnswered("late", late);
    assertThat(carrier.isIdle()).isTrue();
  }
}
