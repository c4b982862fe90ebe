package kv.command.entry;

import java.util.LinkedHashMap;
import java.util.Map;
import kv.command.Access;
import kv.command.OnExistingBucket;
import kv.command.Reply;
import kv.command.Words;
import kv.store.Bucket;
import kv.store.Bytes;

/** Gives keys values, one after another. */
final class Mput implements OnExistingBucket {
  @Override
  public String usage() {
    return "MPUT bucket key value [key value ...]";
  }

  @Override
  public String summary() {
    return "gives each key its value: OK";
  }

  @Override
  public Access access() {
    return Access.WRITE;
  }

  @Override
  public void run(Bucket bucket, Words words, Reply reply) {
    Map<Bytes, Bytes> pairs = new LinkedHashMap<>();
    for (int at = 2; at < words.count(); at += 2) pairs.put(words.bytes(at), words.bytes(at + 1));
    bucket.putAll(pairs);
    reply.ok();
  }
}
