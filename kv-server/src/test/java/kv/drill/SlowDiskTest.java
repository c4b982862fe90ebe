package kv.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import kv.server.testing.TestClient;
import kv.testing.Form;
import kv.testing.SmallDisk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long reads take beside writers that keep a slow disk busy, next to those of a node without a
 * disk. What does not depend on time is in {@code HangingDiskTest}.
 */
@Tag("distributed")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class SlowDiskTest {
  private static final int MEBIBYTE = 1024 * 1024;
  private static final int WRITERS = 10;
  private static final int READERS = 4;
  private static final int KEYS = 1_000;
  private static final Duration LOAD = Duration.ofSeconds(20);

  /** The slowest of all may be so for reasons of the machine's own. */
  private static final double MOST = 0.999;

  private static final String VALUE = "v".repeat(1_000);

  @TempDir Path temp;
  private final List<DrillNode> nodes = new ArrayList<>();
  private final LongAdder written = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private SmallDisk disk;
  private volatile boolean isOver;

  @AfterEach
  void stop() throws Exception {
    if (disk != null) disk.speedUp(); // else a node is not gone before all is written
    for (DrillNode node : nodes) node.close();
    nodes.clear();
    if (disk != null) disk.unmount();
    disk = null;
  }

  private int start(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("server.port=0", "storage.min-free=1MiB"));
    all.addAll(List.of(arguments));
    DrillNode node = new DrillNode("alone", List.of(), "127.0.0.1", "256m", all);
    nodes.add(node);
    node.start();
    int port = node.clients().getPort();
    try (TestClient client = new TestClient(port)) {
      assertThat(client.ask("CREATE mine")).isEqualTo("OK");
      assertThat(client.ask("PUT mine milk 1")).isEqualTo("OK");
    }
    return port;
  }

  private Void write(int port, int number) throws Exception {
    try (TestClient client = new TestClient(port)) {
      for (int i = number; !isOver; i += WRITERS) {
        String answer = client.ask("PUT mine k" + i % KEYS + " " + VALUE);
        (answer.equals("OK") ? written : refused).increment();
      }
    }
    return null;
  }

  /** Answers how long each read took, in nanoseconds. */
  private long[] read(int port) throws Exception {
    long[] took = new long[1_000];
    int count = 0;
    try (TestClient client = new TestClient(port)) {
      while (!isOver) {
        if (count == took.length) took = Arrays.copyOf(took, 2 * count);
        long start = System.nanoTime();
        assertThat(client.get("mine", "milk")).isEqualTo("1");
        took[count++] = System.nanoTime() - start;
      }
    }
    return Arrays.copyOf(took, count);
  }

  /** Answers how long reads took beside writers, in order. */
  private long[] load(int port) throws Exception {
    isOver = false;
    written.reset();
    refused.reset();
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS + READERS);
    try {
      List<Future<Void>> writing = new ArrayList<>();
      List<Future<long[]>> reading = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        int number = i;
        writing.add(threads.submit(() -> write(port, number)));
      }
      for (int i = 0; i < READERS; i++) reading.add(threads.submit(() -> read(port)));
      new Drill().isTroubledWithin(LOAD);
      isOver = true;
      if (disk != null) disk.speedUp(); // there are writes that wait for it
      for (Future<Void> one : writing) one.get();
      long[] all = {};
      for (Future<long[]> one : reading) {
        long[] more = one.get();
        int from = all.length;
        all = Arrays.copyOf(all, from + more.length);
        System.arraycopy(more, 0, all, from, more.length);
      }
      Arrays.sort(all);
      return all;
    } finally {
      isOver = true;
      threads.shutdown();
    }
  }

  private static double millis(long[] sorted, double share) {
    return sorted[(int) Math.ceil(share * sorted.length) - 1] / 1e6;
  }

  private void print(String what, long[] took) {
    System.out.println(
        String.format(
            Locale.ROOT,
            "drill 11, %s: %d GETs, the slowest %.0f ms, 99.9 %% within %.1f ms,"
                + " %d writes acknowledged, %d refused",
            what,
            took.length,
            millis(took, 1),
            millis(took, MOST),
            written.sum(),
            refused.sum()));
  }

  private static void assertWritesGoOn(int port) throws Exception {
    try (TestClient client = new TestClient(port)) {
      assertThat(
              Patience.until(
                  LOAD,
                  () -> {
                    String answer = client.ask("PUT mine milk 1");
                    return answer.equals("OK") ? null : answer;
                  }))
          .isNull();
    }
  }

  /** Figures, for no test fails on a busy machine; each read must tell what was written. */
  @Test
  void readsGoOnBesideWritersThatKeepTheDiskBusy() throws Exception {
    assumeTrue(Form.IS_LONG, "part of the long form only: mvn test -Pdrills");
    print("in memory", load(start("storage.folder=none")));
    for (String policy : List.of("everysec", "no")) {
      disk = SmallDisk.mount(temp, 512);
      int port = start("storage.folder=" + disk.folder(), "storage.sync=" + policy);
      disk.slowDown(MEBIBYTE);
      print("a disk of 1 MiB/s, storage.sync=" + policy, load(port));
      assertWritesGoOn(port);
      stop();
    }
  }
}
