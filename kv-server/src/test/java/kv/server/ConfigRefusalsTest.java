package kv.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import kv.config.ConfigException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigRefusalsTest {
  private static final String DURATION = "a duration from 1ms to 1440m, as in 500ms, 5s or 2m";

  @Nested
  class BadValues {
    @ParameterizedTest
    @ValueSource(strings = {
        "", "abc", "-1", "65536", "99999999999", "4040.0", "0x10", "+1", "4 0", "None", "any"})
    void ofPortsAreRefused(String value) {
      assertRefused("server.port", value, "a port from 0 to 65535, or 'none'");
      assertRefused("router.port", value, "a port from 0 to 65535, or 'none'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "foo@bar", "é", "a/b"})
    void ofTheNodesNameAreRefused(String value) {
      assertRefused("node.name", value, "1 to 64 letters, digits, '_', '.' or '-'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "127.0.0.1:4040", "300.0.0.1", "[::1]", "a b", "http://a"})
    void ofHostsAreRefused(String value) {
      assertRefused("server.host", value, "a host name, an IPv4 address or an IPv6 address");
      assertRefused("router.host", value, "a host name, an IPv4 address or an IPv6 address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "5 s", "-5s", "1w", "25h", "1441m", "forever", "0s", "0ms"})
    void ofTimeoutsAreRefused(String value) {
      assertRefused("router.connect-timeout", value, DURATION);
      assertRefused("router.call-timeout", value, DURATION);
      assertRefused("supervisor.period", value, DURATION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "-5s", "1441m", "none"})
    void ofTheStopTimeoutAreRefusedButZeroIsNot(String value) {
      assertRefused("server.stop-timeout", value,
          "a duration from 0s to 1440m, as in 500ms, 5s or 2m");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "-5s", "10h", "541m", "500ms", "1500ms", "off"})
    void ofTheTimeForTcpAreRefusedIfTheyAreNoWholeSecondsOrTooLong(String value) {
      assertRefused("node.tcp-keepalive", value,
          "a duration of whole seconds from 0s to 540m, as in 5s or 2m");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "%", "50", "0%", "91%", "-1%", "+1%", "50 %", "50%%", "5.5%", "%50", "50m", "half"})
    void ofTheMemoryAreRefused(String value) {
      assertRefused("storage.max-memory", value, "a percentage from 1% to 90%");
    }

    @ParameterizedTest
    @CsvSource({"63", "16777217", "64k", "-64", "''", "99999999999"})
    void ofTheLineLimitAreRefused(String value) {
      assertRefused("server.max-line-bytes", value, "a number from 64 to 16777216");
    }

    @ParameterizedTest
    @CsvSource({"-1", "1001", "three", "''", "3.0"})
    void ofTheRestartsAreRefused(String value) {
      assertRefused("supervisor.max-restarts", value, "a number from 0 to 1000");
    }

    @Test
    void ofTheTableAreRefused() {
      assertThatThrownBy(() -> Config.defaults().with("router.table", "a\0b"))
          .isInstanceOf(ConfigException.class)
          .hasMessage("argument 'router.table=a\\u0000b': router.table is 'a\\u0000b';"
              + " use the path of a file, or nothing");
    }

    @Test
    void ofTheUsersAreRefused() {
      assertThatThrownBy(() -> Config.defaults().with("server.users", "a\0b"))
          .isInstanceOf(ConfigException.class)
          .hasMessageEndingWith("; use the path of a file, or nothing");
    }

    private void assertRefused(String key, String value, String legal) {
      assertThatThrownBy(() -> Config.defaults().with(key, value))
          .isInstanceOf(ConfigException.class)
          .hasMessage("argument '%s=%s': %s is '%s'; use %s", key, value, key, value, legal);
    }
  }

  @Nested
  class UnknownKeys {
    @ParameterizedTest
    @CsvSource({
        "server.prot, server.port", "server.Port, server.port", "port, server.port",
        "SERVER.PORT2, ''", "node_name, node.name", "nodename, node.name",
        "server.max_line_bytes, server.max-line-bytes", "max-restarts, supervisor.max-restarts",
        "router.tabel, router.table", "router.timeout, ''", "node, ''", "'', ''", "é, ''"})
    void areRefusedWithTheKeyThatWasProbablyMeant(String key, String guess) {
      String question = guess.isEmpty() ? "" : "did you mean '" + guess + "'? ";
      assertThatThrownBy(() -> Config.defaults().with(key, "1"))
          .isInstanceOf(ConfigException.class)
          .hasMessage("argument '%s=1': unknown key '%s'; %s--help lists the keys",
              key, key, question);
    }
  }
}
