package kv.command.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import kv.command.BucketCommand;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;

/** Redis' words on all that a bucket holds. */
final class WholeBucket {
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

  private static boolean isMode(Words words) {
    return words.isInAnyCase(MODE, ASYNC) || words.isInAnyCase(MODE, SYNC);
  }

  private static void drop(Bucket bucket, Words words, Reply reply) throws InterruptedException {
    if (words.count() > MODE + 1 || words.count() == MODE + 1 && !isMode(words)) {
      reply.error(Faults.SYNTAX);
      return;
    }
    bucket.stop();
    reply.ok();
  }
}
