package kv.command.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Optional;
import kv.command.Access;
import kv.command.BucketCommand;
import kv.command.Command;
import kv.command.NewBucket;
import kv.command.Reply;
import kv.command.Words;
import kv.log.LoadingException;
import kv.log.LogException;
import kv.memory.MemoryFullException;
import kv.otp.ExitedException;
import kv.store.Bucket;
import kv.store.Bytes;
import kv.store.Storage;
import kv.store.ValueTooLongException;

/**
 * A word of Redis, carried out where the bucket lives. Its client writes {@code GET key}; what runs
 * has a verb of its own and names the bucket, as in {@code REDIS-GET bucket key}: it must not be
 * taken for ours between nodes.
 *
 * <p>A bucket that is not there is empty. The first write makes it.
 */
public final class RedisCommand implements BucketCommand {
  /** Where the key stands among the words. */
  static final int KEY = NAME + 1;

  private static final String PREFIX = "REDIS-";

  /** How often a bucket is made for one request, if others drop it each time. */
  private static final int MAX_MADE = 100;

  private final Command asTyped;
  private final byte[] verb;
  private final String usage;
  private final Action action;

  /** What it does. */
  interface Action {
    /**
     * Runs against a bucket, and answers when all is done. May be run again, if it throws.
     *
     * @param bucket may be {@link Storage#nothing}
     * @throws ExitedException if the bucket has exited
     * @throws ValueTooLongException if what it writes is longer than a value may be
     * @throws MemoryFullException if there is no room for what it writes, or lists
     * @throws LogException if the log refuses what it writes, or the bucket is being restarted
     */
    void run(Bucket bucket, Words words, Reply reply) throws InterruptedException;
  }

  /** As its client writes it. */
  private record AsTyped(String usage, String summary, Access access) implements Command {}

  private RedisCommand(String usage, String summary, Access access, Action action) {
    asTyped = new AsTyped(usage, summary, access);
    verb = (PREFIX + asTyped.verb()).getBytes(US_ASCII);
    this.usage = PREFIX + asTyped.verb() + " bucket" + usage.substring(asTyped.verb().length());
    this.action = action;
  }

  static RedisCommand reads(String usage, String summary, Action action) {
    return new RedisCommand(usage, summary, Access.READ, action);
  }

  static RedisCommand writes(String usage, String summary, Action action) {
    return new RedisCommand(usage, summary, Access.WRITE, action);
  }

  static RedisCommand ofAdmins(String usage, String summary, Action action) {
    return new RedisCommand(usage, summary, Access.ADMIN, action);
  }

  /** The same as its client writes it: to be read about, not to be run. */
  public Command asTyped() {
    return asTyped;
  }

  /** Makes of {@code words}, as their client has them, a request of this on {@code bucket}. */
  public void direct(Words words, byte[] bucket) {
    words.direct(verb, bucket);
  }

  @Override
  public String usage() {
    return usage;
  }

  @Override
  public String summary() {
    return asTyped.summary();
  }

  @Override
  public Access access() {
    return asTyped.access();
  }

  @Override
  public void run(Storage storage, Words words, Reply reply) throws InterruptedException {
    try {
      Bytes name = words.cached(NAME);
      Optional<Bucket> bucket = storage.lookup(name);
      if (bucket.isEmpty() || !hasRun(bucket.get(), words, reply))
        runOnNothing(storage, name, words, reply);
    } catch (ValueTooLongException e) {
      reply.error(Faults.TOO_LONG);
    } catch (MemoryFullException | LogException e) {
      reply.error(e.getMessage());
    } catch (LoadingException e) {
      reply.loading(e.percent());
    }
  }

  /** Runs; false if {@code bucket} has been dropped, and this has done nothing. */
  private boolean hasRun(Bucket bucket, Words words, Reply reply) throws InterruptedException {
    try {
      action.run(bucket, words, reply);
      return true;
    } catch (ExitedException e) {
      return false;
    }
  }

  /** Finds out on a bucket that is empty, and stays so, whether one has to be made. */
  private void runOnNothing(Storage storage, Bytes name, Words words, Reply reply)
      throws InterruptedException {
    try {
      action.run(storage.nothing(), words, reply);
    } catch (MemoryFullException e) {
      if (access() != Access.WRITE) throw e; // there was no room for a listing
      runOnNew(storage, name, words, reply);
    }
  }

  private void runOnNew(Storage storage, Bytes name, Words words, Reply reply)
      throws InterruptedException {
    for (int made = 0; made < MAX_MADE; made++) {
      Bucket bucket = NewBucket.orTell(storage, name, reply);
      if (bucket == null || hasRun(bucket, words, reply)) return;
    }
    reply.error(
        "the bucket was dropped " + MAX_MADE + " times while this request made it; try again");
  }
}
