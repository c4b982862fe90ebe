package kv.user;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kv.config.ConfigException;
import kv.config.Place;
import kv.config.PropertiesFile;
import kv.config.Setting;

/** All users of a node, as a users file has them. Immutable. */
final class Users {
  private final List<Setting> settings;
  private final Map<String, Entry> byName = new LinkedHashMap<>();
  private final Secret nobody;

  /**
   * Reads {@code file}.
   *
   * @throws ConfigException if it cannot be read, a line is malformed, or nobody is in it
   */
  static Users read(Path file) {
    Users users = new Users(PropertiesFile.read(file));
    if (users.byName.isEmpty())
      throw new ConfigException(
          new Place(file.toString(), 0),
          "has no user, so nobody could log in; add one by java -jar kv-server.jar user FILE NAME"
              + " ROLE, or leave server.users unset on a node where everybody may do everything");
    return users;
  }

  /** Those of {@code settings}, also if it is nobody; throws as {@link #read}. */
  Users(List<Setting> settings) {
    this.settings = settings;
    for (Setting setting : settings) {
      Entry entry = Entry.parse(setting);
      byName.put(entry.user().name(), entry);
    }
    nobody =
        Secret.ofNobody(
            byName.values().stream()
                .mapToInt(entry -> entry.secret().iterations())
                .max()
                .orElse(Secret.MIN_ITERATIONS));
  }

  /** Whether both were read from the same lines; what else is between them does not matter. */
  boolean areTheSameAs(Users others) {
    return settings.equals(others.settings);
  }

  int count() {
    return byName.size();
  }

  boolean has(String name) {
    return byName.containsKey(name);
  }

  /** The entry of the user of that name; null if there is none. */
  Entry find(byte[] name) {
    return name.length > User.MAX_NAME_BYTES ? null : byName.get(new String(name, US_ASCII));
  }

  /** What an unknown name is checked against: it costs as much as the costliest of the others. */
  Secret nobody() {
    return nobody;
  }
}
