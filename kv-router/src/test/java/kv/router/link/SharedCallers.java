package kv.router.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import kv.command.ByteBuilder;
import kv.otp.Proc;
import org.junit.jupiter.api.AfterEach;

/** Clients of one {@link SharedCalls}, each on a thread of its own, and the way to their peer. */
abstract class SharedCallers {
  final HeldCarrier carrier = new HeldCarrier();
  final WatchedQueue queue = new WatchedQueue();
  final SharedCalls calls = new SharedCalls(carrier, queue);

  /** A client on a thread of its own, whose call waits when the constructor is over. */
  final class Caller {
    final Proc worker = Proc.passive("caller");
    final FutureTask<String> answer;
    final Thread thread;

    /** Set once it has its answer. */
    boolean isInterrupted;

    Caller(String call) throws InterruptedException {
      this(call, false);
    }

    Caller(String call, boolean isInterruptedBefore) throws InterruptedException {
      ByteBuilder bytes = call == null ? null : new ByteBuilder(0).append(call);
      answer = new FutureTask<>(() -> call(bytes, isInterruptedBefore));
      thread = new Thread(answer, "caller");
      thread.start();
      queue.awaitAdded();
    }

    private String call(ByteBuilder bytes, boolean isInterruptedBefore) throws Exception {
      if (isInterruptedBefore) Thread.currentThread().interrupt();
      try {
        return HeldCarrier.text(calls.call(worker, bytes));
      } finally {
        isInterrupted = Thread.interrupted();
      }
    }

    /** What it has thrown. */
    Throwable failure() throws InterruptedException {
      try {
        throw new AssertionError("no failure, but " + answer.get());
      } catch (ExecutionException e) {
        return e.getCause();
      }
    }

    void assertFailed(String message) throws InterruptedException {
      assertThat(failure()).isInstanceOf(Link.FailedException.class).hasMessage(message);
    }
  }

  @AfterEach
  void leaveNobodyWaiting() {
    carrier.letGo();
  }

  static void assertAnswered(String expected, Caller caller) throws Exception {
    assertThat(caller.answer.get()).isEqualTo(expected);
  }

  /** Whatever has been before: one that comes now finds nobody in its way. */
  void assertLeadIsFree() throws Exception {
    Caller late = new Caller("late");
    HeldCarrier.Trip trip = carrier.next();
    assertThat(trip.leader).isSameAs(late.thread);
    trip.answer();
    assertAnswered("late", late);
    assertThat(carrier.isIdle()).isTrue();
  }
}
