package kv.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A file of one word that is read again. */
class WatchedFileTest {
  @TempDir Path folder;
  private Path path;
  private WatchedFile<String> file;

  /** Why the file cannot be used; null if it can. */
  private String trouble;

  private int reads;

  @BeforeEach
  void write() throws Exception {
    path = folder.resolve("word");
    write("one", 0);
    file = new WatchedFile<>(path, this::read);
  }

  /** As if that had been done long ago, {@code second} by second, which no look need doubt. */
  private void write(String word, int second) throws IOException {
    Files.writeString(path, word);
    Files.setLastModifiedTime(path, FileTime.fromMillis(1_000_000_000_000L + second * 1000L));
  }

  private String read(Path from) {
    reads++;
    if (trouble != null) throw new ConfigException(new Place("word", 0), trouble);
    try {
      return Files.readString(from);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertTold(String message) {
    assertThatThrownBy(file::look).isInstanceOf(ConfigException.class).hasMessage(message);
    assertThat(file.content()).isEqualTo("one");
  }

  private void assertNothingIsTold() {
    assertThat(file.look()).isEmpty();
    assertThat(file.content()).isEqualTo("one");
  }

  @Test
  void isReadOnceAndAgainWhenItHasChanged() throws Exception {
    assertNothingIsTold();
    assertThat(reads).isEqualTo(1);
    write("two", 1);
    assertThat(file.look()).contains("two");
    assertThat(file.content()).isEqualTo("two");
    assertThat(file.look()).isEmpty();
    assertThat(reads).isEqualTo(2);
  }

  @Test
  void isReadAgainAsLongAsItMayChangeWithoutShowingIt() throws Exception {
    Files.writeString(path, "now");
    FileTime future = FileTime.from(Instant.now().plus(1, ChronoUnit.DAYS));
    Files.setLastModifiedTime(path, future); // as if no time had passed since, however slow
    assertThat(file.look()).contains("now");
    assertThat(file.look()).contains("now");
  }

  @Test
  void canBeSeveralOfWhichOneHasChanged() throws Exception {
    Path other = Files.writeString(folder.resolve("other"), "two");
    FileTime longAgo = Files.getLastModifiedTime(path);
    Files.setLastModifiedTime(other, longAgo);
    WatchedFile<String> both =
        new WatchedFile<>(List.of(path, other), () -> read(path) + " " + read(other));
    assertThat(both.content()).isEqualTo("one two");
    assertThat(both.isStill()).isTrue();
    assertThat(both.look()).isEmpty();
    Files.writeString(other, "three");
    assertThat(both.isStill()).isFalse();
    assertThat(both.look()).contains("one three");
    Files.delete(other);
    trouble = "is not there";
    assertThatThrownBy(both::look).hasMessage("word: is not there");
    assertThat(both.content()).isEqualTo("one three");
  }

  @Nested
  class OneThatCannotBeUsed {
    @BeforeEach
    void change() throws Exception {
      trouble = "may not be read";
      write("two", 1);
      assertTold("word: may not be read");
    }

    @Test
    void isReadOnceItCanThoughItHasNotChangedSince() {
      assertNothingIsTold();
      trouble = null;
      assertThat(file.look()).contains("two");
    }

    @Test
    void isToldOfOnceForEachReasonAndEachChange() throws Exception {
      assertNothingIsTold();
      trouble = "is half a word";
      assertTold("word: is half a word");
      assertNothingIsTold();
      write("two", 2);
      assertTold("word: is half a word");
      assertNothingIsTold();
    }

    @Test
    void isToldOfAgainOnceItCouldBeUsedInBetween() throws Exception {
      trouble = null;
      write("one", 0);
      assertThat(file.look()).isEmpty(); // it is as it was when it could be used
      trouble = "may not be read";
      write("two", 1);
      assertTold("word: may not be read");
      trouble = null;
      write("one", 2);
      assertThat(file.look()).contains("one");
      trouble = "may not be read";
      write("two", 1);
      assertTold("word: may not be read");
    }
  }

  /** To open one might take for ever. */
  @Nested
  @DisabledOnOs(OS.WINDOWS)
  class APipe {
    private String message;

    @BeforeEach
    void make() throws Exception {
      message = path + ": is a pipe or a device; name a file";
      Files.delete(path);
      Process mkfifo = new ProcessBuilder("mkfifo", path.toString()).start();
      assertThat(mkfifo.waitFor()).isZero();
    }

    @Test
    void isNotOpenedAtFirst() {
      assertThatThrownBy(() -> new WatchedFile<>(path, this::fail))
          .isInstanceOf(ConfigException.class)
          .hasMessage(message);
    }

    @Test
    void isNotOpenedLater() throws Exception {
      int before = reads;
      assertTold(message);
      assertNothingIsTold();
      assertThat(reads).isEqualTo(before);
      Files.delete(path);
      write("two", 1);
      assertThat(file.look()).contains("two");
    }

    private String fail(Path from) {
      throw new AssertionError("opened");
    }
  }
}
