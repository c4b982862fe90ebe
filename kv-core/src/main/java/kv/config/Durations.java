package kv.config;

import java.math.BigInteger;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as configuration writes them: a whole number and its unit, as in {@code 500ms},
 * {@code 5s}, {@code 2m}.
 */
public final class Durations {
  /** The longest duration of a setting: one day, {@code 1440m}. */
  public static final Duration MAX = Duration.ofDays(1);

  /** Of any unit, this is too long. */
  private static final BigInteger MUCH = BigInteger.valueOf(1_000_000_000_000L);

  private static final Pattern FORM = Pattern.compile("([0-9]+)(ms|s|m|h|d)");

  private Durations() {}

  /**
   * Reads the form that is described above, which has neither signs nor fractions nor blanks.
   *
   * @return from zero to {@link #MAX}
   * @throws IllegalArgumentException if it is something else; the message names {@code text} and
   *     what is expected
   */
  public static Duration parse(String text) {
    return parse(text, MAX, format(MAX));
  }

  /**
   * The same with another longest duration.
   *
   * @param maxText how a message calls it
   * @throws IllegalArgumentException if it is something else; the message names {@code text} and
   *     what is expected
   */
  public static Duration parse(String text, Duration max, String maxText) {
    Matcher form = FORM.matcher(text);
    if (!form.matches())
      throw new IllegalArgumentException("'" + text + "' is not a duration;"
          + " use a whole number and ms, s, m, h or d, as in 500ms, 5s or 2m");
    long number = new BigInteger(form.group(1)).min(MUCH).longValue();
    Duration duration = switch (form.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
    if (duration.compareTo(max) > 0)
      throw new IllegalArgumentException(
          "'" + text + "' is too long; use at most " + maxText);
    return duration;
  }

  /**
   * Writes {@code duration} so that {@link #parse} reads it back, in the largest unit that fits.
   *
   * @throws IllegalArgumentException if it is negative, longer than {@link #MAX}, or not whole
   *     milliseconds
   */
  public static String format(Duration duration) {
    if (duration.isNegative() || duration.compareTo(MAX) > 0 || duration.getNano() % 1_000_000 != 0)
      throw new IllegalArgumentException(
          "not whole milliseconds from 0 to " + MAX.toMillis() + ": " + duration);
    long millis = duration.toMillis();
    if (millis % 1_000 != 0) return millis + "ms";
    long seconds = millis / 1_000;
    return seconds % 60 != 0 || seconds == 0 ? seconds + "s" : seconds / 60 + "m";
  }
}
