package kv.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import kv.otp.ExitedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bucket that is dropped while another thread changes it: each change is before that, or not. */
class DroppedBucketTest {
  private static final Bytes COUNT = Bytes.of("count");
  private static final int ROUNDS = 400;

  @TempDir private Path folder;

  /** Adds 1 until the bucket is gone; how often that was acknowledged. */
  private static long count(Bucket bucket) {
    for (long added = 0; ; added++)
      try {
        bucket.add(COUNT, 1);
      } catch (ExitedException e) {
        return added;
      }
  }

  private static void nothingIsSeenThatWasNotAcknowledged(Storage storage) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Bucket bucket = storage.create(Bytes.of("shopping"));
      FutureTask<Long> counting = new FutureTask<>(() -> count(bucket));
      Thread writer = new Thread(counting, "writer");
      writer.start();
      long seen = 0;
      for (int i = 0; i < 20 + round; i++)
        seen = bucket.get(COUNT).map(value -> value.number().getAsLong()).orElse(0L);
      bucket.stop();
      assertThat(counting.get()).as("round %s", round).isGreaterThanOrEqualTo(seen);
      writer.join();
    }
  }

  @Test
  void hasHadNoChangeThatWasSeenAndNotAcknowledged() throws Exception {
    try (Storage storage = Storage.start()) {
      nothingIsSeenThatWasNotAcknowledged(storage);
    }
  }

  @Test
  void hasHadNoneInADurableStorageEither() throws Exception {
    try (Storage storage = Storage.start(folder)) {
      nothingIsSeenThatWasNotAcknowledged(storage);
    }
  }
}
