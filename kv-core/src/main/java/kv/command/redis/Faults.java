package kv.command.redis;

/** What is wrong with a request, in the words of Redis. */
public final class Faults {
  /** There are words that do not belong there. */
  public static final String SYNTAX = "syntax error";

  static final String NO_INTEGER = "value is not an integer or out of range";
  static final String NO_FLOAT = "value is not a valid float";
  static final String TOO_LONG =
      "string exceeds maximum allowed size (proto-max-bulk-len)";

  private Faults() {}

  static String badDeadline(String verb) {
    return "invalid expire time in '" + verb + "' command";
  }
}
