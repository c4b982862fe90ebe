package kv.user;

import kv.command.Access;
import kv.config.ConfigException;
import kv.config.Setting;

/** A line of the users file: {@code NAME=ROLE:pbkdf2-sha256:ITERATIONS:SALT:HASH}. */
record Entry(User user, Secret secret) {
  /**
   * Reads a line.
   *
   * @throws ConfigException if it is malformed; the message has the place and the remedy, and
   *     nothing that could be a password
   */
  static Entry parse(Setting setting) {
    String name = setting.key();
    if (!User.isName(name))
      throw new ConfigException(
          setting.place(), "the line does not begin with the name of a user; " + User.NAME_RULE
              + ", and '=' behind it");
    String value = setting.value().strip();
    int colon = value.indexOf(':');
    Access role = colon < 0 ? null : User.role(value.substring(0, colon));
    if (role == null)
      throw malformed(
          setting, "no role and ':' come first; a role is read, write or admin", null);
    try {
      return new Entry(new User(name, role), Secret.parse(value.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw malformed(setting, e.getMessage(), e);
    }
  }

  private static ConfigException malformed(Setting setting, String what, Exception cause) {
    String name = setting.key();
    return new ConfigException(
        setting.place(),
        "user " + name + ": " + what + "; write the line by java -jar kv-server.jar user FILE "
            + name + " ROLE",
        cause);
  }

  /** The line, without its end. */
  String line() {
    return user.name() + "=" + user.role() + ":" + secret.text();
  }
}
