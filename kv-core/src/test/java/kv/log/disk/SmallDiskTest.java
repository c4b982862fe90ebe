package kv.log.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import kv.testing.SmallDisk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders on real disks that are full, read-only, broken or frozen. */
class SmallDiskTest {
  @TempDir Path temp;
  private SmallDisk small;
  private Path folder;

  @BeforeEach
  void mount() throws Exception {
    small = SmallDisk.mount(temp, 8);
    folder = small.folder().resolve("kv");
  }

  @AfterEach
  void unmount() throws Exception {
    if (small != null) small.unmount();
  }

  @Test
  void aFullDiskSaysSoAndGoesOnWhenItHasSpaceAgain() throws Exception {
    Disk disk = Disk.of(folder);
    byte[] many = new byte[100_000];
    try (Disk.File file = disk.create("a")) {
      small.fill();
      assertThat(disk.free()).isZero();
      assertThatThrownBy(() -> file.write(0, many, 0, many.length))
          .hasMessage("cannot write " + folder.resolve("a") + ": No space left on device");
      file.setLength(many.length);
      assertThat(file.length()).isEqualTo(many.length); // which takes no space
      small.empty();
      assertThat(disk.free()).isGreaterThan(many.length);
      file.write(0, many, 0, many.length);
      file.setLength(2 * many.length);
      file.force();
      disk.forceNames();
    }
  }

  @Test
  void aFolderOnAFullDiskCanBeTaken() throws Exception {
    Disk.of(folder);
    small.fill();
    FolderLock.take(folder, "kv").close();
  }

  @Test
  void aReadOnlyDiskIsRefusedButCanBeRead() throws Exception {
    try (Disk.File file = Disk.of(folder).create("a")) {
      file.setLength(3);
    }
    small.remountReadOnly();
    assertThatThrownBy(() -> Disk.of(folder))
        .isInstanceOf(FolderException.class)
        .hasMessage(
            folder + " is on a read-only file system; remount it for writing, or set"
                + " storage.folder to another folder");
    Path other = small.folder().resolve("other");
    assertThatThrownBy(() -> Disk.of(other))
        .isInstanceOf(FolderException.class)
        .hasMessageStartingWith(other + " cannot be made by user ")
        .hasMessageContaining(": Read-only file system; make it, or ");
    assertThatThrownBy(() -> FolderLock.take(folder, "kv"))
        .isInstanceOf(FolderException.class)
        .hasMessageStartingWith(
            folder.resolve("lock") + " cannot be locked: Read-only file system; ");
    try (Disk.File file = Disk.ofExisting(folder).open("a", false)) {
      assertThat(file.length()).isEqualTo(3);
    }
  }

  @Test
  void aDiskThatFailsCanStillBeRead() throws Exception {
    Disk disk = Disk.of(folder);
    try (Disk.File file = disk.create("a")) {
      file.write(0, new byte[] {1}, 0, 1);
      file.force();
      small.fail();
      assertThatThrownBy(() -> file.write(1, new byte[] {2}, 0, 1))
          .hasMessageStartingWith("cannot write " + folder.resolve("a") + ": ");
      assertThat(file.read(0, new byte[1], 0, 1)).isEqualTo(1);
      assertThatThrownBy(() -> disk.create("b")).hasMessageContaining("Read-only file system");
    }
    small.remount();
    try (Disk.File file = disk.open("a", true)) {
      file.write(1, new byte[] {2}, 0, 1);
      file.force();
    }
  }

  @Test
  void aFileOfAFrozenDiskCanBeReadWhileAWriterHangs() throws Exception {
    Disk disk = Disk.of(folder);
    try (Disk.File file = disk.create("a")) {
      AtomicBoolean isThawed = new AtomicBoolean();
      CountDownLatch hasBegun = new CountDownLatch(1);
      FutureTask<Void> writer =
          new FutureTask<>(
              () -> {
                while (!isThawed.get()) {
                  file.write(0, new byte[] {1}, 0, 1);
                  hasBegun.countDown();
                }
                file.force();
                return null;
              });
      new Thread(writer, "writer").start();
      hasBegun.await();
      small.freeze();
      assertThat(file.length()).isEqualTo(1);
      assertThat(file.read(0, new byte[1], 0, 1)).isEqualTo(1);
      assertThat(disk.names()).containsExactly("a");
      isThawed.set(true);
      small.thaw();
      writer.get();
    }
  }
}
