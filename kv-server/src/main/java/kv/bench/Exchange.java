package kv.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;

/**
 * A request about a key, in which only the key's digits vary, and the one reply that is right.
 * Every request has the same length, and every value the same bytes. Not thread-safe.
 */
final class Exchange {
  private static final String KEY = "key:";

  private final byte[] request;

  /** Where the key's last digit is. */
  private final int lastDigit;

  private final int digits;
  private final byte[] reply;

  private Exchange(Settings settings, String reply, String verb, String... more) {
    String bucket = new String(settings.bucket().toByteArray(), ISO_8859_1);
    digits = Integer.toString(settings.keys() - 1).length();
    String key = KEY + "0".repeat(digits);
    String[] words = new String[3 + more.length];
    words[0] = verb;
    words[1] = bucket;
    words[2] = key;
    System.arraycopy(more, 0, words, 3, more.length);
    String text = settings.framing().request(words);
    request = text.getBytes(ISO_8859_1);
    lastDigit = afterBucket(settings, text, verb, bucket) + key.length() - 1;
    this.reply = reply.getBytes(ISO_8859_1);
  }

  /** Where the key begins; the bucket may be called like one. */
  private static int afterBucket(Settings settings, String text, String verb, String bucket) {
    String shown = settings.framing() == Framing.LINE ? Framing.word(bucket) : bucket;
    int from = text.indexOf(shown, text.indexOf(verb) + verb.length()) + shown.length();
    return text.indexOf(KEY, from);
  }

  /** A PUT, answered with OK. */
  static Exchange put(Settings settings) {
    return new Exchange(settings, settings.framing().ok(), "PUT", value(settings));
  }

  /** A GET of what such a PUT has put. */
  static Exchange get(Settings settings) {
    return new Exchange(settings, settings.framing().value(value(settings)), "GET");
  }

  private static String value(Settings settings) {
    return "x".repeat(settings.valueBytes());
  }

  /** Bytes in a request. */
  int length() {
    return request.length;
  }

  /** The right reply, shared: not to be written to. */
  byte[] reply() {
    return reply;
  }

  /** Writes a request about {@code key}, from 0, which is below the number of keys. */
  void writeTo(ByteBuffer target, int key) {
    int rest = key;
    for (int i = 0; i < digits; i++) {
      request[lastDigit - i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    target.put(request);
  }
}
