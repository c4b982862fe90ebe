package kv.command.redis;

import static kv.command.redis.RedisCommand.KEY;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import kv.command.Reply;
import kv.command.Words;
import kv.memory.Memory;
import kv.store.Bucket;
import kv.store.Bytes;

/** Redis' words on parts of a value. */
final class Ranges {
  private static final int FIRST = KEY + 1;
  private static final int SECOND = KEY + 2;

  static final List<RedisCommand> COMMANDS =
      List.of(
          RedisCommand.writes(
              "APPEND key value", "puts it behind the value; the new length", Ranges::append),
          RedisCommand.writes(
              "SETRANGE key offset value",
              "writes it over the value, from there on; the new length",
              Ranges::set),
          RedisCommand.reads(
              "GETRANGE key first last",
              "the bytes from first to last; below zero, from the end",
              Ranges::get));

  private Ranges() {}

  private static void append(Bucket bucket, Words words, Reply reply) {
    Bytes key = words.bytes(KEY);
    long copy = bucket.rewriteBytes(key, words.length(FIRST));
    reply.number(reply.memory().holding(copy, () -> bucket.append(key, words.bytes(FIRST))));
  }

  private static void set(Bucket bucket, Words words, Reply reply) {
    OptionalLong offset = Arguments.numberOrTell(words, FIRST, reply);
    if (offset.isEmpty()) return;
    if (offset.getAsLong() < 0) reply.error("offset is out of range");
    else if (words.length(SECOND) == 0)
      reply.number(bucket.get(words.bytes(KEY)).map(Bytes::length).orElse(0));
    else if (offset.getAsLong() > bucket.maxValueBytes() - words.length(SECOND))
      reply.error(Faults.TOO_LONG);
    else write(bucket, words.bytes(KEY), (int) offset.getAsLong(), words.bytes(SECOND), reply);
  }

  private static void write(Bucket bucket, Bytes key, int offset, Bytes part, Reply reply) {
    Bytes none = Bytes.of();
    long copy = bucket.rewriteBytes(key, offset + part.length());
    UnaryOperator<Optional<Bytes>> writes =
        value -> Optional.of(value.orElse(none).overwritten(offset, part));
    Optional<Bytes> before = reply.memory().holding(copy, () -> bucket.update(key, writes));
    reply.number(Math.max(before.orElse(none).length(), offset + part.length()));
  }

  private static void get(Bucket bucket, Words words, Reply reply) {
    OptionalLong first = Arguments.numberOrTell(words, FIRST, reply);
    if (first.isEmpty()) return;
    OptionalLong last = Arguments.numberOrTell(words, SECOND, reply);
    if (last.isEmpty()) return;
    Bytes value = bucket.get(words.bytes(KEY)).orElse(Bytes.of());
    int from = place(first.getAsLong(), value.length());
    int to = Math.min(place(last.getAsLong(), value.length()) + 1, value.length());
    boolean isReversed = last.getAsLong() < first.getAsLong() && first.getAsLong() < 0;
    if (from >= to || isReversed) reply.value(Bytes.of());
    else {
      long copy = Memory.ofArray(to - from);
      reply.value(reply.memory().holding(copy, () -> value.slice(from, to)));
    }
  }

  /** Where that is in a value of {@code length} bytes, or at an end of it. */
  private static int place(long place, int length) {
    long fromStart = place < 0 ? length + place : place;
    return (int) Math.max(0, Math.min(fromStart, length));
  }
}
