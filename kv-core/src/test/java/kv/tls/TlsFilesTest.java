package kv.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.logging.Level;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import kv.config.ConfigException;
import kv.testing.Keystores;
import kv.testing.LogCapture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be wrong with the files, and what is said about it. */
class TlsFilesTest {
  @TempDir static Path folder;
  private static Keystores stores;
  private static Path foo;

  @TempDir Path scratch;

  @BeforeAll
  static void makeKeystores() throws Exception {
    stores = new Keystores(folder);
    foo = stores.of("foo");
  }

  private static void assertRefused(TlsFiles files, String message) {
    assertThatThrownBy(() -> Tls.read(files))
        .isInstanceOf(ConfigException.class)
        .hasMessage(message);
  }

  private static void assertKeystoreRefused(Path keystore, String explanation) {
    assertRefused(
        Secrets.files(keystore, null, Secrets.inEnvironment(Keystores.PASSWORD)),
        "x.properties:1: a.keystore is '" + keystore + "', " + explanation);
  }

  private static void assertTruststoreRefused(Path truststore, String explanation) {
    assertRefused(
        Secrets.files(foo, truststore, Secrets.inEnvironment(Keystores.PASSWORD)),
        "x.properties:2: a.truststore is '" + truststore + "', " + explanation);
  }

  private static void assertKeystoreRefused(Path keystore, String explanation, String remedy) {
    assertThatThrownBy(() -> Secrets.read(keystore, null))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("x.properties:1: a.keystore is '" + keystore + "', " + explanation)
        .hasMessageEndingWith(remedy);
  }

  private static void assertDamaged(Path keystore, String reason) {
    assertKeystoreRefused(
        keystore,
        "which is no PKCS12 or JKS keystore, is damaged, or has in it what this JDK cannot use (",
        reason + "); make it with keytool");
  }

  /** Makes the keystore {@code file} with a key as {@code options} say, as keytool would not. */
  private static Path openssl(Path file, String... options) throws Exception {
    String key = file + ".key";
    String certificate = file + ".crt";
    List<String> request =
        new ArrayList<>(List.of("openssl", "req", "-x509", "-nodes", "-subj", "/CN=foo"));
    request.addAll(List.of("-keyout", key, "-out", certificate));
    request.addAll(List.of(options));
    run(request);
    run(
        List.of(
            "openssl", "pkcs12", "-export", "-inkey", key, "-in", certificate, "-out",
            file.toString(), "-passout", "pass:" + Keystores.PASSWORD));
    return file;
  }

