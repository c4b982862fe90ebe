package kv.user;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Makes of a password what is kept of it; takes its time. Safe for use by any thread. */
@FunctionalInterface
public interface Derivation {
  /** PBKDF2 with HMAC-SHA256, as the JDK has it. */
  Derivation PBKDF2 = Derivation::pbkdf2;

  /**
   * {@link Secret#HASH_BYTES} bytes that depend on all that is given, none of which is kept.
   *
   * @param password one byte or more
   * @param salt one byte or more
   * @param iterations what it costs; 1 or more
   */
  byte[] derive(byte[] password, byte[] salt, int iterations);

  private static byte[] pbkdf2(byte[] password, byte[] salt, int iterations) {
    char[] chars = chars(password);
    PBEKeySpec spec = new PBEKeySpec(chars, salt, iterations, 8 * Secret.HASH_BYTES);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no PBKDF2 with HMAC-SHA256", e);
    } finally {
      spec.clearPassword();
      Arrays.fill(chars, '\0');
    }
  }

  /** A char for each byte: the JDK takes chars only, and every byte has to count. */
  private static char[] chars(byte[] password) {
    char[] chars = new char[password.length];
    for (int i = 0; i < chars.length; i++) chars[i] = (char) (password[i] & 0xff);
    return chars;
  }
}
