package kv.router.table;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import kv.config.ConfigException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A routing table whose file changes while the node runs. */
class TableFileTest {
  private static final String FOO = "foo@127.0.0.1:1";

  @TempDir Path folder;
  private Path path;
  private TableFile file;

  @BeforeEach
  void write() throws IOException {
    path = folder.resolve("routing.properties");
    write("a-m=" + FOO);
    file = TableFile.read(path);
  }

  private void write(String... rows) throws IOException {
    Files.write(path, List.of(rows), ISO_8859_1);
  }

  /** As if it had been changed long ago, which no look need doubt. */
  private void age(int seconds) throws IOException {
    Files.setLastModifiedTime(path, FileTime.fromMillis(1_000_000_000_000L + seconds * 1000L));
  }

  private static String holder(Optional<RoutingTable> table, char firstByte) {
    NodeAddress holder = table.orElseThrow().nodeFor(firstByte);
    return holder == null ? "nobody" : holder.toString();
  }

  @Nested
  class ALook {
    @Test
    void findsNothingInAFileThatIsAsItWas() throws Exception {
      assertThat(file.look()).isEmpty();
      age(1);
      assertThat(file.look()).isEmpty();
      assertThat(file.look()).isEmpty();
    }

    @Test
    void findsWhatHasChangedOnce() throws Exception {
      write("a-z=" + FOO);
      assertThat(holder(file.look(), 'z')).isEqualTo(FOO);
      assertThat(file.look()).isEmpty();
      assertThat(file.table().nodeFor('z')).isNotNull();
    }

    @Test
    void findsAChangeOfTheSameLengthAtTheSameTime() throws Exception {
      FileTime before = Files.getLastModifiedTime(path);
      write("a-n=" + FOO);
      Files.setLastModifiedTime(path, before);
      assertThat(holder(file.look(), 'n')).isEqualTo(FOO);
    }

    @Test
    void findsAFileThatWasMovedIntoItsPlace() throws Exception {
      age(1);
      assertThat(file.look()).isEmpty();
      Path next = Files.write(folder.resolve("next"), List.of("a-n=" + FOO));
      Files.setLastModifiedTime(next, Files.getLastModifiedTime(path));
      Files.move(next, path, StandardCopyOption.REPLACE_EXISTING);
      assertThat(holder(file.look(), 'n')).isEqualTo(FOO);
    }

    @Test
    void findsNothingNewInOtherWordsForTheSame() throws Exception {
      write("# the same", "a-c=" + FOO, "d-m=" + FOO);
      assertThat(file.look()).isEmpty();
    }

    @Test
    void doesNotReadAFileThatShowsNoChange() throws Exception {
      age(1);
      file.look();
      write("a-n=" + FOO);
      age(1);
      assertThat(file.look()).isEmpty(); // in fact there is one, but neither in time nor in size
    }
  }

  @Nested
  class AFileThatCannotBeUsed {
    @ParameterizedTest
    @ValueSource(strings = {"", "a-m", "m-a=" + FOO, "a=foo", "a=" + FOO + "\na=" + FOO, "\u00ff"})
    void isRefusedOnceAndTheTableStays(String text) throws Exception {
      RoutingTable before = file.table();
      Files.writeString(path, text, ISO_8859_1);
      assertThatThrownBy(file::look)
          .isInstanceOf(ConfigException.class)
          .hasMessageStartingWith(path.toString());
      assertThat(file.look()).isEmpty();
      assertThat(file.table()).isSameAs(before);
    }

    @Test
    void isRefusedAgainWhenItHasChangedAndIsNoBetter() throws Exception {
      for (int i = 1; i < 4; i++) {
        write("rubbish");
        age(i);
        assertThatThrownBy(file::look).hasMessageStartingWith(path + ":1: ");
      }
    }

    @Test
    void isTakenOnceItIsMended() throws Exception {
      write("rubbish");
      assertThatThrownBy(file::look).isInstanceOf(ConfigException.class);
      write("a-z=" + FOO);
      assertThat(holder(file.look(), 'z')).isEqualTo(FOO);
    }

    @Test
    void isOneThatIsGoneAndItsReturnIsNothingNew() throws Exception {
      Files.delete(path);
      assertThatThrownBy(file::look).hasMessageContaining("no such file");
      assertThat(file.look()).isEmpty();
      write("a-m=" + FOO);
      assertThat(file.look()).isEmpty();
    }
  }
}
