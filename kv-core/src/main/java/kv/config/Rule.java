package kv.config;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What the values of a key must be.
 *
 * @param legal the legal values in words that go after "use", as in {@code a number from 0 to 9}
 * @param allows whether a text is one of them; never throws
 * @param isPath which of them are paths, which are relative to where they are written
 */
public record Rule(String legal, Predicate<String> allows, Predicate<String> isPath) {
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,10}");
  private static final String PERCENT = "%";
  private static final String NONE = "none";

  /** A rule for values that are no paths. */
  public Rule(String legal, Predicate<String> allows) {
    this(legal, allows, text -> false);
  }

  /** A port to listen on, or {@code none} for not listening. */
  public static Rule port() {
    return new Rule("a port from 0 to 65535, or 'none'",
        text -> text.equals(NONE) || isWithin(text, 0, 65_535));
  }

  /** A whole number from {@code min} to {@code max}; {@code min} is not negative. */
  public static Rule number(int min, int max) {
    return new Rule("a number from " + min + " to " + max, text -> isWithin(text, min, max));
  }

  /** A whole percentage from {@code min} to {@code max}, with its sign, as in {@code 50%}. */
  public static Rule percentage(int min, int max) {
    return new Rule("a percentage from " + min + PERCENT + " to " + max + PERCENT,
        text -> text.endsWith(PERCENT)
            && isWithin(text.substring(0, text.length() - PERCENT.length()), min, max));
  }

  /** A duration of {@code min} or more. */
  public static Rule duration(Duration min) {
    String legal = String.format("a duration from %s to %s, as in 500ms, 5s or 2m",
        Durations.format(min), Durations.format(Durations.MAX));
    return new Rule(legal, text -> isAtLeast(text, min));
  }

  /** A duration of whole seconds, from zero to {@code max}. */
  public static Rule wholeSeconds(Duration max) {
    String legal =
        "a duration of whole seconds from 0s to " + Durations.format(max) + ", as in 5s or 2m";
    return new Rule(legal, text -> isWholeSeconds(text, max));
  }

  /** The path of a file, or nothing for no file; whether there is such a file is not asked. */
  public static Rule optionalFile() {
    return new Rule(
        "the path of a file, or nothing", FilePath::isPath, text -> !text.isEmpty());
  }

  /** The path of a folder, or {@code none} for no folder; whether there is one is not asked. */
  public static Rule folder() {
    return new Rule(
        "the path of a folder, or 'none'",
        text -> !text.isEmpty() && FilePath.isPath(text),
        text -> !text.equals(NONE));
  }

  /** One of several texts. */
  public static Rule choice(String... texts) {
    List<String> all = List.of(texts);
    String first = String.join(", ", all.subList(0, all.size() - 1));
    return new Rule(first + " or " + all.get(all.size() - 1), all::contains);
  }

  /** A size of {@code min} or more, in bytes. */
  public static Rule size(long min) {
    return new Rule(
        "a size from " + Sizes.format(min) + " to " + Sizes.format(Sizes.MAX)
            + ", as in 64KiB, 256MiB or 2GiB",
        text -> isSize(text, min));
  }

  private static boolean isSize(String text, long min) {
    try {
      return Sizes.parse(text) >= min;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isWithin(String text, int min, int max) {
    if (!DIGITS.matcher(text).matches()) return false;
    long number = Long.parseLong(text);
    return min <= number && number <= max;
  }

  private static boolean isAtLeast(String text, Duration min) {
    try {
      return Durations.parse(text).compareTo(min) >= 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isWholeSeconds(String text, Duration max) {
    try {
      Duration duration = Durations.parse(text);
      return duration.getNano() == 0 && duration.compareTo(max) <= 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** What to write in place of {@code text}, which is not legal. */
  String remedy(String text) {
    boolean isBeyondLocale = isPath.test(text) && FilePath.isBeyondLocale(text);
    return isBeyondLocale ? FilePath.remedyOfLocale() : "use " + legal;
  }
}
