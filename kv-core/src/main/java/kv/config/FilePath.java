package kv.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Paths that a user writes: the JVM can name a file only in the encoding of its locale. */
public final class FilePath {
  private FilePath() {}

  /**
   * The path that {@code text} is.
   *
   * @param place where it is written
   * @param remedy what to do if it is none, as in {@code name a file}
   * @throws ConfigException if it is none, or none in this locale
   */
  public static Path parse(String text, Place place, String remedy) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      String why = isBeyondLocale(text) ? remedyOfLocale() : "is not a path; " + remedy;
      throw new ConfigException(place, why, e);
    }
  }

  /** Whether {@code text} is no path only as this locale has no bytes for one of its characters. */
  static boolean isBeyondLocale(String text) {
    return text.indexOf('\0') < 0 && !isPath(text);
  }

  static boolean isPath(String text) {
    try {
      Path.of(text);
      return true;
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** What is wrong then, and what to do. */
  static String remedyOfLocale() {
    return "has a character that paths cannot have in this locale, whose encoding is "
        + System.getProperty("sun.jnu.encoding")
        + "; set the locale to one of UTF-8, as with LC_ALL=C.UTF-8, and start again";
  }
}
