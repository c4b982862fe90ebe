package kv.tls;

import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Shakes hands in memory, with a client that trusts anybody: the JDK takes keys that it can sign no
 * handshake with, and only a handshake tells.
 */
final class TrialHandshake {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private TrialHandshake() {}

  /**
   * Tries the private key that {@code context} has.
   *
   * @throws SSLException if the handshake fails, which says why
   */
  static void run(SSLContext context, String[] protocols)
      throws GeneralSecurityException, SSLException {
    SSLContext anybody = SSLContext.getInstance("TLS");
    anybody.init(null, new TrustManager[] {new TrustsAnybody()}, null);
    SSLEngine client = begun(anybody, true, protocols);
    SSLEngine server = begun(context, false, protocols);
    int bytes = 2 * server.getSession().getPacketBufferSize();
    ByteBuffer toServer = ByteBuffer.allocate(bytes);
    ByteBuffer toClient = ByteBuffer.allocate(bytes);
    while (client.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
      goOn(client, toClient, toServer);
      goOn(server, toServer, toClient);
      if (toServer.position() + toClient.position() == 0 && isWaiting(client))
        throw new SSLException("the handshake stands still");
    }
  }

  private static SSLEngine begun(SSLContext context, boolean isClient, String[] protocols)
      throws SSLException {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(isClient);
    engine.setEnabledProtocols(protocols);
    engine.beginHandshake();
    return engine;
  }

  private static boolean isWaiting(SSLEngine engine) {
    return engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP;
  }

  /** Takes from {@code in} and adds to {@code out}, until it needs more of the other side. */
  private static void goOn(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
    in.flip();
    for (boolean isStopped = false; !isStopped; )
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> engine.getDelegatedTask().run();
        case NEED_WRAP -> isStopped = engine.wrap(NOTHING, out).getStatus() != Status.OK;
        case NEED_UNWRAP -> isStopped = engine.unwrap(in, NOTHING).getStatus() != Status.OK;
        default -> isStopped = true;
      }
    in.compact();
  }

  /** What a certificate is worth is for others to say. */
  private static final class TrustsAnybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
