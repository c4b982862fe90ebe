package kv.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import kv.testing.Form;
import kv.testing.LogCapture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Crashes of the process and of the machine at every change of the disk: whatever a client was told
 * is safe is there, and of the rest, what came first.
 */
class LogCrashTest {
  private static final int RUNS = Form.of(150, 1_000);
  private static final int STEPS = 200;

  private static final LogSettings SETTINGS =
      LogSettings.DEFAULT.minFree(0).segmentBytes(8 * 1024);

  /** What there was after each change, the first at the beginning. */
  private final List<String> states = new ArrayList<>();

  private FaultyDisk disk = new FaultyDisk();
  private Writer writer;

  /** How many changes are acknowledged: written, or forced. */
  private int written;

  private int forced;

  @BeforeEach
  void allowWarnings(LogCapture log) {
    log.allow("torn tail|crashed");
  }

  private void open(UUID boot) throws InterruptedException {
    writer = new Writer(disk, SETTINGS, boot);
    states.clear();
    states.add(state());
    written = 0;
    forced = 0;
  }

  private String state() {
    return writer.kept.all().toString();
  }

  private void step(Random random) throws InterruptedException {
    List<Long> buckets = new ArrayList<>(writer.kept.buckets.keySet());
    int what = random.nextInt(100);
    if (what < 6) writer.log.sync();
    else if (what < 8) writer.log.writeSnapshot(writer.kept);
    else if (what < 10) writer.log.tend();
    else {
      if (what < 13 || buckets.isEmpty()) writer.create("bucket " + random.nextInt(5));
      else if (what < 15) writer.drop(buckets.get(random.nextInt(buckets.size())));
      else if (what < 40)
        writer.delete(buckets.get(random.nextInt(buckets.size())), "k" + random.nextInt(30));
      else
        writer.put(
            buckets.get(random.nextInt(buckets.size())),
            "k" + random.nextInt(30),
            "v".repeat(random.nextInt(300)));
      states.add(state());
    }
    if (random.nextInt(3) == 0) commit();
    note();
  }

  private void commit() {
    writer.commit();
    if (!disk.hasCrashed()) written = states.size() - 1;
  }

  /** What is forced now was written before, and is known by the figures. */
  private void note() {
    if (!disk.hasCrashed() && writer.log.isAllForced()) forced = written = states.size() - 1;
  }

  /** Works until the disk crashes, or it is enough. */
  private void work(Random random) {
    try {
      for (int i = 0; i < STEPS && !disk.hasCrashed(); i++) step(random);
    } catch (LogException e) {
      assertThat(disk.hasCrashed()).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts this", e);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void loseNothingThatWasAcknowledged(boolean isPowerFailure) throws Exception {
    for (int run = 0; run < RUNS; run++) {
      Random random = new Random(run);
      disk = new FaultyDisk();
      open(new UUID(0, 1));
      for (int life = 0; life < 4; life++) {
        disk.crashAt(1 + random.nextInt(150), random.nextInt(200));
        work(random);
        List<String> before = List.copyOf(states);
        int least = isPowerFailure ? forced : written;
        disk = isPowerFailure ? disk.powerFailure(random.nextLong()) : disk.kill();
        open(new UUID(0, isPowerFailure ? 2 + life : 1));
        assertThat(before.subList(least, before.size()))
            .as("run " + run + ", life " + life)
            .contains(state());
      }
    }
  }
}
