package kv.server.redis;

import kv.command.Access;
import kv.command.Command;
import kv.command.Words;
import kv.command.redis.Faults;
import kv.command.redis.WholeBucket;
import kv.log.LogException;
import kv.server.wire.RespReplies;
import kv.store.Bucket;
import kv.store.Storage;

/** Drops all buckets of the node. */
final class FlushAll {
  private final Storage storage;

  FlushAll(Storage storage) {
    this.storage = storage;
  }

  Command command() {
    return Verb.of(
        "FLUSHALL [mode ...]",
        "drops all buckets of this node; ASYNC or SYNC are as good: OK",
        Access.ADMIN,
        this::run);
  }

  private void run(Words words, RespReplies reply, RedisClient client)
      throws InterruptedException {
    if (WholeBucket.isOddFlush(words, 1)) {
      reply.error(Faults.SYNTAX);
      return;
    }
    storage.ensureLoaded();
    LogException failure = null;
    for (Bucket bucket : storage.all()) {
      try {
        bucket.stop();
      } catch (LogException e) { // the others go all the same
        if (failure == null) failure = e;
      }
    }
    if (failure != null) reply.error(failure.getMessage() + "; buckets are left, send it again");
    else {
      storage.commit();
      reply.ok();
    }
  }
}
