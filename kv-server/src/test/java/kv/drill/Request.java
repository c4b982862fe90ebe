package kv.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kv.config.Durations;

/**
 * One thing asked of a store.
 *
 * @param key null for a CREATE
 * @param expected null but for a CAS
 * @param value null if there is none to put
 */
record Request(Verb verb, String bucket, String key, String expected, String value) {
  private Request(Verb verb, String bucket, String key, String value) {
    this(verb, bucket, key, null, value);
  }

  static Request create(String bucket) {
    return new Request(Verb.CREATE, bucket, null, null);
  }

  static Request put(String bucket, String key, String value) {
    return new Request(Verb.PUT, bucket, key, value);
  }

  static Request get(String bucket, String key) {
    return new Request(Verb.GET, bucket, key, null);
  }

  static Request delete(String bucket, String key) {
    return new Request(Verb.DELETE, bucket, key, null);
  }

  /** One that takes a value, but no other than the verb. */
  static Request of(Verb verb, String bucket, String key, String value) {
    return new Request(verb, bucket, key, value);
  }

  static Request cas(String bucket, String key, String expected, String value) {
    return new Request(Verb.CAS, bucket, key, expected, value);
  }

  static Request take(String bucket, String key) {
    return new Request(Verb.TAKE, bucket, key, null);
  }

  static Request incr(String bucket, String key) {
    return new Request(Verb.INCR, bucket, key, null);
  }

  /** @param millis after which the key is gone */
  static Request expire(String bucket, String key, int millis) {
    return new Request(Verb.EXPIRE, bucket, key, millis + "ms");
  }

  /** Its words on the wire. */
  List<String> words() {
    List<String> words = new ArrayList<>(List.of(verb.name(), bucket));
    if (key != null) words.add(key);
    if (expected != null) words.add(expected);
    if (value != null) words.add(value);
    return words;
  }

  /** After how long an EXPIRE has the key go. */
  long nanos() {
    return Durations.parse(value).toNanos();
  }

  /** What the key has once a write is carried out; of an EXPIRE, for how many nanoseconds. */
  Optional<String> written() {
    if (verb == Verb.EXPIRE) return Optional.of(Long.toString(nanos()));
    return Optional.ofNullable(value);
  }
}
