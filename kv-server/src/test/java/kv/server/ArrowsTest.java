package kv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Packages use one another as the drawings in the READMEs of the modules say: what stands below a
 * line may be used, and nothing else. Modules stand upon one another in the order in which they are
 * built.
 */
class ArrowsTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final List<String> MODULES_FROM_THE_TOP =
      List.of("kv-server", "kv-router", "kv-core");

  private static final Pattern PACKAGE = Pattern.compile("(?m)^package (.*);");
  private static final Pattern USE = Pattern.compile("\\b(kv(?:\\.[a-z]+)+)\\.[A-Z]");
  private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|//[^\n]*");

  /** For each package, the storey that it is drawn in; the highest is 0. */
  private static Map<String, Integer> drawn() throws IOException {
    Map<String, Integer> storeys = new LinkedHashMap<>();
    int storey = 0;
    for (String module : MODULES_FROM_THE_TOP) {
      for (String line : drawing(module)) {
        if (line.strip().equals("|")) storey++;
        else storeys.put(line.split(" ")[0], storey);
      }
      storey++;
    }
    return storeys;
  }

  /** The one block of a README that begins with a package. */
  private static List<String> drawing(String module) throws IOException {
    Path readme = ROOT.resolve(module).resolve("README.md");
    List<String> blocks =
        Pattern.compile("(?ms)^```\\n(kv\\..*?)^```$")
            .matcher(Files.readString(readme))
            .results()
            .map(block -> block.group(1))
            .toList();
    assertThat(blocks).as("drawings of packages in " + module + "/README.md").hasSize(1);
    return blocks.get(0).lines().toList();
  }

  /** The packages that each package uses. */
  private static Map<String, Set<String>> used() throws IOException {
    Map<String, Set<String>> found = new LinkedHashMap<>();
    for (String module : MODULES_FROM_THE_TOP)
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
        for (Path file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
          String text = Files.readString(file);
          Matcher declared = PACKAGE.matcher(text);
          if (!declared.find()) continue;
          Set<String> uses = found.computeIfAbsent(declared.group(1), home -> new TreeSet<>());
          Matcher use = USE.matcher(COMMENT.matcher(text).replaceAll(""));
          while (use.find()) uses.add(use.group(1));
          uses.remove(declared.group(1));
        }
      }
    return found;
  }

  @Test
  void everyPackageIsDrawn() throws Exception {
    assertThat(drawn().keySet()).containsExactlyInAnyOrderElementsOf(used().keySet());
  }

  @Test
  void noArrowRunsBackwards() throws Exception {
    Map<String, Integer> storeys = drawn();
    List<String> backwards = new ArrayList<>();
    used()
        .forEach(
            (home, uses) -> {
              for (String use : uses)
                if (storeys.get(use) <= storeys.get(home)) backwards.add(home + " -> " + use);
            });
    assertThat(backwards).isEmpty();
  }
}
