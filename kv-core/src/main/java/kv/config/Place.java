package kv.config;

import static java.util.Objects.requireNonNull;

/**
 * Where a setting was written.
 *
 * @param source the file as it was named, or a description of what else it was
 * @param line line in the file, from 1; 0 means the source as a whole
 */
public record Place(String source, int line) {
  /**
   * Checks what a message could not be made of.
   *
   * @throws IllegalArgumentException if {@code line < 0}
   */
  public Place {
    requireNonNull(source, "source");
    if (line < 0) throw new IllegalArgumentException("not a line: " + line);
  }

  /** The place of a setting that is no line of a file but an argument, {@code text} as given. */
  public static Place ofArgument(String text) {
    return new Place("argument '" + text + "'", 0);
  }

  /** {@code file:line}, or the source alone where there is no line. */
  @Override
  public String toString() {
    return line == 0 ? source : source + ":" + line;
  }
}
