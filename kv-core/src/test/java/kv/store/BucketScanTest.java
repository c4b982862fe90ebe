package kv.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import kv.otp.ExitedException;
import kv.testing.Concurrently;
import kv.testing.Form;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Going through the keys of a bucket page by page, and picking any. What the pages stand on is not
 * in the documentation of the JDK: where it is not so, these fail.
 */
class BucketScanTest {
  private static final Bytes ONE = Bytes.of("1");

  private final Bucket bucket = Bucket.start(Bytes.of("shopping"));

  private static List<Bytes> keys(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> Bytes.of(prefix + i)).toList();
  }

  private void put(List<Bytes> keys) {
    for (Bytes key : keys) bucket.put(key, ONE);
  }

  private static List<Bytes> scanAll(Bucket bucket, int count) {
    List<Bytes> found = new ArrayList<>();
    long cursor = 0;
    do cursor = bucket.scan(cursor, count, found::add);
    while (cursor != 0);
    return found;
  }

  /** With the same hash: each two letters can be Aa or BB. */
  private static List<Bytes> colliding(int letters) {
    List<String> all = List.of("");
    for (int i = 0; i < letters; i++)
      all = all.stream().<String>mapMulti((text, sink) -> {
        sink.accept(text + "Aa");
        sink.accept(text + "BB");
      }).toList();
    return all.stream().map(Bytes::of).toList();
  }

  @Nested
  class Scan {
    @ParameterizedTest
    @CsvSource({"0, 1", "1, 10", "12, 1", "13, 1", "1000, 1", "1000, 10", "1000, 2000", "9000, 9"})
    void givesEachKeyOnceWhileNobodyWrites(int size, int count) {
      put(keys("key ", size));
      assertThat(scanAll(bucket, count)).containsExactlyInAnyOrderElementsOf(keys("key ", size));
    }

    @Test
    void givesAPageOfAboutTheSizeThatIsAskedFor() {
      put(keys("key ", 2_000));
      List<Bytes> page = new ArrayList<>();
      long cursor = 0;
      do {
        page.clear();
        cursor = bucket.scan(cursor, 20, page::add);
        assertThat(page).hasSizeLessThan(20 + 10);
        if (cursor != 0) assertThat(page).hasSizeGreaterThanOrEqualTo(20);
      } while (cursor != 0);
    }

    @Test
    void givesKeysOfTheSameHashTogether() {
      List<Bytes> colliding = colliding(8);
      put(colliding);
      put(keys("key ", 100));
      assertThat(scanAll(bucket, 1)).hasSize(356).containsAll(colliding);
      List<Integer> large = new ArrayList<>();
      long cursor = 0;
      do {
        List<Bytes> page = new ArrayList<>();
        cursor = bucket.scan(cursor, 1, page::add);
        if (page.size() >= 256) large.add(page.size());
      } while (cursor != 0);
      assertThat(large).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10})
    void givesWhatStaysWhileTheTableGrowsBetweenPages(int count) {
      List<Bytes> stay = keys("stays ", 150);
      for (int first = 0; first < 10; first++) {
        Bucket growing = Bucket.start(Bytes.of("shopping"));
        for (Bytes key : stay) growing.put(key, ONE);
        Set<Bytes> found = new HashSet<>();
        long cursor = 0;
        int page = 0;
        do {
          cursor = growing.scan(cursor, count, found::add);
          if (page++ >= first && growing.size() < 2_000)
            for (Bytes key : keys(page + " ", growing.size())) growing.put(key, ONE);
        } while (cursor != 0);
        assertThat(found).containsAll(stay);
      }
    }

    @Test
    void givesWhatStaysWhileTheTableGrowsAmidAPage() {
      List<Bytes> stay = keys("stays ", 150);
      for (int at = 1; at < 150; at += 7) {
        Bucket growing = Bucket.start(Bytes.of("shopping"));
        for (Bytes key : stay) growing.put(key, ONE);
        List<Bytes> found = new ArrayList<>();
        int then = at;
        long cursor = 0;
        do
          cursor =
              growing.scan(
                  cursor,
                  1000,
                  key -> {
                    found.add(key);
                    if (found.size() == then)
                      for (Bytes other : keys("other ", 1000)) growing.put(other, ONE);
                  });
        while (cursor != 0);
        assertThat(found).containsAll(stay);
      }
    }

    @Test
    void givesWhatStaysBesideOthersThatWrite() throws Exception {
      int rounds = Form.of(2, 200);
      for (int round = 0; round < rounds; round++) {
        Bucket busy = Bucket.start(Bytes.of("shopping"));
        List<Bytes> stay = keys("stays ", 500);
        for (Bytes key : stay) busy.put(key, ONE);
        for (Bytes key : colliding(4)) busy.put(key, ONE);
        AtomicBoolean isOver = new AtomicBoolean();
        Concurrently.run(
            3,
            thread -> {
              for (int i = 0; thread > 0 && !isOver.get(); i++) {
                busy.put(Bytes.of(thread + " " + i % 1000), ONE);
                if (i % 3 > 0) busy.delete(Bytes.of(thread + " " + (i - 5) % 1000));
                busy.delete(Bytes.of("AaAaAaAa"));
                busy.put(Bytes.of("AaAaAaAa"), ONE);
              }
              if (thread > 0) return null;
              try {
                for (int i = 0; i < 3; i++)
                  assertThat(new HashSet<>(scanAll(busy, 7)))
                      .containsAll(stay)
                      .contains(Bytes.of("BBBBBBBB"), Bytes.of("BBAaAaBB"));
              } finally {
                isOver.set(true);
              }
              return null;
            });
      }
    }

    @Test
    void passesNoMoreThanTenPlacesForEachKeyThatIsWanted() {
      List<Bytes> keys = keys("key ", 10_000);
      put(keys);
      for (Bytes key : keys) bucket.delete(key);
      int bins = 16_384; // the table, for what it has held
      assertThat(bucket.scan(0, 10, key -> {})).isEqualTo(100 * ((1L << 30) / bins));
      assertThat(bucket.scan(0, bins / 10 + 1, key -> {})).isZero();
    }

    @Test
    void goesOnFromACursorOfATableThatWasLarger() {
      put(keys("stays ", 100));
      List<Bytes> half = new ArrayList<>();
      List<Bytes> others = keys("other ", 5_000);
      put(others);
      long cursor = bucket.scan(0, 2321, half::add);
      Bucket smaller = Bucket.start(Bytes.of("shopping"));
      for (Bytes key : keys("stays ", 100)) smaller.put(key, ONE);
      Set<Bytes> found = new HashSet<>(half);
      while (cursor != 0) cursor = smaller.scan(cursor, 1, found::add);
      assertThat(found).containsAll(keys("stays ", 100));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1L << 30, Long.MAX_VALUE, Long.MIN_VALUE})
    void refusesWhatIsNoCursor(long cursor) {
      assertThat(Bucket.isCursor(cursor)).isFalse();
      assertThatThrownBy(() -> bucket.scan(cursor, 1, key -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("not a cursor: " + cursor);
    }

    @Test
    void takesAnyPlaceThatCouldBeACursor() {
      put(keys("key ", 100));
      assertThat(bucket.scan((1L << 30) - 1, 1, key -> {})).isZero();
      assertThat(bucket.scan(1, 1, key -> {})).isPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void refusesAPageOfNothing(int count) {
      assertThatThrownBy(() -> bucket.scan(0, count, key -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a page of " + count + " keys");
    }
  }

  @Nested
  class InADurableStorage {
    @TempDir private Path folder;

    @Test
    void aCursorIsGoodAfterARestart() throws Exception {
      Bytes name = Bytes.of("shopping");
      Set<Bytes> found = new HashSet<>();
      long cursor = 0;
      try (Storage storage = Storage.start(folder)) {
        Bucket durable = storage.create(name);
        for (Bytes key : keys("key ", 1000)) durable.put(key, ONE);
        cursor = durable.scan(cursor, 500, found::add);
      }
      assertThat(cursor).isPositive();
      try (Storage storage = Storage.start(folder)) {
        Bucket durable = storage.lookup(name).orElseThrow();
        while (cursor != 0) cursor = durable.scan(cursor, 100, found::add);
      }
      assertThat(found).containsAll(keys("key ", 1000));
    }
  }

  @Nested
  class RandomKey {
    @Test
    void isNoneOfNothing() {
      assertThat(bucket.randomKey()).isEmpty();
      put(keys("key ", 1000));
      for (Bytes key : keys("key ", 1000)) bucket.delete(key);
      assertThat(bucket.randomKey()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 20})
    void mayBeEach(int size) {
      List<Bytes> keys = keys("key ", size);
      put(keys);
      Set<Bytes> found = new HashSet<>();
      for (int i = 0; i < 5000; i++) found.add(bucket.randomKey().orElseThrow());
      assertThat(found).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void mayBeEachOfTheSameHash() {
      List<Bytes> keys = colliding(4);
      put(keys);
      Set<Bytes> found = new HashSet<>();
      for (int i = 0; i < 5000; i++) found.add(bucket.randomKey().orElseThrow());
      assertThat(found).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void isFoundInATableThatHasBeenEmptied() {
      List<Bytes> keys = keys("key ", 100_000);
      put(keys);
      for (Bytes key : keys.subList(1, keys.size())) bucket.delete(key);
      assertThat(bucket.randomKey()).contains(keys.get(0));
    }
  }

  @Test
  void areRefusedByABucketThatHasExited() throws Exception {
    put(keys("key ", 1));
    bucket.stop();
    assertThatThrownBy(() -> bucket.scan(0, 1, key -> {})).isInstanceOf(ExitedException.class);
    assertThatThrownBy(bucket::randomKey).isInstanceOf(ExitedException.class);
  }
}
