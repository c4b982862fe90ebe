package kv.command.redis;

import static kv.command.redis.RedisCommand.KEY;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kv.command.Listing;
import kv.command.Reply;
import kv.command.Words;
import kv.command.redis.Options.Option;
import kv.store.Bucket;
import kv.store.Bytes;
import kv.store.Entry;

/** Redis' words that store values, and answer them. */
final class Strings {
  private static final int VALUE = KEY + 1;

  /** Of SET. */
  private static final int OPTIONS = VALUE + 1;

  static final List<RedisCommand> COMMANDS =
      List.of(
          RedisCommand.reads("GET key", "the value, or null", Strings::get),
          RedisCommand.reads("STRLEN key", "how many bytes the value has", Strings::length),
          RedisCommand.reads(
              "MGET key ...", "the values, with null for a key that has none", Strings::getAll),
          RedisCommand.writes(
              "SET key value [option ...]",
              "stores: OK; NX XX GET KEEPTTL EX PX EXAT PXAT say how",
              Strings::set),
          RedisCommand.writes(
              "MSET key value [key value ...]",
              "stores all, one after another, not at once: OK",
              Strings::setAll),
          RedisCommand.writes(
              "SETEX key seconds value",
              "stores for so long: OK",
              (bucket, words, reply) -> setFor(Times.SECONDS, "setex", bucket, words, reply)),
          RedisCommand.writes(
              "PSETEX key milliseconds value",
              "stores for so long: OK",
              (bucket, words, reply) -> setFor(Times.MILLIS, "psetex", bucket, words, reply)),
          RedisCommand.writes(
              "GETEX key [option ...]",
              "the value; EX PX EXAT PXAT PERSIST change its deadline",
              Strings::getAndExpire),
          RedisCommand.writes(
              "SETNX key value", "stores if there is no value: 1, else 0", Strings::setIfAbsent),
          RedisCommand.writes("GETSET key value", "stores; the value before", Strings::getAndSet),
          RedisCommand.writes("GETDEL key", "takes the key out; its value", Strings::getAndDelete));

  private Strings() {}

  private static void get(Bucket bucket, Words words, Reply reply) {
    reply.valueIfAny(bucket.get(words.bytes(KEY)));
  }

  private static void length(Bucket bucket, Words words, Reply reply) {
    reply.number(bucket.get(words.bytes(KEY)).map(Bytes::length).orElse(0));
  }

  private static void getAll(Bucket bucket, Words words, Reply reply) {
    reply.list(
        Listing.holding(
            words.count() - KEY,
            at -> bucket.get(words.bytes(KEY + at)).orElse(null),
            reply.memory()));
  }

  private static void set(Bucket bucket, Words words, Reply reply) {
    if (words.count() > OPTIONS) setWith(bucket, words, reply);
    else {
      bucket.put(words.bytes(KEY), words.bytes(VALUE));
      reply.ok();
    }
  }

  private static void setWith(Bucket bucket, Words words, Reply reply) {
    Options options = Options.orTell(words, OPTIONS, Options.OF_SET, reply);
    if (options == null) return;
    OptionalLong deadline = options.deadlineOrTell(words, bucket, "set", reply);
    if (deadline.isEmpty()) return;
    Entry entry = new Entry(words.bytes(VALUE), deadline.getAsLong());
    Optional<Entry> before =
        bucket.updateEntry(
            words.bytes(KEY),
            present -> {
              if (!options.admit(present.isPresent())) return present;
              boolean isKept = options.has(Option.KEEPTTL) && present.isPresent();
              return Optional.of(isKept ? entry.until(present.get().deadlineMillis()) : entry);
            });
    if (options.has(Option.GET)) reply.valueIfAny(before.map(Entry::value));
    else if (options.admit(before.isPresent())) reply.ok();
    else reply.missing();
  }

  private static void setAll(Bucket bucket, Words words, Reply reply) {
    bucket.putAll(words.pairsFrom(KEY));
    reply.ok();
  }

  private static void setFor(
      Times unit, String verb, Bucket bucket, Words words, Reply reply) {
    OptionalLong deadline = unit.positiveOrTell(words, KEY + 1, bucket, verb, reply);
    if (deadline.isEmpty()) return;
    Entry entry = new Entry(words.bytes(KEY + 2), deadline.getAsLong());
    bucket.updateEntry(words.bytes(KEY), before -> Optional.of(entry));
    reply.ok();
  }

  private static void getAndExpire(Bucket bucket, Words words, Reply reply) {
    Options options = Options.orTell(words, KEY + 1, Options.OF_GETEX, reply);
    if (options == null) return;
    Bytes key = words.bytes(KEY);
    if (!options.hasTime() && !options.has(Option.PERSIST)) {
      reply.valueIfAny(bucket.get(key));
      return;
    }
    if (bucket.get(key).isEmpty()) { // of what is not there, Redis does not look at the time
      reply.missing();
      return;
    }
    OptionalLong deadline = options.deadlineOrTell(words, bucket, "getex", reply);
    if (deadline.isEmpty()) return;
    reply.valueIfAny(
        bucket
            .updateEntry(key, before -> before.map(entry -> entry.until(deadline.getAsLong())))
            .map(Entry::value));
  }

  private static void setIfAbsent(Bucket bucket, Words words, Reply reply) {
    reply.number(bucket.putIfAbsent(words.bytes(KEY), words.bytes(VALUE)) ? 1 : 0);
  }

  private static void getAndSet(Bucket bucket, Words words, Reply reply) {
    reply.valueIfAny(bucket.getAndPut(words.bytes(KEY), words.bytes(VALUE)));
  }

  private static void getAndDelete(Bucket bucket, Words words, Reply reply) {
    reply.valueIfAny(bucket.delete(words.bytes(KEY)));
  }
}
