package kv.command.entry;

import kv.command.Access;
import kv.command.OnExistingBucket;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;

/** Answers the value of a key. */
final class Get implements OnExistingBucket {
  @Override
  public String usage() {
    return "GET bucket key";
  }

  @Override
  public String summary() {
    return "the value, or an empty line if there is none; OK";
  }

  @Override
  public Access access() {
    return Access.READ;
  }

  @Override
  public void run(Bucket bucket, Words words, Reply reply) {
    reply.valueIfAny(bucket.get(words.bytes(2)));
  }
}
