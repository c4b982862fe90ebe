package kv.log.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Random;
import kv.testing.Concurrently;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a log may rely on with every disk. */
abstract class DiskContract {
  Disk disk;

  /** An empty one. */
  abstract Disk make() throws Exception;

  @BeforeEach
  void makeDisk() throws Exception {
    disk = make();
  }

  @AfterEach
  void isNotInterrupted() {
    Thread.interrupted();
  }

  static void write(Disk.File file, long at, int... bytes) throws IOException {
    byte[] source = new byte[bytes.length + 2]; // what is around them is not to be written
    source[0] = source[bytes.length + 1] = -1;
    for (int i = 0; i < bytes.length; i++) source[i + 1] = (byte) bytes[i];
    file.write(at, source, 1, bytes.length);
  }

  void create(String name, int... bytes) throws IOException {
    try (Disk.File file = disk.create(name)) {
      write(file, 0, bytes);
    }
  }

  static byte[] bytes(Disk.File file) throws IOException {
    byte[] all = new byte[Math.toIntExact(file.length())];
    if (all.length > 0) assertThat(file.read(0, all, 0, all.length)).isEqualTo(all.length);
    return all;
  }

  static byte[] bytes(Disk disk, String name) throws IOException {
    try (Disk.File file = disk.open(name, false)) {
      return bytes(file);
    }
  }

  @Test
  void readsWhatWasWritten() throws Exception {
    create("a", 1, 2, 3);
    assertThat(bytes(disk, "a")).containsExactly(1, 2, 3);
    try (Disk.File file = disk.open("a", true)) {
      write(file, 1, 5);
      write(file, 3, 6, 7);
      assertThat(bytes(file)).containsExactly(1, 5, 3, 6, 7);
    }
  }

