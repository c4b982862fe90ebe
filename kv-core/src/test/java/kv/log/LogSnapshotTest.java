package kv.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import kv.log.disk.Disk;
import kv.log.disk.DiskCalls;
import kv.log.disk.FaultyDisk;
import kv.log.disk.FolderException;
import kv.log.disk.Hold;
import kv.testing.Concurrently;
import kv.testing.Form;
import kv.testing.LogCapture;
import kv.testing.ManualClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Snapshots that are written while others write, end in the middle, or are copied. */
@Timeout(60)
class LogSnapshotTest {
  private static final Log.Guard OPEN = () -> {};
  private static final UUID BOOT = new UUID(0, 1);
  private static final UUID NEXT_BOOT = new UUID(0, 2);
  private static final LogSettings SETTINGS =
      LogSettings.DEFAULT.minFree(0).segmentBytes(8 * 1024);

  private final ManualClock clock = new ManualClock();
  private FaultyDisk disk = new FaultyDisk();
  private Writer writer;
  private long shopping;

  @BeforeEach
  void open() throws Exception {
    writer = new Writer(disk, SETTINGS.clock(clock), BOOT);
    shopping = writer.create("shopping");
    writer.put(shopping, "milk", "1");
    writer.commit();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private void assertKept(FaultyDisk left) throws Exception {
    assertThat(new Writer(left, SETTINGS, BOOT).kept.all()).isEqualTo(writer.kept.all());
  }

  private static List<String> snapshots(Disk disk) throws IOException {
    return disk.names().stream().filter(name -> name.startsWith("snapshot-")).toList();
  }

  /** All that is kept; something happens each time it is walked through. */
  private static Content during(Writer writer, Runnable event) {
    return () -> {
      event.run();
      return writer.kept.buckets();
    };
  }

  @Nested
  class AChangeThatIsAppendedButCannotBeSeen {
    private int entered;
    private Thread thread;

    @BeforeEach
    void append() {
      entered = writer.log.enter();
      writer.log.put(OPEN, shopping, bytes("eggs"), bytes("1"), 0);
      writer.commit();
    }

    private void makeVisible() {
      writer.kept.put(shopping, bytes("eggs"), bytes("1"), 0);
      writer.log.leave(entered);
    }

    private FutureTask<?> startSnapshot() {
      FutureTask<?> task =
          new FutureTask<>(
              () -> {
                writer.log.writeSnapshot(writer.kept);
                return null;
              });
      thread = new Thread(task, "snapshot");
      thread.start();
      return task;
    }

    /** Until it waits for the clock, or is done. */
    private void awaitWaiting() throws InterruptedException {
      while (thread.isAlive() && thread.getState() != Thread.State.WAITING) Thread.onSpinWait();
    }

    private void finish(FutureTask<?> snapshot) throws Exception {
      assertThat(snapshot).isNotDone();
      assertThat(snapshots(disk)).isEmpty();
      makeVisible();
      while (thread.isAlive()) {
        clock.advance(Duration.ofMillis(1));
        Thread.onSpinWait();
      }
      snapshot.get();
      assertThat(snapshots(disk)).hasSize(1);
      assertKept(disk.kill());
    }

    @Test
    void isWaitedFor() throws Exception {
      FutureTask<?> snapshot = startSnapshot();
      awaitWaiting();
      finish(snapshot);
    }

    @Test
    void isWaitedForOnceMoreIfThatWasBrokenOff() throws Exception {
      for (int i = 0; i < 3; i++) {
        FutureTask<?> snapshot = startSnapshot();
        awaitWaiting();
        thread.interrupt();
        assertThatThrownBy(snapshot::get).hasCauseInstanceOf(InterruptedException.class);
      }
      FutureTask<?> snapshot = startSnapshot();
      awaitWaiting();
      finish(snapshot);
    }

    @Test
    void isNotWaitedForIfItBeginsLater() throws Exception {
      makeVisible();
      int later = writer.log.enter();
      writer.log.leave(later);
      writer.log.writeSnapshot(during(writer, writer.log::enter));
      assertThat(snapshots(disk)).hasSize(1);
    }
  }

  @Nested
  class UnderManyWriters {
    private static final int THREADS = 4;
    private static final int KEYS = 20;
    private final int runs = Form.of(10, 300);
    private final Map<String, String> map = new ConcurrentHashMap<>();

    /** For each key, the number of its last value that is acknowledged. */
    private final Map<String, Integer> acknowledged = new ConcurrentHashMap<>();

    /** Whether writes fail now and then. */
    private boolean isTroubled;

    private final Content content =
        () ->
            List.of(
                new Content.Bucket() {
                  @Override
                  public long number() {
                    return shopping;
                  }

                  @Override
                  public byte[] name() {
                    return bytes("shopping");
                  }

                  @Override
                  public long entries() {
                    return map.size();
                  }

                  @Override
                  public <X extends Exception> void forEach(Content.Visitor<X> target) throws X {
                    for (Map.Entry<String, String> one : map.entrySet())
                      target.entry(bytes(one.getKey()), bytes(one.getValue()), 0);
                  }
                });

    private void put(String key, int number) {
      writer.log.ensureWritable(true);
      int entered = writer.log.enter();
      try {
        map.compute(
            key,
            (k, before) -> {
              writer.log.put(OPEN, shopping, bytes(key), bytes("" + number), 0);
              Thread.yield(); // it is appended now, and cannot be seen
              return "" + number;
            });
      } finally {
        writer.log.leave(entered);
      }
    }

    /** Each thread has keys of its own, whose values are numbers that grow. */
    private void write(int thread, int count) {
      Random random = new Random(thread);
      for (int i = 1; i <= count && !disk.hasCrashed(); i++)
        try {
          String key = thread + " " + random.nextInt(KEYS);
          put(key, i);
          if (random.nextInt(3) > 0) continue;
          writer.commit();
          acknowledged.put(key, i);
        } catch (LogException e) {
          assertThat(disk.hasCrashed() || isTroubled).isTrue();
        }
    }

    private void openAnew(SyncPolicy policy) throws Exception {
      disk = new FaultyDisk();
      writer = new Writer(disk, SETTINGS.policy(policy), BOOT);
      shopping = writer.create("shopping");
      writer.log.sync();
      map.clear();
      acknowledged.clear();
    }

    private void run(int count) throws Exception {
      AtomicInteger writing = new AtomicInteger(THREADS);
      Concurrently.run(
          THREADS + 1,
          thread -> {
            if (thread < THREADS) {
              write(thread, count);
              writing.decrementAndGet();
            } else
              while (writing.get() > 0 && !disk.hasCrashed()) writer.log.writeSnapshot(content);
            return null;
          });
    }

    private Map<String, String> reopened(FaultyDisk left, UUID boot) throws Exception {
      Writer again = new Writer(left, SETTINGS, boot);
      return again.kept.buckets.get(shopping).entries;
    }

    @Test
    void nothingIsMissing() throws Exception {
      for (int i = 0; i < runs; i++) {
        openAnew(SyncPolicy.EVERYSEC);
        run(1_000);
        writer.commit();
        assertThat(reopened(disk.kill(), BOOT)).isEqualTo(map);
      }
    }

    @Test
    void nothingThatWasAcknowledgedIsMissingAfterAKillAtAnyTime(LogCapture log)
        throws Exception {
      log.allow("crashed|torn tail");
      for (int i = 0; i < runs; i++) {
        openAnew(SyncPolicy.EVERYSEC);
        disk.crashAt(20 + new Random(i).nextInt(1_000), i);
        run(2_000);
        Map<String, String> found = reopened(disk.kill(), BOOT);
        assertNothingIsMissing(found);
      }
    }

    private void assertNothingIsMissing(Map<String, String> found) {
      acknowledged.forEach(
          (key, number) ->
              assertThat(Integer.parseInt(found.getOrDefault(key, "0")))
                  .as(key)
                  .isGreaterThanOrEqualTo(number));
    }

    /** Writes and forces fail meanwhile, and all is written anew again and again. */
    @Test
    void nothingThatWasForcedIsMissingAfterAPowerFailureAtAnyTime(LogCapture log)
        throws Exception {
      log.allow("crashed|torn tail|broken");
      isTroubled = true;
      for (int i = 0; i < runs; i++) {
        openAnew(SyncPolicy.ALWAYS);
        disk.crashAt(20 + new Random(i).nextInt(600), i);
        Random random = new Random(i);
        Concurrently.run(
            THREADS + 2,
            thread -> {
              if (thread < THREADS) write(thread, Integer.MAX_VALUE);
              else if (thread == THREADS) while (!disk.hasCrashed()) writer.log.sync();
              else while (!disk.hasCrashed()) breakAndMend(random);
              return null;
            });
        assertNothingIsMissing(reopened(disk.powerFailure(i), NEXT_BOOT));
      }
    }

    private void breakAndMend(Random random) throws InterruptedException {
      DiskCalls.Kind kind = random.nextBoolean() ? DiskCalls.Kind.WRITE : DiskCalls.Kind.FORCE;
      disk.tear(DiskCalls.nth(1 + random.nextInt(20), kind).on("log-"), 9, "broken");
      writer.log.tend();
      writer.log.writeSnapshot(content);
      disk.mend();
      writer.log.tend();
      writer.log.writeSnapshot(content);
    }
  }

  @Test
  void thatIsNotWholeWhenItsLogIsClosedComesToNothing() throws Exception {
    writer.log.writeSnapshot(during(writer, writer.log::close));
    assertThat(snapshots(disk)).isEmpty();
    assertKept(disk.kill());
  }

  @Test
  void atTheVeryEndOfAFileDoesNotNeedTheNextOne(LogCapture log) throws Exception {
    log.allow("No space left on device");
    writer.log.sync();
    disk.fail(DiskCalls.all(DiskCalls.Kind.CREATE).on("log-"), "No space left on device");
    String file = disk.names().get(0);
    int rest = Header.BYTES + 8 * 1024 - disk.bytes(file).length;
    writer.put(shopping, "eggs", "x".repeat(rest - Record.HEADER_BYTES - 4));
    writer.commit();
    assertThat(disk.bytes(file)).hasSize(Header.BYTES + 8 * 1024);
    writer.log.writeSnapshot(writer.kept);
    assertThat(snapshots(disk)).hasSize(1);
    assertKept(disk.kill());
  }

  @Nested
  class ACompactorThatWasKilled {
    private static final Set<Thread.State> STUCK =
        EnumSet.of(Thread.State.WAITING, Thread.State.BLOCKED, Thread.State.TERMINATED);

    /** As its supervisor has it: it is told to end, and the next one begins at once. */
    @Test
    void isWaitedForByTheNextOneWhichWouldWriteToTheSameFile() throws Exception {
      Hold naming = disk.hold(DiskCalls.next(DiskCalls.Kind.RENAME).on("snapshot-"));
      Thread killed = start("killed compactor");
      naming.awaitCalls(1);
      killed.interrupt();
      long created = disk.count(DiskCalls.Kind.CREATE);
      Thread next = start("next compactor");
      while (!STUCK.contains(next.getState())) Thread.onSpinWait();
      assertThat(disk.count(DiskCalls.Kind.CREATE)).isEqualTo(created);
      naming.release();
      killed.join();
      next.join();
      assertKept(disk.kill());
    }

    private Thread start(String name) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  writer.log.writeSnapshot(writer.kept);
                } catch (InterruptedException e) {
                  return; // as one that was killed ends
                }
              },
              name);
      thread.start();
      return thread;
    }

    @Test
    void doesNothingToTheNextLogOfTheFolder(LogCapture log) throws Exception {
      log.allow("failed|not all was safe");
      disk.fail(DiskCalls.next(DiskCalls.Kind.FORCE), "broken");
      writer.log.sync();
      assertThat(writer.log.wantsSnapshot()).isTrue();
      writer.log.close();
      Writer next = new Writer(disk, SETTINGS.clock(clock), BOOT);
      next.put(shopping, "eggs", "1");
      next.commit();
      writer.log.writeSnapshot(writer.kept);
      next.put(shopping, "rice", "1");
      next.commit();
      next.log.close();
      writer = next;
      assertKept(disk);
    }
  }

  /** A copy of a folder that is in use, file by file. */
  @Nested
  class ACopy {
    private final int runs = Form.of(300, 5_000);
    private final List<String> states = new ArrayList<>();
    private FaultyDisk copy;
    private List<String> left;

    private void step(Random random) {
      writer.put(shopping, "k" + random.nextInt(20), "v".repeat(random.nextInt(300)));
      states.add(writer.kept.all().toString());
      if (random.nextInt(3) == 0) writer.commit();
      if (random.nextInt(10) == 0) writer.log.sync();
      if (random.nextInt(10) == 0) writer.log.tend();
    }

    private void copySome(Random random) {
      if (random.nextInt(20) > 0 || left.isEmpty()) return;
      String name = left.remove(0);
      try {
        if (disk.names().contains(name)) copy.put(name, disk.bytes(name));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    private void copy(Random random) throws Exception {
      copy = new FaultyDisk();
      left = new ArrayList<>(disk.names());
      Collections.shuffle(left, random);
      while (!left.isEmpty()) {
        step(random);
        copySome(random);
        if (random.nextInt(40) == 0)
          writer.log.writeSnapshot(
              during(
                  writer,
                  () -> {
                    for (int i = 0; i < 10; i++) {
                      step(random);
                      copySome(random);
                    }
                  }));
      }
    }

    @Test
    void inAnyOrderIsAStateThatWasOrIsRefusedWithTheFileThatIsMissing(LogCapture log)
        throws Exception {
      log.allow("torn tail|damaged at byte");
      int loaded = 0;
      for (int run = 0; run < runs; run++) {
        Random random = new Random(run);
        disk = new FaultyDisk();
        open();
        states.clear();
        states.add("{}");
        states.add("{1 shopping={}}");
        states.add(writer.kept.all().toString());
        for (int i = 0; i < random.nextInt(600); i++) step(random);
        if (random.nextBoolean()) writer.log.writeSnapshot(writer.kept);
        copy(random);
        try {
          Writer again = new Writer(copy, SETTINGS, random.nextBoolean() ? BOOT : NEXT_BOOT);
          assertThat(states).as("run " + run).contains(again.kept.all().toString());
          loaded++;
        } catch (FolderException e) {
          assertThat(e).as("run " + run).hasMessageMatching(".*(log|snapshot)-[0-9a-f]{16}.*");
        }
      }
      assertThat(loaded).isBetween(runs / 10, runs - 1);
    }
  }
}
