package kv.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageTest {
  private static final Usage BEFORE = new Usage(10, 20, 1000);

  @TempDir Path folder;

  @Test
  void noMoreThanBeforeIsNoLeak() {
    assertThat(new Usage(10, 20, 5000).leaked(BEFORE, 0)).isNull();
    assertThat(new Usage(12, 22, 5000).leaked(BEFORE, 2)).isNull();
  }

  @Test
  void moreThreadsOrMoreDescriptorsAreOne() {
    assertThat(new Usage(13, 20, 1000).leaked(BEFORE, 2)).contains("threads=13");
    assertThat(new Usage(10, 23, 1000).leaked(BEFORE, 2)).contains("descriptors=23");
  }

  @Test
  void aProcessIsSeenToOpenAFile() throws Exception {
    assumeTrue(Usage.isKnown(), "no /proc here");
    long pid = ProcessHandle.current().pid();
    Usage before = Usage.of(pid);
    try (OutputStream file = Files.newOutputStream(folder.resolve("file"))) {
      file.write(1);
      assertThat(Usage.of(pid).descriptors()).isGreaterThan(before.descriptors());
    }
    assertThat(before.residentKib()).isPositive();
  }
}
