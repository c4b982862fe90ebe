package kv.otp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.ITERABLE;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import kv.testing.Concurrently;
import kv.testing.LogCapture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Watching a proc. */
class MonitorTest {
  private final Proc proc = Proc.passive("p");
  private final List<Down> downs = Collections.synchronizedList(new ArrayList<>());

  @Test
  void isToldOnceThatTheProcHasEndedAndWhy() {
    Monitor monitor = proc.monitor(downs::add);
    proc.exit(ExitReason.SHUTDOWN);
    proc.kill();

    assertThat(downs).containsExactly(new Down(monitor, proc, ExitReason.SHUTDOWN));
  }

  @Test
  void isToldNothingWhileTheProcLives() {
    proc.monitor(downs::add);
    proc.exit(ExitReason.NORMAL);

    assertThat(downs).isEmpty();
  }

  @Test
  void isToldNoprocAtOnceIfTheProcHasEnded() {
    proc.exit(ExitReason.SHUTDOWN);
    Monitor monitor = proc.monitor(downs::add);

    assertThat(downs).containsExactly(new Down(monitor, proc, ExitReason.NO_PROC));
  }

  @Test
  void isToldTheReasonIfTheProcIsJustEnding() {
    proc.owns(
        () -> {
          proc.monitor(downs::add);
          assertThat(downs).isEmpty();
        });
    proc.exit(ExitReason.SHUTDOWN);

    assertThat(downs).extracting(Down::reason).containsExactly(ExitReason.SHUTDOWN);
  }

  @Test
  void stacksAndEachOfTheStackIsToldOnce() {
    Monitor first = proc.monitor(downs::add);
    Monitor second = proc.monitor(downs::add);
    proc.kill();

    assertThat(first).isNotSameAs(second);
    assertThat(downs).extracting(Down::monitor).containsExactly(first, second);
  }

  @Test
  void isToldNothingAfterItsEnd() {
    proc.monitor(downs::add).demonitor();
    proc.kill();

    assertThat(downs).isEmpty();
  }

  @Test
  void endsWithoutTheOthersOfTheStack() {
    Monitor first = proc.monitor(downs::add);
    Monitor second = proc.monitor(downs::add);
    first.demonitor();
    proc.kill();

    assertThat(downs).extracting(Down::monitor).containsExactly(second);
  }

  @Test
  void mayBeEndedAgain() {
    Monitor first = proc.monitor(downs::add);
    Monitor second = proc.monitor(downs::add);
    first.demonitor();
    first.demonitor();
    proc.kill();
    second.demonitor();

    assertThat(downs).extracting(Down::monitor).containsExactly(second);
  }

  @Test
  void neverHarmsTheWatcher() throws Exception {
    GenServer watcher = GenServer.start("watcher");
    watcher.monitor(proc, downs::add);
    proc.exit(ExitReason.crash("boom"));

    assertThat(watcher.call(() -> downs.size())).isEqualTo(1);
    watcher.proc().stop();
  }

  @Test
  void isToldNothingOnceItsServerHasFlushedItEvenIfThatWaitsInTheMailbox() throws Exception {
    GenServer watcher = GenServer.start("watcher");
    watcher.call(
        () -> {
          Monitor monitor = watcher.monitor(proc, downs::add);
          proc.kill(); // now it is there
          monitor.flush();
          return monitor;
        });

    assertThat(watcher.call(() -> List.copyOf(downs))).isEmpty();
    watcher.proc().stop();
  }

  @Test
  void isToldNothingOnceFlushedOfAProcThatHadEndedBefore() throws Exception {
    GenServer watcher = GenServer.start("watcher");
    proc.kill();
    watcher.call(
        () -> {
          Monitor monitor = watcher.monitor(proc, downs::add);
          monitor.flush();
          return monitor;
        });

    assertThat(watcher.call(() -> List.copyOf(downs))).isEmpty();
    watcher.proc().stop();
  }

  @Test
  void isToldNothingOnceFlushedWhileTheProcLives() {
    proc.monitor(downs::add).flush();
    assertThat(proc).extracting("monitors").asInstanceOf(ITERABLE).isEmpty();
    proc.kill();

    assertThat(downs).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("failures")
  void thatFailsIsLoggedAndTheOthersAreTold(Throwable failure, LogCapture log) {
    log.allow("a monitor of p failed");
    proc.monitor(down -> Doubles.sneak(failure));
    proc.monitor(downs::add);
    proc.kill();

    assertThat(downs).hasSize(1);
    assertThat(log.records().get(0).getThrown()).isSameAs(failure);
  }

  static Stream<Throwable> failures() {
    return Stream.of(new Exception("boom"), new StackOverflowError(), new AssertionError("no"));
  }

  @Test
  void mayBeAddedByAWatcherThatIsTold() {
    proc.monitor(down -> proc.monitor(downs::add));
    proc.kill();

    assertThat(downs).extracting(Down::reason).containsExactly(ExitReason.NO_PROC);
  }

  @Test
  void isNotHeldByAProcThatHasEnded() {
    proc.monitor(downs::add);
    proc.kill();

    assertThat(proc).extracting("monitors").asInstanceOf(ITERABLE).isEmpty();
  }

  @Test
  void isToldExactlyOnceHoweverItMeetsTheDeath() throws Exception {
    for (int round = 0; round < 200; round++) {
      Proc mortal = Proc.passive("mortal");
      List<Down> heard = Collections.synchronizedList(new ArrayList<>());
      Concurrently.run(
          2,
          index -> {
            if (index == 0) mortal.kill();
            else mortal.monitor(heard::add);
            return index;
          });

      assertThat(heard)
          .singleElement()
          .extracting(Down::reason)
          .isIn(ExitReason.KILLED, ExitReason.NO_PROC);
    }
  }

  @Test
  void needsAWatcher() {
    assertThatThrownBy(() -> proc.monitor(null)).isInstanceOf(NullPointerException.class);
  }
}
