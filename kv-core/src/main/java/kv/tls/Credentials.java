package kv.tls;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import kv.config.ConfigException;
import kv.config.Setting;

/**
 * What the files of a {@link TlsFiles} said once, made ready for handshakes. Immutable, and safe
 * for use by any thread.
 *
 * @param contents what it was made of
 * @param own the certificate of this side
 * @param context for handshakes; has sessions of its own
 * @param warnings what is wrong with the validity of certificates, a line each
 */
record Credentials(
    Contents contents, X509Certificate own, SSLContext context, List<String> warnings) {
  /**
   * Makes them, and tries whether hands can be shaken with them.
   *
   * @param name that of which the own certificate must be; empty for any
   * @throws ConfigException if there is something missing or wrong in a file
   */
  static Credentials of(TlsFiles files, Contents contents, Optional<String> name) {
    StoreFile keys =
        StoreFile.of(
            files.keystore(),
            files.password(),
            contents,
            "make a keystore of it: openssl pkcs12 -export -in CERTIFICATE -inkey KEY -out FILE");
    List<X509Certificate> chain = keys.chain();
    X509Certificate own = chain.get(0);
    Optional<StoreFile> trust =
        files.truststore().map(file -> trust(file, files.password(), contents));
    name.ifPresent(required -> requireName(files.keystore(), own, required));
    List<String> warnings = new ArrayList<>(untimely(keys, chain));
    trust.ifPresent(file -> warnings.addAll(untimely(file, file.trusted())));
    return new Credentials(contents, own, context(files.keystore(), own, keys, trust), warnings);
  }

  /** By which others know this side: its names, and its addresses. */
  List<String> names() {
    return Stream.of(Certificates.names(own), Certificates.addresses(own))
        .flatMap(List::stream)
        .toList();
  }

  private static StoreFile trust(Setting file, Password password, Contents contents) {
    StoreFile trust =
        StoreFile.of(
            file,
            password,
            contents,
            "make a truststore of it: keytool -importcert -alias ca -file PEM -keystore FILE");
    trust.trusted(); // or else it is refused
    return trust;
  }

  private static void requireName(Setting keystore, X509Certificate own, String name) {
    if (Certificates.carries(own, name)) return;
    throw StoreFile.refusal(
        keystore,
        "whose certificate is that of " + Certificates.names(own) + ", not of '" + name
            + "'; make one with -ext san=dns:" + name + " or, without such names, -dname CN="
            + name,
        null);
  }

  private static List<String> untimely(StoreFile file, List<X509Certificate> certificates) {
    return certificates.stream()
        .flatMap(certificate -> Certificates.untimely(certificate, Instant.now()).stream())
        .map(trouble -> file.named("in which " + trouble))
        .toList();
  }

  private static SSLContext context(
      Setting keystore, X509Certificate own, StoreFile keys, Optional<StoreFile> trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      TrustManager[] nobody = {};
      TrustManager[] trusted = trust.isEmpty() ? nobody : trust.get().trustManagers();
      context.init(keys.keyManagers(), trusted, null);
      TrialHandshake.run(context, Tls.PROTOCOLS);
      return context;
    } catch (SSLException e) {
      throw StoreFile.refusal(
          keystore,
          "with whose key and certificate (" + own.getPublicKey().getAlgorithm()
              + ") there can be no TLS (" + e.getMessage()
              + "); make both with keytool -genkeypair -keyalg EC",
          e);
    } catch (GeneralSecurityException e) {
      throw StoreFile.refusal(
          keystore, "which this JDK cannot use (" + e + "); make it with keytool", e);
    }
  }
}
