package kv.router.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.logging.Level;
import kv.testing.LogCapture;
import kv.testing.ManualClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How little of a log those fill who cause the same thing again and again. */
class RareWarningTest {
  private static final System.Logger LOG = System.getLogger(RareWarningTest.class.getName());

  private final ManualClock clock = new ManualClock();
  private final RareWarning warning = new RareWarning(LOG, clock, "so far");

  @BeforeEach
  void allow(LogCapture log) {
    log.allow("^it fails; so far ");
  }

  private boolean tell() {
    return warning.tell(() -> "it fails", null);
  }

  @Nested
  class WhatHappensAgainAndAgain {
    @Test
    void isOneWarningAMinuteThatSaysHowOftenItHas(LogCapture log) {
      for (int i = 0; i < 1000; i++) tell();
      clock.advance(Duration.ofMinutes(1).minusNanos(1));
      assertThat(tell()).isFalse();
      clock.advance(Duration.ofNanos(1));
      assertThat(tell()).isTrue();
      assertThat(log.messages(Level.WARNING))
          .containsExactly("it fails; so far 1", "it fails; so far 1002");
    }

    @Test
    void isAllThereAtDebug(LogCapture log) {
      for (int i = 0; i < 3; i++) tell();
      assertThat(log.messages(Level.ALL))
          .containsExactly("it fails; so far 1", "it fails; so far 2", "it fails; so far 3");
    }
  }

  @Nested
  class AnotherThing {
    @Test
    void isAWarningOfItsOwn(LogCapture log) {
      tell();
      assertThat(new RareWarning(LOG, clock, "so far").tell(() -> "it fails", null)).isTrue();
    }
  }

  @Nested
  class ASeriesOfFailures {
    private final BackOff backOff = new BackOff(LOG, clock, "it is over");

    private void failAndSucceed() {
      backOff.failed("it fails", null);
      backOff.succeeded();
    }

    @BeforeEach
    void allow(LogCapture log) {
      log.allow("^it fails; failures so far: ");
    }

    @Test
    void isToldWithItsEndHoweverManyComeInAMinute(LogCapture log) {
      for (int i = 0; i < 100; i++) failAndSucceed();
      clock.advance(Duration.ofMinutes(1));
      failAndSucceed();
      assertThat(log.messages(Level.INFO))
          .containsExactly(
              "it fails; failures so far: 1", "it is over",
              "it fails; failures so far: 101", "it is over");
    }

    @Test
    void isToldAgainAfterAMinuteIfItLasts(LogCapture log) {
      backOff.failed("it fails", null);
      clock.advance(Duration.ofMinutes(1));
      backOff.failed("it fails", null);
      assertThat(log.messages(Level.INFO))
          .containsExactly("it fails; failures so far: 1", "it fails; failures so far: 2");
    }
  }
}
