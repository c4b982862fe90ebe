package kv.log.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import kv.testing.Concurrently;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {
  private static final String SINCE = "since \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ";

  @TempDir Path folder;
  private final List<AutoCloseable> toClose = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : toClose) each.close();
  }

  private FolderLock take(Path path) {
    FolderLock lock = FolderLock.take(path, "kv");
    toClose.add(lock);
    return lock;
  }

  private static long pid() {
    return ProcessHandle.current().pid();
  }

  private void assertIsInUse(Path path, long pid, String node, String remedy) {
    assertThatThrownBy(() -> take(path))
        .isInstanceOf(FolderException.class)
        .message()
        .matches(
            Pattern.quote(path + " is in use by process " + pid + " (node " + node + ", ") + SINCE
                + Pattern.quote(")" + remedy + ", or set storage.folder to another folder"));
  }

  private void assertIsInUseHere(Path path) {
    assertIsInUse(path, pid(), "kv", ", which is this one; close what uses it");
  }

  @Nested
  class InOneProcess {
    @Test
    void aFolderHasOneHolderAtATime() throws Exception {
      FolderLock lock = take(folder);
      assertIsInUseHere(folder);
      lock.close();
      lock.close();
      FolderLock second = take(folder);
      lock.close(); // does nothing to the second one
      assertIsInUseHere(folder);
      second.close();
    }

    @Test
    void ofManyWhoTakeItAtOnceOneHasIt() throws Exception {
      List<Boolean> taken =
          Concurrently.run(
              8,
              thread -> {
                try {
                  take(folder);
                  return true;
                } catch (FolderException e) {
                  return false;
                }
              });
      assertThat(taken).containsOnlyOnce(true);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aFolderIsTheSameByEachOfItsPaths() throws Exception {
      Path real = Files.createDirectory(folder.resolve("real"));
      Path link = Files.createSymbolicLink(folder.resolve("link"), real);
      take(real);
      assertIsInUseHere(link);
      Path moved = Files.move(real, folder.resolve("moved"));
      assertIsInUseHere(moved);
    }

    @Test
    void theFileStaysAndSaysWhoHeldIt() throws Exception {
      take(folder).close();
      assertThat(Files.readString(folder.resolve("lock")))
          .matches("process " + pid() + " \\(node kv, " + SINCE + "\\)\n");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theFileIsForItsOwnerAlone() throws Exception {
      take(folder);
      Path file = folder.resolve("lock");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }

    @Test
    void aFolderThatCannotBeLockedIsRefused() throws Exception {
      Files.createDirectory(folder.resolve("lock"));
      assertThatThrownBy(() -> take(folder))
          .isInstanceOf(FolderException.class)
          .hasMessageStartingWith(folder.resolve("lock") + " cannot be locked: ")
          .hasMessageEndingWith(
              "; check its owner, or set storage.folder to a folder on a local disk");
      Path none = folder.resolve("none");
      assertThatThrownBy(() -> take(none)).isInstanceOf(FolderException.class);
      assertThat(none).doesNotExist();
    }
  }

  @Nested
  class WithASecondProcess {
    @Test
    void theSecondIsToldWhoHoldsTheFolder() throws Exception {
      Holder holder = new Holder(folder, "foo");
      assertThat(holder.says()).isEqualTo("held");
      assertIsInUse(folder, holder.pid(), "foo", "; stop it");
      assertIsInUse(folder, holder.pid(), "foo", "; stop it"); // the first has let nothing go
    }

    @Test
    void aKillReleasesTheFolderAtOnce() throws Exception {
      Holder holder = new Holder(folder, "foo");
      assertThat(holder.says()).isEqualTo("held");
      holder.kill();
      take(folder).close();
      assertThat(Files.readString(folder.resolve("lock"))).startsWith("process " + pid() + " (");
    }

    /** Each of these would release the lock, if it closed another handle of the file. */
    @Test
    void theFirstHoldsTheFolderWhateverOthersTry() throws Exception {
      Thread.currentThread().interrupt();
      take(folder);
      assertThat(Thread.interrupted()).isTrue();
      assertIsInUseHere(folder);
      Disk disk = Disk.of(folder);
      assertThat(disk.names()).containsExactly("lock");
      assertThatThrownBy(() -> disk.open("lock", false))
          .isInstanceOf(IllegalArgumentException.class);
      FaultyDisk.of(folder);
      for (int i = 0; i < 2; i++)
        assertThat(new Holder(folder, "foo").says())
            .startsWith(folder + " is in use by process " + pid() + " (node kv, ");
    }

    @Test
    void aHolderWhoseWordsCannotBeReadIsAnotherProcess() throws Exception {
      Holder holder = new Holder(folder, "foo");
      assertThat(holder.says()).isEqualTo("held");
      Files.writeString(folder.resolve("lock"), "process 12");
      assertThatThrownBy(() -> take(folder))
          .hasMessageStartingWith(folder + " is in use by another process; stop it, ");
    }
  }

  /** A {@link HoldsFolder} of this test. */
  private final class Holder implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    Holder(Path path, String node) throws IOException {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                  HoldsFolder.class.getName(), path.toString(), node)
              .redirectError(Redirect.INHERIT)
              .start();
      out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
      toClose.add(this);
    }

    String says() throws IOException {
      return out.readLine();
    }

    long pid() {
      return process.pid();
    }

    /** As kill -9. */
    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException {
      process.destroyForcibly();
      out.close();
    }
  }
}