  private static void run(List<String> command) throws Exception {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
    } catch (IOException e) {
      abort("skipped: there is no openssl: " + e.getMessage());
    }
  }

  @Nested
  class GoodFiles {
    @Test
    void areReadWithoutAWord(LogCapture log) {
      assertThatCode(() -> Secrets.read(foo, stores.trust())).doesNotThrowAnyException();
      assertThat(log.messages(Level.INFO)).isEmpty();
    }

    @Test
    void needNoTruststore() {
      assertThatCode(() -> Secrets.read(foo, null)).doesNotThrowAnyException();
    }

    @Test
    void canBeJks() throws Exception {
      Path jks = scratch.resolve("old.jks");
      Keystores.generate(
          jks, "foo", "-dname", "CN=foo", "-storetype", "JKS", "-keypass", Keystores.PASSWORD);
      assertThat(Files.readAllBytes(jks)).startsWith(0xfe, 0xed, 0xfe, 0xed);
      assertThatCode(() -> Secrets.read(jks, stores.trust())).doesNotThrowAnyException();
    }
  }

  @Nested
  class AKeystore {
    @Test
    void thatIsNotThereIsNamedWithWhereItWasLookedFor() {
      assertKeystoreRefused(
          folder.resolve("none.p12"),
          "and there is no such file; check the path, seen from "
              + Path.of("").toAbsolutePath());
    }

    @Test
    void cannotBeAFolder() {
      assertKeystoreRefused(folder, "which is a folder; name a file in it");
    }

    @Test
    void cannotBePem() {
      assertKeystoreRefused(
          stores.certificate(),
          "which is a PEM file; make a keystore of it: openssl pkcs12 -export -in CERTIFICATE"
              + " -inkey KEY -out FILE");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"", "x", "node.name=foo\n", "0\u0082\u0001", "\u00fe\u00ed\u00fe\u00ed"})
    void cannotBeAnythingElse(String bytes) throws Exception {
      Path file = Files.writeString(scratch.resolve("odd.p12"), bytes, ISO_8859_1);
      assertDamaged(file, "");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 10, 50})
    void cannotBeTruncated(int parts) throws Exception {
      byte[] whole = Files.readAllBytes(foo);
      Path file = scratch.resolve("short.p12");
      Files.write(file, Arrays.copyOf(whole, whole.length - whole.length / (parts + 1)));
      assertDamaged(file, "");
    }

    @Test
    void cannotBeOfAnySize() throws Exception {
      Path file = Files.write(scratch.resolve("big.p12"), new byte[(1 << 20) + 1]);
      assertKeystoreRefused(
          file, "which has more than 1048576 bytes; name another, or split it");
    }

    @Test
    void mustHaveAPrivateKey() {
      assertKeystoreRefused(
          stores.trust(),
          "which has no private key; make one in it with keytool -genkeypair, or name the keystore"
              + " that has it");
    }

    @Test
    void mustHaveNoMoreThanOne() throws Exception {
      Path two = Files.copy(foo, scratch.resolve("two.p12"));
      Keystores.generate(two, "bar", "-dname", "CN=bar");
      assertThatThrownBy(() -> Secrets.read(two, null))
          .hasMessageStartingWith("x.properties:1: a.keystore is '" + two + "', which has 2")
          .hasMessageContainingAll("foo", "bar", "leave one in it");
    }

    @Test
    void mustHaveItUnderThePasswordOfTheFile() throws Exception {
      Path jks = scratch.resolve("old.jks");
      Keystores.generate(
          jks, "foo", "-dname", "CN=foo", "-storetype", "JKS", "-keypass", "another one");
      assertKeystoreRefused(
          jks,
          "whose key has another password than the file; give it the same one, with keytool"
              + " -keypasswd");
    }

    @Test
    void mustHaveAKeyAndACertificateThatThisJdkCanRead() throws Exception {
      Path curve = scratch.resolve("curve.p12");
      openssl(
          curve, "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt",
          "ec_param_enc:explicit");
      assertDamaged(curve, "Only named ECParameters supported");

      char[] secret = Keystores.PASSWORD.toCharArray();
      KeyStore named = KeyStore.getInstance(foo.toFile(), secret);
      byte[] key = explicitKey(Files.readString(Path.of(curve + ".key")), secret);
      KeyStore half = KeyStore.getInstance("PKCS12");
      half.load(null, null);
      half.setKeyEntry("foo", key, named.getCertificateChain("foo"));
      assertKeystoreRefused(
          store(half),
          "whose key this JDK cannot use (",
          "Only named ECParameters supported); make one with keytool");
    }

    /** The key of a PEM file, encrypted as a keystore has it. */
    private byte[] explicitKey(String pem, char[] secret) throws Exception {
      byte[] plain = Base64.getMimeDecoder().decode(pem.replaceAll("-----[^-]*-----", ""));
      String algorithm = "PBEWithSHA1AndDESede";
      Cipher cipher = Cipher.getInstance(algorithm);
      cipher.init(
          Cipher.ENCRYPT_MODE,
          SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(secret)));
      return new EncryptedPrivateKeyInfo(cipher.getParameters(), cipher.doFinal(plain))
          .getEncoded();
    }

    private Path store(KeyStore store) throws Exception {
      Path file = scratch.resolve("made.p12");
      try (OutputStream out = Files.newOutputStream(file)) {
        store.store(out, Keystores.PASSWORD.toCharArray());
      }
      return file;
    }

    private void assertThereCanBeNoTls(Path keystore, String kind) {
      assertKeystoreRefused(
          keystore,
          "with whose key and certificate (" + kind + ") there can be no TLS (",
          "); make both with keytool -genkeypair -keyalg EC");
    }

    @Test
    void cannotHaveAKeyForOtherSignaturesThanThoseOfTls() throws Exception {
      assertThereCanBeNoTls(stores.selfSigned("dsa", "-keyalg", "DSA"), "DSA");
    }

    @Test
    void cannotHaveAKeyThatIsTooShort() throws Exception {
      assertThereCanBeNoTls(openssl(scratch.resolve("short.p12"), "-newkey", "rsa:512"), "RSA");
    }

    @Test
    void cannotHaveTheCertificateOfAnotherKey() throws Exception {
      char[] secret = Keystores.PASSWORD.toCharArray();
      KeyStore mixed = KeyStore.getInstance(foo.toFile(), secret);
      Certificate[] others = {
        KeyStore.getInstance(stores.trust().toFile(), secret).getCertificate("ca")
      };
      mixed.setKeyEntry("foo", mixed.getKey("foo", secret), secret, others);
      assertThereCanBeNoTls(store(mixed), "EC");
    }
  }

  @Nested
  class ATruststore {
    @Test
    void thatIsNotThereIsNamed() {
      assertTruststoreRefused(
          folder.resolve("none.p12"),
          "and there is no such file; check the path, seen from "
              + Path.of("").toAbsolutePath());
    }

    @Test
    void cannotBePem() {
      assertTruststoreRefused(
          stores.certificate(),
          "which is a PEM file; make a truststore of it: keytool -importcert -alias ca -file PEM"
              + " -keystore FILE");
    }

    @Test
    void mustTrustSomebody() {
      assertTruststoreRefused(
          foo,
          "which has no certificate to trust; put that of the CA there, with keytool -importcert"
              + " -alias ca");
    }

    @Test
    void cannotBeEmpty() throws Exception {
      Path empty = Files.copy(stores.trust(), scratch.resolve("empty.p12"));
      Keystores.keytool(empty, "-delete", "-alias", "ca");
      assertTruststoreRefused(
          empty,
          "which has no certificate to trust; put that of the CA there, with keytool -importcert"
              + " -alias ca");
    }
  }

  @Nested
  class APassword {
    private static final String NOWHERE =
        "x.properties:1: a.keystore is set, but its password is not; set a.password-file to a file"
            + " whose first line it is, or the environment variable A_PASSWORD";

    private Path write(String text) throws Exception {
      return Files.writeString(scratch.resolve("password"), text, ISO_8859_1);
    }

    private void assertFileRefused(Path file, String explanation) {
      assertRefused(
          Secrets.files(foo, null, Secrets.inFile(file)),
          "x.properties:3: a.password-file is '" + file + "', " + explanation);
    }

    @Test
    void isTheFirstLineOfItsFile() {
      assertThatCode(() -> Tls.read(Secrets.files(foo, null, Secrets.inFile(stores.password()))))
          .doesNotThrowAnyException();
    }

    @Test
    void mustBeSomewhere() {
      assertRefused(Secrets.files(foo, null, Secrets.inEnvironment(null)), NOWHERE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wrong", Keystores.PASSWORD + " "})
    void mustOpenTheKeystore(String wrong) throws Exception {
      String line =
          "x.properties:1: a.keystore is '" + foo + "', which the password does not open;";
      assertRefused(
          Secrets.files(foo, null, Secrets.inEnvironment(wrong)),
          line + " correct the environment variable A_PASSWORD, or give the file that password with"
              + " keytool -storepasswd");
      assertRefused(
          Secrets.files(foo, null, Secrets.inFile(write(wrong + "\n"))),
          line + " correct a.password-file, or give the file that password with keytool"
              + " -storepasswd");
    }

    @Test
    void isNeverTold() {
      assertThatThrownBy(
              () -> Tls.read(Secrets.files(foo, null, Secrets.inEnvironment("sesame"))))
          .hasMessageNotContaining("sesame");
    }

    @Test
    void hasAFileThatIsThere() {
      assertFileRefused(
          scratch.resolve("none"),
          "and there is no such file; check the path, seen from "
              + Path.of("").toAbsolutePath());
      assertFileRefused(folder, "which is a folder; name a file in it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\nsecond line"})
    void hasAFileWithSomethingInItsFirstLine(String text) throws Exception {
      assertFileRefused(write(text), "whose first line is empty; write the password there");
    }

    @Test
    void hasAFileInUtf8() throws Exception {
      assertFileRefused(write("\u00e9t\u00e9"), "which is not UTF-8; save it as UTF-8");
    }
  }

  @Nested
  class TheName {
    private Tls read(Path keystore, String name) {
      return Tls.read(
          Secrets.files(keystore, null, Secrets.inEnvironment(Keystores.PASSWORD)), name);
    }

    private void assertIsThatOf(Path keystore, String name) {
      assertThatCode(() -> read(keystore, name)).doesNotThrowAnyException();
    }

    private void assertAnother(Path keystore, String names, String name) {
      assertThatThrownBy(() -> read(keystore, name))
          .isInstanceOf(ConfigException.class)
          .hasMessage(
              "x.properties:1: a.keystore is '%s', whose certificate is that of [%s], not of '%s';"
                  + " make one with -ext san=dns:%s or, without such names, -dname CN=%s",
              keystore, names, name, name, name);
    }

    @Test
    void isAnAlternativeNameWhateverItsCase() {
      assertIsThatOf(foo, "FOO");
    }

    @Test
    void isNoOtherOne() {
      for (String other : new String[] {"fo", "foo.", "fooo", "bar", "*", ""})
        assertAnother(foo, "foo", other);
    }

    @Test
    void isOneOfSeveral() throws Exception {
      Path many = stores.selfSigned("many", "-ext", "san=dns:a,ip:127.0.0.1,ip:::1,dns:*.b.org");
      assertIsThatOf(many, "a");
      assertAnother(many, "a, *.b.org", "127.0.0.1");
      assertAnother(many, "a, *.b.org", "many");
      assertThat(Secrets.read(many, null).names())
          .containsExactly("a", "*.b.org", "127.0.0.1", "0:0:0:0:0:0:0:1");
    }

    @Test
    void isTheCommonNameIfThereIsNoAlternativeOne() throws Exception {
      Path old = stores.selfSigned("node_1", "-ext", "san=ip:127.0.0.1");
      assertIsThatOf(old, "node_1");
      assertAnother(old, "node_1", "node_2");
      assertThat(Secrets.read(old, null).names()).containsExactly("node_1", "127.0.0.1");
    }

    @Test
    void cannotBeAWildcard() throws Exception {
      Path wild = stores.signed("wild", "-dname", "CN=*");
      assertAnother(wild, "*", "foo");
    }
  }

  @Nested
  class ACertificate {
    @Test
    void thatHasExpiredIsAWarning(LogCapture log) throws Exception {
      log.allow("has expired");
      Path old = stores.signed("old", "-dname", "CN=old", "-startdate", "-10d", "-validity", "1");
      Secrets.read(old, null);
      assertThat(log.messages(Level.WARNING))
          .singleElement()
          .asString()
          .startsWith("x.properties:1: a.keystore is '" + old + "', in which the certificate of"
              + " CN=old has expired on ")
          .endsWith("; replace it");
    }

    @Test
    void thatIsNotValidYetIsAWarning(LogCapture log) throws Exception {
      log.allow("is not valid before");
      Path early = stores.signed("early", "-dname", "CN=early", "-startdate", "+10d");
      Secrets.read(early, null);
      assertThat(log.messages(Level.WARNING))
          .singleElement()
          .asString()
          .contains("the certificate of CN=early is not valid before ")
          .endsWith("; check the clock");
    }

    @Test
    void thatIsTrustedAndHasExpiredIsAWarning(LogCapture log) throws Exception {
      log.allow("has expired");
      Path file = scratch.resolve("old.p12");
      Keystores.generate(file, "x", "-dname", "CN=x", "-startdate", "-10d", "-validity", "1");
      Path trust = scratch.resolve("trust-old.p12");
      Keystores.trust(trust, file, "x");
      Secrets.read(foo, trust);
      assertThat(log.messages(Level.WARNING))
          .singleElement()
          .asString()
          .startsWith("x.properties:2: a.truststore is '" + trust + "', in which");
    }
  }
}
