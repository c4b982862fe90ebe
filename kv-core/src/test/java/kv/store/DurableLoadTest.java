package kv.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import kv.log.LoadingException;
import kv.log.Log;
import kv.log.LogException;
import kv.log.Replay;
import kv.log.disk.Disk;
import kv.otp.ExitedException;
import kv.testing.Concurrently;
import kv.testing.LogCapture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads write to a durable storage while parts of it are killed, and compare. */
class DurableLoadTest {
  private static final int WRITERS = 4;
  private static final int KEYS = 50;
  private static final int KILLS = 60;

  /** Each has all read again. */
  private static final int KILLS_OF_ALL = 15;
  private static final String SNAPSHOTS = "no part, but snapshots are written";
  private static final String DOUBT = "may have been carried out";

  @TempDir private Path folder;

  @BeforeEach
  void allowCrashes(LogCapture logged) {
    logged.allow("event=child_terminated reason=");
    logged.allow("event=start_error");
    logged.allow("child=bucket .* event=shutdown_error reason=killed"); // by both at a time
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a bucket", "buckets", "registry", "events", "log/keeper", "log/syncer", "log/compactor",
        "log", "folder", "storage", "any", SNAPSHOTS
      })
  void nothingThatWasAcknowledgedIsLost(String part) throws Exception {
    List<Writer> writers = new ArrayList<>();
    Map<String, Map<Bytes, Bytes>> inMemory;
    try (DurableParts parts = new DurableParts(folder)) {
      for (int i = 0; i < WRITERS; i++) writers.add(new Writer(parts.storage, i));
      AtomicInteger killsLeft = new AtomicInteger(part.equals("storage") ? KILLS_OF_ALL : KILLS);
      Concurrently.run(
          WRITERS + 1,
          number -> {
            if (number == WRITERS) killAll(parts, part, killsLeft);
            else writers.get(number).run(killsLeft);
            return number;
          });
      parts.settleBuckets();
      parts.storage.awaitRecovered();
      inMemory = contents(parts.storage);
      for (Writer writer : writers) writer.compareWith(inMemory);
    }
    try (DurableParts parts = new DurableParts(folder)) {
      assertThat(contents(parts.storage)).isEqualTo(inMemory);
    }
    readStrictly();
  }

  private static void killAll(DurableParts parts, String part, AtomicInteger left)
      throws Exception {
    List<String> all =
        List.of(
            "a bucket", "buckets", "registry", "log/keeper", "log", "storage",
            SNAPSHOTS);
    Random random = new Random(1);
    try {
      while (left.get() > 0) {
        String next = part.equals("any") ? all.get(random.nextInt(all.size())) : part;
        switch (next) {
          case "a bucket" -> killABucket(parts, random);
          case "storage" -> parts.killStorage();
          case SNAPSHOTS -> writeSnapshot(parts.storage);
          default -> parts.kill(next);
        }
        parts.storage.commit();
        left.decrementAndGet();
      }
    } finally {
      left.set(0);
    }
  }

  private static void writeSnapshot(Storage storage) throws InterruptedException {
    List<Bucket> there = storage.all();
    if (there.isEmpty()) return;
    DurableTable table = there.get(0).life().table();
    table.log().writeSnapshot(table.content());
    assertThat(storage.logFigures().orElseThrow().snapshotBytes()).isPositive();
  }

  private static void killABucket(DurableParts parts, Random random) throws Exception {
    List<Bucket> there = parts.storage.all();
    if (!there.isEmpty()) there.get(random.nextInt(there.size())).proc().kill();
    parts.settleBuckets();
  }

  private static Map<String, Map<Bytes, Bytes>> contents(Storage storage) {
    Map<String, Map<Bytes, Bytes>> contents = new TreeMap<>();
    for (Bucket bucket : storage.all()) {
      Map<Bytes, Bytes> entries = new HashMap<>();
      for (Bytes key : bucket.keys()) entries.put(key, bucket.get(key).orElseThrow());
      contents.put(bucket.name().utf8(), entries);
    }
    return contents;
  }

  /** Writes to keys of its own in two buckets, one for all, and one of its own that it drops. */
  private static final class Writer {
    private final Storage storage;
    private final int number;
    private final Random random;
    private final Bytes own;
    private final Map<Bytes, Map<Bytes, Bytes>> model = new HashMap<>();

    /** Keys, and buckets, of which the outcome of a change is not known. */
    private final Set<List<Bytes>> inDoubt = new HashSet<>();

    private int acknowledged;

    Writer(Storage storage, int number) {
      this.storage = storage;
      this.number = number;
      random = new Random(number);
      own = Bytes.of("own " + number);
    }

    void run(AtomicInteger killsLeft) throws InterruptedException {
      for (int i = 0; killsLeft.get() > 0 || acknowledged < 100; i++) step(i);
    }

    private void step(int i) throws InterruptedException {
      Bytes bucket = random.nextInt(4) == 0 ? own : Bytes.of("shared");
      Bytes key = Bytes.of(number + " " + random.nextInt(KEYS) + " " + i / 1000);
      boolean isDrop = bucket == own && random.nextInt(10) == 0;
      boolean isDelete = random.nextInt(5) == 0;
      Bytes value = Bytes.of("value " + i);
      if (inDoubt.contains(List.of(bucket)) || inDoubt.contains(List.of(bucket, key))) return;
      List<Bytes> touched = isDrop ? List.of(bucket) : List.of(bucket, key);
      try {
        create(bucket);
        Bucket found = storage.lookup(bucket).orElseThrow();
        if (isDrop) found.stop();
        else if (isDelete) found.delete(key);
        else if (i % 2 == 0) found.put(key, value);
        else found.update(key, old -> Optional.of(value));
        commit(touched);
        if (isDrop) model.remove(bucket);
        else if (isDelete) entries(bucket).remove(key);
        else entries(bucket).put(key, value);
        acknowledged++;
      } catch (LoadingException e) {
        Thread.yield();
      } catch (LogException e) {
        if (e.getMessage().contains(DOUBT)) inDoubt.add(touched);
        else assertThat(e).hasMessageContaining("try again");
        Thread.yield();
      }
    }

    private void create(Bytes bucket) throws InterruptedException {
      while (true) {
        try {
          storage.create(bucket);
          entries(bucket);
          return;
        } catch (ExitedException | TimeoutException e) { // the registry is not there
          Thread.yield();
        }
      }
    }

    private void commit(List<Bytes> touched) {
      try {
        storage.commit();
      } catch (LogException e) {
        inDoubt.add(touched);
        throw e;
      }
    }

    private Map<Bytes, Bytes> entries(Bytes bucket) {
      return model.computeIfAbsent(bucket, absent -> new HashMap<>());
    }

    void compareWith(Map<String, Map<Bytes, Bytes>> found) {
      for (Map.Entry<Bytes, Map<Bytes, Bytes>> bucket : model.entrySet()) {
        if (inDoubt.contains(List.of(bucket.getKey()))) continue;
        Map<Bytes, Bytes> there =
            new HashMap<>(found.getOrDefault(bucket.getKey().utf8(), Map.of()));
        there.keySet().removeIf(key -> !key.utf8().startsWith(number + " "));
        Map<Bytes, Bytes> expected = new HashMap<>(bucket.getValue());
        for (Map<Bytes, Bytes> each : List.of(there, expected))
          each.keySet().removeIf(key -> inDoubt.contains(List.of(bucket.getKey(), key)));
        assertThat(there).isEqualTo(expected);
      }
      assertThat(acknowledged).isPositive();
    }
  }

  @Test
  void noPutFollowsTheDropOfItsBucketHoweverTheyRace() throws Exception {
    Bytes name = Bytes.of("shopping");
    Map<String, Map<Bytes, Bytes>> inMemory;
    try (DurableParts parts = new DurableParts(folder)) {
      Storage storage = parts.storage;
      AtomicInteger drops = new AtomicInteger(100);
      Concurrently.run(
          WRITERS + 1,
          number -> {
            for (int i = 0; drops.get() > 0; i++) {
              Bucket bucket = storage.create(name);
              if (number == WRITERS) drop(bucket, drops);
              else putUnlessGone(bucket, Bytes.of(number + " " + i % KEYS));
            }
            return number;
          });
      inMemory = contents(storage);
    }
    try (DurableParts parts = new DurableParts(folder)) {
      assertThat(contents(parts.storage)).isEqualTo(inMemory);
    }
    boolean hasSnapshot =
        Disk.of(folder).names().stream().anyMatch(file -> file.startsWith("snapshot-"));
    if (!hasSnapshot) readStrictly(); // with one, the log may tell again what it has told
  }

  private static void drop(Bucket bucket, AtomicInteger drops) throws InterruptedException {
    while (bucket.count() < 3) Thread.onSpinWait();
    bucket.stop();
    drops.decrementAndGet();
  }

  private static void putUnlessGone(Bucket bucket, Bytes key) {
    try {
      bucket.put(key, key);
    } catch (ExitedException e) { // dropped meanwhile
      Thread.onSpinWait();
    } catch (LogException e) {
      assertThat(e).hasMessage("the bucket is being dropped; try again");
    }
  }

  /**
   * Of the log: each record is of a bucket that there is, and no number comes twice. A snapshot may
   * be ahead of the log, so nothing can be said then.
   */
  private void readStrictly() throws Exception {
    Disk disk = Disk.of(folder);
    if (disk.names().stream().anyMatch(name -> name.startsWith("snapshot-"))) return;
    Set<Long> there = new HashSet<>();
    Set<Long> ever = new HashSet<>();
    Log log = Log.open(disk, DurableParts.SETTINGS);
    log.recover(
        new Replay() {
          @Override
          public void reset() {
            there.clear();
          }

          @Override
          public void create(long bucket, byte[] name, long entries) {
            assertThat(ever.add(bucket)).isTrue();
            there.add(bucket);
          }

          @Override
          public void drop(long bucket) {
            assertThat(there.remove(bucket)).isTrue();
          }

          @Override
          public void put(long bucket, byte[] key, byte[] value, long deadlineMillis) {
            assertThat(there.contains(bucket)).isTrue();
          }

          @Override
          public void delete(long bucket, byte[] key) {
            assertThat(there.contains(bucket)).isTrue();
          }
        });
    assertThat(ever).isNotEmpty();
    log.close();
  }
}
