package kv.user;

import java.util.regex.Pattern;
import kv.command.Access;

/**
 * Somebody who is known by name.
 *
 * @param name 1 to 64 letters, digits, {@code _}, {@code .} or {@code -}, no {@code -} first
 * @param role what the user may do; not {@link Access#NONE}
 */
public record User(String name, Access role) {
  static final int MAX_NAME_BYTES = 64;
  static final String NAME_RULE = "use 1 to 64 letters, digits, '_', '.' or '-', no '-' first";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.][A-Za-z0-9_.-]{0,63}");

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** The role that is written {@code text}; null if none is. */
  static Access role(String text) {
    for (Access role : Access.values())
      if (role != Access.NONE && role.toString().equals(text)) return role;
    return null;
  }
}
