package kv.command.entry;

import kv.command.Access;
import kv.command.OnExistingBucket;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;

/** Gives a key a value if it has one. */
final class Replace implements OnExistingBucket {
  @Override
  public String usage() {
    return "REPLACE bucket key value";
  }

  @Override
  public String summary() {
    return "puts if there is a value: 1, else 0; OK";
  }

  @Override
  public Access access() {
    return Access.WRITE;
  }

  @Override
  public void run(Bucket bucket, Words words, Reply reply) {
    reply.number(bucket.putIfPresent(words.bytes(2), words.bytes(3)) ? 1 : 0);
  }
}
