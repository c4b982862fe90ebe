package kv.tls;

import java.io.EOFException;
import java.net.SocketTimeoutException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/**
 * There is no TLS with the other side. The message says why not, in words that anybody may see, in
 * which the other side is "it".
 */
public final class HandshakeException extends SSLException {
  private static final long serialVersionUID = 1;

  /** For a reason that has been found here. */
  public HandshakeException(String reason) {
    super(reason);
  }

  /** For a handshake that ended in {@code cause}. */
  HandshakeException(Throwable cause) {
    super(reasonIn(cause, true).orElse("it broke off the TLS handshake"), cause);
  }

  /**
   * What {@code thrown}, or whatever has caused it, says about the TLS with the other side; empty
   * if that was not the matter.
   */
  public static Optional<String> reasonIn(Throwable thrown) {
    return reasonIn(thrown, false);
  }

  private static Optional<String> reasonIn(Throwable thrown, boolean isTls) {
    String reason = null;
    for (Throwable next = thrown; next != null; next = next.getCause()) {
      if (next instanceof HandshakeException) return Optional.of(next.getMessage());
      String said = reasonOf(next, isTls || reason != null);
      if (said != null) reason = said; // the deeper, the more exact
    }
    return Optional.ofNullable(reason);
  }

  private static String reasonOf(Throwable thrown, boolean isTls) {
    if (thrown instanceof CertificateExpiredException) return "its certificate has expired";
    if (thrown instanceof CertificateNotYetValidException)
      return "its certificate is not valid yet";
    if (thrown instanceof CertificateException || thrown instanceof CertPathValidatorException
        || thrown instanceof CertPathBuilderException)
      return "its certificate is not trusted";
    if (thrown instanceof EOFException && isTls) return "it broke off the TLS handshake";
    if (thrown instanceof SocketTimeoutException && isTls)
      return "it took too long over the TLS handshake";
    if (thrown instanceof SSLHandshakeException) return "the TLS handshake with it failed";
    return thrown instanceof SSLException ? "it does not speak TLS as it should" : null;
  }
}
