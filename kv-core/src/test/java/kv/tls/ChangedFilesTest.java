package kv.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.logging.Level;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import kv.testing.Keystores;
import kv.testing.LogCapture;
import kv.testing.Replacing;
import kv.testing.TrustsEverybody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that change while a server is there whose handshakes need them. */
class ChangedFilesTest {
  private static final String STAY = "the certificates stay what they were, for x.properties:";

  @TempDir static Path folder;
  private static Keystores stores;
  private static Path foo;
  private static Path renewed;
  private static Path stranger;

  @TempDir Path scratch;
  private Path keystore;
  private Path truststore;
  private Path password;
  private Tls tls;
  private ServerSocket listener;

  @BeforeAll
  static void makeKeystores() throws Exception {
    stores = new Keystores(folder);
    foo = stores.of("foo");
    renewed = stores.signed("renewed", "-dname", "CN=foo", "-ext", "san=dns:foo,dns:foo.org");
    stranger = stores.selfSigned("stranger");
  }

  @BeforeEach
  void listen() throws Exception {
    keystore = longAgo(Files.copy(foo, scratch.resolve("keys.p12")));
    truststore = longAgo(Files.copy(stores.trust(), scratch.resolve("trust.p12")));
    password = longAgo(Files.copy(stores.password(), scratch.resolve("password")));
    serve(null);
  }

  @AfterEach
  void close() throws Exception {
    listener.close();
  }

