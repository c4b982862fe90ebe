package kv.command.entry;

import java.time.Duration;
import kv.command.Access;
import kv.command.OnExistingBucket;
import kv.command.Reply;
import kv.command.Words;
import kv.config.Durations;
import kv.store.Bucket;
import kv.store.Bytes;

/** Has a key go after a time. */
final class Expire implements OnExistingBucket {
  /** About a hundred years. */
  private static final Duration MAX = Duration.ofDays(36_500);

  @Override
  public String usage() {
    return "EXPIRE bucket key time";
  }

  @Override
  public String summary() {
    return "has it go in 10s, 5m, 2h or 7d: 1, or 0 if none; OK";
  }

  @Override
  public Access access() {
    return Access.WRITE;
  }

  @Override
  public void run(Bucket bucket, Words words, Reply reply) {
    Bytes time = words.start(3);
    try {
      Duration in = Durations.parse(time.escaped(0, time.length()), MAX, MAX.toDays() + "d");
      long deadline = bucket.systemMillis() + in.toMillis();
      reply.number(bucket.expireAt(words.bytes(2), deadline) ? 1 : 0);
    } catch (IllegalArgumentException e) {
      bucket.ensureAlive();
      reply.error(e.getMessage());
    }
  }
}
