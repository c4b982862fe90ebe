package kv.command.entry;

import kv.command.Access;
import kv.command.OnExistingBucket;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;

/** Tells whether a key has a value. */
final class Exists implements OnExistingBucket {
  @Override
  public String usage() {
    return "EXISTS bucket key";
  }

  @Override
  public String summary() {
    return "1 if the key has a value, else 0; OK";
  }

  @Override
  public Access access() {
    return Access.READ;
  }

  @Override
  public void run(Bucket bucket, Words words, Reply reply) {
    reply.number(bucket.get(words.bytes(2)).isPresent() ? 1 : 0);
  }
}
