package kv.server.redis;

import java.util.OptionalLong;
import kv.command.Words;
import kv.store.Bytes;

/** Words of a request that are meant as text. */
final class Texts {
  /** How long a name may be that a client gives itself, in bytes. */
  static final int MAX_NAME_BYTES = 255;


  private Texts() {}

  /** Word {@code at}, cut off where nobody reads on. */
  static String of(Words words, int at) {
    return words.start(at).utf8();
  }

  /** All of word {@code at}, of which there is no {@link #nameFault}. */
  static String name(Words words, int at) {
    return words.bytes(at).utf8();
  }

  /** As {@link #of}, for an error, with what is not printable in escapes. */
  static String shown(Words words, int at) {
    Bytes start = words.start(at);
    return start.escaped(0, start.length());
  }

  /** Whether word {@code at} is {@code option}, in any case. */
  static boolean is(Words words, int at, String option) {
    return words.length(at) == option.length() && of(words, at).equalsIgnoreCase(option);
  }

  /** The whole number that word {@code at} is, as Redis writes one; empty if it is none. */
  static OptionalLong number(Words words, int at) {
    return words.start(at).number();
  }

  /**
   * Why word {@code at} cannot be what a client calls its {@code what}, which is printed in lists;
   * null if it can.
   */
  static String nameFault(Words words, int at, String what) {
    if (words.length(at) > MAX_NAME_BYTES)
      return what + " cannot have more than " + MAX_NAME_BYTES + " bytes, and this has "
          + words.length(at);
    return name(words, at).chars().allMatch(c -> c > ' ' && c <= '~')
        ? null
        : what + " cannot contain spaces, newlines or special characters.";
  }
}
