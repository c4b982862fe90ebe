package kv.command.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.OptionalLong;
import kv.command.BucketCommand;
import kv.command.Glob;
import kv.command.Listing;
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

  private static final int USUAL_COUNT = 10;

  private int count = USUAL_COUNT;
  private Bytes pattern = Bytes.of("*");
  private boolean isOfStrings = true;

  private Scan() {}

  static void page(Bucket bucket, Words words, Reply reply) {
    long cursor = cursor(words.bytes(CURSOR));
    if (cursor < 0) {
      reply.error(Faults.NO_CURSOR);
      return;
    }
    Scan scan = new Scan();
    if (scan.understand(words, reply)) scan.answer(bucket, cursor, reply);
  }

  /** As C reads one: no digits are 0, and there may be a sign; -1 if it is none. */
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
      if (isPair && words.isInAnyCase(at, COUNT)) {
        OptionalLong number = Arguments.numberOrTell(words, at + 1, reply);
        if (number.isEmpty()) return false;
        count = (int) Math.max(0, Math.min(number.getAsLong(), Integer.MAX_VALUE));
        if (count > 0) continue;
      } else if (isPair && words.isInAnyCase(at, MATCH)) {
        pattern = words.bytes(at + 1);
        continue;
      } else if (isPair && words.isInAnyCase(at, TYPE)) {
        isOfStrings = words.isInAnyCase(at + 1, STRING);
        continue;
      }
      reply.error(Faults.SYNTAX);
      return false;
    }
    return true;
  }

  private void answer(Bucket bucket, long cursor, Reply reply) {
    long[] next = new long[1];
    try {
      Listing keys =
          Listing.copyOf(
              target ->
                  next[0] =
                      bucket.scan(
                          cursor,
                          count,
                          key -> {
                            if (isOfStrings && Glob.matches(pattern, key)) target.accept(key);
                          }),
              reply.memory());
      reply.page(next[0], keys);
    } catch (IllegalArgumentException e) { // there are fewer places than that
      reply.error(Faults.NO_CURSOR);
    }
  }
}
