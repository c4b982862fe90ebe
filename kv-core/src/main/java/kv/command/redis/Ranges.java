package kv.command.redis;

import static kv.command.redis.RedisCommand.KEY;

import java.util.List;
import java.util.OptionalLong;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;
import kv.store.Bytes;

/** Redis' words on parts of a value. */
final class Ranges {
  private static final int FIRST = KEY + 1;
  private static final int SECOND = KEY + 2;

  static final List<RedisCommand> COMMANDS =
      List.of(
          RedisCommand.reads(
              "GETRANGE key first last",
              "the bytes from the first to the last; below zero, from the end",
              Ranges::get));

  private Ranges() {}

  private static void get(Bucket bucket, Words words, Reply reply) {
    OptionalLong first = words.bytes(FIRST).number();
    OptionalLong last = words.bytes(SECOND).number();
    if (first.isEmpty() || last.isEmpty()) {
      reply.error(Faults.NO_INTEGER);
      return;
    }
    Bytes value = bucket.get(words.bytes(KEY)).orElse(Bytes.of());
    int from = place(first.getAsLong(), value.length());
    int to = Math.min(place(last.getAsLong(), value.length()) + 1, value.length());
    boolean isReversed = last.getAsLong() < 0 && first.getAsLong() > last.getAsLong();
    reply.value(from >= to || isReversed ? Bytes.of() : value.slice(from, to));
  }

  /** Where that is in a value of {@code length} bytes, or at an end of it. */
  private static int place(long place, int length) {
    long fromStart = place < 0 ? length + place : place;
    return (int) Math.max(0, Math.min(fromStart, length));
  }
}
