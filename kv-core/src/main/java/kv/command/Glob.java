package kv.command;

import kv.store.Bytes;

/**
 * Patterns for bytes, as KEYS of Redis 7.0 has them: {@code *} stands for any bytes, {@code ?} for
 * one, {@code [abc]}, {@code [^abc]} and {@code [a-z]} for one of these or none of them, and {@code
 * \x} for x itself.
 *
 * <p>What is odd is as odd as there. A class that does not end ends with the pattern. A class takes
 * {@code ]} only as {@code \]}. A range may be written from its end to its start, and its bytes are
 * signed, as they are where Redis mostly runs. The empty text is meant by the empty pattern and by
 * one star alone, and not by two.
 */
public final class Glob {
  /** How many bytes a pattern may have: the steps that it may take depend on them. */
  public static final int MAX_BYTES = 1024;

  private Glob() {}

  /** The pattern that word {@code at} is; null if it is too long, and {@code reply} was told. */
  public static Bytes orTell(Words words, int at, Reply reply) {
    int length = words.length(at);
    if (length <= MAX_BYTES) return words.bytes(at);
    reply.error("a pattern of " + length + " bytes; it may have " + MAX_BYTES);
    return null;
  }

  /**
   * Whether {@code pattern} means {@code text}. Takes no memory, and at most as many steps as the
   * product of both lengths: only the last star that was passed is ever tried again, for what an
   * earlier one could take more, it can take as well.
   */
  public static boolean matches(Bytes pattern, Bytes text) {
    if (text.length() == 0)
      return pattern.length() == 0 || pattern.length() == 1 && isStar(pattern, 0);
    int at = 0;
    int star = -1;
    int startOfRest = 0;
    for (int i = 0; i < text.length(); ) {
      if (isStar(pattern, at)) {
        star = at++;
        startOfRest = i;
        continue;
      }
      int behind = behind(pattern, at, (byte) text.at(i));
      if (behind >= 0) {
        at = behind;
        i++;
      } else if (star >= 0) {
        at = star + 1;
        i = ++startOfRest;
      } else return false;
    }
    while (isStar(pattern, at)) at++;
    return at == pattern.length();
  }

  private static boolean isStar(Bytes pattern, int at) {
    return at < pattern.length() && pattern.at(at) == '*';
  }

  /** Where the part of the pattern that begins {@code at} ends; -1 if it does not mean b. */
  private static int behind(Bytes pattern, int at, byte b) {
    if (at == pattern.length()) return -1;
    return switch (pattern.at(at)) {
      case '?' -> at + 1;
      case '[' -> behindClass(pattern, at + 1, b);
      case '\\' -> behindByte(pattern, at + 1 < pattern.length() ? at + 1 : at, b);
      default -> behindByte(pattern, at, b);
    };
  }

  private static int behindByte(Bytes pattern, int at, byte b) {
    return (byte) pattern.at(at) == b ? at + 1 : -1;
  }

  private static int behindClass(Bytes pattern, int start, byte b) {
    int length = pattern.length();
    boolean isNegated = start < length && pattern.at(start) == '^';
    boolean isIn = false;
    int at = isNegated ? start + 1 : start;
    for (; at < length && pattern.at(at) != ']'; at++) {
      boolean isRange = at + 2 < length && pattern.at(at + 1) == '-';
      if (pattern.at(at) == '\\' && at + 1 < length) isIn |= (byte) pattern.at(++at) == b;
      else if (!isRange) isIn |= (byte) pattern.at(at) == b;
      else {
        byte first = (byte) pattern.at(at);
        byte last = (byte) pattern.at(at += 2);
        isIn |= Math.min(first, last) <= b && b <= Math.max(first, last);
      }
    }
    return isIn == isNegated ? -1 : Math.min(at + 1, length);
  }
}
