package kv.drill;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A double of a node that does as it should, and tells at once. Safe for use by any thread. */
final class MemoryStore implements Store {
  private final Map<String, Map<String, Entry>> buckets = new HashMap<>();

  /** A value, and when it is gone, by the clock of all. */
  private record Entry(String value, long deadline) {
    private static Entry of(String value) {
      return new Entry(value, Long.MAX_VALUE);
    }
  }

  @Override
  public synchronized Answer run(Request request) {
    if (request.verb() == Verb.CREATE) {
      buckets.putIfAbsent(request.bucket(), new HashMap<>());
      return Answer.OK;
    }
    Map<String, Entry> bucket = buckets.get(request.bucket());
    return bucket == null ? Answer.NOT_FOUND : run(request, bucket);
  }

  private static Answer run(Request request, Map<String, Entry> bucket) {
    String key = request.key();
    Entry before = bucket.get(key);
    if (before != null && before.deadline <= System.nanoTime()) {
      bucket.remove(key);
      before = null;
    }
    boolean isThere = before != null;
    String present = isThere ? before.value : null;
    Entry put = Entry.of(request.value());
    switch (request.verb()) {
      case PUT, SWAP -> bucket.put(key, put);
      case DELETE, TAKE -> bucket.remove(key);
      case ADD -> bucket.putIfAbsent(key, put);
      case REPLACE -> bucket.replace(key, put);
      case CAS -> {
        boolean isSame = request.expected().equals(present);
        if (isSame) bucket.put(key, put);
        return done(isSame);
      }
      case INCR -> {
        String sum = Long.toString(Long.parseLong(isThere ? present : "0") + 1);
        bucket.put(key, new Entry(sum, isThere ? before.deadline : Long.MAX_VALUE));
        return answer(sum);
      }
      case EXPIRE -> {
        if (isThere) bucket.put(key, new Entry(present, System.nanoTime() + request.nanos()));
      }
      default -> {}
    }
    return switch (request.verb()) {
      case PUT, DELETE -> Answer.OK;
      case ADD -> done(!isThere);
      case REPLACE, EXPIRE -> done(isThere);
      default -> answer(present);
    };
  }

  private static Answer answer(String value) {
    return Answer.of(Optional.ofNullable(value));
  }

  private static Answer done(boolean isDone) {
    return answer(isDone ? "1" : "0");
  }

  /** Forgets a bucket, with all it holds. */
  synchronized void drop(String bucket) {
    buckets.remove(bucket);
  }
}
