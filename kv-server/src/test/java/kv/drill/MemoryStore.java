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
    String key = request.key();
    String value = request.value();
    return switch (request.verb()) {
      case PUT -> {
        bucket.put(key, value);
        yield Answer.OK;
      }
      case DELETE -> {
        bucket.remove(key);
        yield Answer.OK;
      }
      case ADD -> done(bucket.putIfAbsent(key, value) == null);
      case REPLACE -> done(bucket.replace(key, value) != null);
      case CAS -> done(bucket.replace(key, request.expected(), value));
      case SWAP -> answer(bucket.put(key, value));
      case TAKE -> answer(bucket.remove(key));
      case INCR ->
          answer(bucket.merge(key, "1", (old, one) -> Long.toString(Long.parseLong(old) + 1)));
      default -> answer(bucket.get(key));
    };
  }

  private static Answer answer(String value) {
    return Answer.of(Optional.ofNullable(value));
  }

  private static Answer done(boolean isDone) {
    return answer(isDone ? "1" : "0");
  }

  /** Forgets a bucket, with all it holds. */
  void drop(String bucket) {
    buckets.remove(bucket);
  }
}
