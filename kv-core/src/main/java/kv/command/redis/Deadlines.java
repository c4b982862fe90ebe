package kv.command.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static kv.command.redis.RedisCommand.KEY;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;
import kv.store.Bytes;
import kv.store.Entry;

/** Redis' words on the deadlines of keys. */
final class Deadlines {
  private static final int TIME = KEY + 1;

  /** Of EXPIRE and its kind. */
  private static final int OPTIONS = KEY + 2;

  private static final long NO_DEADLINE = -1;
  private static final long NO_KEY = -2;

  /** When a deadline may be set: if there is none, one, or an earlier or later one. */
  private enum Condition {
    NX,
    XX,
    GT,
    LT;

    private final byte[] word = name().getBytes(US_ASCII);

    private boolean admits(Entry entry, long deadline) {
      return switch (this) {
        case NX -> !entry.hasDeadline();
        case XX -> entry.hasDeadline();
        case GT -> entry.hasDeadline() && deadline > entry.deadlineMillis();
        case LT -> !entry.hasDeadline() || deadline < entry.deadlineMillis();
      };
    }
  }

  static final List<RedisCommand> COMMANDS =
      List.of(
          expire("EXPIRE key seconds", Times.SECONDS),
          expire("PEXPIRE key milliseconds", Times.MILLIS),
          expire("EXPIREAT key unix-seconds", Times.AT_SECONDS),
          expire("PEXPIREAT key unix-milliseconds", Times.AT_MILLIS),
          RedisCommand.reads(
              "TTL key",
              "seconds until it expires; -1 if never, -2 if there is none",
              (bucket, words, reply) -> reply.number(inSeconds(left(bucket, words)))),
          RedisCommand.reads(
              "PTTL key",
              "milliseconds until it expires; -1 if never, -2 if there is none",
              (bucket, words, reply) -> reply.number(left(bucket, words))),
          RedisCommand.reads(
              "EXPIRETIME key",
              "when it expires, in seconds since 1970; -1 if never, -2 if none",
              (bucket, words, reply) -> reply.number(inSeconds(deadline(bucket, words)))),
          RedisCommand.reads(
              "PEXPIRETIME key",
              "when it expires, in milliseconds since 1970; -1, -2 likewise",
              (bucket, words, reply) -> reply.number(deadline(bucket, words))),
          RedisCommand.writes(
              "PERSIST key",
              "takes a deadline off: 1 if there was one, else 0",
              (bucket, words, reply) -> reply.number(bucket.persist(words.bytes(KEY)) ? 1 : 0)));

  private Deadlines() {}

  private static RedisCommand expire(String usage, Times time) {
    String verb = usage.split(" ")[0].toLowerCase(Locale.ROOT);
    return RedisCommand.writes(
        usage + " [option ...]",
        "1 if a deadline is set; NX XX GT LT",
        (bucket, words, reply) -> expire(time, verb, bucket, words, reply));
  }

  private static void expire(
      Times time, String verb, Bucket bucket, Words words, Reply reply) {
    Set<Condition> conditions = conditionsOrTell(words, reply);
    if (conditions == null) return;
    OptionalLong deadline = time.orTell(words, TIME, bucket, verb, reply);
    if (deadline.isEmpty()) return;
    Optional<Entry> before =
        bucket.updateEntry(
            words.bytes(KEY),
            present ->
                admits(conditions, present, deadline.getAsLong())
                    ? present.map(entry -> entry.expiringAt(deadline.getAsLong()))
                    : present);
    reply.number(admits(conditions, before, deadline.getAsLong()) ? 1 : 0);
  }

  /** Those that the words have; null if they are not, or exclude one another. */
  private static Set<Condition> conditionsOrTell(Words words, Reply reply) {
    Set<Condition> conditions = EnumSet.noneOf(Condition.class);
    for (int at = OPTIONS; at < words.count(); at++) {
      Condition condition = find(words, at);
      if (condition == null) {
        Bytes start = words.start(at);
        reply.error("Unsupported option " + start.escaped(0, start.length()));
        return null;
      }
      conditions.add(condition);
    }
    String fault = fault(conditions);
    if (fault == null) return conditions;
    reply.error(fault);
    return null;
  }

  private static Condition find(Words words, int at) {
    for (Condition condition : Condition.values())
      if (words.isInAnyCase(at, condition.word)) return condition;
    return null;
  }

  private static String fault(Set<Condition> conditions) {
    if (conditions.contains(Condition.NX) && conditions.size() > 1)
      return "NX and XX, GT or LT options at the same time are not compatible";
    return conditions.containsAll(Set.of(Condition.GT, Condition.LT))
        ? "GT and LT options at the same time are not compatible"
        : null;
  }

  private static boolean admits(
      Set<Condition> conditions, Optional<Entry> entry, long deadline) {
    return entry.isPresent()
        && conditions.stream().allMatch(condition -> condition.admits(entry.get(), deadline));
  }

  private static long deadline(Bucket bucket, Words words) {
    Optional<Entry> entry = bucket.entry(words.bytes(KEY));
    if (entry.isEmpty()) return NO_KEY;
    return entry.get().hasDeadline() ? entry.get().deadlineMillis() : NO_DEADLINE;
  }

  private static long left(Bucket bucket, Words words) {
    long deadline = deadline(bucket, words);
    return deadline < 0 ? deadline : Math.max(0, deadline - bucket.systemMillis());
  }

  /** To the nearest one. */
  private static long inSeconds(long millis) {
    return millis < 0 ? millis : millis / 1000 + (millis % 1000 < 500 ? 0 : 1);
  }
}
