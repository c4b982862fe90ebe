package kv.command.redis;

import static kv.command.redis.RedisCommand.KEY;

import java.util.List;
import kv.command.Listing;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;
import kv.store.Bytes;

/** Redis' words that store values, and answer them. */
final class Strings {
  private static final int VALUE = KEY + 1;

  static final List<RedisCommand> COMMANDS =
      List.of(
          RedisCommand.reads("GET key", "the value, or null", Strings::get),
          RedisCommand.reads("STRLEN key", "how many bytes the value has", Strings::length),
          RedisCommand.reads(
              "MGET key ...", "the values, with null for a key that has none", Strings::getAll),
          RedisCommand.writes("SET key value [option ...]", "stores: OK", Strings::set),
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
    if (words.count() > VALUE + 1) {
      reply.error(Faults.SYNTAX);
      return;
    }
    bucket.put(words.bytes(KEY), words.bytes(VALUE));
    reply.ok();
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
