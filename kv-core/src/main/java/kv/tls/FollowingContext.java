package kv.tls;

import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/** The context of {@link Tls#context}: each engine that it makes is one of the present files. */
final class FollowingContext extends SSLContext {
  FollowingContext(Tls tls) {
    super(new Following(tls), tls.present().getProvider(), tls.present().getProtocol());
  }

  private static final class Following extends SSLContextSpi {
    private static final String ONLY_ENGINES = "this context makes engines only";

    private final Tls tls;

    Following(Tls tls) {
      this.tls = tls;
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      return withRules(tls.now().createSSLEngine());
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      return withRules(tls.now().createSSLEngine(host, port));
    }

    private SSLEngine withRules(SSLEngine made) {
      made.setSSLParameters(tls.withRules(made.getSSLParameters()));
      return made;
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
      return tls.withRules(tls.present().getDefaultSSLParameters());
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
      return tls.withRules(tls.present().getSupportedSSLParameters());
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
      return tls.present().getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
      return tls.present().getClientSessionContext();
    }

    @Override
    protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random) {
      throw new IllegalStateException("what is in this context comes from files");
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      throw new UnsupportedOperationException(ONLY_ENGINES);
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      throw new UnsupportedOperationException(ONLY_ENGINES);
    }
  }
}
