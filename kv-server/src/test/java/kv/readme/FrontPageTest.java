package kv.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The README at the top is for someone who decides in three minutes. */
class FrontPageTest {
  private static final int MOST_WORDS = 1000;

  @Test
  void hasAtMostAThousandWords() throws Exception {
    int words = Readme.read("README.md").text().strip().split("\\s+").length;
    assertThat(words)
        .as("words of README.md: move something to where its code is")
        .isLessThanOrEqualTo(MOST_WORDS);
  }

  @Test
  void beginsWithTheCommandsThatStartANodeAndRunAllTests() throws Exception {
    Block first =
        Readme.read("README.md").sections().stream()
            .flatMap(section -> section.blocks().stream())
            .findFirst()
            .orElseThrow();
    List<String> lines = first.lines();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).startsWith("mvn -q ").endsWith("java -jar " + Stage.JAR);
    assertThat(lines.get(1)).startsWith("mvn test");
  }

  @Test
  void saysOnItsFirstScreenWhatAPowerFailureMayTake() throws Exception {
    assertThat(Readme.read("README.md").text().lines().limit(24))
        .anyMatch(line -> line.contains("A power failure may take"));
  }
}
