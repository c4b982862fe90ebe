package kv.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes in bytes as configuration writes them: a whole number and its unit, as in {@code 64KiB},
 * {@code 256MiB}, {@code 2GiB}.
 */
public final class Sizes {
  /** The largest size that can be written: {@code 1048576GiB}. */
  public static final long MAX = 1L << 50;

  private static final Pattern FORM = Pattern.compile("([0-9]{1,12})([KMG])iB");
  private static final String UNITS = "KMG";

  private Sizes() {}

  /**
   * Reads the form that is described above, which has neither signs nor fractions nor blanks.
   *
   * @return from zero to {@link #MAX}
   * @throws IllegalArgumentException if it is something else; the message names {@code text} and
   *     what is expected
   */
  public static long parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches())
      throw new IllegalArgumentException("'" + text + "' is not a size;"
          + " use a whole number and KiB, MiB or GiB, as in 64KiB, 256MiB or 2GiB");
    long number = Long.parseLong(form.group(1));
    int shift = 10 * (UNITS.indexOf(form.group(2)) + 1);
    if (number > MAX >> shift)
      throw new IllegalArgumentException(
          "'" + text + "' is too large; use at most " + format(MAX));
    return number << shift;
  }

  /** Writes a size of whole KiB so that {@link #parse} reads it back, in the largest unit. */
  public static String format(long bytes) {
    int unit = bytes == 0 ? 0 : Math.min(2, Long.numberOfTrailingZeros(bytes) / 10 - 1);
    if (unit < 0 || bytes % 1024 != 0 || bytes < 0 || bytes > MAX)
      throw new IllegalArgumentException("not whole KiB up to the maximum: " + bytes + " bytes");
    return (bytes >> 10 * (unit + 1)) + UNITS.substring(unit, unit + 1) + "iB";
  }
}
