package kv.server.wire;

import kv.command.Words;

/**
 * The way in for RESP, the framing of Redis' clients: a request is an array of bulk strings, as in
 * {@code *2\r\n$4\r\nSIZE\r\n$8\r\nshopping\r\n}.
 *
 * <p>The words stay where they are, in the input, and are good until the next call. A request
 * without words, or with less than none, is empty, as with Redis.
 */
final class RespParser implements RequestReader.Parser {
  /** As with Redis. */
  static final int MAX_WORDS = 1024 * 1024;

  /** Its array, and one of twice its length, are well within what a JVM can have. */
  private static final int MAX_BYTES = 512 * 1024 * 1024;

  /** How many words a request has, as a rule, at most: there are places for them at all times. */
  private static final int FEW_WORDS = 8;

  private static final int MAX_DIGITS = 10;

  /** A header and its end: its letter, its sign, its digits, CR LF. */
  private static final int MAX_HEADER_BYTES = MAX_DIGITS + 4;

  private final int maxWordBytes;

  /** How long a request may be. */
  private final int maxBytes;

  /** Where the first words are. */
  private final int[] starts = new int[FEW_WORDS];
  private final int[] ends = new int[FEW_WORDS];

  private String fault;
  private boolean isOverLimit;

  // How far the present request has been read. Places are seen from its start.

  /** How many words it has; -1 if that has not been read. */
  private int count = -1;

  /** How many words have been read. */
  private int done;

  /** The length of the word that is being read; -1 if that has not been read. */
  private int length = -1;

  /** Where it goes on. */
  private int at;

  RespParser(int maxWordBytes) {
    this(maxWordBytes, MAX_BYTES);
  }

  RespParser(int maxWordBytes, int maxBytes) {
    this.maxWordBytes = maxWordBytes;
    this.maxBytes = maxBytes;
  }

  /** What the last word needs; before that, the buffer may grow by as much as has come. */
  @Override
  public int capacity() {
    int most = done + 1 < count ? maxBytes : at + Math.max(0, length);
    return Math.max(most + 2 + MAX_HEADER_BYTES, RequestBuffer.USUAL_CAPACITY);
  }

  @Override
  public ParseResult next(RequestBuffer input, Words words) {
    fault = null;
    while (count < 0 || done < count) {
      boolean isComplete = length >= 0 ? word(input) : header(input);
      if (fault != null) return isOverLimit ? ParseResult.OVER_LIMIT : ParseResult.BROKEN;
      if (!isComplete) return ParseResult.NOTHING;
    }
    ParseResult found = handOver(input, words);
    input.start += at;
    forget();
    return found;
  }

  private ParseResult handOver(RequestBuffer input, Words words) {
    if (count == 0) return ParseResult.EMPTY;
    words.reset(input.bytes);
    words.makeRoom(count);
    int few = Math.min(count, FEW_WORDS);
    for (int i = 0; i < few; i++) words.add(input.start + starts[i], input.start + ends[i]);
    if (count > few) addMore(input, words);
    return ParseResult.REQUEST;
  }

  /** Reads the words behind the few once more: their headers are known to be in order by now. */
  private void addMore(RequestBuffer input, Words words) {
    int header = input.start + ends[FEW_WORDS - 1] + 2;
    for (int i = FEW_WORDS; i < count; i++) {
      int cr = header + 2;
      while (input.bytes[cr] != '\r') cr++;
      int from = cr + 2;
      int to = from + number(input.bytes, header + 1, cr);
      words.add(from, to);
      header = to + 2;
    }
  }

  private void forget() {
    count = -1;
    done = 0;
    at = 0;
  }

  /** Reads the number of words, or the length of one; false if it is not all there. */
  private boolean header(RequestBuffer input) {
    int from = input.start + at;
    if (from == input.end) return false;
    char kind = count < 0 ? '*' : '$';
    if (input.bytes[from] != kind) return fail("expected '" + kind + "'");
    int to = from + 1;
    boolean isNegative = count < 0 && to < input.end && input.bytes[to] == '-';
    if (isNegative) to++;
    int digits = to;
    while (to < input.end && isDigit(input.bytes[to]) && to - digits < MAX_DIGITS) to++;
    if (to == input.end) return false;
    int number = input.bytes[to] == '\r' ? number(input.bytes, digits, to) : -1;
    if (number < 0) return fail("a length that is no number");
    if (to + 1 == input.end) return false;
    if (input.bytes[to + 1] != '\n') return fail("a CR without a LF");
    at += to + 2 - from;
    return count < 0 ? announceWords(isNegative ? 0 : number) : announceWord(number);
  }

  private boolean announceWords(int number) {
    if (number > MAX_WORDS)
      return failLarge("a request of " + number + " words; it may have " + MAX_WORDS);
    count = number;
    return true;
  }

  private boolean announceWord(int number) {
    if (number > maxWordBytes)
      return failLarge("a word of " + number + " bytes; it may have " + maxWordBytes);
    if (at + number + 2 > maxBytes)
      return failLarge("a request of more than " + maxBytes + " bytes; send several");
    length = number;
    return true;
  }

  /** Reads a word and its end; false if it is not all there. */
  private boolean word(RequestBuffer input) {
    int from = input.start + at;
    int to = from + length;
    if (input.end < to + 2) return false;
    if (input.bytes[to] != '\r' || input.bytes[to + 1] != '\n')
      return fail("a word of " + length + " bytes without CR LF behind it");
    if (done < FEW_WORDS) {
      starts[done] = at;
      ends[done] = at + length;
    }
    at += length + 2;
    done++;
    length = -1;
    return true;
  }

  /** The number of these digits; -1 if there are none, or it is over 2147483647 or padded. */
  private static int number(byte[] bytes, int from, int to) {
    if (to == from || to - from > 1 && bytes[from] == '0') return -1;
    long number = 0;
    for (int i = from; i < to; i++) number = 10 * number + bytes[i] - '0';
    return number > Integer.MAX_VALUE ? -1 : (int) number;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private boolean failLarge(String what) {
    isOverLimit = true;
    return fail(what);
  }

  private boolean fail(String what) {
    fault = "protocol error: " + what;
    return false;
  }

  @Override
  public String fault() {
    return fault;
  }
}
