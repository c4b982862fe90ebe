package kv.user;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is kept of a password, from which nobody can get it back but by guessing. Immutable; its
 * text goes to the users file and nowhere else.
 */
final class Secret {
  /** What a new one costs to check, and so each guess: a fraction of a second. */
  static final int USUAL_ITERATIONS = 600_000;

  static final int MIN_ITERATIONS = 1_000;
  static final int MAX_ITERATIONS = 10_000_000;
  static final int SALT_BYTES = 16;
  static final int HASH_BYTES = 32;
  static final int MAX_PASSWORD_BYTES = 1_024;

  private static final String SCHEME = "pbkdf2-sha256";
  private static final Pattern FORM =
      Pattern.compile("([^:]*):([^:]*):([A-Za-z0-9+/=]*):([A-Za-z0-9+/=]*)");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final int iterations;
  private final byte[] salt;
  private final byte[] hash;

  private Secret(int iterations, byte[] salt, byte[] hash) {
    this.iterations = iterations;
    this.salt = salt;
    this.hash = hash;
  }

  /** Of {@code password}, which {@link #isPassword}, with a new salt. */
  static Secret of(byte[] password, int iterations, Derivation derivation) {
    byte[] salt = random(SALT_BYTES);
    return new Secret(iterations, salt, derivation.derive(password, salt, iterations));
  }

  /** Of no password, for who has none and must not be told so by the time that it takes. */
  static Secret ofNobody(int iterations) {
    return new Secret(iterations, random(SALT_BYTES), random(HASH_BYTES));
  }

  private static byte[] random(int count) {
    byte[] bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  /**
   * Reads what {@link #text} has written.
   *
   * @throws IllegalArgumentException if it is something else; the message says which part is, and
   *     never has the salt or the hash
   */
  static Secret parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches())
      throw new IllegalArgumentException(
          "what is kept of the password is not " + SCHEME + ":ITERATIONS:SALT:HASH");
    if (!form.group(1).equals(SCHEME))
      throw new IllegalArgumentException(
          "what is kept of the password was not made by " + SCHEME);
    return new Secret(
        iterations(form.group(2)),
        bytes("salt", form.group(3), SALT_BYTES),
        bytes("hash", form.group(4), HASH_BYTES));
  }

  private static int iterations(String text) {
    int iterations = text.matches("[0-9]{1,8}") ? Integer.parseInt(text) : -1;
    if (iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS)
      throw new IllegalArgumentException(
          "the iterations are no number from " + MIN_ITERATIONS + " to " + MAX_ITERATIONS);
    return iterations;
  }

  private static byte[] bytes(String what, String text, int count) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      if (bytes.length == count) return bytes;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the " + what + " is not base64", e);
    }
    throw new IllegalArgumentException("the " + what + " has not " + count + " bytes");
  }

  /** Whether {@code password} could be one at all: it has 1 to 1,024 bytes. */
  static boolean isPassword(byte[] password) {
    return password.length > 0 && password.length <= MAX_PASSWORD_BYTES;
  }

  /** Whether it is of {@code password}; takes as long if it is not. */
  boolean isOf(byte[] password, Derivation derivation) {
    return MessageDigest.isEqual(hash, derivation.derive(password, salt, iterations));
  }

  int iterations() {
    return iterations;
  }

  /** For the users file: {@code pbkdf2-sha256:ITERATIONS:SALT:HASH}, the latter two in base64. */
  String text() {
    Base64.Encoder base64 = Base64.getEncoder();
    return String.join(
        ":",
        SCHEME,
        Integer.toString(iterations),
        base64.encodeToString(salt),
        base64.encodeToString(hash));
  }
}
