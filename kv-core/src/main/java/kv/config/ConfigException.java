package kv.config;

import java.util.stream.Collectors;

/**
 * A configuration that cannot be used as it stands.
 *
 * <p>Its message is one complete line, ready to be shown to who wrote the configuration: the
 * place, what is wrong there with the value that is wrong, and what to do about it. Whatever would
 * break the line or hide in it, such as a control character in a value, is written as an escape.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the line {@code place: explanation}.
   *
   * @param explanation fact and remedy, as in {@code server.port is 'abc'; use a port from 0 to
   *     65535}
   */
  public ConfigException(Place place, String explanation) {
    super(oneLine(place + ": " + explanation));
  }

  /** As {@link #ConfigException(Place, String)}, for what was found out from another exception. */
  public ConfigException(Place place, String explanation, Throwable cause) {
    super(oneLine(place + ": " + explanation), cause);
  }

  private static String oneLine(String text) {
    return text.codePoints()
        .mapToObj(c -> isPlain(c) ? Character.toString(c) : String.format("\\u%04x", c))
        .collect(Collectors.joining());
  }

  private static boolean isPlain(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL, Character.FORMAT, Character.SURROGATE,
          Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
      default -> true;
    };
  }
}
