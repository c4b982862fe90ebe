package kv.drill;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A double of a node that does as it should, and tells at once. Safe for use by any thread. */
final class MemoryStore implements Store {
  private final Map<String, Map<String, String>> buckets = new ConcurrentHashMap<>();

  @Override
  public Answer run(Request request) {
    if (request.verb() == Verb.CREATE) {
      buckets.putIfAbsent(request.bucket(), new ConcurrentHashMap<>());
      return Answer.OK;
    }
    Map<String, String> bucket = buckets.get(request.bucket());
    if (bucket == null) return Answer.NOT_FOUND;
    switch (request.verb()) {
      case PUT -> bucket.put(request.key(), request.value());
      case DELETE -> bucket.remove(request.key());
      default -> {
        return Answer.of(Optional.ofNullable(bucket.get(request.key())));
      }
    }
    return Answer.OK;
  }

  /** Forgets a bucket, with all it holds. */
  void drop(String bucket) {
    buckets.remove(bucket);
  }
}
