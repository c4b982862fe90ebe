package kv.figures;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import kv.store.Bucket;
import kv.store.Bytes;
import kv.store.Storage;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BucketFiguresTest {
  @Nested
  class TheTextOfAName {
    /** One char for each byte. */
    private static String text(String bytes) {
      return BucketFigures.text(Bytes.of(bytes.getBytes(ISO_8859_1)));
    }

    @ParameterizedTest
    @CsvSource({
      "shopping, shopping",
      "'a b', 'a b'",
      "\u00c3\u00a9, \u00e9",
      "\u00f0\u009f\u00a6\u0081, \ud83e\udd81",
      "a\\b, a\\\\b",
      "\\xFF, \\\\xFF",
      "\u00ff, \\xFF",
      "a\u00c3, a\\xC3",
      "\u00c3a, \\xC3a",
      "\u00c0\u0080, \\xC0\\x80",
      "\u00ed\u00a0\u0080, \\xED\\xA0\\x80",
      "'\u0000\u001f\u007f', \\x00\\x1F\\x7F",
      "\u00c2\u0085, \\xC2\\x85",
      "'\"\n', '\"\\x0A'"
    })
    void showsWhatCanBeShown(String bytes, String shown) {
      assertThat(text(bytes)).isEqualTo(shown);
    }

    @Test
    void isThatOfNoOtherName() {
      char[] parts = {'\\', 'x', 'F', '\u00c3', '\u00a9', '\u00ff', '\n', '0', 'A'};
      SplittableRandom random = new SplittableRandom(17);
      Map<String, String> names = new HashMap<>();
      for (int i = 0; i < 200_000; i++) {
        StringBuilder name = new StringBuilder();
        int length = random.nextInt(1, 7);
        while (name.length() < length) name.append(parts[random.nextInt(parts.length)]);
        String other = names.put(text(name.toString()), name.toString());
        if (other != null) assertThat(other).isEqualTo(name.toString());
      }
      assertThat(names).hasSizeGreaterThan(50_000);
    }
  }

  @Test
  void tellsOfTheLargestFiftyBucketsTheLargestFirst() throws Exception {
    try (Storage storage = Storage.start()) {
      for (int i = 100; i < 160; i++) {
        Bucket bucket = storage.create(Bytes.of("b" + i));
        for (int key = 0; key < i - 100; key++)
          bucket.put(Bytes.of("key" + key), Bytes.of("v".repeat(100)));
      }
      var largest = BucketFigures.ofLargest(storage.all());
      assertThat(largest).hasSize(50);
      assertThat(largest.get(0).name()).isEqualTo("b159");
      assertThat(largest.get(0).keys()).isEqualTo(59);
      assertThat(largest.get(0).bytes()).isGreaterThan(5900);
      assertThat(largest.get(49).name()).isEqualTo("b110");
    }
  }

  @Test
  void tellsOfBucketsThatHoldAsMuchByTheirNames() throws Exception {
    try (Storage storage = Storage.start()) {
      for (int i = 99; i >= 10; i--) storage.create(Bytes.of("b" + i));
      assertThat(BucketFigures.ofLargest(storage.all()))
          .extracting(BucketFigures::name)
          .hasSize(50)
          .isSorted()
          .startsWith("b10")
          .endsWith("b59");
    }
  }
}
