package kv.router.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeoutException;
import kv.command.ByteBuilder;
import kv.command.ByteCursor;
import kv.otp.Proc;
import kv.router.testing.PeerDouble;
import kv.router.testing.Routing;
import kv.router.testing.Wire;
import kv.router.wire.Call;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Who does what an interrupt must not end. */
class LinkThreadsTest {
  private static final int FIRST_JDK_FOR_VIRTUAL = 24;

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aPlatformThreadDoesItItself() throws Exception {
    FutureTask<Thread> task =
        new FutureTask<>(() -> LinkThreads.uninterrupted(Thread::currentThread));
    Thread asker = new Thread(task, "asker");
    asker.start();
    assertThat(task.get()).isSameAs(asker);
  }

  @Test
  void aThreadOfAnotherKindHasItDone() throws Exception {
    FutureTask<Thread> task =
        new FutureTask<>(() -> LinkThreads.uninterrupted(Thread::currentThread));
    Thread asker = new Thread(task, "asker") {}; // as virtual ones are
    asker.start();
    assertThat(task.get()).isNotSameAs(asker).matches(Thread::isDaemon);
  }

  @Test
  void aWaitThatIsInterruptedEndsInItsTimeAllTheSame() {
    FutureTask<String> never = new FutureTask<>(() -> "done");
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> LinkThreads.outcome(never, 1)).isInstanceOf(TimeoutException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Nested
  class AJobElsewhere {
    @Test
    void goesOnThoughWhoAskedForItIsInterruptedWhichIsSetAfterwards() throws Exception {
      FutureTask<String> task =
          new FutureTask<>(() -> LinkThreads.elsewhere(this::waitTillItIsOver) + isSet());
      Thread asker = new Thread(task, "asker");
      asker.start();
      begun.await();
      asker.interrupt();
      over.countDown();
      assertThat(task.get()).isEqualTo("done, true");
    }

    private String waitTillItIsOver() {
      begun.countDown();
      await(over);
      return "done, ";
    }

    private static boolean isSet() {
      return Thread.interrupted();
    }

    @Test
    void failsAsItIs() {
      Link.FailedException expected = new Link.FailedException("it failed", null);
      assertThatThrownBy(() -> fail(expected)).isSameAs(expected);
      assertThatThrownBy(() -> fail(new IllegalStateException("made to fail")))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> fail(new StackOverflowError("made to fail")))
          .isInstanceOf(StackOverflowError.class);
    }

    private static void fail(Throwable with) throws Link.FailedException {
      LinkThreads.elsewhere(
          () -> {
            if (with instanceof Link.FailedException failure) throw failure;
            if (with instanceof Error error) throw error;
            throw (RuntimeException) with;
          });
    }
  }

  @Nested
  class ASharedCall {
    @Test
    void isNotBrokenOffByTheEndOfTheVirtualThreadThatLeads() throws Exception {
      assumeTrue(Runtime.version().feature() >= FIRST_JDK_FOR_VIRTUAL);
      try (PeerDouble bar = PeerDouble.start("bar", Wire::okToAll)) {
        Link link = new Link(bar.address(), Routing.LONG, Routing.LONG);
        link.call(Call.OF_NOTHING); // so it is known
        bar.answerShared(shared -> answerOnceItIsOver());
        FutureTask<String> call = new FutureTask<>(() -> callTogether(link));
        Thread leader = virtual().newThread(call);
        leader.start();
        begun.await();
        link.call(Call.OF_NOTHING); // a way there and back: enough for the leader to wait
        leader.interrupt();
        link.call(Call.OF_NOTHING); // or for that to end its waiting
        over.countDown();
        assertThat(call.get()).isEqualTo("7");
      }
    }

    @Test
    void isNotBrokenOffByAnInterruptOfWhoWaitsForTheLookUpWhichIsSetAfterwards() throws Exception {
      try (PeerDouble bar = PeerDouble.start("bar", Wire::okToAll)) {
        bar.answerShared(shared -> Wire.shared(new byte[] {'7'}));
        Link link = new Link(bar.address(), Routing.LONG, Routing.LONG);
        Thread.currentThread().interrupt();
        List<ByteCursor> answers = link.share(Wire.shared(new byte[1]), 1);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(answers).extracting(HeldCarrier::text).containsExactly("7");
      }
    }

    private byte[] answerOnceItIsOver() {
      begun.countDown();
      await(over);
      return Wire.shared(new byte[] {'7'});
    }

    private static String callTogether(Link link) throws Link.FailedException {
      return HeldCarrier.text(link.callTogether(Proc.passive("x"), new ByteBuilder(0)));
    }

    /** By reflection: the code is compiled for JDK 17. */
    private static ThreadFactory virtual() throws ReflectiveOperationException {
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      Class<?> type = Class.forName("java.lang.Thread$Builder");
      return (ThreadFactory) type.getMethod("factory").invoke(builder);
    }
  }
}
