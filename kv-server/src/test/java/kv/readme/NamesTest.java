package kv.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kv.config.PropertiesFile;
import kv.config.Setting;
import org.junit.jupiter.api.Test;

/** What a README names, or leads to, is there. */
class NamesTest {
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)]+)\\)");
  private static final Pattern JAR = Pattern.compile("(\\S*?)kv-server\\.jar");
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:Test|Extension))`");
  private static final Pattern KEY =
      Pattern.compile("`((?:node|storage|server|router|supervisor)\\.[a-z.-]+)");

  /** The places of all that {@code pattern} finds and {@code isRight} refuses, and what it is. */
  private static List<String> wrong(Pattern pattern, Predicate<String> isRight)
      throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Readme readme : Readme.all()) wrong.addAll(wrong(readme, pattern, isRight));
    return wrong;
  }

  private static List<String> wrong(Readme readme, Pattern pattern, Predicate<String> isRight) {
    List<String> wrong = new ArrayList<>();
    Matcher found = pattern.matcher(readme.text());
    while (found.find())
      if (!isRight.test(found.group(1)))
        wrong.add(readme.place(found.start()) + ": " + found.group(1));
    return wrong;
  }

  @Test
  void linksLeadToAFileAndAHeading() throws Exception {
    List<String> wrong = new ArrayList<>();
    for (Readme readme : Readme.all())
      wrong.addAll(wrong(readme, LINK, link -> leadsSomewhere(readme.path(), link)));
    assertThat(wrong).as("links that lead nowhere").isEmpty();
  }

  private static boolean leadsSomewhere(String from, String link) {
    String[] parts = link.split("#", 2);
    Path home = Readme.ROOT.resolve(from);
    Path file = parts[0].isEmpty() ? home : home.resolveSibling(parts[0]).normalize();
    if (!Files.exists(file)) return false;
    return parts.length == 1 || anchors(file).contains(parts[1]);
  }

  private static Set<String> anchors(Path file) {
    try {
      return Readme.read(Readme.ROOT.relativize(file).toString()).sections().stream()
          .map(section -> section.title().toLowerCase().replaceAll("[^a-z0-9 -]", ""))
          .map(title -> title.replace(' ', '-'))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theJarHasOnePath() throws Exception {
    Predicate<String> isRight = before -> before.matches(".*(kv-server/target/|/opt/kv/)");
    assertThat(wrong(JAR, isRight)).isEmpty();
    for (String name : List.of("kv.properties", "foo.properties", "bar.properties")) {
      String text = Files.readString(Readme.ROOT.resolve("config").resolve(name));
      Readme file = new Readme("config/" + name, text, List.of());
      assertThat(wrong(file, JAR, isRight)).isEmpty();
    }
  }

  @Test
  void testsExist() throws Exception {
    Set<String> tests;
    try (Stream<Path> files = Files.walk(Readme.ROOT)) {
      tests =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".java"))
              .map(name -> name.replace(".java", ""))
              .collect(Collectors.toSet());
    }
    assertThat(wrong(TEST, tests::contains)).as("tests that do not exist").isEmpty();
  }

  @Test
  void keysExist() throws Exception {
    Set<String> keys =
        PropertiesFile.read(Readme.ROOT.resolve("config/kv.properties")).stream()
            .map(Setting::key)
            .collect(Collectors.toSet());
    assertThat(wrong(KEY, keys::contains)).as("keys that do not exist").isEmpty();
  }

  @Test
  void secretsAreKeptOutOfGit() throws Exception {
    assertThat(Files.readAllLines(Readme.ROOT.resolve(".gitignore"))).contains("secrets/");
  }
}
