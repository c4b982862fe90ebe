package kv.tls;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import kv.config.ConfigException;
import kv.config.Setting;

/**
 * Who this side is, and, if it is mutual, whom it trusts: what all connections of one kind share.
 * TLS 1.3 and 1.2, nothing older. Immutable, and safe for use by any thread.
 */
public final class Tls {
  private static final System.Logger LOG = System.getLogger(Tls.class.getName());
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private final TlsFiles files;
  private final X509Certificate own;
  private final SSLSocketFactory sockets;

  private Tls(TlsFiles files, X509Certificate own, SSLContext context) {
    this.files = files;
    this.own = own;
    sockets = context.getSocketFactory();
  }

  /**
   * Reads {@code files}. A certificate that is not valid at the moment is a warning in the log, for
   * it is the others who judge that, by their clocks.
   *
   * @throws ConfigException if one cannot be read, does not have in it what it must, or has a key
   *     that this JDK can shake no hands with
   */
  public static Tls read(TlsFiles files) {
    StoreFile keys =
        StoreFile.read(
            files.keystore(),
            files.password(),
            "make a keystore of it: openssl pkcs12 -export -in CERTIFICATE -inkey KEY -out FILE");
    List<X509Certificate> chain = keys.chain();
    chain.forEach(certificate -> warnIfUntimely(keys, certificate));
    Optional<StoreFile> trust = files.truststore().map(file -> readTrust(files, file));
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      TrustManager[] nobody = {};
      TrustManager[] trusted = trust.isEmpty() ? nobody : trust.get().trustManagers();
      context.init(keys.keyManagers(), trusted, null);
      TrialHandshake.run(context, PROTOCOLS);
      return new Tls(files, chain.get(0), context);
    } catch (SSLException e) {
      throw StoreFile.refusal(
          files.keystore(),
          "with whose key and certificate (" + chain.get(0).getPublicKey().getAlgorithm()
              + ") there can be no TLS (" + e.getMessage()
              + "); make both with keytool -genkeypair -keyalg EC",
          e);
    } catch (GeneralSecurityException e) {
      throw StoreFile.refusal(
          files.keystore(), "which this JDK cannot use (" + e + "); make it with keytool", e);
    }
  }

  private static StoreFile readTrust(TlsFiles files, Setting file) {
    StoreFile trust =
        StoreFile.read(
            file,
            files.password(),
            "make a truststore of it: keytool -importcert -alias ca -file PEM -keystore FILE");
    trust.trusted().forEach(certificate -> warnIfUntimely(trust, certificate));
    return trust;
  }

  private static void warnIfUntimely(StoreFile file, X509Certificate certificate) {
    Certificates.untimely(certificate, Instant.now())
        .ifPresent(trouble -> LOG.log(Level.WARNING, file.named("in which " + trouble)));
  }

  /**
   * Checks that the own certificate is that of {@code name}.
   *
   * @throws ConfigException if it is not
   */
  public void requireName(String name) {
    if (Certificates.carries(own, name)) return;
    throw StoreFile.refusal(
        files.keystore(),
        "whose certificate is that of " + Certificates.names(own) + ", not of '" + name
            + "'; make one with -ext san=dns:" + name + " or, without such names, -dname CN="
            + name,
        null);
  }

  /**
   * Makes a client's side over {@code plain}, which is connected, and shakes hands with {@code
   * name}. Reads wait as long as those of {@code plain} do, and the socket stays open whatever
   * happens.
   *
   * @param host where it is, for sessions to be resumed
   * @throws HandshakeException if there is no TLS, or the other side is not {@code name}
   */
  public SSLSocket connect(Socket plain, String host, int port, String name) throws IOException {
    SSLSocket made = (SSLSocket) sockets.createSocket(plain, host, port, false);
    made.setEnabledProtocols(PROTOCOLS);
    made.startHandshake();
    X509Certificate other = (X509Certificate) made.getSession().getPeerCertificates()[0];
    if (!Certificates.carries(other, name))
      throw new HandshakeException("its certificate is not that of " + name);
    return made;
  }

  /** Makes a server's side over {@code plain}, which stays open; does not shake hands yet. */
  SSLSocket serve(Socket plain) throws IOException {
    SSLSocket made = (SSLSocket) sockets.createSocket(plain, null, false);
    made.setEnabledProtocols(PROTOCOLS);
    made.setNeedClientAuth(files.truststore().isPresent());
    return made;
  }
}
