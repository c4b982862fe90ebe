package kv.command.bucket;

import kv.command.Access;
import kv.command.OnExistingBucket;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;

/** Answers how many keys a bucket has. */
final class Size implements OnExistingBucket {
  @Override
  public String usage() {
    return "SIZE bucket";
  }

  @Override
  public String summary() {
    return "the number of its keys; OK";
  }

  @Override
  public Access access() {
    return Access.READ;
  }

  @Override
  public void run(Bucket bucket, Words words, Reply reply) {
    reply.number(bucket.size());
  }
}
