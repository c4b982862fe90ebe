package kv.command.entry;

import kv.command.Access;
import kv.command.OnExistingBucket;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;

/** Gives a key a value unless it has one. */
final class Add implements OnExistingBucket {
  @Override
  public String usage() {
    return "ADD bucket key value";
  }

  @Override
  public String summary() {
    return "puts if there is no value: 1, else 0; OK";
  }

  @Override
  public Access access() {
    return Access.WRITE;
  }

  @Override
  public void run(Bucket bucket, Words words, Reply reply) {
    reply.number(bucket.putIfAbsent(words.bytes(2), words.bytes(3)) ? 1 : 0);
  }
}
