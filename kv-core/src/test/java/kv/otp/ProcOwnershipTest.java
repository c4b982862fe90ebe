package kv.otp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import kv.testing.LogCapture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a proc owns, and gives back with its life. */
class ProcOwnershipTest {
  private final Proc proc = Proc.passive("p");
  private final List<String> told = new ArrayList<>();

  @Nested
  class WhatItOwns {
    @Test
    void isNotClosedWhileItLives() {
      proc.owns(() -> told.add("closed"));

      assertThat(told).isEmpty();
    }

    @Test
    void isClosedOnce() {
      proc.owns(() -> told.add("closed"));
      proc.kill();
      proc.kill();

      assertThat(told).containsExactly("closed");
    }

    @Test
    void isClosedAtOnceIfItHasEnded() {
      proc.kill();
      proc.owns(() -> told.add("closed"));

      assertThat(told).containsExactly("closed");
    }

    @Test
    void isClosedAtOnceIfItIsJustEnding() {
      proc.owns(
          () -> {
            proc.owns(() -> told.add("late"));
            told.add("early");
          });
      proc.kill();

      assertThat(told).containsExactly("late", "early");
    }

    @ParameterizedTest
    @MethodSource("failures")
    void isClosedAlthoughSomethingElseCouldNotBe(Throwable failure, LogCapture log) {
      log.allow("p could not close what it owned");
      proc.linkSupervisor(p -> told.add("supervisor"), p -> {});
      proc.owns(() -> told.add("closed"));
      proc.owns(() -> Doubles.sneak(failure));
      proc.monitor(down -> told.add("monitor"));
      proc.kill();

      assertThat(told).containsExactly("closed", "supervisor", "monitor");
      assertThat(log.records().get(0).getThrown()).isSameAs(failure);
    }

    static Stream<Throwable> failures() {
      return Stream.of(new Exception("no"), new StackOverflowError(), new OutOfMemoryError("no"));
    }

    @Test
    void suppressesItsFailureIntoTheCrash() {
      Exception boom = new Exception("boom");
      Exception failure = new Exception("cannot close");
      proc.owns(
          () -> {
            throw failure;
          });
      proc.exit(ExitReason.crash(boom));

      assertThat(boom).hasSuppressedException(failure);
    }

    @Test
    void mayFailWithTheCrashItself(LogCapture log) {
      log.allow("p could not close what it owned");
      Exception boom = new Exception("boom");
      proc.owns(
          () -> {
            throw boom;
          });
      proc.exit(ExitReason.crash(boom));

      assertThat(proc.exitReason()).contains(ExitReason.crash(boom));
      assertThat(boom).hasNoSuppressedExceptions();
    }
  }
}
