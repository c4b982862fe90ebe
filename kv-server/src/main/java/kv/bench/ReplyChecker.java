package kv.bench;

import java.util.Arrays;

/**
 * Checks the replies to one batch after another, in whatever pieces they come. Not thread-safe.
 *
 * <p>What must come is known to the byte, so the right replies are compared and not parsed; the
 * others are counted, and their ends are found, so that those after them can be right again.
 */
final class ReplyChecker {
  private final Framing framing;
  private final byte[] toPut;
  private final byte[] toGet;

  /** What the batch asks. */
  private final boolean[] isGet;

  /** How many requests the batch has. */
  private int asked;

  /** How many of them have been answered. */
  private int answered;

  /** How many bytes of the right reply to the next one have come. */
  private int matched;

  /** The reply that is coming, if it is not the right one; else null. */
  private OddReply odd;

  private int wrong;
  private String firstWrong;

  /** For batches of at most {@code pipeline} requests. */
  ReplyChecker(Framing framing, Exchange put, Exchange get, int pipeline) {
    this.framing = framing;
    toPut = put.reply();
    toGet = get.reply();
    isGet = new boolean[pipeline];
  }

  /** A new batch begins, with no requests yet; the one before must be complete. */
  void begin() {
    asked = 0;
    answered = 0;
    wrong = 0;
    firstWrong = null;
  }

  /** The batch has one more request. */
  void expect(boolean get) {
    isGet[asked++] = get;
  }

  /** How many requests the batch has. */
  int asked() {
    return asked;
  }

  /** How many requests wait for an answer. */
  int left() {
    return asked - answered;
  }

  /** How many answers in this batch were not the right ones. */
  int wrong() {
    return wrong;
  }

  /** What was wrong with the first of them; null if there is none. */
  String firstWrong() {
    return firstWrong;
  }

  /**
   * Takes the first {@code length} bytes of {@code bytes}.
   *
   * @return whether they answer what was asked and no more; if not, the rest is not looked at
   */
  boolean take(byte[] bytes, int length) {
    int at = 0;
    while (at < length) {
      if (answered == asked) return false;
      at = odd == null ? match(bytes, at, length) : takeOdd(bytes, at);
    }
    return true;
  }

  private int match(byte[] bytes, int at, int to) {
    byte[] right = isGet[answered] ? toGet : toPut;
    int count = Math.min(right.length - matched, to - at);
    if (!Arrays.equals(right, matched, matched + count, bytes, at, at + count)) {
      odd = new OddReply(framing, isGet[answered]);
      for (int i = 0; i < matched; i++) odd.add(right[i]);
      return at;
    }
    matched += count;
    if (matched == right.length) next();
    return at + count;
  }

  private int takeOdd(byte[] bytes, int at) {
    if (!odd.add(bytes[at])) return at + 1;
    wrong++;
    if (firstWrong == null) firstWrong = odd.toString();
    odd = null;
    next();
    return at + 1;
  }

  private void next() {
    matched = 0;
    answered++;
  }
}
