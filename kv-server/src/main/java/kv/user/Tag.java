package kv.user;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.KeyGenerator;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * Stands for a name and a password that somebody gave, neither of which it keeps: nobody without
 * the key of this process can so much as guess at them. Immutable.
 */
final class Tag {
  private static final String ALGORITHM = "HmacSHA256";

  private final byte[] mac;

  /** Makes tags, of which those for the same are equal; is in memory only. For any thread. */
  static final class Key {
    private final SecretKey key;

    Key() {
      try {
        key = KeyGenerator.getInstance(ALGORITHM).generateKey();
      } catch (GeneralSecurityException e) {
        throw without(e);
      }
      of("name".getBytes(US_ASCII), "password".getBytes(US_ASCII)); // see Logins.of
    }

    Tag of(byte[] name, byte[] password) {
      try {
        Mac mac = Mac.getInstance(ALGORITHM);
        mac.init(key);
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, name.length));
        mac.update(name);
        return new Tag(mac.doFinal(password));
      } catch (GeneralSecurityException e) {
        throw without(e);
      }
    }

    private static IllegalStateException without(GeneralSecurityException e) {
      return new IllegalStateException("this JDK has no HMAC-SHA256", e);
    }
  }

  private Tag(byte[] mac) {
    this.mac = mac;
  }

  /** Takes the same time whatever differs. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Tag tag && MessageDigest.isEqual(mac, tag.mac);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(mac);
  }
}
