package kv.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kv.server.Config;
import org.junit.jupiter.api.Test;

/** The unit and the container file start a node with settings that a node takes. */
class DeploymentTest {
  private static final String MANUAL = Readme.ROOT.resolve("config/kv.properties").toString();

  private static Block block(Kind kind) throws IOException {
    return Readme.allBlocks().filter(one -> Kind.of(one) == kind).findFirst().orElseThrow();
  }

  private static String found(String regex, Block block) {
    Matcher matcher = Pattern.compile(regex).matcher(block.text());
    assertThat(matcher.find()).as(block + " has " + regex).isTrue();
    return matcher.group(1);
  }

  @Test
  void aUnitStartsANodeAndGivesItTimeToStop() throws Exception {
    Block unit = block(Kind.UNIT);
    String arguments = found("ExecStart=.*/java .*-jar /opt/kv/kv-server.jar (.*)", unit);
    Config config = Config.fromArguments(arguments.replaceAll("/etc/\\S+", MANUAL).split(" "));
    long seconds = Long.parseLong(found("TimeoutStopSec=(\\d+)", unit));
    assertThat(seconds).isGreaterThan(config.stopTimeout().toSeconds());
    long files = Long.parseLong(found("LimitNOFILE=(\\d+)", unit));
    assertThat(files).isGreaterThan(config.maxConnections());
    assertThat(Long.parseLong(found("TasksMax=(\\d+)", unit))).isEqualTo(files);
  }

  @Test
  void aContainerStartsANodeThatOthersReach() throws Exception {
    Block container = block(Kind.CONTAINER);
    assertThat(found("COPY (\\S+) /opt/kv/kv-server.jar", container)).isEqualTo(Stage.JAR);
    assertThat(found("ENTRYPOINT \\[(.*)\\]", container)).endsWith("\"/opt/kv/kv-server.jar\"");
    String arguments = found("CMD \\[(.*)\\]", container).replace("\"", "");
    Config config = Config.fromArguments(arguments.split(", "));
    assertThat(config.serverHost()).isEqualTo("0.0.0.0");
    assertThat(config.serverPort()).hasValue(Integer.parseInt(found("EXPOSE (\\d+)", container)));
  }
}
