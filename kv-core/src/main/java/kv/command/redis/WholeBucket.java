package kv.command.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import kv.command.BucketCommand;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;

/** Redis' words on all that a bucket holds. */
public final class WholeBucket {
  private static final byte[] ASYNC = "ASYNC".getBytes(US_ASCII);
  private static final byte[] SYNC = "SYNC".getBytes(US_ASCII);
  private static final int MODE = BucketCommand.NAME + 1;

  static final List<RedisCommand> COMMANDS =
      List.of(
          RedisCommand.reads(
              "DBSIZE",
              "the number of keys in the selected bucket",
              (bucket, words, reply) -> reply.number(bucket.size())),
          RedisCommand.ofAdmins(
              "FLUSHDB [mode ...]",
              "drops the selected bucket; ASYNC or SYNC are as good: OK",
              WholeBucket::drop));

  private WholeBucket() {}

  /** Whether there are words from {@code at} on that are not one of the modes of a flush. */
  public static boolean isOddFlush(Words words, int at) {
    return words.count() > at + 1
        || words.count() == at + 1 && !words.isInAnyCase(at, ASYNC) && !words.isInAnyCase(at, SYNC);
  }

  private static void drop(Bucket bucket, Words words, Reply reply) throws InterruptedException {
    if (isOddFlush(words, MODE)) {
      reply.error(Faults.SYNTAX);
      return;
    }
    bucket.stop();
    reply.ok();
  }
}
