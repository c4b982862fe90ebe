package kv.otp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What will not be used again is garbage, with all that it captured. */
class GarbageTest {
  private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();
  private static final Flags FLAGS = Flags.of(Strategy.ONE_FOR_ONE);

  private interface Use {
    void of(Object captured) throws Exception;
  }

  /** Something that {@code use} has captured, and nobody else. */
  private static WeakReference<Object> captured(Use use) throws Exception {
    Object captured = new Object();
    use.of(captured);
    return new WeakReference<>(captured);
  }

  private static void assertGarbage(WeakReference<?> reference) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (reference.get() != null && System.nanoTime() - deadline < 0) System.gc();
    assertThat(reference.get()).isNull();
  }

  private static ChildSpec temporary(Object captured) {
    return ChildSpec.worker("a", () -> StartResult.ok(Proc.passive("of " + captured)))
        .restart(Restart.TEMPORARY);
  }

  @Nested
  class TheStartOfATemporaryChild {
    @Test
    void thatItsSupervisorBeganWith() throws Exception {
      Supervisor[] supervisor = new Supervisor[1];
      WeakReference<?> start =
          captured(it -> supervisor[0] = Supervisor.start("sup", FLAGS, temporary(it)));
      try (Supervisor running = supervisor[0]) {
        assertGarbage(start);
        assertThat(running.countChildren().active()).isOne();
      }
    }

    @Test
    void thatWasAddedLater() throws Exception {
      try (Supervisor supervisor = Supervisor.start("sup", FLAGS)) {
        assertGarbage(captured(it -> supervisor.startChild(temporary(it))));
        assertThat(supervisor.countChildren().active()).isOne();
      }
    }

    @Test
    void andIsMissingFromItsSpec() throws Exception {
      try (Supervisor supervisor = Supervisor.start("sup", FLAGS, temporary("it"))) {
        ChildSpec spec = supervisor.childSpec("a").orElseThrow();
        supervisor.terminateChild("a");

        assertThat(spec.start()).isNull();
        assertThat(supervisor.startChild(spec))
            .isEqualTo(new ChildResult.Invalid("missing start of a"));
      }
    }

    @Test
    void butNotThatOfAllChildrenOfOneSpec() throws Exception {
      Flags simple = Flags.of(Strategy.SIMPLE_ONE_FOR_ONE);
      try (Supervisor supervisor = Supervisor.start("sup", simple, temporary("it"))) {
        supervisor.startChild(List.of());

        assertThat(supervisor.startChild(List.of())).isInstanceOf(ChildResult.Started.class);
      }
    }
  }

  @Nested
  class TheWorkOfATask {
    @Test
    void thatHasEnded() throws Exception {
      Proc[] task = new Proc[1];
      WeakReference<?> work =
          captured(it -> task[0] = Task.start("task", self -> it.hashCode()));
      task[0].awaitExit();
      assertGarbage(work);
      Reference.reachabilityFence(task[0]);
    }

    @Test
    void thatWasKilled() throws Exception {
      Proc[] task = new Proc[1];
      CountDownLatch never = new CountDownLatch(1);
      WeakReference<?> work =
          captured(it -> task[0] = Task.start("task", self -> awaitWith(never, it)));
      task[0].kill();
      assertGarbage(work);
      Reference.reachabilityFence(task[0]);
    }

    private void awaitWith(CountDownLatch latch, Object captured) throws InterruptedException {
      latch.await();
      Reference.reachabilityFence(captured);
    }
  }
}
