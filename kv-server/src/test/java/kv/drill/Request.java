package kv.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One thing asked of a store.
 *
 * @param key null for a CREATE
 * @param value null but for a PUT
 */
record Request(Verb verb, String bucket, String key, String value) {
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

  /** Its words on the wire. */
  List<String> words() {
    List<String> words = new ArrayList<>(List.of(verb.name(), bucket));
    if (key != null) words.add(key);
    if (value != null) words.add(value);
    return words;
  }

  /** What the key has once a write is carried out. */
  Optional<String> written() {
    return Optional.ofNullable(value);
  }
}
