package kv.otp;

import java.time.Duration;

/**
 * How a supervisor treats its children as a whole: OTP's supervisor flags. Immutable; checked when
 * a supervisor starts.
 *
 * @param strategy whom it restarts
 * @param intensity how many restarts within {@code period} it makes, zero or more; the next one
 *     ends it
 * @param period the window in which restarts are counted, more than zero; a restart counts for
 *     exactly that long, its last nanosecond included
 * @param autoShutdown whether it ends with its significant children
 * @param clock what it reads time from
 * @param reports who hears what it reports, besides the log
 */
public record Flags(
    Strategy strategy,
    int intensity,
    Duration period,
    AutoShutdown autoShutdown,
    Clock clock,
    Reports reports) {

  /** Restarts within {@link #DEFAULT_PERIOD} unless told otherwise: Elixir's default. */
  public static final int DEFAULT_INTENSITY = 3;

  /** The window for {@link #DEFAULT_INTENSITY}: Elixir's default. */
  public static final Duration DEFAULT_PERIOD = Duration.ofSeconds(5);

  /** 3 restarts in 5 s, no auto shutdown, the machine's clock, and nobody who hears reports. */
  public static Flags of(Strategy strategy) {
    return new Flags(
        strategy,
        DEFAULT_INTENSITY,
        DEFAULT_PERIOD,
        AutoShutdown.NEVER,
        Clock.SYSTEM,
        Reports.NOBODY);
  }

  /** These flags with another strategy: for another supervisor of the same tree. */
  public Flags strategy(Strategy strategy) {
    return new Flags(strategy, intensity, period, autoShutdown, clock, reports);
  }

  /** These flags with another restart intensity. */
  public Flags intensity(int intensity, Duration period) {
    return new Flags(strategy, intensity, period, autoShutdown, clock, reports);
  }

  /** These flags with another auto shutdown. */
  public Flags autoShutdown(AutoShutdown autoShutdown) {
    return new Flags(strategy, intensity, period, autoShutdown, clock, reports);
  }

  /** These flags with another clock. */
  public Flags clock(Clock clock) {
    return new Flags(strategy, intensity, period, autoShutdown, clock, reports);
  }

  /** These flags with others who hear reports. */
  public Flags reports(Reports reports) {
    return new Flags(strategy, intensity, period, autoShutdown, clock, reports);
  }

  boolean isSimple() {
    return strategy == Strategy.SIMPLE_ONE_FOR_ONE;
  }

  /** What is wrong with these flags; null if nothing is. */
  String fault() {
    if (strategy == null) return "invalid strategy: null";
    if (intensity < 0) return "invalid intensity: " + intensity + " is less than zero";
    if (period == null || period.isNegative() || period.isZero())
      return "invalid period: " + period + " is not more than zero";
    if (autoShutdown == null) return "invalid auto shutdown: null";
    if (isSimple() && autoShutdown != AutoShutdown.NEVER)
      return "invalid auto shutdown: simple_one_for_one has none";
    if (clock == null) return "invalid clock: null";
    if (reports == null) return "invalid reports: null";
    return null;
  }
}