  @Test
  void readsFewerBytesAtTheEndAndNoneBeyondIt() throws Exception {
    create("a", 1, 2, 3);
    try (Disk.File file = disk.open("a", false)) {
      byte[] target = new byte[5];
      assertThat(file.read(1, target, 2, 3)).isEqualTo(2);
      assertThat(target).containsExactly(0, 0, 2, 3, 0);
      assertThat(file.read(3, target, 0, 1)).isEqualTo(-1);
      assertThat(file.read(1L << 40, target, 0, 1)).isEqualTo(-1);
      assertThat(file.read(0, target, 0, 0)).isZero();
      assertThatThrownBy(() -> file.read(0, target, 3, 3))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void keepsManyPages() throws Exception {
    byte[] many = new byte[300_001];
    new Random(1).nextBytes(many);
    try (Disk.File file = disk.create("a")) {
      file.write(0, many, 0, many.length);
      file.force();
      file.write(100_000, many, 0, 100_000);
      System.arraycopy(many, 0, many, 100_000, 100_000);
      assertThat(bytes(file)).isEqualTo(many);
    }
  }

  @Test
  void fillsGapsWithZeros() throws Exception {
    try (Disk.File file = disk.create("a")) {
      write(file, 2, 7);
      file.setLength(5);
      assertThat(bytes(file)).containsExactly(0, 0, 7, 0, 0);
    }
  }

  @Test
  void cutsWhatNeverComesBack() throws Exception {
    try (Disk.File file = disk.create("a")) {
      write(file, 0, 1, 2, 3);
      write(file, 10_000, 4);
      file.setLength(2);
      assertThat(file.length()).isEqualTo(2);
      file.setLength(10_001);
      byte[] expected = new byte[10_001];
      expected[0] = 1;
      expected[1] = 2;
      assertThat(bytes(file)).isEqualTo(expected);
    }
  }

  @Test
  void tellsNamesInOrder() throws Exception {
    assertThat(disk.names()).isEmpty();
    for (String name : new String[] {"b", "a-2", "C", "a-10"}) create(name);
    assertThat(disk.names()).containsExactly("C", "a-10", "a-2", "b");
  }

  @Test
  void createsInPlaceOfAFileThatIsThere() throws Exception {
    create("a", 1, 2, 3);
    try (Disk.File old = disk.open("a", true)) {
      create("a", 9);
      write(old, 0, 4);
      assertThat(bytes(old)).containsExactly(4, 2, 3);
    }
    assertThat(bytes(disk, "a")).containsExactly(9);
    assertThat(disk.names()).containsExactly("a");
  }

  @Test
  void renamesInPlaceOfAFileThatIsThere() throws Exception {
    create("a", 1);
    create("b", 2);
    disk.rename("a", "b");
    assertThat(disk.names()).containsExactly("b");
    assertThat(bytes(disk, "b")).containsExactly(1);
    disk.rename("b", "b");
    assertThat(bytes(disk, "b")).containsExactly(1);
  }

  @Test
  void renamesAFileThatIsOpen() throws Exception {
    try (Disk.File file = disk.create("a")) {
      disk.rename("a", "b");
      write(file, 0, 1);
      assertThat(bytes(file)).containsExactly(1);
    }
    assertThat(bytes(disk, "b")).containsExactly(1);
  }

  @Test
  void deletesWhatIsThereAndWhatIsNot() throws Exception {
    create("a", 1);
    try (Disk.File file = disk.open("a", false)) {
      disk.delete("a");
      disk.delete("a");
      assertThat(disk.names()).isEmpty();
      assertThat(bytes(file)).containsExactly(1);
    }
  }

  @Test
  void neitherOpensNorRenamesWhatIsNotThere() throws Exception {
    assertThatThrownBy(() -> disk.open("a", true))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("a");
    assertThatThrownBy(() -> disk.open("a", false)).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> disk.rename("a", "b")).isInstanceOf(NoSuchFileException.class);
    assertThat(disk.names()).isEmpty();
  }

  @Test
  void writesOnlyWhatIsOpenForWriting() throws Exception {
    create("a", 1);
    try (Disk.File file = disk.open("a", false)) {
      assertThatThrownBy(() -> write(file, 0, 2))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("a")
          .hasMessageContaining("open for reading only");
      assertThatThrownBy(() -> file.setLength(0)).isInstanceOf(IOException.class);
      file.force();
    }
    assertThat(bytes(disk, "a")).containsExactly(1);
  }

  @Test
  void usesNoFileThatIsClosed() throws Exception {
    Disk.File file = disk.create("a");
    file.close();
    file.close();
    assertThatThrownBy(file::length).isInstanceOf(IOException.class);
    assertThatThrownBy(file::force).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> file.setLength(1)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> write(file, 0, 1)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> file.read(0, new byte[1], 0, 1)).isInstanceOf(IOException.class);
  }

  @Test
  void carriesOutAllCallsOfAThreadThatIsInterruptedAndLeavesTheInterrupt() throws Exception {
    Thread.currentThread().interrupt();
    try (Disk.File file = disk.create("a")) {
      write(file, 0, 1, 2);
      file.setLength(1);
      file.force();
      disk.forceNames();
      disk.rename("a", "b");
      disk.forceNames();
      assertThat(bytes(file)).containsExactly(1);
      assertThat(disk.names()).containsExactly("b");
      disk.delete("a");
      assertThat(disk.free()).isPositive();
    }
    assertThat(bytes(disk, "b")).containsExactly(1);
    assertThat(Thread.interrupted()).isTrue();
  }

  /** Positions of reads and writes are apart, and so are those of all threads. */
  @Test
  void servesManyThreadsAtOnce() throws Exception {
    int size = 1000;
    try (Disk.File file = disk.create("a")) {
      Concurrently.run(
          4,
          thread -> {
            byte[] mine = new byte[size];
            byte[] found = new byte[size];
            for (int i = 0; i < 500; i++) {
              new Random(thread * 1000 + i).nextBytes(mine);
              file.write((long) thread * size, mine, 0, size);
              assertThat(file.read((long) thread * size, found, 0, size)).isEqualTo(size);
              assertThat(found).isEqualTo(mine);
            }
            file.force();
            return null;
          });
      assertThat(file.length()).isEqualTo(4 * size);
    }
  }
}
