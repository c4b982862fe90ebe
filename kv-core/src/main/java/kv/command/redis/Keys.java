package kv.command.redis;

import static kv.command.redis.RedisCommand.KEY;

import java.util.List;
import kv.command.Glob;
import kv.command.Listing;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;
import kv.store.Bytes;

/** Redis' words that ask for keys, or take them out. */
final class Keys {
  static final List<RedisCommand> COMMANDS =
      List.of(
          RedisCommand.writes(
              "DEL key ...", "takes the keys out; how many there were", Keys::delete),
          RedisCommand.writes(
              "UNLINK key ...", "takes the keys out; how many there were", Keys::delete),
          RedisCommand.reads(
              "EXISTS key ...", "how many of the keys there are", Keys::countPresent),
          RedisCommand.reads(
              "TOUCH key ...", "how many of the keys there are", Keys::countPresent),
          RedisCommand.reads(
              "KEYS pattern", "the keys that the pattern means, in no order", Keys::list),
          RedisCommand.reads(
              "SCAN cursor [option ...]",
              "the next cursor, 0 at the end, and keys; MATCH COUNT TYPE",
              Scan::page),
          RedisCommand.reads("RANDOMKEY", "any key, or null", Keys::any),
          RedisCommand.reads("TYPE key", "string, or none if there is no value", Keys::type));

  private Keys() {}

  private static void delete(Bucket bucket, Words words, Reply reply) {
    reply.number(bucket.deleteAll(words.allFrom(KEY)));
  }

  private static void countPresent(Bucket bucket, Words words, Reply reply) {
    int count = 0;
    for (Bytes key : words.allFrom(KEY)) if (bucket.get(key).isPresent()) count++;
    reply.number(count);
  }

  private static void list(Bucket bucket, Words words, Reply reply) {
    Bytes pattern = Glob.orTell(words, KEY, reply);
    if (pattern == null) return;
    reply.list(
        Listing.copyOf(
            keys ->
                bucket.forEachKey(
                    key -> {
                      if (Glob.matches(pattern, key)) keys.accept(key);
                    }),
            reply.memory()));
  }

  private static void any(Bucket bucket, Words words, Reply reply) {
    reply.valueIfAny(bucket.randomKey());
  }

  private static void type(Bucket bucket, Words words, Reply reply) {
    reply.status(bucket.get(words.bytes(KEY)).isPresent() ? "string" : "none");
  }
}
