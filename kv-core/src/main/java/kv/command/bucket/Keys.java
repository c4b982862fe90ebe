package kv.command.bucket;

import kv.command.Access;
import kv.command.Listing;
import kv.command.OnExistingBucket;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;

/** Lists the keys of a bucket, in no order. */
final class Keys implements OnExistingBucket {
  @Override
  public String usage() {
    return "KEYS bucket";
  }

  @Override
  public String summary() {
    return "its keys, a line each; OK";
  }

  @Override
  public Access access() {
    return Access.READ;
  }

  @Override
  public void run(Bucket bucket, Words words, Reply reply) {
    reply.list(Listing.copyOf(bucket::forEachKey, reply.memory()));
  }
}
