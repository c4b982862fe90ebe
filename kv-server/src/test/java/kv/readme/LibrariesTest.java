package kv.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of client libraries is of the versions that {@code .ci/clients/install} installs. */
class LibrariesTest {
  private static final Pattern IN_PACKAGE_JSON =
      Pattern.compile("\"(?:@\\w+/)?([a-z-]+?)(?:-\\d)?\": \"(?:npm:\\w+@)?([\\d.]+)\"");
  private static final Pattern IN_POM =
      Pattern.compile("<artifactId>(jedis|lettuce)(?:-core)?</artifactId>\\s*<version>([^<]+)<");

  private static final String HEADING =
      "| client | connects | verbs | no value | any bytes | pipeline | own calls | restart | login"
          + " | TLS |";

  private static Stream<String> pinned(String path, Pattern pattern) throws IOException {
    String text = Files.readString(Readme.ROOT.resolve(".ci/clients").resolve(path));
    return pattern.matcher(text).results().map(found -> found.group(1) + " " + found.group(2));
  }

  @Test
  void everyPinnedVersionIsThere() throws Exception {
    List<String> shown = Rows.of("kv-server/README.md", HEADING).firstCells();
    for (String folder : List.of("ioredis", "node-redis", "valkey-glide"))
      assertThat(pinned(folder + "/package.json", IN_PACKAGE_JSON)).isNotEmpty().isSubsetOf(shown);
    assertThat(pinned("java/pom.xml", IN_POM)).hasSize(2).isSubsetOf(shown);
  }
}
