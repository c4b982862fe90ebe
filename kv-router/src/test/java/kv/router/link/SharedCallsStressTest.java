package kv.router.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import kv.command.ByteBuilder;
import kv.command.ByteCursor;
import kv.otp.ChildSpec;
import kv.otp.Flags;
import kv.otp.Proc;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.router.link.CallFailedException.Blame;
import kv.router.link.CallFailedException.Fate;
import kv.testing.Concurrently;
import kv.testing.LogCapture;
import org.junit.jupiter.api.Test;

/** Many clients at once. What is answered is the call. */
class SharedCallsStressTest {
  private static final int CLIENTS = 8;
  private static final int CALLS = 2_000;

  private final AtomicBoolean isUnderWay = new AtomicBoolean();

  /** In the order in which they came; no lock is needed, as there is one trip at a time. */
  private final List<String> brought = Collections.synchronizedList(new ArrayList<>());

  private final Random random = new Random(4040);

  private List<ByteCursor> bring(byte[] calls, int count) {
    if (!isUnderWay.compareAndSet(false, true)) throw new AssertionError("two trips at a time");
    List<String> texts = HeldCarrier.texts(calls, count);
    brought.addAll(texts);
    Thread.yield(); // for company
    isUnderWay.set(false);
    return HeldCarrier.echo(texts);
  }

  private List<ByteCursor> bringOrFail(byte[] calls, int count) throws CallFailedException {
    List<String> texts = HeldCarrier.texts(calls, count);
    brought.addAll(texts);
    List<ByteCursor> answers = HeldCarrier.echo(texts);
    switch (random.nextInt(8)) {
      case 0 -> throw new CallFailedException("it failed", Fate.CLEAR, Blame.NONE, null);
      case 1 -> throw new CallFailedException("it is slow", Fate.CLEAR, Blame.OUT_OF_TIME, null);
      case 2 -> throw new IllegalStateException("it crashed");
      case 3 -> throw new StackOverflowError("it crashed");
      default -> {
        return answers.subList(0, random.nextInt(count + 1));
      }
    }
  }

  @Test
  void eachHasItsOwnAnswersAndItsCallsAreBroughtOnceAndInItsOrder() throws Exception {
    SharedCalls calls = new SharedCalls(this::bring);
    List<List<String>> answers;
    try (Supervisor supervisor = start(calls)) {
      assertThat(supervisor.proc().isAlive()).isTrue();
      answers = Concurrently.run(CLIENTS, client -> callAll(calls, client));
    }
    for (int client = 0; client < CLIENTS; client++) {
      String name = client + " ";
      List<String> all = IntStream.range(0, CALLS).mapToObj(i -> name + i).toList();
      assertThat(answers.get(client)).isEqualTo(all);
      assertThat(brought.stream().filter(call -> call.startsWith(name)).toList()).isEqualTo(all);
    }
  }

  private static List<String> callAll(SharedCalls calls, int client) throws Exception {
    Proc worker = Proc.passive("client");
    List<String> own = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      ByteBuilder call = new ByteBuilder(0).append(client + " " + i);
      own.add(HeldCarrier.text(calls.call(worker, call)));
    }
    return own;
  }

  /** Whatever crashes is back, however often. */
  private static Supervisor start(SharedCalls calls) throws InterruptedException {
    return Supervisor.start(
        "links",
        Flags.of(Strategy.ONE_FOR_ONE).intensity(CLIENTS * CALLS, Duration.ofHours(1)),
        ChildSpec.worker("link", () -> calls.start("bar")));
  }

  @Test
  void nobodyWaitsForEverOrIsBroughtTwiceWhateverFailsAndWhoeverDies(LogCapture log)
      throws Exception {
    log.allow("child=link event=(child_terminated|shutdown_error)");
    SharedCalls calls = new SharedCalls(this::bringOrFail);
    try (Supervisor supervisor = start(calls)) {
      Concurrently.run(
          CLIENTS,
          client -> {
            Random mine = new Random(client);
            for (int i = 0; i < CALLS; i++) {
              Proc worker = Proc.passive("client");
              if (mine.nextInt(4) == 0) worker.kill();
              if (mine.nextInt(100) == 0) kill(supervisor);
              if (mine.nextInt(4) == 0) Thread.currentThread().interrupt();
              assertEnds(calls, worker, client + " " + i);
            }
            return null;
          });
    }
    assertThat(brought).doesNotHaveDuplicates();
  }

  private static void kill(Supervisor supervisor) throws InterruptedException {
    supervisor.whichChildren().get(0).proc().ifPresent(Proc::kill);
  }

  /** With its own answer, with none, or with a failure; an interrupt is still set then. */
  private static void assertEnds(SharedCalls calls, Proc worker, String call) {
    boolean wasInterrupted = Thread.currentThread().isInterrupted();
    try {
      assertThat(HeldCarrier.text(calls.call(worker, new ByteBuilder(0).append(call))))
          .isIn("", call);
    } catch (CallFailedException e) {
      assertThat(e).hasMessageMatching("it .*|a call to another node failed; .*");
    } finally {
      assertThat(Thread.interrupted()).isEqualTo(wasInterrupted);
    }
  }
}
