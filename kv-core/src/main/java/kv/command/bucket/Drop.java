package kv.command.bucket;

import kv.command.Access;
import kv.command.OnExistingBucket;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;

/** Ends a bucket, with all that it holds. */
final class Drop implements OnExistingBucket {
  @Override
  public String usage() {
    return "DROP bucket";
  }

  @Override
  public String summary() {
    return "ends the bucket, with all that it holds: OK";
  }

  @Override
  public Access access() {
    return Access.ADMIN;
  }

  @Override
  public void run(Bucket bucket, Words words, Reply reply) throws InterruptedException {
    bucket.ensureAlive();
    bucket.stop();
    reply.ok();
  }
}
