package kv.readme;

import static java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import kv.testing.LogCapture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A reader who follows a section from its first block to its last sees what it shows. */
@Tag("clients")
class TranscriptsTest {
  private static final Set<Kind> RUN = EnumSet.of(Kind.SHELL, Kind.CONSOLE, Kind.JAVA);
  private static final Set<PosixFilePermission> OWNERS =
      EnumSet.of(OWNER_READ, OWNER_WRITE, OWNER_EXECUTE);

  @TempDir Path folder;

  static Stream<Section> sectionsThatRun() throws IOException {
    return Readme.allSections()
        .filter(section -> section.blocks().stream().anyMatch(one -> RUN.contains(Kind.of(one))));
  }

  @ParameterizedTest
  @MethodSource("sectionsThatRun")
  void goesAsShown(Section section, LogCapture log) throws Exception {
    if (section.text().contains("KILL ") || section.text().contains("throw new "))
      log.allow("event=child_terminated|event=reached_max_restart_intensity|removes handler");
    Set<String> skipped;
    try (Stage stage = new Stage(folder)) {
      skipped = new Player(section, stage).play();
    }
    assertThat(openToOthers()).as("secrets that others than their owner may use").isEmpty();
    assumeThat(skipped).isEmpty();
  }

  /** What is in the folder for secrets, and the folder, if others may do something with it. */
  private List<Path> openToOthers() throws IOException {
    Path secrets = folder.resolve("secrets");
    if (!Files.exists(secrets)) return List.of();
    try (Stream<Path> files = Files.walk(secrets)) {
      return files.filter(file -> !OWNERS.containsAll(permissions(file))).toList();
    }
  }

  private static Set<PosixFilePermission> permissions(Path file) {
    try {
      return Files.getPosixFilePermissions(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
