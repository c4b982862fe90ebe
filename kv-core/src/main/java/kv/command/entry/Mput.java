package kv.command.entry;

import kv.command.Access;
import kv.command.OnExistingBucket;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;

/** Gives keys values, one after another. */
final class Mput implements OnExistingBucket {
  @Override
  public String usage() {
    return "MPUT bucket key value [key value ...]";
  }

  @Override
  public String summary() {
    return "gives each key its value: OK";
  }

  @Override
  public Access access() {
    return Access.WRITE;
  }

  @Override
  public void run(Bucket bucket, Words words, Reply reply) {
    bucket.putAll(words.pairsFrom(2));
    reply.ok();
  }
}
