package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;

/**
 * What redis-py sends first at its defaults, to the byte, and the replies without which it gives
 * up: as versions 5 to 8 do it, which Debian does not have. Each request waits for the reply to the
 * one before.
 */
final class RedisPy {
  /** The last of each major version, or nearly so. */
  static final List<String> VERSIONS = List.of("5.3.1", "6.4.0", "7.4.0", "8.1.0");

  private RedisPy() {}

  static void connect(TestClient client, String version) throws Exception {
    if (speaksResp3(version)) isGreeted(client, "HELLO", "3");
    introduce(client, version);
  }

  static void logIn(TestClient client, String version, String user, String password)
      throws Exception {
    if (speaksResp3(version)) isGreeted(client, "HELLO", "3", "AUTH", user, password);
    else assertThat(Resp.ask(client, "AUTH", user, password)).isEqualTo("+OK\r\n");
    introduce(client, version);
  }

  /** What it is answered to a key that is not there, and reads as None. */
  static String none(String version) {
    return speaksResp3(version) ? "_\r\n" : "$-1\r\n";
  }

  private static boolean speaksResp3(String version) {
    return version.startsWith("8");
  }

  /** The map must have the number that it asked for; an error ends the matter. */
  private static void isGreeted(TestClient client, String... hello) throws Exception {
    assertThat(Resp.ask(client, hello)).startsWith("%").contains("$5\r\nproto\r\n:3\r\n");
    String[] request = {
      "CLIENT", "MAINT_NOTIFICATIONS", "ON", "moving-endpoint-type", "internal-ip"
    };
    assertThat(Resp.ask(client, request)).startsWith("-ERR "); // OK would promise notifications
  }

  /** It passes over errors of the node, but not over those that mean a login or a lost node. */
  private static void introduce(TestClient client, String version) throws Exception {
    assertThat(Resp.ask(client, "CLIENT", "SETINFO", "LIB-NAME", "redis-py"))
        .matches("\\+OK\r\n|-ERR .*\r\n");
    assertThat(Resp.ask(client, "CLIENT", "SETINFO", "LIB-VER", version))
        .matches("\\+OK\r\n|-ERR .*\r\n");
  }
}
