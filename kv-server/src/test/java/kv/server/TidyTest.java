package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The house rules that no compiler checks. */
class TidyTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final int COLUMNS = 100;

  private static final List<String> OURS =
      List.of(
          "README.md", "pom.xml", "config", ".ci/README.md", "kv-core/README.md",
          "kv-core/pom.xml", "kv-core/src", "kv-router/README.md", "kv-router/pom.xml",
          "kv-router/src", "kv-server/README.md", "kv-server/pom.xml", "kv-server/src");

  private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|//[^\n]*");

  private static List<Path> files(String ending) throws IOException {
    List<Path> found = new ArrayList<>();
    for (String ours : OURS)
      try (Stream<Path> all = Files.walk(ROOT.resolve(ours))) {
        all.filter(file -> file.toString().endsWith(ending)).forEach(found::add);
      }
    return found;
  }

  /** Every line of every text of ours for which {@code broken} holds. */
  private static List<String> lines(Predicate<String> broken) throws IOException {
    List<String> found = new ArrayList<>();
    for (String ending : List.of(".java", ".xml", ".properties", ".md"))
      for (Path file : files(ending)) {
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++)
          if (broken.test(lines.get(i)))
            found.add(ROOT.relativize(file) + ":" + (i + 1) + ": " + lines.get(i));
      }
    return found;
  }

  @Test
  void noLineIsLongerThanAHundredColumns() throws Exception {
    assertThat(lines(line -> line.length() > COLUMNS && !line.contains("xsi:schemaLocation")))
        .isEmpty();
  }

  @Test
  void noLineHasATabOrEndsWithABlank() throws Exception {
    assertThat(lines(line -> line.contains("\t") || line.endsWith(" "))).isEmpty();
  }

  @Test
  void importsNameWhatTheyImport() throws Exception {
    assertThat(lines(line -> line.startsWith("import ") && line.contains("*"))).isEmpty();
  }

  @Test
  void nobodySleeps() throws Exception {
    Pattern sleep = Pattern.compile("(Thread|TimeUnit|[A-Z]+SECONDS)\\.sleep\\(");
    assertThat(lines(line -> sleep.matcher(line).find())).isEmpty();
  }

  @Test
  void nothingIsLeftOver() throws Exception {
    Pattern mark = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b");
    assertThat(lines(line -> mark.matcher(line).find())).isEmpty();
  }

  @Test
  void everyPackageSaysWhatLivesThere() throws Exception {
    Set<Path> without = new TreeSet<>();
    for (Path file : files(".java"))
      if (file.toString().contains("src/main/")
          && !Files.exists(file.resolveSibling("package-info.java")))
        without.add(file.getParent());
    assertThat(without).isEmpty();
  }

  @Test
  void otherPackagesAreNamedInImportsOnly() throws Exception {
    List<String> qualified = new ArrayList<>();
    Pattern name = Pattern.compile("(?<![\\w.\"])(java|javax|kv|org)\\.[a-z.]+\\.[A-Z]\\w*");
    for (Path file : files(".java")) {
      String code = COMMENT.matcher(Files.readString(file)).replaceAll("");
      code.lines()
          .filter(line -> !line.startsWith("import ") && !line.startsWith("package "))
          .filter(line -> !line.contains("\""))
          .filter(line -> name.matcher(line).find())
          .forEach(line -> qualified.add(file.getFileName() + ": " + line.strip()));
    }
    assertThat(qualified).isEmpty();
  }
}
