package kv.command.bucket;

import kv.command.Access;
import kv.command.BucketCommand;
import kv.command.NewBucket;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Storage;

/** Makes a bucket, unless there is one of that name. */
final class Create implements BucketCommand {
  @Override
  public String usage() {
    return "CREATE bucket";
  }

  @Override
  public String summary() {
    return "OK, also if there is such a bucket";
  }

  @Override
  public Access access() {
    return Access.WRITE;
  }

  @Override
  public void run(Storage storage, Words words, Reply reply) throws InterruptedException {
    if (NewBucket.orTell(storage, words.bytes(NAME), reply) != null) reply.ok();
  }
}
