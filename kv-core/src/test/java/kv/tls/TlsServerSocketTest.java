package kv.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import kv.testing.Keystores;
import kv.testing.LogCapture;
import kv.testing.TrustsEverybody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both sides of a connection, on sockets of this machine. */
class TlsServerSocketTest {
  private static final Duration SHORT = Duration.ofMillis(100);

  @TempDir static Path folder;
  private static Keystores stores;
  private static Tls foo;
  private static Tls bar;

  /** What was said of those who were refused. */
  private final List<String> refused = new CopyOnWriteArrayList<>();

  private ServerSocket listener;
  private Socket client;
  private Socket accepted;

  @BeforeAll
  static void makeKeystores() throws Exception {
    stores = new Keystores(folder);
    foo = Secrets.read(stores.of("foo"), stores.trust());
    bar = Secrets.read(stores.of("bar"), stores.trust());
  }

  @BeforeEach
  void listen() throws Exception {
    listen(foo, TlsServerSocket.HANDSHAKE);
  }

  @AfterEach
  void close() throws Exception {
    listener.close();
    if (client != null) client.close();
    if (accepted != null) accepted.close();
  }

  private void listen(Tls tls, Duration handshake) throws Exception {
    if (listener != null) listener.close();
    listener =
        new TlsServerSocket(
            Optional.ofNullable(tls), handshake, (who, why) -> refused.add(why.getMessage()));
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /** Has a plain client connect. */
  private void connect() throws IOException {
    client = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort());
    accepted = listener.accept();
  }

  /** What the server reads first, on a thread of its own. */
  private FutureTask<Integer> reading() {
    FutureTask<Integer> read = new FutureTask<>(() -> accepted.getInputStream().read());
    new Thread(read, "server").start();
    return read;
  }

  /** Has a client connect that is {@code who}, and shakes hands. */
  private SSLSocket shakeHands(Tls who, String expected) throws Exception {
    connect();
    FutureTask<Integer> read = reading();
    SSLSocket secured = who.connect(client, "127.0.0.1", client.getPort(), expected);
    secured.getOutputStream().write('x');
    assertThat(read.get()).isEqualTo('x');
    return secured;
  }