  private void serve(Path trusted) throws Exception {
    if (listener != null) listener.close();
    tls = Tls.read(Secrets.files(keystore, trusted, Secrets.inFile(password)), "foo");
    listener = new TlsServerSocket(Optional.of(tls), (who, why) -> {});
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /** So that no look need doubt that it is what it was. */
  private static Path longAgo(Path file) throws IOException {
    return Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L));
  }

  private static Certificate in(Path keystore) throws Exception {
    KeyStore store = KeyStore.getInstance(keystore.toFile(), Keystores.PASSWORD.toCharArray());
    return store.getCertificate(store.aliases().nextElement());
  }

  private static SSLContext client(TrustManager trust) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {trust}, null);
    return context;
  }

  /** What the server shows to a client of {@code context} that says a byte and hears it back. */
  private Certificate shown(SSLContext context, String protocol) throws Exception {
    try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort());
        SSLSocket secured = (SSLSocket) context.getSocketFactory()
            .createSocket(plain, "127.0.0.1", plain.getPort(), true)) {
      secured.setEnabledProtocols(new String[] {protocol});
      FutureTask<Void> echo = echo();
      secured.getOutputStream().write('x');
      assertThat(secured.getInputStream().read()).isEqualTo('x');
      echo.get();
      return secured.getSession().getPeerCertificates()[0];
    }
  }

  /** Has the server serve one client. */
  private FutureTask<Void> echo() {
    FutureTask<Void> echo =
        new FutureTask<>(
            () -> {
              try (Socket accepted = listener.accept()) {
                accepted.getOutputStream().write(accepted.getInputStream().read());
              }
              return null;
            });
    new Thread(echo, "server").start();
    return echo;
  }

  private void assertShows(Path expected) throws Exception {
    assertThat(shown(client(new TrustsEverybody()), "TLSv1.3")).isEqualTo(in(expected));
  }

  /** Whatever a client is told, and however often, the log has one line. */
  private void assertStays(LogCapture log, String explanation) throws Exception {
    log.allow(STAY);
    for (int i = 0; i < 3; i++) assertShows(foo);
    assertThat(log.messages(Level.INFO)).singleElement().asString().startsWith(STAY)
        .contains(explanation);
  }

  private String news(String what, Path keystore) throws Exception {
    return what + " was read again; the certificate of CN=foo is valid until "
        + ((X509Certificate) in(keystore)).getNotAfter().toInstant();
  }

  private String newsOfTheKeystore(Path now) throws Exception {
    return news("x.properties:1: a.keystore '" + keystore + "'", now);
  }

  /** The bytes of {@code store} under another password. */
  private Path under(String other, Path store) throws Exception {
    KeyStore from = KeyStore.getInstance(store.toFile(), Keystores.PASSWORD.toCharArray());
    KeyStore to = KeyStore.getInstance("PKCS12");
    to.load(null, null);
    String alias = from.aliases().nextElement();
    to.setKeyEntry(
        alias,
        from.getKey(alias, Keystores.PASSWORD.toCharArray()),
        other.toCharArray(),
        from.getCertificateChain(alias));
    Path made = scratch.resolve("other.p12");
    try (OutputStream out = Files.newOutputStream(made)) {
      to.store(out, other.toCharArray());
    }
    return made;
  }

  @Nested
  class ARenewedCertificate {
    @ParameterizedTest
    @EnumSource
    void isShownFromTheNextHandshakeOn(Replacing way, LogCapture log) throws Exception {
      assertShows(foo);
      way.with(renewed, keystore);
      assertShows(renewed);
      assertThat(log.messages(Level.INFO)).containsExactly(newsOfTheKeystore(renewed));
      way.with(foo, keystore); // as fast as one can
      assertShows(foo);
      assertThat(tls.names()).containsExactly("foo");
    }

    @Test
    void isNotReadAgainWhileItMayChangeWithoutShowingIt() throws Exception {
      Replacing.IN_PLACE.with(renewed, keystore);
      SSLContext made = tls.now();
      assertThat(tls.now()).isSameAs(made);
      assertThat(tls.now()).isSameAs(made);
    }

    @Test
    void needsNoNewPasswordButMayHaveOne(LogCapture log) throws Exception {
      Replacing.BY_RENAME.with(under("another", renewed), keystore);
      assertStays(log, "a.keystore is '" + keystore + "', which the password does not open");
      Replacing.BY_RENAME.with("another\n".getBytes(UTF_8), password);
      assertShows(renewed);
      assertThat(log.messages(Level.INFO)).hasSize(2).last()
          .isEqualTo(
              news(
                  "x.properties:1: a.keystore '" + keystore + "', a.password-file '" + password
                      + "'",
                  renewed));
    }

    @Test
    void thatIsNotValidIsTakenAllTheSameWithAWarning(LogCapture log) throws Exception {
      log.allow("has expired");
      Path old =
          stores.signed(
              "old", "-dname", "CN=foo", "-ext", "san=dns:foo", "-startdate", "-9d", "-validity",
              "1");
      Replacing.BY_RENAME.with(old, keystore);
      for (int i = 0; i < 3; i++) assertShows(old);
      assertThat(log.messages(Level.INFO)).hasSize(2).first().isEqualTo(newsOfTheKeystore(old));
      assertThat(log.messages(Level.WARNING)).singleElement().asString()
          .contains("a.keystore is '" + keystore + "', in which the certificate of CN=foo has");
    }

    @Test
    void hasItsNamesToldOnceAHandshakeHasFoundIt() throws Exception {
      Replacing.BY_RENAME.with(renewed, keystore);
      assertThat(tls.names()).containsExactly("foo");
      assertShows(renewed);
      assertThat(tls.names()).containsExactly("foo", "foo.org");
    }
  }

  @Nested
  class AFileThatCannotBeUsed {
    @ParameterizedTest
    @EnumSource
    void isRefusedWithOneWarningUntilItCan(Replacing way, LogCapture log) throws Exception {
      way.with(Arrays.copyOf(Files.readAllBytes(renewed), 400), keystore);
      assertStays(log, "a.keystore is '" + keystore + "', which is no PKCS12 or JKS keystore");
      way.with(renewed, keystore);
      assertShows(renewed);
    }

    @Test
    void mayBeEmpty(LogCapture log) throws Exception {
      Replacing.IN_PLACE.with(new byte[0], keystore);
      assertStays(log, "a.keystore is '" + keystore + "', which is no PKCS12 or JKS keystore");
    }

    @Test
    void mayBeThatOfAnother(LogCapture log) throws Exception {
      Replacing.BY_RENAME.with(stranger, keystore);
      assertStays(log, "whose certificate is that of [stranger], not of 'foo'");
    }

    @Test
    void mayBeThatOfThePassword(LogCapture log) throws Exception {
      Replacing.IN_PLACE.with(new byte[] {'\n'}, password);
      assertStays(log, "a.password-file is '" + password + "', whose first line is empty");
    }

    @Test
    void mayBeGoneAndComeBackAndIsToldOfEachTimeThatItGoes(LogCapture log) throws Exception {
      Path away = scratch.resolve("away");
      Files.move(keystore, away);
      assertStays(log, "a.keystore is '" + keystore + "', and there is no such file");
      Files.move(away, keystore);
      assertShows(foo);
      assertThat(log.messages(Level.INFO)).hasSize(1);
      Files.move(keystore, away);
      assertShows(foo);
      assertThat(log.messages(Level.INFO)).hasSize(2);
    }

    @Test
    void isNotTheOneThatIsWrittenOnceItIsWhole(LogCapture log) throws Exception {
      log.allow(STAY);
      byte[] whole = Files.readAllBytes(renewed);
      try (OutputStream out = Files.newOutputStream(keystore)) {
        out.write(whole, 0, 400);
        assertShows(foo);
        out.write(whole, 400, whole.length - 400);
        assertShows(renewed);
      }
    }
  }

  @Nested
  class TheTruststore {
    private String outcome(Tls who) throws Exception {
      FutureTask<Void> echo = echo();
      try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
        SSLSocket secured = who.connect(plain, "127.0.0.1", plain.getPort(), "foo");
        secured.getOutputStream().write('x');
        return secured.getInputStream().read() == 'x' ? "in" : "?";
      } catch (IOException e) {
        return "refused";
      } finally {
        await(echo);
      }
    }

    private void await(FutureTask<Void> echo) throws InterruptedException {
      try {
        echo.get();
      } catch (ExecutionException e) {
        assertThat(e).hasCauseInstanceOf(HandshakeException.class);
      }
    }

    @ParameterizedTest
    @EnumSource
    void saysAtEachHandshakeWhoIsLetIn(Replacing way, LogCapture log) throws Exception {
      serve(truststore);
      Tls friend = Secrets.read(renewed, stores.trust());
      Tls other = Secrets.read(stranger, stores.trust());
      assertThat(List.of(outcome(friend), outcome(other))).containsExactly("in", "refused");
      Path others = scratch.resolve("others.p12");
      Keystores.trust(others, stranger, "stranger");
      way.with(others, truststore);
      assertThat(List.of(outcome(friend), outcome(other))).containsExactly("refused", "in");
      assertThat(log.messages(Level.INFO))
          .containsExactly(news("x.properties:2: a.truststore '" + truststore + "'", foo));
    }

    @Test
    void saysAtEachHandshakeWhoIsConnectedTo() throws Exception {
      serve(null);
      Tls follows = Secrets.read(renewed, truststore);
      assertThat(outcome(follows)).isEqualTo("in");
      Path others = scratch.resolve("others.p12");
      Keystores.trust(others, stranger, "stranger");
      Replacing.IN_PLACE.with(others, truststore);
      assertThat(outcome(follows)).isEqualTo("refused");
    }
  }

  /** A whole handshake shows a certificate to it, one that resumes a session does not. */
  private static final class Counting implements X509TrustManager {
    int shown;

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      shown++;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @Nested
  class ASession {
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void isNotResumedOnceTheFilesHaveChanged(String protocol) throws Exception {
      Counting counting = new Counting();
      SSLContext resumes = client(counting);
      for (int i = 0; i < 3; i++) assertThat(shown(resumes, protocol)).isEqualTo(in(foo));
      assertThat(counting.shown).isEqualTo(1);
      Replacing.BY_RENAME.with(renewed, keystore);
      assertThat(shown(resumes, protocol)).isEqualTo(in(renewed));
      assertThat(counting.shown).isEqualTo(2);
    }
  }

  @Nested
  class TheContextForAServerThatKeepsIt {
    private SSLContext context;

    @BeforeEach
    void make() {
      context = tls.context();
    }

    /** The JDK's server asks for an engine for each connection. */
    @Test
    void followsTheFiles(LogCapture log) throws Exception {
      HttpsServer server =
          HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(context));
      server.createContext("/", exchange -> {
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
      });
      server.start();
      try {
        assertThat(shownBy(server)).isEqualTo(in(foo));
        Replacing.IN_PLACE.with(renewed, keystore);
        assertThat(shownBy(server)).isEqualTo(in(renewed));
        Replacing.IN_PLACE.with(new byte[0], keystore);
        log.allow(STAY);
        assertThat(shownBy(server)).isEqualTo(in(renewed));
        assertThat(log.messages(Level.WARNING)).hasSize(1);
      } finally {
        server.stop(0);
      }
    }

    private Certificate shownBy(HttpsServer server) throws Exception {
      try (SSLSocket socket =
          (SSLSocket) client(new TrustsEverybody()).getSocketFactory()
              .createSocket(InetAddress.getLoopbackAddress(), server.getAddress().getPort())) {
        socket.getOutputStream()
            .write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(UTF_8));
        assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
            .startsWith("HTTP/1.1 204 ");
        return socket.getSession().getPeerCertificates()[0];
      }
    }

    @Test
    void speaksNothingOld() {
      for (SSLEngine engine :
          List.of(context.createSSLEngine(), context.createSSLEngine("x", 1))) {
        engine.setUseClientMode(false);
        assertThat(engine.getEnabledProtocols()).containsExactly("TLSv1.3", "TLSv1.2");
        assertThat(engine.getNeedClientAuth()).isFalse();
      }
      for (SSLParameters parameters :
          List.of(context.getDefaultSSLParameters(), context.getSupportedSSLParameters()))
        assertThat(parameters.getProtocols()).containsExactly("TLSv1.3", "TLSv1.2");
    }

    @Test
    void asksForACertificateIfThereIsATruststore() throws Exception {
      serve(truststore);
      assertThat(tls.context().createSSLEngine().getNeedClientAuth()).isTrue();
      assertThat(tls.context().getDefaultSSLParameters().getNeedClientAuth()).isTrue();
    }

    @Test
    void takesNothingButTheFilesAndMakesNothingButEngines() {
      assertThatThrownBy(() -> context.init(null, null, null))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(context::getSocketFactory)
          .isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(context::getServerSocketFactory)
          .isInstanceOf(UnsupportedOperationException.class);
    }
  }

  @Nested
  class AThread {
    private WatchedCredentials hurried;
    private WatchedCredentials patient;

    @BeforeEach
    void watch() {
      hurried = watched(Duration.ofMillis(1));
      patient = watched(Duration.ofHours(1));
    }

    private WatchedCredentials watched(Duration wait) {
      TlsFiles files = Secrets.files(keystore, null, Secrets.inFile(password));
      return new WatchedCredentials(files, Optional.empty(), wait);
    }

    /** As if the disk had hung up the other one. */
    @Test
    void doesNotWaitForLongForOneThatLooks() throws Exception {
      Credentials former = hurried.present();
      Replacing.BY_RENAME.with(renewed, keystore);
      FutureTask<Credentials> found = new FutureTask<>(hurried::now);
      hurried.looks.lock();
      try {
        new Thread(found, "waits").start();
        assertThat(found.get()).isSameAs(former);
      } finally {
        hurried.looks.unlock();
      }
      assertThat(hurried.now().own()).isEqualTo(in(renewed));
    }

    @Test
    void getsWhatWasThereWhenItCame() throws Exception {
      Replacing.BY_RENAME.with(renewed, keystore);
      FutureTask<Credentials> found = new FutureTask<>(patient::now);
      Thread waits = new Thread(found, "waits");
      patient.looks.lock();
      try {
        waits.start();
        while (!patient.looks.hasQueuedThread(waits) && !found.isDone()) Thread.onSpinWait();
        patient.now();
      } finally {
        patient.looks.unlock();
      }
      assertThat(found.get().own()).isEqualTo(in(renewed));
    }

    @Test
    void thatIsInterruptedReadsAllTheSameAndStaysInterrupted() throws Exception {
      Replacing.BY_RENAME.with(renewed, keystore);
      Thread.currentThread().interrupt();
      try {
        assertThat(patient.now().own()).isEqualTo(in(renewed));
      } finally {
        assertThat(Thread.interrupted()).isTrue();
      }
    }

    @Test
    void thatIsInterruptedDoesNotWait() throws Exception {
      Credentials former = patient.present();
      Replacing.BY_RENAME.with(renewed, keystore);
      FutureTask<Boolean> waits =
          new FutureTask<>(
              () -> {
                Thread.currentThread().interrupt();
                return patient.now() == former && Thread.interrupted();
              });
      patient.looks.lock();
      try {
        new Thread(waits, "waits").start();
        assertThat(waits.get()).isTrue();
      } finally {
        patient.looks.unlock();
      }
    }
  }
}
