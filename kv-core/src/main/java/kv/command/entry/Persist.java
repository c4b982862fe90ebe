package kv.command.entry;

import kv.command.Access;
import kv.command.OnExistingBucket;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;

/** Has a key stay that had a deadline. */
final class Persist implements OnExistingBucket {
  @Override
  public String usage() {
    return "PERSIST bucket key";
  }

  @Override
  public String summary() {
    return "takes the deadline off: 1, or 0 if there is none; OK";
  }

  @Override
  public Access access() {
    return Access.WRITE;
  }

  @Override
  public void run(Bucket bucket, Words words, Reply reply) {
    reply.number(bucket.persist(words.bytes(2)) ? 1 : 0);
  }
}
