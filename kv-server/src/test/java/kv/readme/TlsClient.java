package kv.readme;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import kv.server.testing.TestClient;

/** Makes clients that speak TLS, and trust one certificate and what comes from it. */
final class TlsClient {
  private TlsClient() {}

  /** One that is connected to {@code port} of 127.0.0.1, and expects a certificate for that. */
  static TestClient connect(int port, Path certificate) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream in = Files.newInputStream(certificate)) {
      CertificateFactory x509 = CertificateFactory.getInstance("X.509");
      trusted.setCertificateEntry("trusted", x509.generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
    SSLParameters checks = socket.getSSLParameters();
    checks.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(checks);
    return new TestClient(socket);
  }
}
