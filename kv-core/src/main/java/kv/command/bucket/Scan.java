package kv.command.bucket;

import java.util.OptionalLong;
import kv.command.Access;
import kv.command.Glob;
import kv.command.OnExistingBucket;
import kv.command.Paging;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;
import kv.store.Bytes;

/** Answers a page of the keys of a bucket, and where the next one begins. */
final class Scan implements OnExistingBucket {
  private static final Bytes ALL = Bytes.of("*");

  @Override
  public String usage() {
    return "SCAN bucket cursor [count] [pattern]";
  }

  @Override
  public String summary() {
    return "a page of keys from 0 on: the next cursor, keys; OK";
  }

  @Override
  public Access access() {
    return Access.READ;
  }

  @Override
  public void run(Bucket bucket, Words words, Reply reply) {
    bucket.ensureAlive(); // also where nothing is looked for
    OptionalLong cursor = words.start(2).number();
    OptionalLong count =
        words.count() > 3 ? words.start(3).number() : OptionalLong.of(Paging.USUAL_COUNT);
    if (cursor.isEmpty() || !Bucket.isCursor(cursor.getAsLong()))
      reply.error("invalid cursor; begin with 0, and go on with what a page begins with");
    else if (count.isEmpty() || count.getAsLong() < 1 || count.getAsLong() > Paging.MAX_COUNT)
      reply.error(
          "invalid count; a page may be asked for 1 to " + Paging.MAX_COUNT
              + " keys, with a pattern behind");
    else {
      Bytes pattern = words.count() > 4 ? Glob.orTell(words, 4, reply) : ALL;
      if (pattern == null) return;
      Paging.answer(
          bucket,
          cursor.getAsLong(),
          (int) count.getAsLong(),
          key -> Glob.matches(pattern, key),
          reply);
    }
  }
}
