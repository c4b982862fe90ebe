package kv.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import kv.server.testing.RealClients;
import kv.server.testing.Road;
import kv.server.testing.TestClient;
import kv.server.verbs.Commands;
import kv.store.Bytes;
import kv.testing.Example;
import kv.testing.LogCapture;
import kv.user.KnownUsers;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is what happens. */
class ReadmeTest {
  private static final Path README = Path.of("../README.md");
  private static final Pattern SESSION =
      Pattern.compile("```console\n(\\$ telnet.*?)```", Pattern.DOTALL);
  private static final Pattern CONNECT = Pattern.compile("\\$ telnet 127\\.0\\.0\\.1 (\\d+)");
  private static final Pattern CONNECTED = Pattern.compile("Trying .*|Connected to .*|Escape .*");
  private static final Pattern REQUEST =
      Pattern.compile("(CREATE|PUT|GET|DELETE|KILL|TREE|HELLO|AUTH)( .*)?");

  /** What is another one each time, with the blanks that make up for its length. */
  private static final Pattern CLIENT = Pattern.compile("127\\.0\\.0\\.1:\\d+ +worker");

  private static final Pattern REDIS_SESSION =
      Pattern.compile("```console\n\\$ redis-cli -p 4040\n(.*?)```", Pattern.DOTALL);
  private static final String PROMPT = "127.0.0.1:4040> ";

  @TempDir Path folder;

  /** The telnet sessions in their order, each a list of lines. */
  private static List<List<String>> sessions() throws IOException {
    Matcher found = SESSION.matcher(Files.readString(README));
    return found.results().map((MatchResult one) -> one.group(1).lines().toList()).toList();
  }

  /** Types what a session types, and answers the session with the replies that really came. */
  private static List<String> replay(List<String> session, Map<String, TestClient> clients)
      throws IOException {
    TestClient client = null;
    List<String> happened = new ArrayList<>();
    for (String line : session) {
      Matcher connect = CONNECT.matcher(line);
      boolean typed = connect.matches() || REQUEST.matcher(line).matches();
      if (connect.matches()) client = clients.get(connect.group(1));
      else if (typed) client.send(line + "\r\n");
      boolean isShown = typed || CONNECTED.matcher(line).matches();
      happened.add(isShown ? line : client.line().stripTrailing());
    }
    return happened;
  }

  private static List<String> withoutPorts(List<String> session) {
    return session.stream().map(line -> CLIENT.matcher(line).replaceAll("CLIENT worker")).toList();
  }

  @Nested
  class Table {
    @Test
    void hasEveryCommand() throws Exception {
      String rows =
          Commands.all("1.0", null, null, null, null, false).stream()
              .map(command -> "| `" + command.usage() + "` | " + command.summary() + " |\n")
              .collect(Collectors.joining());
      assertThat(Files.readString(README)).contains("|---|---|\n" + rows + "\n");
    }
  }

  @Nested
  class Sessions {
    @Test
    void withDrillsGoAsShown(LogCapture log) throws Exception {
      log.allow("event=child_terminated");
      List<String> session = sessions().get(1);
      try (Node node =
              Node.start(
                  Config.defaults().with("server.port", "0").with("server.drills", "true"));
          TestClient client = new TestClient(node.serverPort().getAsInt())) {
        assertThat(session).contains("TREE", "KILL server/acceptor", "\"two litres\"");
        assertThat(withoutPorts(replay(session, Map.of("4040", client))))
            .isEqualTo(withoutPorts(session));
      }
    }

    @Test
    void withRedisCliGoAsShown() throws Exception {
      RealClients.assumeInstalled("redis-cli");
      Matcher found = REDIS_SESSION.matcher(Files.readString(README));
      assertThat(found.find()).isTrue();
      List<String> lines = found.group(1).lines().toList();
      String typed =
          lines.stream()
              .filter(line -> line.startsWith(PROMPT))
              .map(line -> line.substring(PROMPT.length()) + "\n")
              .collect(Collectors.joining());
      List<String> shown = lines.stream().filter(line -> !line.startsWith(PROMPT)).toList();
      try (Node node = Node.start(Config.defaults().with("server.port", "0"))) {
        String port = Integer.toString(node.serverPort().getAsInt());
        assertThat(RealClients.output(typed, "redis-cli", "--no-raw", "-p", port)).isEqualTo(shown);
      }
    }

    @Test
    void withUsersGoAsShown() throws Exception {
      Path users = KnownUsers.write(folder, "alice admin correct horse", "bob read battery");
      Config config = Config.defaults().with("server.port", "0");
      List<String> session = sessions().get(4);
      try (Node node = Node.start(config.with("server.users", users.toString()));
          TestClient client = new TestClient(node.serverPort().getAsInt())) {
        assertThat(session).contains("AUTH bob battery", "ERROR wrong name or password");
        assertThat(replay(session, Map.of("4040", client))).isEqualTo(session);
      }
    }

    @Test
    void withOneNodeGoAsShown() throws Exception {
      List<String> session = sessions().get(0);
      try (Node node = Node.start(Config.defaults().with("server.port", "0"));
          TestClient client = new TestClient(node.serverPort().getAsInt())) {
        assertThat(session).contains("GET shopping milk", "NOT FOUND", "UNKNOWN COMMAND");
        assertThat(replay(session, Map.of("4040", client))).isEqualTo(session);
      }
    }

