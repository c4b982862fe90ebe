package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import kv.user.KnownUsers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The versions of redis-py that {@link RedisPy} plays. */
class RedisPyTest {
  @TempDir Path folder;
  private Node node;

  @AfterEach
  void stop() {
    node.close();
  }

  static List<String> versions() {
    return RedisPy.VERSIONS;
  }

  private TestClient client(Config config) throws Exception {
    node = Node.start(config.with("server.port", "0"));
    return new TestClient(node.serverPort().getAsInt());
  }

  private static void works(TestClient client, String version) throws Exception {
    assertThat(Resp.ask(client, "CREATE", "shopping")).isEqualTo("+OK\r\n");
    assertThat(Resp.ask(client, "PUT", "shopping", "milk", "1")).isEqualTo("+OK\r\n");
    assertThat(Resp.ask(client, "GET", "shopping", "milk")).isEqualTo("$1\r\n1\r\n");
    assertThat(Resp.ask(client, "GET", "shopping", "eggs")).isEqualTo(RedisPy.none(version));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void connectAndGoOn(String version) throws Exception {
    try (TestClient client = client(Config.defaults())) {
      RedisPy.connect(client, version);
      works(client, version);
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void logInAndGoOn(String version) throws Exception {
    Path users = KnownUsers.write(folder, "walter write secret");
    try (TestClient client = client(Config.defaults().with("server.users", users.toString()))) {
      RedisPy.logIn(client, version, "walter", "secret");
      works(client, version);
    }
  }
}
