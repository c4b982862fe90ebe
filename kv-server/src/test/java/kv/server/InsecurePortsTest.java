package kv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kv.config.ConfigException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a node may listen without anything that tells friend from foe. */
class InsecurePortsTest {
  private static void assertRefused(String message, String... settings) {
    assertThatThrownBy(() -> Config.fromArguments(settings))
        .isInstanceOf(ConfigException.class)
        .hasMessage("argument '" + settings[0] + "': " + message);
  }

  private static void assertAllowed(String... settings) {
    assertThatCode(() -> Config.fromArguments(settings)).doesNotThrowAnyException();
  }

  @Nested
  class ThePortForClients {
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.1.2.3", "2001:db8::1", "128.0.0.1", "::2"})
    void isNotBeyondLoopback(String host) {
      assertRefused(
          "server.host is '" + host + "', which other machines can reach; set server.tls.keystore"
              + " and server.users, or server.insecure=true if you know who can reach it",
          "server.host=" + host);
    }

    @Test
    void isNotThereForWantOfEither() {
      assertRefused(
          "server.host is '0.0.0.0', which other machines can reach; set server.users, or"
              + " server.insecure=true if you know who can reach it",
          "server.host=0.0.0.0",
          "server.tls.keystore=foo.p12");
      assertRefused(
          "server.host is '0.0.0.0', which other machines can reach; set server.tls.keystore, or"
              + " server.insecure=true if you know who can reach it",
          "server.host=0.0.0.0",
          "server.users=users.txt");
    }

    @Test
    void isNotThereByLeaveOfTheOtherPort() {
      assertRefused(
          "server.host is '0.0.0.0', which other machines can reach; set server.tls.keystore and"
              + " server.users, or server.insecure=true if you know who can reach it",
          "server.host=0.0.0.0",
          "router.insecure=true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "::1", "localhost", "LocalHost"})
    void mayBeOnLoopback(String host) {
      assertAllowed("server.host=" + host);
    }

    @Test
    void mayBeAnywhereWithTlsAndUsers() {
      assertAllowed("server.host=0.0.0.0", "server.tls.keystore=x", "server.users=y");
    }

    @Test
    void mayBeAnywhereIfSomebodySaysSo() {
      assertAllowed("server.host=0.0.0.0", "server.insecure=true");
    }

    @Test
    void mayBeNowhere() {
      assertAllowed("server.host=0.0.0.0", "server.port=none", "router.port=0");
    }

    @Test
    void isForTheBindToRefuseIfThereIsNoSuchHost() {
      assertAllowed("server.host=no-such-host.invalid");
    }
  }

  @Nested
  class ThePortForNodes {
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.1.2.3"})
    void isNotBeyondLoopback(String host) {
      assertRefused(
          "router.host is '" + host + "', which other machines can reach; set router.tls.keystore"
              + " and router.tls.truststore, or router.insecure=true if you know who can reach it",
          "router.host=" + host,
          "router.port=0",
          "server.insecure=true");
    }

    @Test
    void mayBeAnywhereWithTls() {
      assertAllowed(
          "router.host=0.0.0.0",
          "router.port=0",
          "router.tls.keystore=x",
          "router.tls.truststore=y");
    }

    @Test
    void mayBeAnywhereIfSomebodySaysSo() {
      assertAllowed("router.host=0.0.0.0", "router.port=0", "router.insecure=true");
    }

    @Test
    void mayBeNowhere() {
      assertAllowed("router.host=0.0.0.0");
    }
  }

  @Nested
  class TheObserver {
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.1.2.3"})
    void isNotBeyondLoopback(String host) {
      assertRefused(
          "observer.host is '" + host + "', which other machines can reach; set"
              + " server.tls.keystore and server.users, or observer.insecure=true if you know who"
              + " can reach it",
          "observer.host=" + host,
          "observer.port=0",
          "server.insecure=true");
    }

    @Test
    void isNotThereForWantOfUsers() {
      assertRefused(
          "observer.host is '0.0.0.0', which other machines can reach; set server.users, or"
              + " observer.insecure=true if you know who can reach it",
          "observer.host=0.0.0.0",
          "observer.port=0",
          "server.tls.keystore=foo.p12");
    }

    @Test
    void mayBeAnywhereWithTlsAndUsers() {
      assertAllowed(
          "observer.host=0.0.0.0", "observer.port=0", "server.tls.keystore=x", "server.users=y");
    }

    @Test
    void mayBeAnywhereIfSomebodySaysSo() {
      assertAllowed("observer.host=0.0.0.0", "observer.port=0", "observer.insecure=true");
    }

    @Test
    void mayBeNowhere() {
      assertAllowed("observer.host=0.0.0.0");
    }
  }

  @Nested
  class TheFiles {
    @TempDir Path folder;

    @Test
    void belongTogether() {
      assertRefused(
          "router.tls.keystore is set, but router.tls.truststore is not; set both of them or"
              + " neither",
          "router.tls.keystore=x");
      assertRefused(
          "router.tls.truststore is set, but router.tls.keystore is not; set both of them or"
              + " neither",
          "router.tls.truststore=x");
      assertRefused(
          "router.tls.password-file is set, but router.tls.keystore is not; set both of them or"
              + " neither",
          "router.tls.password-file=x");
      assertRefused(
          "server.tls.password-file is set, but server.tls.keystore is not; set both of them or"
              + " neither",
          "server.tls.password-file=x");
    }

    @Test
    void areInTheFolderOfTheFileThatNamesThem() throws Exception {
      List<String> lines =
          List.of(
              "router.tls.keystore=a",
              "router.tls.truststore=b",
              "router.tls.password-file=c",
              "server.tls.keystore=d",
              "server.tls.password-file=e",
              "server.users=f");
      Config config = Config.load(Files.write(folder.resolve("kv.properties"), lines));
      assertThat(
              List.of(
                  Key.ROUTER_TLS_KEYSTORE, Key.ROUTER_TLS_TRUSTSTORE, Key.ROUTER_TLS_PASSWORD_FILE,
                  Key.SERVER_TLS_KEYSTORE, Key.SERVER_TLS_PASSWORD_FILE, Key.SERVER_USERS))
          .extracting(key -> Path.of(config.setting(key).orElseThrow().value()))
          .containsExactly(
              folder.resolve("a"), folder.resolve("b"), folder.resolve("c"), folder.resolve("d"),
              folder.resolve("e"), folder.resolve("f"));
    }
  }
}
