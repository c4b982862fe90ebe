package kv.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import kv.testing.Example;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of how to embed a storage compiles, and prints what its comments say. */
class PackageExampleTest {
  private static final Path SOURCE = Path.of("src/main/java/kv/store/package-info.java");
  private static final Pattern STATED = Pattern.compile("println\\(.*\\); // (.*)");

  @Test
  void printsWhatItSaysThatItPrints(@TempDir Path folder) throws Exception {
    List<String> stated =
        STATED.matcher(Files.readString(SOURCE))
            .results()
            .map((MatchResult m) -> m.group(1))
            .toList();
    assertThat(Example.ofJavadoc("kv/store/package-info.java").run(folder, "kv.store.*"))
        .isNotEmpty()
        .isEqualTo(stated);
  }
}
