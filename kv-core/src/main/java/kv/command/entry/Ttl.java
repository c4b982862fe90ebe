package kv.command.entry;

import java.util.Optional;
import kv.command.Access;
import kv.command.OnExistingBucket;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;
import kv.store.Entry;

/** Tells how long a key will be there. */
final class Ttl implements OnExistingBucket {
  @Override
  public String usage() {
    return "TTL bucket key";
  }

  @Override
  public String summary() {
    return "its milliseconds; -1 for ever, -2 if none; OK";
  }

  @Override
  public Access access() {
    return Access.READ;
  }

  @Override
  public void run(Bucket bucket, Words words, Reply reply) {
    Optional<Entry> found = bucket.entry(words.bytes(2));
    if (found.isEmpty()) reply.number(-2);
    else if (!found.get().hasDeadline()) reply.number(-1);
    else reply.number(Math.max(0, found.get().deadlineMillis() - bucket.systemMillis()));
  }
}
