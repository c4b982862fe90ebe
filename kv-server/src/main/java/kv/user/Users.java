package kv.user;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kv.config.ConfigException;
import kv.config.Place;
import kv.config.PropertiesFile;
import kv.config.Setting;

/**
 * All users of a node, as a users file has them, and which passwords were found to be theirs since
 * it was read. Safe for use by any thread.
 */
final class Users {
  private final List<Setting> settings;

  /** Never changed once it is full. */
  private final Map<String, Entry> byName = new LinkedHashMap<>();

  private final Secret nobody;

  /** At most one tag for each user. */
  private final Map<User, Tag> verified = new ConcurrentHashMap<>();

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

  /** The user of that name, if {@code tag} is that of the password found right last; else null. */
  User verified(byte[] name, Tag tag) {
    Entry entry = find(name);
    return entry != null && tag.equals(verified.get(entry.user())) ? entry.user() : null;
  }

  /** Takes note that the name and the password of {@code tag} are those of {@code user}. */
  void keep(User user, Tag tag) {
    verified.put(user, tag);
  }

  /** What an unknown name is checked against: it costs as much as the costliest of the others. */
  Secret nobody() {
    return nobody;
  }
}
