package kv.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** No README has a block that nobody runs or checks. */
class BlocksTest {
  private static final String FREE =
      ".*[Pp]orts? 4040(, 4041, 4050( and 4051|, 4051, 4060 and 4061))? must be free.*";

  @Test
  void areAllOfAKnownKind() throws Exception {
    assertThat(Readme.allBlocks().filter(block -> Kind.of(block) == null))
        .as("blocks that no test runs: see Kind")
        .isEmpty();
  }

  @Test
  void areAllClosed() throws Exception {
    for (Readme readme : Readme.all())
      assertThat(readme.text().lines().filter(line -> line.startsWith("```")).count() % 2)
          .as("fences of " + readme.path() + ", by two")
          .isZero();
  }

  @Test
  void areOfEveryKindThatThereIs() throws Exception {
    List<Kind> used = Readme.allBlocks().map(Kind::of).toList();
    assertThat(used).contains(Kind.values());
  }

  @Test
  void standInASectionThatSaysWhichPortsMustBeFree() throws Exception {
    assertThat(Readme.allSections().filter(BlocksTest::startsNode))
        .isNotEmpty()
        .filteredOn(section -> !section.text().replace('\n', ' ').matches(FREE))
        .as("sections that start a node and do not say so")
        .isEmpty();
  }

  private static boolean startsNode(Section section) {
    return section.blocks().stream().anyMatch(one -> one.text().contains("java -jar " + Stage.JAR));
  }
}
