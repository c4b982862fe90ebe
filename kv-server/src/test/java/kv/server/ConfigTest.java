package kv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import kv.config.ConfigException;
import kv.log.LogSettings;
import kv.log.SyncPolicy;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConfigTest {
  @TempDir Path folder;

  @Nested
  class Defaults {
    @Test
    void serveLocalClientsAndHoldEveryBucket() {
      Config config = Config.defaults();
      assertThat(config.nodeName()).isEqualTo("kv");
      assertThat(config.maxMemoryPercent()).isEqualTo(50);
      assertThat(config.serverHost()).isEqualTo("127.0.0.1");
      assertThat(config.serverPort()).hasValue(4040);
      assertThat(config.maxLineBytes()).isEqualTo(65_536);
      assertThat(config.maxConnections()).isEqualTo(10_000);
      assertThat(config.idleTimeout()).isZero();
      assertThat(config.writeTimeout()).isEqualTo(Duration.ofMinutes(1));
      assertThat(config.stopTimeout()).isEqualTo(Duration.ofSeconds(5));
      assertThat(config.routerHost()).isEqualTo("127.0.0.1");
      assertThat(config.routerPort()).isEmpty();
      assertThat(config.routingTable()).isEmpty();
      assertThat(config.users()).isEmpty();
      assertThat(config.routerConnectTimeout()).isEqualTo(Duration.ofSeconds(1));
      assertThat(config.routerCallTimeout()).isEqualTo(Duration.ofSeconds(5));
      assertThat(config.maxRestarts()).isEqualTo(3);
      assertThat(config.restartPeriod()).isEqualTo(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @EnumSource
    void areLegal(Key key) {
      assertThat(key.rule().allows()).accepts(key.defaultValue());
    }

    @Test
    void keepBucketsInMemoryOnlyButNotThoseOfTheCommandLine() {
      assertThat(Config.defaults().storageFolder()).isEmpty();
      assertThat(Config.fromArguments().storageFolder()).hasValue(Path.of("data", "kv"));
      LogSettings log = Config.defaults().logSettings();
      assertThat(log.policy()).isEqualTo(SyncPolicy.EVERYSEC);
      assertThat(log.syncTimeout()).isEqualTo(Duration.ofSeconds(5));
      assertThat(log.minFree()).isEqualTo(256 << 20);
    }

    @Test
    void fitTogether() {
      assertThat(Config.defaults().checked()).isSameAs(Config.defaults());
    }
  }

  @Nested
  class With {
    @Test
    void setsOneKeyOfACopy() {
      Config config = Config.defaults().with("server.port", "0").with("node.name", "foo");
      assertThat(config.serverPort()).hasValue(0);
      assertThat(config.nodeName()).isEqualTo("foo");
      assertThat(Config.defaults().serverPort()).hasValue(4040);
    }

    @Test
    void setsAKeyAgain() {
      assertThat(Config.defaults().with("server.port", "1").with("server.port", "2").serverPort())
          .hasValue(2);
    }

    @Test
    void setsEveryKindOfValue() {
      Config config = Config.defaults()
          .with("storage.folder", "buckets")
          .with("storage.sync", "always")
          .with("storage.sync-timeout", "1s")
          .with("storage.min-free", "0KiB")
          .with("storage.max-memory", "90%")
          .with("server.host", "::1")
          .with("server.port", "none")
          .with("server.max-line-bytes", "64")
          .with("server.max-connections", "1000000")
          .with("server.idle-timeout", "1440m")
          .with("server.write-timeout", "1ms")
          .with("server.stop-timeout", "0s")
          .with("router.host", "kv.example.org")
          .with("router.port", "65535")
          .with("router.table", "tables/a.properties")
          .with("router.connect-timeout", "1ms")
          .with("router.call-timeout", "1440m")
          .with("supervisor.max-restarts", "0")
          .with("supervisor.period", "2m");
      assertThat(config.storageFolder()).hasValue(Path.of("buckets", "kv"));
      assertThat(config.logSettings().policy()).isEqualTo(SyncPolicy.ALWAYS);
      assertThat(config.logSettings().syncTimeout()).isEqualTo(Duration.ofSeconds(1));
      assertThat(config.logSettings().minFree()).isZero();
      assertThat(config.maxMemoryPercent()).isEqualTo(90);
      assertThat(config.serverHost()).isEqualTo("::1");
      assertThat(config.serverPort()).isEmpty();
      assertThat(config.maxLineBytes()).isEqualTo(64);
      assertThat(config.maxConnections()).isEqualTo(1_000_000);
      assertThat(config.idleTimeout()).isEqualTo(Duration.ofDays(1));
      assertThat(config.writeTimeout()).isEqualTo(Duration.ofMillis(1));
      assertThat(config.stopTimeout()).isZero();
      assertThat(config.routerHost()).isEqualTo("kv.example.org");
      assertThat(config.routerPort()).hasValue(65_535);
      assertThat(config.routingTable()).hasValue(Path.of("tables", "a.properties"));
      assertThat(config.routerConnectTimeout()).isEqualTo(Duration.ofMillis(1));
      assertThat(config.routerCallTimeout()).isEqualTo(Duration.ofDays(1));
      assertThat(config.maxRestarts()).isZero();
      assertThat(config.restartPeriod()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void ignoresBlanksAroundTheValue() {
      assertThat(Config.defaults().with("server.port", " 4041\t").serverPort()).hasValue(4041);
    }

    @Test
    void takesTheTableAwayWithAnEmptyValue() {
      Config config = Config.defaults().with("router.table", "a").with("router.table", " ");
      assertThat(config.routingTable()).isEmpty();
    }
  }

  @Nested
  class Load {
    @Test
    void readsAFileOntoTheDefaults() {
      Config config = Config.load(write("# a node", "server.port = 4041", "node.name = bar"));
      assertThat(config.serverPort()).hasValue(4041);
      assertThat(config.nodeName()).isEqualTo("bar");
      assertThat(config.maxRestarts()).isEqualTo(3);
    }

    @Test
    void findsTheTableInTheFolderOfTheFile() {
      Config config = Config.load(write("node.name=foo", "router.table=tables/a.properties"));
      assertThat(config.routingTable()).hasValue(folder.resolve("tables/a.properties"));
    }

    @Test
    void findsTheBucketsInTheFolderOfTheFileByTheNameOfTheNode() {
      assertThat(Config.load(write("storage.folder=data", "node.name=foo")).storageFolder())
          .hasValue(folder.resolve("data/foo"));
      assertThat(Config.load(write("storage.folder=none")).storageFolder()).isEmpty();
    }

    @Test
    void findsTheUsersInTheFolderOfTheFile() {
      assertThat(Config.load(write("server.users=users/a.properties")).users())
          .hasValue(folder.resolve("users/a.properties"));
      assertThat(Config.defaults().with("server.users", "a").users()).hasValue(Path.of("a"));
      assertThat(Config.load(write("server.users=")).users()).isEmpty();
    }

    @Test
    void leavesAnAbsoluteTableWhereItIs() {
      Path table = folder.resolve("elsewhere").toAbsolutePath();
      String value = table.toString().replace("\\", "\\\\");
      assertThat(Config.load(write("node.name=foo", "router.table=" + value)).routingTable())
          .hasValue(table);
    }

    @Test
    void namesTheLineOfABadValue() {
      assertRefused(":3: server.port is 'abc'; use a port from 0 to 65535, or 'none'",
          "# ports", "", "server.port=abc");
    }

    @Test
    void namesTheLineOfAStorageThatCannotBe() {
      assertRefused(":1: storage.folder is ''; use the path of a folder, or 'none'",
          "storage.folder=");
      assertRefused(":1: storage.sync is 'sometimes'; use no, everysec or always",
          "storage.sync=sometimes");
      assertRefused(":1: storage.sync-timeout is '999ms'; use a duration from 1s to 1440m, as in"
          + " 500ms, 5s or 2m", "storage.sync-timeout=999ms");
      assertRefused(":1: storage.min-free is '256MB'; use a size from 0KiB to 1048576GiB, as in"
          + " 64KiB, 256MiB or 2GiB", "storage.min-free=256MB");
    }

    @Test
    void namesTheLineOfAnUnknownKey() {
      assertRefused(":2: unknown key 'server.prot'; did you mean 'server.port'?"
          + " --help lists the keys", "server.port=1", "server.prot=2");
    }

    @Test
    void namesBothLinesOfADuplicate() {
      assertRefused(":2: 'server.port' is set again, after line 1; delete one of the two lines",
          "server.port=1", "server.port=1");
    }

    @Test
    void showsAValueWithLineBreaksOnOneLine() {
      assertRefused(":1: server.port is '1\\u000a2'; use a port from 0 to 65535, or 'none'",
          "server.port=1\\n2");
    }

    @Test
    void refusesAMissingFile() {
      Path file = folder.resolve("none.properties");
      assertThatThrownBy(() -> Config.load(file))
          .isInstanceOf(ConfigException.class)
          .hasMessageStartingWith(file + ": no such file; check the path");
    }
  }

  @Nested
  class ValuesTogether {
    @Test
    void aTableNeedsANodeThatHasBeenNamed() {
      assertRefused(":2: router.table is set, but node.name is not; set node.name to this node's"
          + " name in the table", "server.port=0", "router.table=routing.properties");
    }

    @Test
    void theDefaultNameWillDoIfItIsWritten() {
      Config config = Config.load(write("router.table=routing.properties", "node.name=kv"));
      assertThat(config.nodeName()).isEqualTo("kv");
    }

    @Test
    void noTableNeedsNoName() {
      assertThat(Config.load(write("router.table=")).routingTable()).isEmpty();
    }

    @Test
    void aNodeThatNobodyCouldReachIsRefused() {
      assertRefused(":1: server.port and router.port are both 'none', so nobody could reach the"
          + " node; set one of them", "server.port=none");
    }

    @Test
    void clientsAndNodesCannotShareAPort() {
      assertRefused(":1: server.port and router.port are both 4040 on 127.0.0.1;"
          + " use another port for one of them", "router.port=4040");
      assertRefused(":2: server.port and router.port are both 5 on localhost;"
          + " use another port for one of them",
          "server.port=5", "router.port=05", "server.host=LOCALHOST", "router.host=localhost");
    }

    @Test
    void clientsAndNodesMayShareAPortOnDifferentHosts() {
      Config config = Config.load(write("router.port=4040", "router.host=127.0.0.2"));
      assertThat(config.routerPort()).isEqualTo(config.serverPort());
    }

    @Test
    void anyFreePortCanBeThereTwice() {
      Config config = Config.load(write("server.port=0", "router.port=0"));
      assertThat(config.routerPort()).isEqualTo(config.serverPort());
    }

    @Test
    void theyAreCheckedWhenAllOfThemAreKnownAndNotBefore() {
      Config unfinished = Config.defaults().with("router.table", "routing.properties");
      assertThatThrownBy(unfinished::checked).isInstanceOf(ConfigException.class);
      assertThat(unfinished.with("node.name", "foo").checked().nodeName()).isEqualTo("foo");
    }
  }

  private Path write(String... lines) {
    try {
      return Files.write(folder.resolve("test.properties"), List.of(lines));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void assertRefused(String message, String... lines) {
    Path file = write(lines);
    assertThatThrownBy(() -> Config.load(file))
        .isInstanceOf(ConfigException.class)
        .hasMessage(file + message);
  }
}
