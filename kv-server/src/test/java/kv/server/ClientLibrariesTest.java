package kv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import kv.server.testing.ClientProgram;
import kv.server.testing.NodeProcess;
import kv.server.testing.TestClient;
import kv.testing.Keystores;
import kv.user.KnownUsers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The libraries that programs use, as they come: {@code .ci/clients/run} starts each, and says what
 * it prints. The table of them all is the one in kv-server/README.md.
 */
@Tag("clients")
@EnabledIfSystemProperty(named = "kv.clients", matches = "all")
class ClientLibrariesTest {
  private static final Path RUN = Path.of("").toAbsolutePath().resolveSibling(".ci/clients/run");
  private static final Path TABLE = Path.of("target", "clients.md");

  /** The steps of each program, in their order, and their titles in the table. */
  private static final Map<String, String> STEPS = new LinkedHashMap<>();

  static {
    STEPS.put("connect", "connects");
    STEPS.put("verbs", "verbs");
    STEPS.put("missing", "no value");
    STEPS.put("binary", "any bytes");
    STEPS.put("pipeline", "pipeline");
    STEPS.put("typed", "own calls");
    STEPS.put("reconnect", "restart");
    STEPS.put("login", "login");
    STEPS.put("tls", "TLS");
  }

  /** The cells of each library. */
  private static final Map<String, List<String>> rows = new TreeMap<>();

  @TempDir static Path folder;
  private static Path ca;
  private static Node withUsers;
  private static Node withTls;

  @BeforeAll
  static void start() throws Exception {
    Config config = Config.defaults().with("server.port", "0");
    Path users = KnownUsers.write(folder, "walter write secret");
    withUsers = Node.start(config.with("server.users", users.toString()));
    Keystores stores = new Keystores(folder);
    ca = stores.certificate();
    Path foo = stores.signed("foo", "-dname", "CN=foo", "-ext", "san=ip:127.0.0.1");
    withTls =
        Node.start(
            config
                .with("server.tls.keystore", foo.toString())
                .with("server.tls.password-file", stores.password().toString()));
  }

  @AfterAll
  static void stop() throws IOException {
    withUsers.close();
    withTls.close();
    List<String> table = new ArrayList<>();
    table.add(row("client", List.copyOf(STEPS.values())));
    table.add("|---".repeat(1 + STEPS.size()) + "|");
    rows.forEach((name, cells) -> table.add(row(name, cells)));
    Files.createDirectories(TABLE.getParent());
    Files.write(TABLE, table);
    table.forEach(System.out::println);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis-py", "php-redis", "ruby-redis", "ioredis-5", "ioredis-6", "node-redis-4",
        "node-redis-6", "valkey-glide", "jedis", "lettuce"
      })
  void takesEveryStep(String library) throws Exception {
    List<String> printed = run(library);
    String skipped = rest(printed, "skipped: ");
    if (!skipped.isEmpty()) {
      rows.put(library, Collections.nCopies(STEPS.size(), "skipped"));
      abort(library + ": " + skipped);
    }
    String name = library.replaceFirst("-\\d$", "") + " " + rest(printed, "version ");
    List<String> cells = STEPS.keySet().stream().map(step -> cell(printed, step)).toList();
    rows.put(name, cells);
    assertThat(cells).as(String.join("\n", printed)).allMatch(cell -> cell.startsWith("yes"));
  }

  /** Of versions that Debian does not have, as far as it is known what they send. */
  @Test
  void redisPyIsPlayed() throws Exception {
    for (String version : RedisPy.VERSIONS) {
      try (TestClient client = client(withUsers)) {
        RedisPy.logIn(client, version, "walter", "secret");
      }
      try (Node node = Node.start(Config.defaults().with("server.port", "0"));
          TestClient client = client(node)) {
        RedisPy.connect(client, version);
      }
    }
    Set<String> played = Set.of("connect", "login");
    rows.put(
        "redis-py 5 to 8",
        STEPS.keySet().stream().map(step -> played.contains(step) ? "played" : "").toList());
  }

  private static String row(String name, List<String> cells) {
    return "| " + name + " | " + String.join(" | ", cells) + " |";
  }

  private static String cell(List<String> printed, String step) {
    String outcome = rest(printed, step + " ");
    if (outcome.isEmpty()) return "**no answer**";
    return outcome.startsWith("ok") ? "yes" + outcome.substring(2) : "**" + outcome + "**";
  }

  /** What follows {@code start} in the first line that begins with it; nothing if none does. */
  private static String rest(List<String> printed, String start) {
    return printed.stream()
        .filter(line -> line.startsWith(start))
        .map(line -> line.substring(start.length()))
        .findFirst()
        .orElse("");
  }

  /** All that the program prints to a node of its own, which is killed and started again. */
  private static List<String> run(String library) throws IOException {
    Path data = Files.createDirectories(folder.resolve(library));
    List<String> printed = new ArrayList<>();
    int port;
    try (NodeProcess node = start(data, 0)) {
      port = node.clientPort();
      try (ClientProgram program =
          new ClientProgram(
              RUN.toString(), library, "127.0.0.1", Integer.toString(port), port(withUsers),
              "walter", "secret", port(withTls), ca.toString())) {
        printed.addAll(program.linesBefore("restart me"));
        node.kill();
        try (NodeProcess again = start(data, port)) {
          again.clientPort();
          program.endOfInput();
          printed.addAll(program.rest());
        }
      }
    }
    return printed;
  }

  private static NodeProcess start(Path data, int port) throws IOException {
    return NodeProcess.start("server.port=" + port, "storage.folder=" + data);
  }

  private static TestClient client(Node node) throws IOException {
    return new TestClient(node.serverPort().getAsInt());
  }

  private static String port(Node node) {
    return Integer.toString(node.serverPort().getAsInt());
  }
}
