package kv.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.crypto.BadPaddingException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import kv.config.ConfigException;
import kv.config.Setting;

/** A keystore that has been read, and the setting that names its file, for messages. */
final class StoreFile {
  private static final byte[] JKS = {(byte) 0xfe, (byte) 0xed, (byte) 0xfe, (byte) 0xed};
  private static final byte[] PEM = "-----BEGIN".getBytes(US_ASCII);

  private final Setting setting;
  private final Password password;
  private final char[] secret;
  private final KeyStore store;

  private StoreFile(Setting setting, Password password, char[] secret, KeyStore store) {
    this.setting = setting;
    this.password = password;
    this.secret = secret;
    this.store = store;
  }

  /**
   * Makes it of what the file that {@code setting} names has in {@code contents}: PKCS12 or JKS.
   *
   * @param remedyForPem what to do if it is a PEM file
   * @throws ConfigException if it is neither, or the password does not open it
   */
  static StoreFile of(
      Setting setting, Password password, Contents contents, String remedyForPem) {
    byte[] bytes = contents.of(setting);
    if (startsWith(bytes, PEM))
      throw refusal(setting, "which is a PEM file; " + remedyForPem, null);
    char[] secret = password.in(contents, setting);
    String type = startsWith(bytes, JKS) ? "JKS" : "PKCS12";
    try {
      KeyStore store = KeyStore.getInstance(type);
      store.load(new ByteArrayInputStream(bytes), secret);
      return new StoreFile(setting, password, secret, store);
    } catch (IOException e) {
      if (isOfThePassword(e.getCause())) throw wrongPassword(setting, password);
      throw damaged(setting, e);
    } catch (GeneralSecurityException | RuntimeException e) { // the JDK's parser throws either
      throw damaged(setting, e);
    }
  }

  /** Of what it has decrypted and cannot use, the JDK says the same; only the text differs. */
  private static boolean isOfThePassword(Throwable cause) {
    return cause instanceof UnrecoverableKeyException
        && !cause.getMessage().contains("entry: java.security.");
  }

  private static boolean startsWith(byte[] bytes, byte[] start) {
    int end = Math.min(bytes.length, start.length);
    return Arrays.equals(bytes, 0, end, start, 0, start.length);
  }

  /** The exception that {@code setting} names a file which {@code explanation} says is no good. */
  static ConfigException refusal(Setting setting, String explanation, Throwable cause) {
    String line = setting.key() + " is '" + setting.value() + "', " + explanation;
    return new ConfigException(setting.place(), line, cause);
  }

  static ConfigException unreadable(Setting setting, IOException e) {
    if (Files.isDirectory(Path.of(setting.value())))
      return refusal(setting, "which is a folder; name a file in it", e);
    if (e instanceof NoSuchFileException)
      return refusal(
          setting,
          "and there is no such file; check the path, seen from " + Path.of("").toAbsolutePath(),
          e);
    if (e instanceof AccessDeniedException)
      return refusal(setting, "which may not be read; check its permissions", e);
    return refusal(setting, "which cannot be read (" + e + "); check the path", e);
  }

  private static ConfigException damaged(Setting setting, Exception e) {
    return refusal(
        setting,
        "which is no PKCS12 or JKS keystore, is damaged, or has in it what this JDK cannot use ("
            + reason(e) + "); make it with keytool",
        e);
  }

  private static String reason(Exception e) {
    Throwable root = e;
    while (root.getCause() != null) root = root.getCause();
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  private static ConfigException wrongPassword(Setting setting, Password password) {
    return refusal(
        setting,
        "which the password does not open; correct " + password.whereabouts()
            + ", or give the file that password with keytool -storepasswd",
        null);
  }

  /**
   * The certificate of the one private key, first, and those that it comes from.
   *
   * @throws ConfigException if there is no private key, or more than one
   */
  List<X509Certificate> chain() {
    try {
      List<String> keys = new ArrayList<>();
      for (String alias : Collections.list(store.aliases()))
        if (store.isKeyEntry(alias) && store.getCertificateChain(alias) != null) keys.add(alias);
      if (keys.size() == 1) return x509(Arrays.asList(store.getCertificateChain(keys.get(0))));
      throw refusal(setting, keys.isEmpty() ? noKey() : manyKeys(keys), null);
    } catch (KeyStoreException e) {
      throw damaged(setting, e);
    }
  }

  private static String noKey() {
    return "which has no private key; make one in it with keytool -genkeypair, or name the"
        + " keystore that has it";
  }

  private static String manyKeys(List<String> keys) {
    return "which has " + keys.size() + " private keys (" + String.join(", ", keys)
        + "); leave one in it, and take the others out with keytool -delete";
  }

  private static List<X509Certificate> x509(List<Certificate> certificates) {
    return certificates.stream().map(X509Certificate.class::cast).toList();
  }

  /**
   * The certificates that others are trusted by.
   *
   * @throws ConfigException if there is none
   */
  List<X509Certificate> trusted() {
    try {
      List<Certificate> trusted = new ArrayList<>();
      for (String alias : Collections.list(store.aliases()))
        if (store.isCertificateEntry(alias)) trusted.add(store.getCertificate(alias));
      if (!trusted.isEmpty()) return x509(trusted);
    } catch (KeyStoreException e) {
      throw damaged(setting, e);
    }
    throw refusal(
        setting,
        "which has no certificate to trust; put that of the CA there, with"
            + " keytool -importcert -alias ca",
        null);
  }

  /** The private key, for handshakes. */
  KeyManager[] keyManagers() throws GeneralSecurityException {
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    try {
      factory.init(store, secret);
    } catch (UnrecoverableKeyException e) {
      boolean isOfThePassword = // as told of PKCS12 and of JKS
          e.getCause() instanceof BadPaddingException
              || "Cannot recover key".equals(e.getMessage());
      throw refusal(
          setting,
          isOfThePassword
              ? "whose key has another password than the file; give it the same one, with"
                  + " keytool -keypasswd"
              : "whose key this JDK cannot use (" + reason(e) + "); make one with keytool",
          e);
    }
    return factory.getKeyManagers();
  }

  /** What tells whether others are trusted. */
  TrustManager[] trustManagers() throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  /** A line about this file, which ends in {@code explanation}. */
  String named(String explanation) {
    return refusal(setting, explanation, null).getMessage();
  }
}
