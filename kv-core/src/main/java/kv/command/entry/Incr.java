package kv.command.entry;

import java.util.OptionalLong;
import kv.command.Access;
import kv.command.OnExistingBucket;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;

/** Adds to the number that a value is. */
final class Incr implements OnExistingBucket {
  @Override
  public String usage() {
    return "INCR bucket key [by]";
  }

  @Override
  public String summary() {
    return "adds 1, or that number; none counts as 0; the sum; OK";
  }

  @Override
  public Access access() {
    return Access.WRITE;
  }

  @Override
  public void run(Bucket bucket, Words words, Reply reply) {
    OptionalLong by = words.count() > 3 ? words.bytes(3).number() : OptionalLong.of(1);
    bucket.ensureAlive(); // also where nothing is added
    OptionalLong sum =
        by.isPresent() ? bucket.add(words.bytes(2), by.getAsLong()) : OptionalLong.empty();
    if (sum.isPresent()) reply.number(sum.getAsLong());
    else reply.error("value is not an integer or out of range");
  }
}
