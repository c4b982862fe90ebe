package kv.config;

import static java.util.Objects.requireNonNull;

/**
 * One key with its value, and where the two were written.
 *
 * @param key what is set; empty if the file has a value without a key
 * @param value what it is set to; may be empty, and keeps blanks at its end
 * @param place where, for messages
 */
public record Setting(String key, String value, Place place) {
  /** Checks that nothing is null. */
  public Setting {
    requireNonNull(key, "key");
    requireNonNull(value, "value");
    requireNonNull(place, "place");
  }
}
