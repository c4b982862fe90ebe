package kv.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import kv.log.disk.Disk;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a log has kept when it is opened again. */
class LogTest {
  private static final LogSettings SHORT = LogSettings.DEFAULT.minFree(0).segmentBytes(8 * 1024);

  @TempDir private Path folder;
  private Disk disk;
  private Writer writer;

  @BeforeEach
  void open() throws Exception {
    disk = Disk.of(folder);
    writer = new Writer(disk, SHORT);
  }

  private Writer again() throws InterruptedException {
    return new Writer(disk, SHORT);
  }

  @Nested
  class KeepsWhatWasCommitted {
    @Test
    void whenItIsClosed() throws Exception {
      long shopping = writer.create("shopping");
      writer.put(shopping, "milk", "1");
      writer.put(shopping, "eggs", "2");
      writer.delete(shopping, "milk");
      long trips = writer.create("trips");
      writer.put(trips, "oslo", "");
      writer.drop(trips);
      writer.log.close();
      assertThat(again().kept.all()).isEqualTo(writer.kept.all()).hasSize(1);
    }

    @Test
    void whenTheProcessEndsWithoutClosingIt() throws Exception {
      long shopping = writer.create("shopping");
      for (int i = 0; i < 5_000; i++) {
        writer.put(shopping, "key " + i % 100, "value " + i);
        writer.commit();
      }
      assertThat(again().kept.all()).isEqualTo(writer.kept.all());
    }

    @Test
    void alsoAValueThatIsLongerThanAFile() throws Exception {
      long shopping = writer.create("shopping");
      writer.put(shopping, "milk", "x".repeat(100_000));
      writer.put(shopping, "eggs", "y");
      writer.commit();
      assertThat(again().kept.all()).isEqualTo(writer.kept.all());
    }

    @Test
    void overManyStarts() throws Exception {
      for (int i = 0; i < 20; i++) {
        long bucket = writer.create("bucket " + i);
        writer.put(bucket, "key", "value");
        writer.commit();
        if (i % 3 == 0) writer.log.close();
        Writer next = again();
        assertThat(next.kept.all()).isEqualTo(writer.kept.all());
        assertThat(next.log.end()).isGreaterThan(writer.log.end());
        writer = next;
      }
    }

    @Test
    void andNothingThatWasNot() throws Exception {
      long shopping = writer.create("shopping");
      writer.commit();
      writer.put(shopping, "milk", "1");
      assertThat(again().kept.buckets.get(shopping).entries).isEmpty();
    }
  }

  @Nested
  class ASnapshot {
    @Test
    void standsForTheLogBeforeIt() throws Exception {
      long shopping = writer.create("shopping");
      for (int i = 0; i < 5_000; i++) writer.put(shopping, "key " + i % 100, "value " + i);
      writer.log.writeSnapshot(writer.kept);
      assertThat(disk.names()).filteredOn(name -> name.startsWith("snapshot-")).hasSize(1);
      assertThat(disk.names()).filteredOn(name -> name.startsWith("log-")).hasSizeLessThan(3);
      writer.put(shopping, "key 1", "new");
      writer.delete(shopping, "key 2");
      writer.create("trips");
      writer.commit();
      assertThat(again().kept.all()).isEqualTo(writer.kept.all());
    }

    @Test
    void mayBeFollowedByAnother() throws Exception {
      long shopping = writer.create("shopping");
      for (int i = 0; i < 10; i++) {
        for (int j = 0; j < 500; j++) writer.put(shopping, "key " + i * j, "value " + i);
        writer.log.writeSnapshot(writer.kept);
        Writer next = again();
        assertThat(next.kept.all()).isEqualTo(writer.kept.all());
        writer = next;
      }
      assertThat(disk.names()).filteredOn(name -> name.startsWith("snapshot-")).hasSize(1);
    }

    @Test
    void isNothingToADropOrANumberThatWasUsed() throws Exception {
      long shopping = writer.create("shopping");
      writer.drop(shopping);
      writer.log.writeSnapshot(writer.kept);
      assertThat(again().create("shopping")).isGreaterThan(shopping);
    }
  }

  /** Behind what was forced is a mark, which is forced with what comes next. */
  @Test
  void hasNobodyWaitForAForceOfWhatNobodyHasWritten() throws Exception {
    LogSettings settings = SHORT.policy(SyncPolicy.ALWAYS).syncTimeout(Duration.ofMillis(10));
    Writer careful = new Writer(disk, settings);
    careful.create("shopping");
    careful.log.sync();
    assertThatCode(careful::commit).doesNotThrowAnyException();
  }

  @Test
  void refusesWhatComesAfterItWasClosed() {
    long shopping = writer.create("shopping");
    writer.log.close();
    assertThatThrownBy(() -> writer.put(shopping, "milk", "1")).isInstanceOf(LogException.class);
  }
}
