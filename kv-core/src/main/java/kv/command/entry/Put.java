package kv.command.entry;

import kv.command.Access;
import kv.command.OnExistingBucket;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;

/** Gives a key a value. */
final class Put implements OnExistingBucket {
  @Override
  public String usage() {
    return "PUT bucket key value";
  }

  @Override
  public String summary() {
    return "gives the key that value: OK";
  }

  @Override
  public Access access() {
    return Access.WRITE;
  }

  @Override
  public void run(Bucket bucket, Words words, Reply reply) {
    bucket.put(words.bytes(2), words.bytes(3));
    reply.ok();
  }
}
