package kv.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import kv.log.disk.DiskCalls;
import kv.log.disk.DiskCalls.Kind;
import kv.log.disk.FaultyDisk;
import kv.log.disk.FolderException;
import kv.testing.Form;
import kv.testing.LogCapture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Crashes of the process and of the machine at every change of the disk, and writes and forces that
 * fail: whatever a client was told is safe is there, and of the rest, what came first.
 */
class LogCrashTest {
  private static final int RUNS = Form.of(100, 1_000);
  private static final int STEPS = 200;

  private static final LogSettings SETTINGS =
      LogSettings.DEFAULT.minFree(0).segmentBytes(8 * 1024);

  /** What there was after each change, the first at the beginning. */
  private final List<String> states = new ArrayList<>();

  private FaultyDisk disk = new FaultyDisk();
  private Writer writer;
  private UUID boot;

  /** How many changes are acknowledged: written, or forced. */
  private int written;

  private int forced;

  @BeforeEach
  void allowWarnings(LogCapture log) {
    log.allow("torn tail|crashed|broken");
  }

  private void open() throws InterruptedException {
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
    else if (what < 9) writer.log.tend();
    else if (what < 10) breakDisk(random);
    else if (what < 11 && !isOpen()) mend();
    else {
      if (what < 14 || buckets.isEmpty()) writer.create("bucket " + random.nextInt(5));
      else if (what < 16) writer.drop(buckets.get(random.nextInt(buckets.size())));
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

  private void breakDisk(Random random) {
    Kind kind = random.nextBoolean() ? Kind.WRITE : Kind.FORCE;
    DiskCalls calls = random.nextBoolean() ? DiskCalls.next(kind) : DiskCalls.all(kind);
    disk.tear(calls.on(random.nextBoolean() ? "log-" : ""), random.nextInt(100), "broken");
  }

  private void mend() throws InterruptedException {
    disk.mend();
    writer.log.tend();
    if (!isOpen()) writer.log.writeSnapshot(writer.kept);
    if (disk.hasCrashed()) return;
    assertThat(writer.log.figures().state()).isEqualTo("open");
    commit();
  }

  private boolean isOpen() {
    return writer.log.figures().state().equals("open");
  }

  private void commit() {
    writer.commit();
    if (!disk.hasCrashed()) written = states.size() - 1;
  }

  /** What is forced now was written before, and is known by the figures. */
  private void note() {
    if (!disk.hasCrashed() && writer.log.isAllForced()) forced = written = states.size() - 1;
  }

  private void tryStep(Random random) throws InterruptedException {
    try {
      step(random);
    } catch (LogException e) {
      assertThat(disk.hasCrashed() || !isOpen()).isTrue();
    }
  }

  /** Works until the disk crashes, or it is enough. */
  private void work(Random random) {
    try {
      for (int i = 0; i < STEPS && !disk.hasCrashed(); i++) tryStep(random);
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts this", e);
    }
  }

  /** With so many of a hundred crashes those of the machine, the others of the process. */
  @ParameterizedTest
  @ValueSource(ints = {0, 50, 100})
  void loseNothingThatWasAcknowledged(int percent) throws Exception {
    for (int run = 0; run < RUNS; run++) {
      Random random = new Random(run);
      disk = new FaultyDisk();
      boot = new UUID(0, 1);
      open();
      for (int life = 0; life < 4; life++) {
        disk.crashAt(1 + random.nextInt(150), random.nextInt(200));
        work(random);
        List<String> before = List.copyOf(states);
        int least = openAgain(random, percent);
        assertThat(before.subList(least, before.size()))
            .as("run " + run + ", life " + life)
            .contains(state());
      }
    }
  }

  /** Crashes, perhaps while it is opened as well; answers how many changes have to be there. */
  private int openAgain(Random random, int percent) throws InterruptedException {
    int least = written;
    int safe = forced;
    while (true) {
      boolean isPowerFailure = random.nextInt(100) < percent;
      if (isPowerFailure) least = safe;
      disk = isPowerFailure ? disk.powerFailure(random.nextLong()) : disk.kill();
      if (isPowerFailure) boot = new UUID(0, boot.getLeastSignificantBits() + 1);
      if (random.nextBoolean()) disk.crashAt(1 + random.nextInt(20), random.nextInt(100));
      try {
        open();
        return least;
      } catch (FolderException e) {
        assertThat(e).hasMessageContaining("crashed");
      }
    }
  }
}
