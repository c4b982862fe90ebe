package kv.command.entry;

import kv.command.Access;
import kv.command.OnExistingBucket;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;

/** Takes a key out, if it is there. */
final class Delete implements OnExistingBucket {
  @Override
  public String usage() {
    return "DELETE bucket key";
  }

  @Override
  public String summary() {
    return "OK, whether or not the key was there";
  }

  @Override
  public Access access() {
    return Access.WRITE;
  }

  @Override
  public void run(Bucket bucket, Words words, Reply reply) {
    bucket.delete(words.bytes(2));
    reply.ok();
  }
}
