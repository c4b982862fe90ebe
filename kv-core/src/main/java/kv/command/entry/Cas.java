package kv.command.entry;

import kv.command.Access;
import kv.command.OnExistingBucket;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;

/** Gives a key a value if its value is the one that the client expects: compare and set. */
final class Cas implements OnExistingBucket {
  @Override
  public String usage() {
    return "CAS bucket key old new";
  }

  @Override
  public String summary() {
    return "puts new if the value is old: 1, else 0; OK";
  }

  @Override
  public Access access() {
    return Access.WRITE;
  }

  @Override
  public void run(Bucket bucket, Words words, Reply reply) {
    boolean isDone = bucket.compareAndSet(words.bytes(2), words.bytes(3), words.bytes(4));
    reply.number(isDone ? 1 : 0);
  }
}
