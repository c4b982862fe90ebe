package kv.server;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static kv.server.testing.RealClients.assumeInstalled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import java.util.logging.Level;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import kv.config.ConfigException;
import kv.testing.KeepAliveOptions;
import kv.server.net.ClientSockets;
import kv.server.testing.ClientProgram;
import kv.server.testing.RealClients;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import kv.testing.Keystores;
import kv.testing.LogCapture;
import kv.testing.Replacing;
import kv.testing.TrustsEverybody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node whose clients speak TLS. */
class ClientTlsTest {
  private static final String SESSION =
      "CREATE shopping\nPUT shopping milk 1\nGET shopping milk\nDELETE shopping milk\n"
          + "GET shopping milk\n";
  private static final List<String> REPLIES = List.of("OK", "OK", "1", "OK", "OK", "", "OK");

  /** A configuration of OpenSSL. */
  private static final String ONLY_TLS_1_2 = """
      openssl_conf = all
      [all]
      ssl_conf = ssl
      [ssl]
      system_default = old
      [old]
      MaxProtocol = TLSv1.2
      """;

  @TempDir static Path folder;
  private static Keystores stores;
  private static Path foo;

  private Node node;
  private int port;

  @BeforeAll
  static void makeKeystores() throws Exception {
    stores = new Keystores(folder);
    foo = stores.signed("foo", "-dname", "CN=foo", "-ext", "san=dns:foo,ip:127.0.0.1");
  }

  private static Config config(Path keystore) {
    return Config.defaults()
        .with("server.port", "0")
        .with("server.stop-timeout", "60s")
        .with("server.tls.keystore", keystore.toString())
        .with("server.tls.password-file", stores.password().toString());
  }

