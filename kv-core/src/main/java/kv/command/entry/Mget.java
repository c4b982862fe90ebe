package kv.command.entry;

import kv.command.Access;
import kv.command.Listing;
import kv.command.OnExistingBucket;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;

/** Answers the values of keys, which are not read together. */
final class Mget implements OnExistingBucket {
  @Override
  public String usage() {
    return "MGET bucket key ...";
  }

  @Override
  public String summary() {
    return "the values, a line each, empty where there is none; OK";
  }

  @Override
  public Access access() {
    return Access.READ;
  }

  @Override
  public void run(Bucket bucket, Words words, Reply reply) {
    reply.list(
        Listing.holding(
            words.count() - 2, at -> bucket.get(words.bytes(at + 2)).orElse(null), reply.memory()));
  }
}
