package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kv.config.PropertiesFile;
import kv.config.Setting;
import kv.router.table.NodeAddress;
import kv.router.table.RoutingTable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The files in {@code config} and the text of {@code --help} say what the key table says. */
class ConfigFilesTest {
  private static final Path FOLDER = Path.of("..", "config");

  @Nested
  class Manual {
    private final Path manual = FOLDER.resolve("kv.properties");

    @Test
    void listsEveryKeyAtItsDefaultInTheOrderOfTheTable() {
      assertThat(PropertiesFile.read(manual))
          .extracting(setting -> setting.key() + "=" + setting.value())
          .containsExactlyElementsOf(
              Stream.of(Key.values()).map(key -> key + "=" + key.defaultValue()).toList());
    }

    @Test
    void loads() {
      assertThat(Config.load(manual).nodeName()).isEqualTo("kv");
    }
  }

  @Nested
  class Examples {
    @ParameterizedTest
    @CsvSource({"foo, 4040, 4050, 4060", "bar, 4041, 4051, 4061"})
    void loadAsTheNodesOfTheTable(
        String name, int serverPort, int routerPort, int observerPort) {
      Config config = Config.load(FOLDER.resolve(name + ".properties"));
      assertThat(config.nodeName()).isEqualTo(name);
      assertThat(config.serverPort()).hasValue(serverPort);
      assertThat(config.routerPort()).hasValue(routerPort);
      assertThat(config.observerPort()).hasValue(observerPort);
      assertThat(RoutingTable.read(config.routingTable().orElseThrow()).nodes())
          .contains(new NodeAddress(name, config.routerHost(), routerPort));
    }

    @Test
    void routeTheFirstHalfOfLettersAndDigitsToFooAndTheSecondToBar() {
      RoutingTable table = RoutingTable.read(FOLDER.resolve("routing.properties"));
      assertThat("amAM04".chars()).allMatch(b -> table.nodeFor(b).name().equals("foo"));
      assertThat("nzNZ59".chars()).allMatch(b -> table.nodeFor(b).name().equals("bar"));
    }

    @Test
    void haveANodeForEveryByte() {
      RoutingTable table = RoutingTable.read(FOLDER.resolve("routing.properties"));
      assertThat(IntStream.range(0, 256)).allMatch(b -> table.nodeFor(b) != null);
    }

    @ParameterizedTest
    @CsvSource({"foo", "bar"})
    void setNothingThatTheyDoNotNeed(String name) {
      assertThat(PropertiesFile.read(FOLDER.resolve(name + ".properties")))
          .extracting(Setting::key)
          .containsExactly(
              "node.name", "server.port", "router.port", "router.table", "observer.port");
    }
  }

  @Nested
  class Help {
    @ParameterizedTest
    @EnumSource
    void describesEveryKey(Key key) {
      assertThat(Config.help().lines())
          .contains("  " + key + "=" + key.defaultValue(), "      " + key.purpose() + ":",
              "      " + key.rule().legal());
    }

    @Test
    void namesTheOptionsAndTheExitStatuses() {
      assertThat(Config.help())
          .startsWith("Usage: java -jar kv-server.jar [--config FILE] [KEY=VALUE ...]\n")
          .contains("\n  --config FILE  ", "\n  --help  ", "\n  --version  ")
          .contains("\n  0  ", "\n  1  ", "\n  2  ", "\n  3  ")
          .endsWith("\n");
    }

    @Test
    void fitsAScreenInWidth() {
      assertThat(Config.help().lines()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void endsWithAnExampleThatWorks() {
      String example = Config.help().lines().reduce((first, last) -> last).orElseThrow();
      String arguments = example.substring(example.indexOf(".jar ") + ".jar ".length());
      assertThat(Config.fromArguments(arguments.split(" ")).serverPort()).hasValue(4041);
    }
  }
}
