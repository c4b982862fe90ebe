package kv.command.entry;

import kv.command.Access;
import kv.command.OnExistingBucket;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;
import kv.store.Bytes;

/** Puts more behind a value. */
final class Append implements OnExistingBucket {
  @Override
  public String usage() {
    return "APPEND bucket key value";
  }

  @Override
  public String summary() {
    return "puts it behind the value; the new length; OK";
  }

  @Override
  public Access access() {
    return Access.WRITE;
  }

  @Override
  public void run(Bucket bucket, Words words, Reply reply) {
    Bytes key = words.bytes(2);
    long copy = bucket.rewriteBytes(key, words.length(3));
    reply.number(reply.memory().holding(copy, () -> bucket.append(key, words.bytes(3))));
  }
}
