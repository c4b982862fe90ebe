package kv.command;

import java.util.Optional;
import kv.log.LoadingException;
import kv.log.LogException;
import kv.memory.MemoryFullException;
import kv.otp.ExitedException;
import kv.store.Bucket;
import kv.store.Storage;
import kv.store.ValueTooLongException;

/** A command that needs its bucket to be there. */
public interface OnExistingBucket extends BucketCommand {
  /**
   * Runs against the bucket, and answers when all is done.
   *
   * @throws ExitedException if the bucket has exited: it is not found, then
   * @throws MemoryFullException if there is no room for what it writes, or lists
   * @throws ValueTooLongException if a value would be longer than one may be
   * @throws LogException if the log refuses what it writes, or the bucket is being restarted
   */
  void run(Bucket bucket, Words words, Reply reply) throws InterruptedException;

  @Override
  default void run(Storage storage, Words words, Reply reply) throws InterruptedException {
    try {
      Optional<Bucket> bucket = storage.lookup(words.cached(NAME));
      if (bucket.isPresent()) run(bucket.get(), words, reply);
      else reply.notFound();
    } catch (ExitedException e) {
      reply.notFound();
    } catch (MemoryFullException | ValueTooLongException | LogException e) {
      reply.error(e.getMessage());
    } catch (LoadingException e) {
      reply.loading(e.percent());
    }
  }
}
