package kv.command.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.OptionalLong;
import kv.command.BucketCommand;
import kv.command.Glob;
import kv.command.Paging;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;
import kv.store.Bytes;

/** Redis' SCAN: one page of the keys, of which some are meant. */
final class Scan {
  private static final int CURSOR = BucketCommand.NAME + 1;
  private static final byte[] COUNT = "COUNT".getBytes(US_ASCII);
  private static final byte[] MATCH = "MATCH".getBytes(US_ASCII);
  private static final byte[] TYPE = "TYPE".getBytes(US_ASCII);

  /** The type of all values. */
  private static final byte[] STRING = "STRING".getBytes(US_ASCII);

  private int count = Paging.USUAL_COUNT;
  private Bytes pattern = Bytes.of("*");
  private boolean isOfStrings = true;

  private Scan() {}

  static void page(Bucket bucket, Words words, Reply reply) {
    long cursor = cursor(words.bytes(CURSOR));
    if (!Bucket.isCursor(cursor)) {
      reply.error("invalid cursor");
      return;
    }
    Scan scan = new Scan();
    if (!scan.understand(words, reply)) return;
    Paging.answer(
        bucket,
        cursor,
        scan.count,
        key -> scan.isOfStrings && Glob.matches(scan.pattern, key),
        reply);
  }

  /** As C reads one: no digits are 0, and there may be a sign; below 0 if it is none. */
  private static long cursor(Bytes word) {
    boolean isSigned = word.length() > 1 && (word.at(0) == '+' || word.at(0) == '-');
    long cursor = 0;
    for (int i = isSigned ? 1 : 0; i < word.length(); i++) {
      int digit = word.at(i) - '0';
      if (digit < 0 || digit > 9 || cursor > Integer.MAX_VALUE) return -1;
      cursor = 10 * cursor + digit;
    }
    return isSigned && word.at(0) == '-' ? -cursor : cursor;
  }

  /** Takes the options in; false if they are none, and {@code reply} has been told. */
  private boolean understand(Words words, Reply reply) {
    for (int at = CURSOR + 1; at < words.count(); at += 2) {
      boolean isPair = at + 1 < words.count();
      if (isPair && words.isInAnyCase(at, MATCH)) {
        pattern = Glob.orTell(words, at + 1, reply);
        if (pattern == null) return false;
      } else if (isPair && words.isInAnyCase(at, TYPE))
        isOfStrings = words.isInAnyCase(at + 1, STRING);
      else if (isPair && words.isInAnyCase(at, COUNT)) {
        if (!understandCount(words, at + 1, reply)) return false;
      } else {
        reply.error(Faults.SYNTAX);
        return false;
      }
    }
    return true;
  }

  private boolean understandCount(Words words, int at, Reply reply) {
    OptionalLong number = Arguments.numberOrTell(words, at, reply);
    if (number.isEmpty()) return false;
    count = (int) Math.min(number.getAsLong(), Paging.MAX_COUNT);
    if (number.getAsLong() < 1) reply.error(Faults.SYNTAX);
    return number.getAsLong() >= 1;
  }
}