  private void assertRefuses(FutureTask<Integer> read, String why) {
    assertThatThrownBy(read::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(HandshakeException.class)
        .hasMessage(why);
    assertThat(refused).containsExactly(why);
  }

  @Nested
  class WithoutTls {
    @Test
    void isPlain() throws Exception {
      listen(null, SHORT);
      connect();
      client.getOutputStream().write('x');
      assertThat(accepted.getInputStream().read()).isEqualTo('x');
    }
  }

  @Nested
  class AConnection {
    @Test
    void carriesBytesBothWays() throws Exception {
      SSLSocket secured = shakeHands(bar, "foo");
      accepted.getOutputStream().write("hello".getBytes(US_ASCII));
      assertThat(secured.getInputStream().readNBytes(5)).asString(US_ASCII).isEqualTo("hello");
      assertThat(secured.getSession().getProtocol()).isEqualTo("TLSv1.3");
      assertThat(refused).isEmpty();
    }

    @Test
    void isAcceptedBeforeHandsAreShaken() throws Exception {
      connect();
      assertThat(accepted.getPort()).isEqualTo(client.getLocalPort());
      assertThat(accepted.getRemoteSocketAddress()).isEqualTo(client.getLocalSocketAddress());
    }

    @Test
    void endsInOrderOnOneSideWhileTheOtherGoesOn() throws Exception {
      SSLSocket secured = shakeHands(bar, "foo");
      accepted.shutdownOutput();
      assertThat(secured.getInputStream().read()).isEqualTo(-1);
      secured.getOutputStream().write(new byte[100_000]);
      client.shutdownOutput();
      assertThat(accepted.getInputStream().readAllBytes()).hasSizeGreaterThan(99_999);
    }

    @Test
    void isHeardToItsEndWhenTheClientHasSaidAll() throws Exception {
      SSLSocket secured = shakeHands(bar, "foo");
      secured.getOutputStream().write('y');
      secured.shutdownOutput();
      InputStream in = accepted.getInputStream();
      assertThat(in.read()).isEqualTo('y');
      assertThat(in.read()).isEqualTo(-1);
      accepted.getOutputStream().write('z');
      assertThat(secured.getInputStream().read()).isEqualTo('z');
    }

    @Test
    void keepsItsTimeoutAcrossTheHandshake() throws Exception {
      connect();
      accepted.setSoTimeout(12_345);
      FutureTask<Integer> read = reading();
      SSLSocket secured = bar.connect(client, "127.0.0.1", client.getPort(), "foo");
      secured.getOutputStream().write('x');
      read.get();
      assertThat(accepted.getSoTimeout()).isEqualTo(12_345);
    }

    @Test
    void endsAtOnceWhenItIsClosedWhileSomebodyReads() throws Exception {
      shakeHands(bar, "foo");
      FutureTask<Integer> read = reading();
      accepted.close();
      assertThatThrownBy(read::get).hasCauseInstanceOf(SocketException.class);
    }

    @Test
    void isClosedAtOnceInTheMiddleOfAHandshake() throws Exception {
      listen(foo, Duration.ofDays(1));
      connect();
      FutureTask<Integer> read = reading();
      client.getOutputStream().write(clientHello());
      assertThat(client.getInputStream().read()).isEqualTo(0x16); // it goes on, and waits
      accepted.close();
      assertThatThrownBy(read::get).hasCauseInstanceOf(HandshakeException.class);
      assertThat(refused).isEmpty();
    }

    private byte[] clientHello() throws Exception {
      SSLEngine engine = SSLContext.getDefault().createSSLEngine();
      engine.setUseClientMode(true);
      ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      engine.wrap(ByteBuffer.allocate(0), hello);
      return Arrays.copyOf(hello.array(), hello.position());
    }

    @Test
    void endsAtOnceWhenItIsClosedWhileHandsAreShaken() throws Exception {
      connect();
      FutureTask<Integer> read = reading();
      accepted.close();
      assertThatThrownBy(read::get).hasCauseInstanceOf(IOException.class);
      assertThat(refused).isEmpty();
    }

    @Test
    void endsAtOnceWhenItsInputIsShutDownWhileHandsAreShaken() throws Exception {
      connect();
      FutureTask<Integer> read = reading();
      accepted.shutdownInput();
      assertThatThrownBy(read::get).hasCauseInstanceOf(IOException.class);
      assertThat(refused).isEmpty();
    }

    @Test
    void isClosedAtOnceWhileSomebodyWritesToOneWhoDoesNotRead() throws Exception {
      shakeHands(bar, "foo");
      FutureTask<Void> write =
          new FutureTask<>(
              () -> {
                accepted.getOutputStream().write(new byte[64 << 20]);
                return null;
              });
      new Thread(write, "server").start();
      accepted.close();
      assertThatThrownBy(write::get).hasCauseInstanceOf(IOException.class);
    }
  }

  @Nested
  class AServer {
    @Test
    void refusesWhoSaysNothingForTooLong() throws Exception {
      listen(foo, SHORT);
      connect();
      assertRefuses(reading(), "it took too long over the TLS handshake");
    }

    /** Each byte comes in time, but not the whole. */
    @Test
    void refusesWhoSaysItByteByByteForTooLong() throws Exception {
      listen(foo, Duration.ofMillis(300));
      connect();
      FutureTask<Integer> read = reading();
      byte[] longHello = {0x16, 3, 1, 0x3f, (byte) 0xff, 1, 0, 0x3f, (byte) 0xfb, 3, 3};
      client.getOutputStream().write(longHello);
      client.setSoTimeout(20); // between two bytes
      while (hearsNothing()) client.getOutputStream().write(0);
      assertRefuses(read, "it took too long over the TLS handshake");
    }

    private boolean hearsNothing() throws IOException {
      try {
        client.getInputStream().read();
        return false;
      } catch (SocketTimeoutException e) {
        return true;
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PING\r\n", "JRMI", "GET / HTTP/1.1\r\n\r\n", "*1\r\n$4\r\nPING\r\n"})
    void refusesPlainText(String text) throws Exception {
      connect();
      FutureTask<Integer> read = reading();
      client.getOutputStream().write(text.repeat(10).getBytes(US_ASCII));
      client.shutdownOutput();
      byte[] answer = client.getInputStream().readAllBytes();
      assertThat(answer).hasSize(7).startsWith(0x15, 3); // an alert, and nothing else
      assertRefuses(read, "it does not speak TLS as it should");
    }

    @Test
    void refusesWhoEndsBeforeTheHandshake() throws Exception {
      connect();
      client.close();
      assertRefuses(reading(), "it broke off the TLS handshake");
    }

    @Test
    void refusesOldProtocols() throws Exception {
      connect();
      FutureTask<Integer> read = reading();
      SSLSocket old = anonymous(client);
      old.setEnabledProtocols(new String[] {"TLSv1.1"});
      assertThatThrownBy(old::startHandshake).isInstanceOf(IOException.class);
      client.close();
      assertThatThrownBy(read::get).hasCauseInstanceOf(HandshakeException.class);
    }

    @Test
    void refusesWhoHasNoCertificate() throws Exception {
      connect();
      FutureTask<Integer> read = reading();
      SSLSocket secured = anonymous(client);
      assertThatThrownBy(() -> secured.getInputStream().read()).isInstanceOf(IOException.class);
      client.close();
      assertRefuses(read, "the TLS handshake with it failed");
    }

    @Test
    void refusesTheCertificateOfAStranger() throws Exception {
      Path stranger = stores.selfSigned("stranger");
      Tls other = Secrets.read(stranger, stores.trust());
      connect();
      FutureTask<Integer> read = reading();
      SSLSocket secured = other.connect(client, "127.0.0.1", client.getPort(), "foo");
      assertThatThrownBy(() -> secured.getInputStream().read()).isInstanceOf(IOException.class);
      client.close();
      assertThatThrownBy(read::get).hasCauseInstanceOf(HandshakeException.class);
      assertThat(refused).hasSize(1);
    }

    @Test
    void asksForNoCertificateIfItHasNoTruststore() throws Exception {
      listen(Secrets.read(stores.selfSigned("server"), null), SHORT.multipliedBy(100));
      connect();
      FutureTask<Integer> read = reading();
      anonymous(client).getOutputStream().write('x');
      assertThat(read.get()).isEqualTo('x');
    }
  }

  @Nested
  class AClient {
    private void assertRefusesServer(Tls who, String expected, String why) throws Exception {
      connect();
      FutureTask<Integer> read = reading();
      assertThatThrownBy(() -> who.connect(client, "127.0.0.1", client.getPort(), expected))
          .extracting(e -> HandshakeException.reasonIn(e).orElse("none"))
          .isEqualTo(why);
      client.close();
      FutureTask<Integer> over = read;
      try {
        over.get();
      } catch (ExecutionException e) {
        assertThat(e).hasCauseInstanceOf(HandshakeException.class);
      }
    }

    @Test
    void refusesAnotherName() throws Exception {
      assertRefusesServer(bar, "baz", "its certificate is not that of baz");
    }

    @Test
    void takesTheNameWhateverItsCase() throws Exception {
      assertThat(shakeHands(bar, "FOO").isConnected()).isTrue();
    }

    @Test
    void refusesAStranger() throws Exception {
      Path stranger = stores.selfSigned("alien", "-ext", "san=dns:foo");
      listen(Secrets.read(stranger, null), TlsServerSocket.HANDSHAKE);
      assertRefusesServer(bar, "foo", "its certificate is not trusted");
    }

    @Test
    void refusesAnExpiredCertificate(LogCapture log) throws Exception {
      log.allow("has expired");
      Path old =
          stores.signed("expired", "-dname", "CN=foo", "-startdate", "-10d", "-validity", "1");
      listen(Secrets.read(old, null), TlsServerSocket.HANDSHAKE);
      assertRefusesServer(bar, "foo", "its certificate has expired");
    }

    @Test
    void refusesACertificateThatIsNotValidYet(LogCapture log) throws Exception {
      log.allow("is not valid before");
      Path early = stores.signed("unripe", "-dname", "CN=foo", "-startdate", "+10d");
      listen(Secrets.read(early, null), TlsServerSocket.HANDSHAKE);
      assertRefusesServer(bar, "foo", "its certificate is not valid yet");
    }
  }

  /** One without a certificate, who trusts everybody. */
  private static SSLSocket anonymous(Socket over) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustsEverybody()}, null);
    return (SSLSocket) context.getSocketFactory().createSocket(over, "127.0.0.1", 1, false);
  }
}
