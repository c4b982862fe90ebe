package kv.command.entry;

import kv.command.Access;
import kv.command.OnExistingBucket;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;

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
    reply.number(bucket.append(words.bytes(2), words.bytes(3)));
  }
}