  @BeforeEach
  void start() throws Exception {
    node = Node.start(config(foo));
    port = node.serverPort().getAsInt();
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private TestClient client(String... protocols) throws Exception {
    return new TestClient(connect(protocols));
  }

  private SSLSocket connect(String... protocols) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustsEverybody()}, null);
    Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
    SSLSocket secured =
        (SSLSocket) context.getSocketFactory().createSocket(plain, "127.0.0.1", port, true);
    if (protocols.length > 0) secured.setEnabledProtocols(protocols);
    return secured;
  }

  private static String figure(TestClient client, String name) throws IOException {
    return client.listing("INFO").stream()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElseThrow();
  }

  @Nested
  class AClient {
    @Test
    void isProbedByTcpWhenItIsSilentLikeAnyOther() throws Exception {
      try (TestClient client = client()) {
        assertThat(client.ask("PING")).isEqualTo("PONG");
        Socket socket = ClientSockets.only(node.serverTree().orElseThrow().clients());
        KeepAliveOptions.assertThat(socket).isProbed(300, 100, 3);
      }
    }

    @Test
    void isAnsweredInBothFramings() throws Exception {
      try (TestClient client = client()) {
        assertThat(client.ask("CREATE shopping")).isEqualTo("OK");
        assertThat(Resp.ask(client, "PUT", "shopping", "milk", "1")).isEqualTo("+OK\r\n");
        assertThat(client.get("shopping", "milk")).isEqualTo("1");
        assertThat(figure(client, "failed_handshakes")).isEqualTo("0");
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void getsAllRepliesIfItSaysThatNothingFollows(String protocol) throws Exception {
      try (TestClient client = client(protocol)) {
        client.send(SESSION.repeat(1000)).endOfInput();
        assertThat(client.rest())
            .isEqualTo((String.join("\r\n", REPLIES) + "\r\n").repeat(1000));
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void isToldOfTheEndAfterQuitWhateverItSendsThen(String protocol) throws Exception {
      try (TestClient client = client(protocol)) {
        client.send("QUIT\r\n" + "PING\r\n".repeat(10_000));
        assertThat(client.rest()).isEqualTo("OK\r\n");
      }
    }

    @Test
    void getsAReplyOfManyRecords() throws Exception {
      String value = "v".repeat(1_000_000);
      try (TestClient client = client()) {
        client.ask("CREATE b");
        assertThat(Resp.ask(client, "PUT", "b", "k", value)).isEqualTo("+OK\r\n");
        assertThat(Resp.ask(client, "GET", "b", "k")).isEqualTo(Resp.bulk(value));
      }
    }

    @Test
    void isListedByItsAddress() throws Exception {
      try (TestClient client = client()) {
        assertThat(client.listing("TREE"))
            .anyMatch(line -> line.contains("server/pool/" + client.address()));
      }
    }

    @Test
    void isClosedInOrderWhenTheNodeStops() throws Exception {
      try (TestClient client = client()) {
        assertThat(client.ask("CREATE a")).isEqualTo("OK");
        node.close();
        assertThat(client.rest()).isEmpty();
      }
    }
  }

  @Nested
  class WhoeverDoesNotSpeakTls {
    @ParameterizedTest
    @ValueSource(strings = {"PING\r\n", "GET / HTTP/1.1\r\n\r\n", "*1\r\n$4\r\nPING\r\n"})
    void isAnsweredNothingInPlainText(String text) throws Exception {
      try (TestClient plain = new TestClient(port);
          TestClient other = client()) {
        assertThat(plain.send(text).endOfInput().rest()).startsWith("\u0015\u0003").hasSize(7);
        assertThat(figure(other, "failed_handshakes")).isEqualTo("1");
        assertThat(other.ask("PING")).isEqualTo("PONG");
      }
    }

    @Test
    void doesNotHoldUpAStop() throws Exception {
      try (TestClient silent = new TestClient(port);
          TestClient other = client()) {
        assertThat(other.listing("TREE")).anyMatch(line -> line.contains(silent.address()));
        node.close();
        assertThat(silent.rest()).isIn("", "\u0015\u0003\u0003\0\u0002\u0002("); // an alert
      }
    }
  }

  @Nested
  class ANode {
    private void assertRefused(Config config, String explanation) {
      assertThatThrownBy(() -> Node.start(config).close())
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(explanation)
          .hasMessageStartingWith("argument '");
    }

    @Test
    void doesNotStartWithAKeystoreThatIsNone() {
      assertRefused(config(stores.certificate()), "which is a PEM file; make a keystore of it");
      assertRefused(config(stores.trust()), "which has no private key");
      assertRefused(config(folder.resolve("none")), "and there is no such file");
    }

    @Test
    void doesNotStartWithoutThePassword() {
      assertRefused(
          config(foo).with("server.tls.password-file", ""),
          "server.tls.keystore is set, but its password is not; set server.tls.password-file to a"
              + " file whose first line it is, or the environment variable KV_SERVER_TLS_PASSWORD");
    }

    @Test
    void doesNotStartUnderANameThatItsCertificateDoesNotBear() {
      Config config =
          config(foo)
              .with("router.tls.keystore", foo.toString())
              .with("router.tls.truststore", stores.trust().toString())
              .with("router.tls.password-file", stores.password().toString());
      assertRefused(
          config.with("node.name", "bar"), "whose certificate is that of [foo], not of 'bar'");
    }
  }

  /** Of a node that nobody starts again. */
  @Nested
  class ACertificateThatIsReplaced {
    private final Certificate first = certificate(foo);
    private Path keystore;

    @BeforeEach
    void startWithACopy() throws Exception {
      node.close();
      keystore = Files.copy(foo, folder.resolve("node.p12"), REPLACE_EXISTING);
      node = Node.start(config(keystore));
      port = node.serverPort().getAsInt();
    }

    private static Certificate certificate(Path keystore) {
      try {
        KeyStore store =
            KeyStore.getInstance(keystore.toFile(), Keystores.PASSWORD.toCharArray());
        return store.getCertificate(store.aliases().nextElement());
      } catch (GeneralSecurityException | IOException e) {
        throw new AssertionError(e);
      }
    }

    private void assertShown(Certificate expected) throws Exception {
      SSLSocket socket = connect();
      try (TestClient client = new TestClient(socket)) {
        assertThat(client.ask("PING")).isEqualTo("PONG");
        assertThat(figure(client, "failed_handshakes")).isEqualTo("0");
        assertThat(socket.getSession().getPeerCertificates()[0]).isEqualTo(expected);
      }
    }

    @Test
    void isShownToTheNextClientIfItIsGoodAndNeverIfItIsBroken(LogCapture log) throws Exception {
      log.allow("the certificates stay what they were");
      Path renewed = stores.selfSigned("renewed");
      try (TestClient former = client()) {
        assertThat(former.ask("PING")).isEqualTo("PONG");
        for (Replacing way : Replacing.values()) {
          way.with(renewed, keystore);
          assertShown(certificate(renewed));
          way.with(foo, keystore);
          assertShown(first);
        }
        Replacing.BY_RENAME.with(stores.trust(), keystore);
        for (int i = 0; i < 3; i++) assertShown(first);
        Files.delete(keystore);
        for (int i = 0; i < 3; i++) assertShown(first);
        assertThat(former.ask("PING")).isEqualTo("PONG");
      }
      String line =
          "the certificates stay what they were, for argument 'server.tls.keystore=" + keystore
              + "': server.tls.keystore is '" + keystore + "', ";
      assertThat(log.messages(Level.WARNING)).hasSize(2);
      assertThat(log.messages(Level.WARNING).get(0))
          .startsWith(line + "which has no private key");
      assertThat(log.messages(Level.WARNING).get(1))
          .startsWith(line + "and there is no such file");
    }
  }

  @Nested
  @Tag("clients")
  class RealPrograms {
    private final String ca = stores.certificate().toString();

    private ClientProgram openssl(String... more) throws Exception {
      assumeInstalled("openssl");
      String[] command = {
        "openssl", "s_client", "-quiet", "-verify_return_error", "-CAfile", ca, "-connect",
        "127.0.0.1:" + port
      };
      String[] all = new String[command.length + more.length];
      System.arraycopy(command, 0, all, 0, command.length);
      System.arraycopy(more, 0, all, command.length, more.length);
      return new ClientProgram(all);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_3", "-tls1_2"})
    void opensslIsAnsweredLineByLineAndToldOfTheEnd(String protocol) throws Exception {
      try (ClientProgram session = openssl(protocol, "-verify_ip", "127.0.0.1")) {
        session.type("CREATE shopping\n");
        session.skipTo("OK");
        session.type("PUT shopping milk 1\nGET shopping milk\nQUIT\n");
        assertThat(session.rest()).containsExactly("OK", "1", "OK", "OK");
        assertThat(session.exitStatus()).isZero();
      }
    }

    @Test
    void opensslIsRefusedWithAnOldProtocol() throws Exception {
      try (ClientProgram session = openssl("-tls1_1")) {
        session.endOfInput();
        assertThat(session.rest()).isNotEmpty();
        assertThat(session.exitStatus()).isNotZero();
      }
    }

    @Test
    void redisCliWorks() throws Exception {
      assumeInstalled("redis-cli");
      String[] command = {
        "redis-cli", "--no-raw", "--tls", "--cacert", ca, "-p", Integer.toString(port)
      };
      assertThat(
              RealClients.output("CREATE b\nPUT b milk 1\nGET b milk\n", command))
          .containsExactly("OK", "OK", "\"1\"");
    }

    /** By TLS 1.2: by 1.3 it waits in vain for what follows the offer to resume a session. */
    @Test
    void telnetSslWorks() throws Exception {
      assumeInstalled("telnet-ssl");
      Path conf = Files.writeString(folder.resolve("tls12.cnf"), ONLY_TLS_1_2);
      try (ClientProgram session =
          new ClientProgram(
              "env", "OPENSSL_CONF=" + conf, "telnet-ssl", "-z", "ssl", "-z",
              "cacert=" + ca, "127.0.0.1", Integer.toString(port))) {
        session.skipTo("Escape character");
        session.type("CREATE shopping\n");
        assertThat(session.lines(1)).containsExactly("OK");
        session.type(SESSION);
        assertThat(session.lines(REPLIES.size())).isEqualTo(REPLIES);
      }
    }
  }
}
