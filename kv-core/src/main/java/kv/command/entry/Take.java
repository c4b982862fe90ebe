package kv.command.entry;

import kv.command.Access;
import kv.command.OnExistingBucket;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;

/** Takes a key out, and answers its value. */
final class Take implements OnExistingBucket {
  @Override
  public String usage() {
    return "TAKE bucket key";
  }

  @Override
  public String summary() {
    return "takes the key out; its value, or an empty line; OK";
  }

  @Override
  public Access access() {
    return Access.WRITE;
  }

  @Override
  public void run(Bucket bucket, Words words, Reply reply) {
    reply.valueIfAny(bucket.delete(words.bytes(2)));
  }
}
