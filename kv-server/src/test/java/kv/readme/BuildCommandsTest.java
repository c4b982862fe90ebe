package kv.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the commands of the build name is there: modules, classes, profiles, scripts, tags. */
class BuildCommandsTest {
  private static final Pattern OPTION = Pattern.compile("-pl (\\S+)|-Dtest=(\\S+)|-P(\\S+)");
  private static final Pattern SCRIPT = Pattern.compile("^\\.ci/\\S+", Pattern.MULTILINE);
  private static final Pattern TAG = Pattern.compile("-DexcludedGroups=(\\S+)");

  private static List<Block> blocks(Kind kind) throws IOException {
    return Readme.allBlocks().filter(block -> Kind.of(block) == kind).toList();
  }

  private static List<String> named(Pattern pattern, int group) throws IOException {
    return blocks(Kind.BUILD).stream()
        .flatMap(block -> pattern.matcher(block.text()).results())
        .map((MatchResult found) -> found.group(group))
        .filter(found -> found != null)
        .distinct()
        .toList();
  }

  /** The text of all files with that ending in the sources and at the top. */
  private static String allOf(String ending) throws IOException {
    try (Stream<Path> files = Files.walk(Readme.ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(ending) && !file.toString().contains("target"))
          .map(BuildCommandsTest::read)
          .collect(Collectors.joining());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void nameModules() throws Exception {
    assertThat(named(OPTION, 1))
        .isNotEmpty()
        .allMatch(module -> Files.exists(Readme.ROOT.resolve(module).resolve("pom.xml")));
  }

  @Test
  void nameTestClasses() throws Exception {
    String tests = allOf("Test.java");
    assertThat(named(OPTION, 2).stream().flatMap(list -> Stream.of(list.split(","))).toList())
        .isNotEmpty()
        .allSatisfy(test -> assertThat(tests).contains("class " + test + " {"));
  }

  @Test
  void nameProfiles() throws Exception {
    String poms = allOf("pom.xml");
    assertThat(named(OPTION, 3))
        .isNotEmpty()
        .allSatisfy(profile -> assertThat(poms).contains("<id>" + profile + "</id>"));
  }

  @Test
  void nameTags() throws Exception {
    String tests = allOf("Test.java");
    assertThat(named(TAG, 1))
        .isNotEmpty()
        .allSatisfy(tag -> assertThat(tests).contains("@Tag(\"" + tag + "\")"));
  }

  @Test
  void nameScripts() throws Exception {
    assertThat(named(SCRIPT, 0))
        .isNotEmpty()
        .allMatch(script -> Files.isExecutable(Readme.ROOT.resolve(script)));
  }

  @Test
  void coordinatesAreThoseOfAModule() throws Exception {
    String version = element("version", read(Readme.ROOT.resolve("pom.xml")));
    for (Block block : blocks(Kind.COORDINATES)) {
      String module = element("artifactId", block.text());
      assertThat(Readme.ROOT.resolve(module).resolve("pom.xml")).as(block.toString()).exists();
      assertThat(element("groupId", block.text())).as(block.toString()).isEqualTo("kv");
      assertThat(element("version", block.text())).as(block.toString()).isEqualTo(version);
    }
  }

  private static String element(String name, String xml) {
    String start = "<" + name + ">";
    int at = xml.indexOf(start) + start.length();
    return xml.substring(at, xml.indexOf('<', at));
  }
}
