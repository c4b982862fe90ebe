package kv.command.entry;

import kv.command.Access;
import kv.command.OnExistingBucket;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;

/** Gives a key a value, and answers the one before. */
final class Swap implements OnExistingBucket {
  @Override
  public String usage() {
    return "SWAP bucket key value";
  }

  @Override
  public String summary() {
    return "puts; the value before, or an empty line; OK";
  }

  @Override
  public Access access() {
    return Access.WRITE;
  }

  @Override
  public void run(Bucket bucket, Words words, Reply reply) {
    reply.valueIfAny(bucket.getAndPut(words.bytes(2), words.bytes(3)));
  }
}
