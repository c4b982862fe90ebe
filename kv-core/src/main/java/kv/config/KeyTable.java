package kv.config;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * All that can be set in one place, in the order in which it is shown to people. It reads settings
 * by the rules of their keys, and says of a bad one what is wrong. Immutable.
 *
 * @param <K> the keys
 */
public final class KeyTable<K extends SettingKey> {
  private static final int NEAR = 3;

  private final String help;
  private final String example;
  private final List<K> keys;

  /**
   * A table of {@code keys}.
   *
   * @param help the argument, or arguments, that print {@link #manual}, for messages
   * @param example a setting as people would write it, for messages
   */
  public KeyTable(String help, String example, List<K> keys) {
    this.help = help;
    this.example = example;
    this.keys = List.copyOf(keys);
  }

  /**
   * Reads arguments of the form {@code KEY=VALUE}, in their order. Neither keys nor values are
   * looked at.
   *
   * @throws ConfigException if one has another form, or sets again what an earlier one has set
   */
  public List<Setting> arguments(List<String> arguments) {
    Map<String, Setting> settings = new LinkedHashMap<>();
    for (String argument : arguments) {
      Setting setting = setting(argument);
      Setting before = settings.putIfAbsent(setting.key(), setting);
      if (before != null)
        throw new ConfigException(setting.place(),
            setting.key() + " is set again, after " + before.place() + "; set it once");
    }
    return List.copyOf(settings.values());
  }

  private Setting setting(String argument) {
    Place place = Place.ofArgument(argument);
    if (argument.startsWith("-"))
      throw new ConfigException(place, "unknown option; " + help + " lists the options");
    int equals = argument.indexOf('=');
    if (equals < 1)
      throw new ConfigException(place,
          "not a setting; write KEY=VALUE, as in " + example + ", or see " + help);
    return new Setting(argument.substring(0, equals), argument.substring(equals + 1), place);
  }

  /**
   * The key that {@code setting} sets.
   *
   * @throws ConfigException if there is none; the message has the one that was probably meant
   */
  public K key(Setting setting) {
    String text = setting.key();
    return keys.stream()
        .filter(key -> key.toString().equals(text))
        .findFirst()
        .orElseThrow(() -> new ConfigException(setting.place(),
            "unknown key '" + text + "'; " + guess(text) + help + " lists the keys"));
  }

  /**
   * The value that {@code setting} gives to its key, without the blanks around it.
   *
   * @throws ConfigException if there is no such key, or the value is against its rule
   */
  public String value(Setting setting) {
    K key = key(setting);
    String value = setting.value().strip();
    if (!key.rule().allows().test(value))
      throw new ConfigException(
          setting.place(), key + " is '" + value + "'; " + key.rule().remedy(value));
    return value;
  }

  /** An entry of three lines for each key: its default, what it is for, what it may be. */
  public String manual() {
    return keys.stream()
        .map(key -> String.format("  %s=%s\n      %s:\n      %s\n",
            key, key.defaultValue(), key.purpose(), key.rule().legal()))
        .collect(Collectors.joining());
  }

  private String guess(String text) {
    return keys.stream()
        .map(SettingKey::toString)
        .filter(key -> distance(key, text) <= Math.min(NEAR, key.length() / 2))
        .min(Comparator.comparingInt(key -> distance(key, text)))
        .map(key -> "did you mean '" + key + "'? ")
        .orElse("");
  }

  /** The number of slips between two texts; a prefix of {@code key} left out counts as one. */
  private static int distance(String key, String text) {
    if (key.endsWith("." + text)) return 1;
    int apart = Math.abs(key.length() - text.length());
    return apart > NEAR ? apart : edits(key, text);
  }

  /** How many characters to insert, delete or replace (Levenshtein), by one row of the matrix. */
  private static int edits(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) row[j] = j;
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = from.charAt(i - 1) == to.charAt(j - 1) ? diagonal : diagonal + 1;
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
