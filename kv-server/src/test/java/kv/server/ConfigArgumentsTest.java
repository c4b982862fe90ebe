package kv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kv.config.ConfigException;
import kv.server.net.RefusedClients;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigArgumentsTest {
  @TempDir Path folder;

  @Nested
  class Order {
    @Test
    void withoutArgumentsEverythingIsAtItsDefault() {
      assertThat(Config.fromArguments().serverPort()).hasValue(4040);
    }

    @Test
    void theFileOverridesTheDefaultAndTheArgumentTheFile() {
      String file = write("server.port=1", "node.name=file");
      Config config = Config.fromArguments("--config", file, "server.port=2");
      assertThat(config.serverPort()).hasValue(2);
      assertThat(config.nodeName()).isEqualTo("file");
      assertThat(config.maxRestarts()).isEqualTo(3);
    }

    @Test
    void anArgumentOverridesAFileThatFollowsIt() {
      String file = write("server.port=1");
      assertThat(Config.fromArguments("server.port=2", "--config", file).serverPort())
          .hasValue(2);
    }

    @Test
    void whatTheFileLacksAnArgumentMayAdd() {
      String file = write("router.table=routing.properties");
      Config config = Config.fromArguments("--config", file, "node.name=foo");
      assertThat(config.routingTable()).hasValue(folder.resolve("routing.properties"));
    }

    @Test
    void aTableInAnArgumentIsRelativeToTheWorkingFolder() {
      String file = write("router.table=routing.properties", "node.name=foo");
      Config config = Config.fromArguments("--config", file, "router.table=other.properties");
      assertThat(config.routingTable()).hasValue(Path.of("other.properties"));
    }
  }

  @Nested
  class RefusedClients {
    @ParameterizedTest
    @ValueSource(strings = {"-x", "--port", "--port=4041", "--config=a.properties", "-", "--"})
    void anUnknownOptionLeadsToTheHelp(String argument) {
      assertRefused("argument '" + argument + "': unknown option; --help lists the options",
          argument);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4041", "=4041", "server.port", "server.port:4041"})
    void whatIsNoSettingIsNamed(String argument) {
      assertRefused("argument '" + argument + "': not a setting;"
          + " write KEY=VALUE, as in server.port=4041, or see --help", argument);
    }

    @Test
    void aKeyCannotBeGivenTwice() {
      assertRefused("argument 'server.port=2': server.port is set again, after argument"
          + " 'server.port=1'; set it once", "server.port=1", "server.port=2");
    }

    @Test
    void theFileCannotBeGivenTwice() {
      assertRefused("argument '--config': is given twice; name one file",
          "--config", "a", "--config", "b");
    }

    @Test
    void theFileCannotBeLeftOut() {
      assertRefused("argument '--config': no file follows; write --config FILE",
          "server.port=1", "--config");
      assertRefused("argument '--config ': the file has no name; write --config FILE",
          "--config", "");
    }

    @Test
    void theFileMustBeAPath() {
      assertRefused("argument '--config a\\u0000b': is not a path; write --config FILE",
          "--config", "a\0b");
    }

    @Test
    void aBadValueIsNamedWithItsArgument() {
      assertRefused("argument 'server.port=a=b': server.port is 'a=b';"
          + " use a port from 0 to 65535, or 'none'", "server.port=a=b");
    }

    @Test
    void anUnknownKeyIsNamedWithItsArgument() {
      assertRefused("argument 'port=1': unknown key 'port'; did you mean 'server.port'?"
          + " --help lists the keys", "port=1");
    }

    @Test
    void aBadFileIsRefusedEvenIfAnArgumentWouldMendIt() {
      String file = write("server.port=abc");
      assertRefused(file + ":1: server.port is 'abc'; use a port from 0 to 65535, or 'none'",
          "--config", file, "server.port=1");
    }

    @Test
    void argumentsThatDoNotFitTogetherAreRefused() {
      assertRefused("argument 'router.table=a': router.table is set, but node.name is not;"
          + " set node.name to this node's name in the table", "router.table=a");
      assertRefused("argument 'router.port=1': server.port and router.port are both 1 on"
          + " 127.0.0.1; use another port for one of them", "router.port=1", "server.port=1");
      assertRefused("argument 'observer.port=1': server.port and observer.port are both 1 on"
          + " 127.0.0.1; use another port for one of them", "observer.port=1", "server.port=1");
      assertRefused("argument 'observer.port=2': router.port and observer.port are both 2 on"
          + " localhost; use another port for one of them", "observer.port=2", "router.port=2",
          "observer.host=localhost", "router.host=LocalHost");
      assertRefused("argument 'observer.names=a,,b': observer.names is 'a,,b';"
          + " use hosts with commas between them, or nothing", "observer.names=a,,b");
    }

    private void assertRefused(String message, String... arguments) {
      assertThatThrownBy(() -> Config.fromArguments(arguments))
          .isInstanceOf(ConfigException.class)
          .hasMessage(message);
    }
  }

  private String write(String... lines) {
    try {
      return Files.write(folder.resolve("test.properties"), List.of(lines)).toString();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
