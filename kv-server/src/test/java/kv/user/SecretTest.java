package kv.user;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of a password. */
class SecretTest {
  private static final String SALT = "c2FsdHNhbHRzYWx0c2FsdA==";
  private static final String HASH = "aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g=";

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static boolean isOf(Secret secret, String password) {
    return secret.isOf(bytes(password), Derivation.PBKDF2);
  }

  @Nested
  class ADerivation {
    /** The first two are those of RFC 7914; the third has a char for each byte, in UTF-8. */
    @ParameterizedTest
    @CsvSource({
      "passwd, salt, 1, 55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc",
      "Password, NaCl, 80000, 4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56",
      "'\u00ff\u0000\u00e9', salt, 1000, "
          + "903c63b1832f8b9b0513897863900241e807ba125eac1b85c5fab463635b7e8d"
    })
    void isPbkdf2WithHmacSha256(String password, String salt, int iterations, String hash) {
      assertThat(Derivation.PBKDF2.derive(bytes(password), bytes(salt), iterations))
          .asHexString()
          .isEqualToIgnoringCase(hash);
    }
  }

  @Nested
  class ASecret {
    @ParameterizedTest
    @ValueSource(strings = {"x", "correct horse", "\u0000", "\u00ff\u0000\r\n", "p\u00e4ss:=#"})
    void isOfItsPasswordAndOfNoOther(String password) {
      Secret secret = KnownUsers.secret(password);
      assertThat(isOf(secret, password)).isTrue();
      assertThat(isOf(secret, password + "x")).isFalse();
      assertThat(isOf(secret, "y")).isFalse();
    }

    @Test
    void tellsBytesApartThatAreNoText() {
      Secret secret = KnownUsers.secret("\u0080");
      assertThat(isOf(secret, "\u0081")).isFalse();
      assertThat(isOf(secret, "\u00c2\u0080")).isFalse();
    }

    @Test
    void comesBackFromItsText() {
      Secret secret = KnownUsers.secret("battery");
      assertThat(secret.text()).matches("pbkdf2-sha256:1000:[^:]{24}:[^:]{44}");
      Secret read = Secret.parse(secret.text());
      assertThat(read.text()).isEqualTo(secret.text());
      assertThat(read.iterations()).isEqualTo(1000);
      assertThat(isOf(read, "battery")).isTrue();
      assertThat(isOf(read, "Battery")).isFalse();
    }

    @Test
    void hasASaltOfItsOwn() {
      assertThat(KnownUsers.secret("x").text()).isNotEqualTo(KnownUsers.secret("x").text());
    }

    @Test
    void showsNothingInAMessage() {
      Secret secret = KnownUsers.secret("x");
      assertThat(secret.toString()).doesNotContain(secret.text().substring(20));
    }

    @Test
    void isOfNobodyIfItIsNobodys() {
      assertThat(isOf(Secret.ofNobody(1000), "\0")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, true", "1024, true", "1025, false", "1048576, false"})
    void isOfAPasswordOfSoManyBytes(int length, boolean isOne) {
      assertThat(Secret.isPassword(new byte[length])).isEqualTo(isOne);
    }
  }

  @Nested
  class AText {
    @ParameterizedTest
    @ValueSource(strings = {
      "", "secret", ":::", "pbkdf2-sha256", "pbkdf2-sha256:1000:" + SALT,
      "pbkdf2-sha256:1000:" + SALT + ":" + HASH + ":", "pbkdf2-sha256:1000:se cret:" + HASH,
      "pbkdf2-sha1:1000:" + SALT + ":" + HASH, "PBKDF2-SHA256:1000:" + SALT + ":" + HASH,
      " pbkdf2-sha256:1000:" + SALT + ":" + HASH, "pbkdf2-sha256::" + SALT + ":" + HASH,
      "pbkdf2-sha256:999:" + SALT + ":" + HASH, "pbkdf2-sha256:10000001:" + SALT + ":" + HASH,
      "pbkdf2-sha256:-1000:" + SALT + ":" + HASH, "pbkdf2-sha256:99999999999:" + SALT + ":" + HASH,
      "pbkdf2-sha256:0x1000:" + SALT + ":" + HASH, "pbkdf2-sha256:1000::" + HASH,
      "pbkdf2-sha256:1000:" + SALT + ":", "pbkdf2-sha256:1000:" + HASH + ":" + SALT,
      "pbkdf2-sha256:1000:" + SALT + ":" + SALT, "pbkdf2-sha256:1000:=:" + HASH,
      "pbkdf2-sha256:1000:c2FsdHNhbHRzYWx0c2FsdA=:" + HASH
    })
    void thatIsNoneIsRefusedAndNotShown(String text) {
      assertThatThrownBy(() -> Secret.parse(text))
          .isInstanceOf(IllegalArgumentException.class)
          .message()
          .isNotEmpty()
          .doesNotContain("c2Fs", "aGFz", "secret", "se cret");
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 600_000, 10_000_000})
    void saysWhatACheckCosts(int iterations) {
      Secret secret = Secret.parse("pbkdf2-sha256:" + iterations + ":" + SALT + ":" + HASH);
      assertThat(secret.iterations()).isEqualTo(iterations);
      byte[] salt = Base64.getDecoder().decode(SALT);
      assertThat(
              secret.isOf(
                  bytes("x"),
                  (password, given, cost) -> {
                    assertThat(given).isEqualTo(salt);
                    assertThat(cost).isEqualTo(iterations);
                    return Base64.getDecoder().decode(HASH);
                  }))
          .isTrue();
    }
  }
}
