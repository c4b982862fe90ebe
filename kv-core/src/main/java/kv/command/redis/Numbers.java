package kv.command.redis;

import static kv.command.redis.RedisCommand.KEY;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;
import kv.store.Bytes;

/** Redis' words that add to the number that a value is. */
final class Numbers {
  private static final int BY = KEY + 1;

  static final List<RedisCommand> COMMANDS =
      List.of(
          RedisCommand.writes(
              "INCR key",
              "adds 1; the sum",
              (bucket, words, reply) -> add(bucket, words, 1, reply)),
          RedisCommand.writes(
              "DECR key",
              "takes 1 away; what is left",
              (bucket, words, reply) -> add(bucket, words, -1, reply)),
          RedisCommand.writes("INCRBY key number", "adds the number; the sum", Numbers::addBy),
          RedisCommand.writes(
              "DECRBY key number", "takes the number away; what is left", Numbers::takeAway),
          RedisCommand.writes(
              "INCRBYFLOAT key number",
              "adds a number that may have a fraction; the sum",
              Numbers::addFloat));

  private Numbers() {}

  private static void addBy(Bucket bucket, Words words, Reply reply) {
    OptionalLong by = Arguments.numberOrTell(words, BY, reply);
    if (by.isPresent()) add(bucket, words, by.getAsLong(), reply);
  }

  private static void takeAway(Bucket bucket, Words words, Reply reply) {
    OptionalLong by = Arguments.numberOrTell(words, BY, reply);
    if (by.isEmpty()) return;
    if (by.getAsLong() == Long.MIN_VALUE) reply.error("decrement would overflow");
    else add(bucket, words, -by.getAsLong(), reply);
  }

  private static void add(Bucket bucket, Words words, long by, Reply reply) {
    Sum sum = new Sum(by);
    bucket.update(words.bytes(KEY), sum);
    if (sum.fault == null) reply.number(sum.sum);
    else reply.error(sum.fault);
  }

  /** Adds to a number, and keeps in mind what came out of it. */
  private static final class Sum implements UnaryOperator<Optional<Bytes>> {
    private final long by;
    private long sum;

    /** Null if there is a sum. */
    private String fault;

    private Sum(long by) {
      this.by = by;
    }

    @Override
    public Optional<Bytes> apply(Optional<Bytes> before) {
      OptionalLong number = before.isEmpty() ? OptionalLong.of(0) : before.get().number();
      fault = number.isEmpty() ? Faults.NO_INTEGER : null;
      if (fault != null) return before;
      try {
        sum = Math.addExact(number.getAsLong(), by);
        return Optional.of(Bytes.of(Long.toString(sum)));
      } catch (ArithmeticException e) {
        fault = "increment or decrement would overflow";
        return before;
      }
    }
  }

  private static void addFloat(Bucket bucket, Words words, Reply reply) {
    FloatSum sum = new FloatSum(words.bytes(BY));
    bucket.update(words.bytes(KEY), sum);
    if (sum.fault == null) reply.value(sum.sum);
    else reply.error(sum.fault);
  }

  /** The same for numbers with a fraction. */
  private static final class FloatSum implements UnaryOperator<Optional<Bytes>> {
    private final Optional<LongDouble> by;
    private Bytes sum;
    private String fault;

    private FloatSum(Bytes by) {
      this.by = LongDouble.of(by);
    }

    @Override
    public Optional<Bytes> apply(Optional<Bytes> before) {
      Optional<LongDouble> number =
          before.isEmpty() ? Optional.of(LongDouble.ZERO) : LongDouble.of(before.get());
      fault = number.isEmpty() || by.isEmpty() ? Faults.NO_FLOAT : null;
      if (fault != null) return before;
      LongDouble after = number.get().plus(by.get());
      fault = after.isInfinite() ? "increment would produce NaN or Infinity" : null;
      if (fault != null) return before;
      sum = Bytes.of(after.toString());
      return Optional.of(sum);
    }
  }
}
