package kv.otp;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static kv.otp.AutoShutdown.ALL_SIGNIFICANT;
import static kv.otp.AutoShutdown.ANY_SIGNIFICANT;
import static kv.otp.AutoShutdown.NEVER;
import static kv.otp.Strategy.ONE_FOR_ALL;
import static kv.otp.Strategy.ONE_FOR_ONE;
import static kv.otp.Strategy.REST_FOR_ONE;
import static kv.otp.Strategy.SIMPLE_ONE_FOR_ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import kv.testing.ManualClock;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class FlagsTest {
  private static final Clock CLOCK = new ManualClock();
  private static final Reports REPORTS = report -> {};

  @Test
  void byDefaultThereAreThreeRestartsInFiveSecondsAndNoAutoShutdown() {
    assertThat(Flags.of(REST_FOR_ONE))
        .isEqualTo(new Flags(REST_FOR_ONE, 3, ofSeconds(5), NEVER, Clock.SYSTEM, Reports.NOBODY));
  }

  @Nested
  class Changes {
    private final Flags flags =
        new Flags(ONE_FOR_ALL, 1, ofSeconds(2), ALL_SIGNIFICANT, CLOCK, REPORTS);

    @Test
    void anotherIntensityChangesNothingElse() {
      assertThat(flags.intensity(7, ofSeconds(8)))
          .isEqualTo(new Flags(ONE_FOR_ALL, 7, ofSeconds(8), ALL_SIGNIFICANT, CLOCK, REPORTS));
    }

    @Test
    void anotherAutoShutdownChangesNothingElse() {
      assertThat(flags.autoShutdown(ANY_SIGNIFICANT))
          .isEqualTo(new Flags(ONE_FOR_ALL, 1, ofSeconds(2), ANY_SIGNIFICANT, CLOCK, REPORTS));
    }

    @Test
    void anotherClockChangesNothingElse() {
      assertThat(flags.clock(Clock.SYSTEM))
          .isEqualTo(
              new Flags(ONE_FOR_ALL, 1, ofSeconds(2), ALL_SIGNIFICANT, Clock.SYSTEM, REPORTS));
    }

    @Test
    void anotherStrategyChangesNothingElse() {
      assertThat(flags.strategy(REST_FOR_ONE))
          .isEqualTo(new Flags(REST_FOR_ONE, 1, ofSeconds(2), ALL_SIGNIFICANT, CLOCK, REPORTS));
    }

    @Test
    void otherReportsChangeNothingElse() {
      Reports other = report -> {};
      assertThat(flags.reports(other))
          .isEqualTo(new Flags(ONE_FOR_ALL, 1, ofSeconds(2), ALL_SIGNIFICANT, CLOCK, other));
    }
  }

  @Nested
  class Validation {
    static Stream<Arguments> faults() {
      Flags flags = Flags.of(ONE_FOR_ONE);
      Flags simple = Flags.of(SIMPLE_ONE_FOR_ONE);
      return Stream.of(
          arguments("missing flags", null),
          arguments("invalid strategy: null", Flags.of(null)),
          arguments("invalid intensity: -1 is less than zero", flags.intensity(-1, ofSeconds(5))),
          arguments("invalid intensity: -2147483648 is less than zero",
              flags.intensity(Integer.MIN_VALUE, ofSeconds(5))),
          arguments("invalid period: null is not more than zero", flags.intensity(3, null)),
          arguments("invalid period: PT0S is not more than zero", flags.intensity(3, ZERO)),
          arguments("invalid period: PT-0.000000001S is not more than zero",
              flags.intensity(3, ofNanos(-1))),
          arguments("invalid auto shutdown: null", flags.autoShutdown(null)),
          arguments("invalid auto shutdown: simple_one_for_one has none",
              simple.autoShutdown(ANY_SIGNIFICANT)),
          arguments("invalid auto shutdown: simple_one_for_one has none",
              simple.autoShutdown(ALL_SIGNIFICANT)),
          arguments("invalid clock: null", flags.clock(null)),
          arguments("invalid reports: null", flags.reports(null)));
    }

    /** Every row has one fault less than the row before. */
    static Stream<Arguments> manyFaults() {
      return Stream.of(
          arguments("invalid strategy: null", new Flags(null, -1, null, null, null, null)),
          arguments("invalid intensity: -1 is less than zero",
              new Flags(SIMPLE_ONE_FOR_ONE, -1, null, null, null, null)),
          arguments("invalid period: null is not more than zero",
              new Flags(SIMPLE_ONE_FOR_ONE, 0, null, null, null, null)),
          arguments("invalid auto shutdown: null",
              new Flags(SIMPLE_ONE_FOR_ONE, 0, ofNanos(1), null, null, null)),
          arguments("invalid auto shutdown: simple_one_for_one has none",
              new Flags(SIMPLE_ONE_FOR_ONE, 0, ofNanos(1), ANY_SIGNIFICANT, null, null)),
          arguments("invalid clock: null",
              new Flags(SIMPLE_ONE_FOR_ONE, 0, ofNanos(1), NEVER, null, null)),
          arguments("invalid reports: null",
              new Flags(SIMPLE_ONE_FOR_ONE, 0, ofNanos(1), NEVER, CLOCK, null)));
    }

    static Stream<Flags> faultless() {
      Flags flags = Flags.of(ONE_FOR_ONE);
      return Stream.of(
          flags,
          flags.intensity(0, ofNanos(1)),
          flags.intensity(Integer.MAX_VALUE, ofSeconds(Long.MAX_VALUE)),
          flags.autoShutdown(ANY_SIGNIFICANT),
          flags.autoShutdown(ALL_SIGNIFICANT));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void startRefusesInvalidFlags(String fault, Flags flags) {
      assertRefused(fault, flags, ChildSpec.worker("a", StartResult::ignore));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("manyFaults")
    void theFirstFaultInTheOrderOfTheFlagsIsTold(String fault, Flags flags) {
      assertThat(flags.fault()).isEqualTo(fault);
    }

    @Test
    void theFlagsAreCheckedBeforeTheSpecs() {
      ChildSpec invalid = ChildSpec.worker(null, StartResult::ignore);
      assertRefused("invalid clock: null", Flags.of(ONE_FOR_ONE).clock(null), invalid);
      assertRefused(
          "simple_one_for_one takes exactly one child spec, not 2",
          Flags.of(SIMPLE_ONE_FOR_ONE), invalid, invalid);
    }

    @ParameterizedTest
    @EnumSource
    void acceptsEveryStrategy(Strategy strategy) {
      assertThat(Flags.of(strategy).fault()).isNull();
    }

    @ParameterizedTest
    @MethodSource("faultless")
    void acceptsFlagsWithoutAFault(Flags flags) {
      assertThat(flags.fault()).isNull();
    }

    private void assertRefused(String fault, Flags flags, ChildSpec... specs) {
      assertThatThrownBy(() -> Supervisor.start("tree", flags, specs))
          .isInstanceOfSatisfying(
              StartException.class,
              e -> assertThat(e.reason()).isEqualTo(ExitReason.crash(fault)))
          .hasMessage("tree did not start: crash(" + fault + ")");
    }
  }
}
