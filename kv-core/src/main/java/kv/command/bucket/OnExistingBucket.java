package kv.command.bucket;

import java.util.Optional;
import kv.command.BucketCommand;
import kv.command.Reply;
import kv.command.Words;
import kv.otp.ExitedException;
import kv.store.Bucket;
import kv.store.MemoryFullException;
import kv.store.Storage;

/** A command that needs its bucket to be there. */
interface OnExistingBucket extends BucketCommand {
  /**
   * Runs against the bucket, and answers when all is done.
   *
   * @throws ExitedException if the bucket has exited: it is not found, then
   * @throws MemoryFullException if there is no room for what it writes, or lists
   */
  void run(Bucket bucket, Words words, Reply reply) throws InterruptedException;

  @Override
  default void run(Storage storage, Words words, Reply reply) throws InterruptedException {
    Optional<Bucket> bucket = storage.lookup(words.cached(NAME));
    if (bucket.isEmpty()) {
      reply.notFound();
      return;
    }
    try {
      run(bucket.get(), words, reply);
    } catch (ExitedException e) {
      reply.notFound();
    } catch (MemoryFullException e) {
      reply.error(e.getMessage());
    }
  }
}