    @Test
    void withTwoNodesGoAsShown() throws Exception {
      try (Road toFoo = new Road()) {
        Node bar = node("bar", toFoo.port(), 1);
        int barPort = bar.routerPort().getAsInt();
        try (Node foo = node("foo", 1, barPort);
            TestClient atFoo = new TestClient(foo.serverPort().getAsInt());
            TestClient atBar = new TestClient(bar.serverPort().getAsInt())) {
          toFoo.leadTo(foo.routerPort().getAsInt());
          Map<String, TestClient> clients = Map.of("4040", atFoo, "4041", atBar);
          List<String> together = sessions().get(2);
          assertThat(replay(together, clients)).isEqualTo(together);
          bar.close();
          List<String> alone = sessions().get(3);
          assertThat(replay(alone, clients))
              .isEqualTo(alone.stream().map(line -> line.replace(":4051", ":" + barPort)).toList());
        } finally {
          bar.close();
        }
      }
    }

    /** A node with the table of {@code config/}, but for the ports. */
    private Node node(String name, int fooPort, int barPort) throws Exception {
      String table =
          Files.readString(Path.of("../config/routing.properties"))
              .replace(":4050", ":" + fooPort)
              .replace(":4051", ":" + barPort);
      Path file = Files.writeString(folder.resolve(name + ".properties"), table);
      return Node.start(
          Config.load(Path.of("../config", name + ".properties"))
              .with("server.port", "0")
              .with("router.port", "0")
              .with("router.table", file.toString()));
    }
  }

  @Nested
  class Security {
    private String block(String language) throws IOException {
      Matcher found =
          Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
              .matcher(Files.readString(README));
      assertThat(found.find()).isTrue();
      return found.group(1);
    }

    /** Has a shell run the commands, with the keytool of this JDK. */
    private void makeKeystores() throws Exception {
      ProcessBuilder shell = new ProcessBuilder("sh", "-e", "-c", block("sh"));
      String jdk = Path.of(System.getProperty("java.home"), "bin").toString();
      shell.environment().merge("PATH", jdk, (path, first) -> first + File.pathSeparator + path);
      shell.directory(folder.toFile()).redirectErrorStream(true);
      Process run = shell.start();
      run.getOutputStream().close();
      String said = new String(run.getInputStream().readAllBytes(), UTF_8);
      assertThat(run.waitFor()).as(said).isZero();
    }

    /** A node whose file is as shown, but for its ports and from where they can be reached. */
    private Node node(String name, String table) throws Exception {
      Path routing = Files.writeString(folder.resolve("routing." + name), table);
      String lines = "node.name=" + name + "\nserver.port=0\nrouter.port=0\nrouter.host=0.0.0.0\n"
          + "router.table=" + routing.getFileName() + "\n"
          + block("properties").replace("foo", name);
      return Node.start(Config.load(Files.writeString(folder.resolve(name + ".conf"), lines)));
    }

    private TestClient client(Node node) throws Exception {
      CertificateFactory x509 = CertificateFactory.getInstance("X.509");
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      try (InputStream in = Files.newInputStream(folder.resolve("ca.crt"))) {
        trusted.setCertificateEntry("ca", x509.generateCertificate(in));
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      SSLSocket socket =
          (SSLSocket)
              context.getSocketFactory().createSocket("127.0.0.1", node.serverPort().getAsInt());
      SSLParameters checks = socket.getSSLParameters();
      checks.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(checks);
      return new TestClient(socket);
    }

    @Test
    void keytoolMakesWhatTwoNodesAndTheirClientsNeed() throws Exception {
      makeKeystores();
      try (Node bar = node("bar", "n-z=bar@127.0.0.1:1");
          Node foo =
              node(
                  "foo",
                  "a-m=foo@127.0.0.1:1\nn-z=bar@127.0.0.1:" + bar.routerPort().getAsInt());
          TestClient client = client(foo)) {
        assertThat(client.ask("CREATE shopping")).isEqualTo("OK");
        assertThat(bar.storage().lookup(Bytes.of("shopping"))).isPresent();
      }
    }
  }

  @Nested
  class Examples {
    @Test
    void embedTheStorageAlone() throws Exception {
      assertThat(
              Example.ofMarkdown(README, 0).run(folder, "java.util.Optional", "kv.store.*"))
          .containsExactly("Optional[\"10\"]");
    }

    @Test
    void embedAWholeNode() throws Exception {
      assertThat(Example.ofMarkdown(README, 1).run(folder, "kv.server.*", "kv.store.*")).isEmpty();
    }

    @Test
    void superviseAChild(LogCapture log) throws Exception {
      log.allow("supervisor=top child=unlucky");
      assertThat(Example.ofMarkdown(README, 2).run(folder, "kv.otp.*"))
          .containsExactly("at work", "at work", "at work", "at work", "shutdown");
    }

    /** The same as in the README, where a reader of the code finds it. */
    @Test
    void ofThePackageRunToo() throws Exception {
      Example example = Example.ofJavadoc("kv/server/package-info.java");
      assertThat(example.run(folder, "kv.server.*", "kv.store.*")).isEmpty();
    }
  }
}
