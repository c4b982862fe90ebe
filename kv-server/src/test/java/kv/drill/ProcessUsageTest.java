package kv.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessUsageTest {
  private static final ProcessUsage BEFORE = new ProcessUsage(10, 20, 1000);

  @TempDir Path folder;

  @Test
  void noMoreThanBeforeIsNoLeak() {
    assertThat(new ProcessUsage(10, 20, 5000).leaked(BEFORE, 0)).isNull();
    assertThat(new ProcessUsage(12, 22, 5000).leaked(BEFORE, 2)).isNull();
  }

  @Test
  void moreThreadsOrMoreDescriptorsAreOne() {
    assertThat(new ProcessUsage(13, 20, 1000).leaked(BEFORE, 2)).contains("threads=13");
    assertThat(new ProcessUsage(10, 23, 1000).leaked(BEFORE, 2)).contains("descriptors=23");
  }

  @Test
  void aProcessIsSeenToOpenAFile() throws Exception {
    assumeTrue(ProcessUsage.isKnown(), "no /proc here");
    long pid = ProcessHandle.current().pid();
    ProcessUsage before = ProcessUsage.of(pid);
    try (OutputStream file = Files.newOutputStream(folder.resolve("file"))) {
      file.write(1);
      assertThat(ProcessUsage.of(pid).descriptors()).isGreaterThan(before.descriptors());
    }
    assertThat(before.residentKib()).isPositive();
  }
}
