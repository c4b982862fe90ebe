package kv.command.bucket;

import java.util.Optional;
import kv.command.Access;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;
import kv.store.Bytes;

/** Gives a key a value, and answers the one before. */
final class Swap implements OnExistingBucket {
  @Override
  public String usage() {
    return "SWAP bucket key value";
  }

  @Override
  public String summary() {
    return "puts; the value before, or an empty line; OK";
  }

  @Override
  public Access access() {
    return Access.WRITE;
  }

  @Override
  public void run(Bucket bucket, Words words, Reply reply) {
    Optional<Bytes> before = bucket.getAndPut(words.bytes(2), words.bytes(3));
    if (before.isPresent()) reply.value(before.get());
    else reply.missing();
  }
}
