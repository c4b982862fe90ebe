package kv.log.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class RealDiskTest {
  @TempDir static Path all;

  @Nested
  class AsADisk extends DiskContract {
    @Override
    Disk make() throws Exception {
      return Disk.of(Files.createTempDirectory(all, "disk"));
    }
  }

  @TempDir Path temp;

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Nested
  @DisabledOnOs(OS.WINDOWS)
  class WhatItMakes {
    @Test
    void isForItsOwnerAlone() throws Exception {
      Path folder = temp.resolve("data/kv");
      Disk disk = Disk.of(folder);
      disk.create("a").close();
      assertThat(permissions(temp.resolve("data"))).isEqualTo("rwx------");
      assertThat(permissions(folder)).isEqualTo("rwx------");
      assertThat(permissions(folder.resolve("a"))).isEqualTo("rw-------");
    }

    @Test
    void takesNoPermissionsFromAFileThatWasThere() throws Exception {
      Path file = Files.createFile(temp.resolve("a"));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      Disk.of(temp).create("a").close();
      assertThat(permissions(file)).isEqualTo("rw-------");
    }
  }

  @Nested
  class AFolder {
    @Test
    void thatIsThereStaysAsItIs() throws Exception {
      Files.writeString(temp.resolve("a"), "kept");
      assertThat(Disk.of(temp).names()).containsExactly("a");
      assertThat(Disk.of(temp).folder()).isEqualTo(temp);
    }

    @Test
    void thatIsAFileIsRefused() throws Exception {
      Path file = Files.createFile(temp.resolve("file"));
      String rest = " is a file; move it away, or set storage.folder to another folder";
      assertThatThrownBy(() -> Disk.of(file))
          .isInstanceOf(FolderException.class)
          .hasMessage(file + " cannot be made: " + file + rest);
      assertThatThrownBy(() -> Disk.ofExisting(file))
          .isInstanceOf(FolderException.class)
          .hasMessage(file + rest);
    }

    @Test
    void belowAFileIsRefused() throws Exception {
      Path file = Files.createFile(temp.resolve("file"));
      Path folder = file.resolve("data/kv");
      assertThatThrownBy(() -> Disk.of(folder))
          .isInstanceOf(FolderException.class)
          .hasMessage(
              folder + " cannot be made: " + file
                  + " is a file; move it away, or set storage.folder to another folder");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void thatALinkLeadsToIsNotMade() throws Exception {
      Path link = Files.createSymbolicLink(temp.resolve("link"), temp.resolve("unmounted"));
      Path folder = link.resolve("kv");
      assertThatThrownBy(() -> Disk.of(folder))
          .isInstanceOf(FolderException.class)
          .hasMessage(
              folder + " cannot be made: " + link + " is a link that leads nowhere; make or mount"
                  + " what it leads to, or set storage.folder to another folder");
    }

    @Test
    void thatHasToBeThereIsNotMade() {
      Path folder = temp.resolve("none");
      assertThatThrownBy(() -> Disk.ofExisting(folder))
          .isInstanceOf(FolderException.class)
          .hasMessage(folder + " is not there, or hidden; check the path");
      assertThat(folder).doesNotExist();
    }

    @Test
    void isNamedInOneLine() {
      assertThat(new FolderException("a\nb\u2028c\u202ed\u001b[1m")).hasMessage("a?b?c?d?[1m");
    }
  }

  @Nested
  @DisabledOnOs(OS.WINDOWS)
  class AFolderOfOthers {
    private static final String ITS_OWNER = "; change its owner, or set storage.folder to another"
        + " folder";

    private final String user = "user " + System.getProperty("user.name");

    private void permit(String permissions) throws IOException {
      Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString(permissions));
      assumeFalse(Files.isWritable(temp) && Files.isReadable(temp), "this user may do all");
    }

    @AfterEach
    void permitAll() throws Exception {
      Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void thatCannotBeWrittenIsRefusedButCanBeRead() throws Exception {
      permit("r-x------");
      assertThatThrownBy(() -> Disk.of(temp))
          .isInstanceOf(FolderException.class)
          .hasMessage(temp + " cannot be written by " + user + ITS_OWNER);
      assertThat(Disk.ofExisting(temp).names()).isEmpty();
      assertThatThrownBy(() -> FolderLock.take(temp, "kv"))
          .isInstanceOf(FolderException.class)
          .hasMessageStartingWith(temp.resolve("lock") + " cannot be locked: permission denied; ");
    }

    @Test
    void thatCannotBeReadIsRefused() throws Exception {
      permit("-wx------");
      assertThatThrownBy(() -> Disk.ofExisting(temp))
          .isInstanceOf(FolderException.class)
          .hasMessage(temp + " cannot be read by " + user + ITS_OWNER);
    }

    @Test
    void takesNoFolderInIt() throws Exception {
      permit("r-x------");
      Path folder = temp.resolve("data/kv");
      assertThatThrownBy(() -> Disk.of(folder))
          .isInstanceOf(FolderException.class)
          .hasMessage(
              folder + " cannot be made by " + user + ": permission denied; make it, or change the"
                  + " owner of the folder above it, or set storage.folder to another folder");
    }
  }

  @Nested
  class AName {
    @Test
    void ofAFolderOpensNoFile() throws Exception {
      Files.createDirectory(temp.resolve("lost+found"));
      assertThatThrownBy(() -> Disk.of(temp).open("lost+found", true))
          .isInstanceOf(IOException.class)
          .hasMessage(temp.resolve("lost+found") + ": is no regular file");
    }

    @Test
    void ofTheLockIsForNobodyElse() throws Exception {
      Disk disk = Disk.of(temp);
      disk.create("a").close();
      assertThatThrownBy(() -> disk.create("lock")).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> disk.open("lock", false))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> disk.delete("lock")).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> disk.rename("a", "lock"))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void noInterruptClosesAFileOrHidesThatNamesWereForced() throws Exception {
    Disk disk = Disk.of(temp);
    try (Disk.File file = disk.create("a")) {
      FutureTask<Integer> work =
          new FutureTask<>(
              () -> {
                int interrupts = 0;
                byte[] bytes = new byte[200_000];
                for (int i = 0; i < 30; i++) {
                  file.write(0, bytes, 0, bytes.length);
                  file.read(0, bytes, 0, bytes.length);
                  disk.forceNames();
                  if (Thread.interrupted()) interrupts++;
                }
                file.force();
                return interrupts;
              });
      Thread worker = new Thread(work, "worker");
      worker.start();
      while (worker.isAlive()) worker.interrupt();
      assertThat(work.get()).isPositive();
      assertThat(file.length()).isEqualTo(200_000);
    }
  }

  @Test
  void failuresNameVerbPathAndReason() throws Exception {
    Disk disk = Disk.of(temp);
    Disk.File file = disk.create("a");
    file.close();
    assertThatThrownBy(file::force)
        .hasMessage("cannot force " + temp.resolve("a") + ": sync failed");
    assertThatThrownBy(() -> file.write(0, new byte[1], 0, 1))
        .hasMessageStartingWith("cannot write " + temp.resolve("a") + ": ");
  }

  @Test
  void asksForTheFreeSpaceOfAFolderThatIsGone() throws Exception {
    Disk disk = Disk.of(temp.resolve("gone"));
    Files.delete(temp.resolve("gone"));
    assertThatThrownBy(disk::free).isInstanceOf(IOException.class);
  }
}
