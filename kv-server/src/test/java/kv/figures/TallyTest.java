package kv.figures;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import kv.command.Command;
import kv.command.Words;
import kv.command.bucket.BucketCommands;
import kv.otp.Clock;
import kv.testing.ManualClock;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class TallyTest {
  private static final Command GET = command("GET");
  private static final Command PUT = command("PUT");

  private final ManualClock clock = new ManualClock();
  private final Traffic traffic = new Traffic(true, clock);
  private final Tally tally = traffic.tally();

  private static Command command(String verb) {
    return BucketCommands.ALL.stream().filter(one -> one.verb().equals(verb)).findAny().get();
  }

  private static Words words(String verb) {
    Words words = new Words();
    words.reset(verb.getBytes(US_ASCII));
    words.add(0, verb.length());
    return words;
  }

  private void ask(Command... commands) {
    for (Command one : commands) tally.asked(one, words(one == null ? "what" : one.verb()));
  }

  @Nested
  class Counts {
    @Test
    void eachRequestUnderItsVerbWhenItIsToldTo() {
      ask(PUT, GET, GET, PUT, GET);
      tally.tell();
      assertThat(traffic.verbs()).containsExactly(Map.entry("GET", 3L), Map.entry("PUT", 2L));
      assertThat(traffic.commands()).isEqualTo(5);
    }

    @Test
    void noRequestTwice() {
      for (int batch = 0; batch < 3; batch++) {
        ask(GET);
        tally.tell();
        tally.tell();
      }
      assertThat(traffic.verbs()).containsExactly(Map.entry("GET", 3L));
      assertThat(traffic.commands()).isEqualTo(3);
    }

    @Test
    void whatIsNoCommandUnderAWordThatNoVerbIs() {
      ask(null, GET, null);
      tally.tell();
      assertThat(traffic.verbs()).containsExactly(Map.entry("(unknown)", 2L), Map.entry("GET", 1L));
    }

    @Test
    void nothingThatNobodyAsks() {
      assertThat(traffic.verbs()).isEmpty();
    }
  }

  @Nested
  class Measures {
    @Test
    void forEachRequestTheTimeOfItsBatch() {
      tally.arrived();
      ask(GET, PUT, GET);
      tally.tell();
      clock.advance(Duration.ofMillis(2));
      tally.answered();
      assertThat(traffic.latency().snapshot().total()).isEqualTo(3);
      assertThat(traffic.latency().snapshot().seconds()).isCloseTo(0.006, within(1e-9));
    }

    @Test
    void nothingForBytesThatAreNoWholeRequest() {
      tally.arrived();
      tally.tell();
      tally.answered();
      assertThat(traffic.latency().snapshot().total()).isZero();
    }

    @Test
    void eachRequestOnceIfSomeOfABatchAreAnsweredBefore() {
      tally.arrived();
      ask(GET);
      tally.tell();
      clock.advance(Duration.ofMillis(1));
      tally.answered();
      ask(PUT);
      tally.tell();
      clock.advance(Duration.ofMillis(1));
      tally.answered();
      assertThat(traffic.latency().snapshot().total()).isEqualTo(2);
      assertThat(traffic.latency().snapshot().seconds()).isCloseTo(0.003, within(1e-9));
    }
  }

  @Test
  void neitherReadsAClockNorCountsVerbsIfNobodyWantsToKnow() {
    Traffic untimed = new Traffic(false, new NobodysClock());
    Tally quiet = untimed.tally();
    quiet.arrived();
    quiet.asked(GET, words("GET"));
    quiet.asked(null, words("what"));
    quiet.tell();
    quiet.answered();
    assertThat(untimed.verbs()).isEmpty();
    assertThat(untimed.latency().snapshot().total()).isZero();
    assertThat(untimed.commands()).isEqualTo(2);
  }

  /** To be read by nobody. */
  private static final class NobodysClock implements Clock {
    @Override
    public long nanoTime() {
      throw new AssertionError("somebody reads the clock");
    }

    @Override
    public void parkUntil(long deadlineNanos) {
      throw new AssertionError("somebody waits");
    }
  }

  @Test
  void allocatesNothing() {
    Traffic timed = new Traffic(true);
    Tally each = timed.tally();
    Words get = words("GET");
    Words put = words("PUT");
    batches(each, get, put, 1); // takes note of both verbs
    long before = allocatedBytes();
    batches(each, get, put, 10_000);
    assertThat(allocatedBytes() - before).isLessThan(10_000); // less than a byte each
    assertThat(timed.latency().snapshot().total()).isEqualTo(20_002);
  }

  private static void batches(Tally tally, Words get, Words put, int count) {
    for (int i = 0; i < count; i++) {
      tally.arrived();
      tally.asked(GET, get);
      tally.asked(PUT, put);
      tally.tell();
      tally.answered();
    }
  }

  private static long allocatedBytes() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }
}
