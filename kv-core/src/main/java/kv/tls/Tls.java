package kv.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import kv.config.ConfigException;

/**
 * Who this side is, and, if it is mutual, whom it trusts: what all connections of one kind share.
 * TLS 1.3 and 1.2, nothing older. Safe for use by any thread.
 *
 * <p>Each handshake looks whether the files have changed, on its own thread. Files that have are
 * read and checked as at the start, and hold from that handshake on; a line at INFO says so. If
 * they cannot be used, a warning says why, once, and what they said before stays. No session that
 * began with the former files is resumed with the new ones: whoever tries gets a whole handshake.
 * Connections that are open stay so.
 */
public final class Tls {
  static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private final WatchedCredentials credentials;
  private final boolean isMutual;

  private Tls(TlsFiles files, Optional<String> name) {
    credentials = new WatchedCredentials(files, name);
    isMutual = files.truststore().isPresent();
  }

  /**
   * Reads {@code files}. A certificate that is not valid at the moment is a warning in the log, for
   * it is the others who judge that, by their clocks.
   *
   * @throws ConfigException if one cannot be read, does not have in it what it must, or has a key
   *     that this JDK can shake no hands with
   */
  public static Tls read(TlsFiles files) {
    return new Tls(files, Optional.empty());
  }

  /**
   * As above, for a side that others know by {@code name}.
   *
   * @throws ConfigException also if the own certificate is not that of {@code name}
   */
  public static Tls read(TlsFiles files, String name) {
    return new Tls(files, Optional.of(name));
  }

  /**
   * A context that makes engines for a server which keeps the context that it was given at its
   * start. An engine is made of the files as they are when it is made, and speaks what all others
   * do here. The context cannot be initialized, and makes no sockets.
   */
  public SSLContext context() {
    return new FollowingContext(this);
  }

  /**
   * The names of the own certificate, as the last handshake found it: its host names or, if it has
   * none, its common name, and its addresses. A name with a wildcard stands as it is, and an IPv6
   * address in eight groups, as in {@code 0:0:0:0:0:0:0:1}. Reads nothing.
   */
  public List<String> names() {
    return credentials.present().names();
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
    SSLSocket made = (SSLSocket) now().getSocketFactory().createSocket(plain, host, port, false);
    made.setEnabledProtocols(PROTOCOLS);
    made.startHandshake();
    X509Certificate other = (X509Certificate) made.getSession().getPeerCertificates()[0];
    if (!Certificates.carries(other, name))
      throw new HandshakeException("its certificate is not that of " + name);
    return made;
  }

  /** Makes a server's side over {@code plain}, which stays open; does not shake hands yet. */
  SSLSocket serve(Socket plain) throws IOException {
    SSLSocket made = (SSLSocket) now().getSocketFactory().createSocket(plain, null, false);
    made.setSSLParameters(withRules(made.getSSLParameters()));
    return made;
  }

  /** {@code parameters} of a server's side, with what all of them must keep to here. */
  SSLParameters withRules(SSLParameters parameters) {
    parameters.setProtocols(PROTOCOLS);
    parameters.setNeedClientAuth(isMutual);
    return parameters;
  }

  /** That of the files as they are now; whoever shakes hands asks for it. */
  SSLContext now() {
    return credentials.now().context();
  }

  /** That of the files as the last handshake found them. */
  SSLContext present() {
    return credentials.present().context();
  }
}
