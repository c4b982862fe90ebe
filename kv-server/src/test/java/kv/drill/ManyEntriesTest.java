package kv.drill;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import kv.server.testing.NodeProcess;
import kv.server.testing.Resp;
import kv.server.testing.TestClient;
import kv.testing.Concurrently;
import kv.testing.Form;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node with many entries: how it starts with them, and what writing a snapshot of them costs. */
@Tag("distributed")
@Timeout(value = 900, unit = TimeUnit.SECONDS)
class ManyEntriesTest {
  private static final int ENTRIES = Form.of(100_000, 10_000_000);
  private static final String HEAP = Form.IS_LONG ? "4g" : "256m";
  private static final int KILLS = Form.of(1, 10);
  private static final int CLIENTS = 4;
  private static final int BATCH = 1_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Clients and pipeline of the load beside a snapshot. */
  private static final int WRITERS = 10;

  private static final int PIPELINE = 32;
  private static final Duration SAMPLE = Duration.ofMillis(100);

  /** Fewer samples of the load without a snapshot say nothing. */
  private static final int LEAST_SAMPLES = 50;

  @TempDir Path folder;
  private final Drill drill = new Drill();

  private NodeProcess start() throws Exception {
    return start("storage.folder=" + folder);
  }

  private static NodeProcess start(String folder) throws Exception {
    return Form.IS_LONG
        ? NodeProcess.startAsUsersDo(HEAP, "server.port=0", folder)
        : NodeProcess.startWithHeap(HEAP, "server.port=0", folder);
  }

  /** Eight characters. */
  private static String key(int i) {
    return Integer.toString(10_000_000 + i);
  }

  /** Eight others. */
  private static String value(int i) {
    return Integer.toString(99_999_999 - i);
  }

  private interface Work {
    void run(TestClient client, int from, int to) throws Exception;
  }

  /** Has each of some clients do its part, in batches. */
  private static void all(int port, Work work) throws Exception {
    Concurrently.run(
        CLIENTS,
        number -> {
          try (TestClient client = new TestClient(port)) {
            for (int from = number * BATCH; from < ENTRIES; from += CLIENTS * BATCH)
              work.run(client, from, from + BATCH);
          }
          return number;
        });
  }

  private static void put(TestClient client, int from, int to) throws IOException {
    StringBuilder requests = new StringBuilder();
    for (int i = from; i < to; i++)
      requests.append("PUT many ").append(key(i)).append(' ').append(value(i)).append("\r\n");
    client.send(requests.toString());
    for (int i = from; i < to; i++) assertThat(client.line()).isEqualTo("OK\r\n");
  }

  private static void check(TestClient client, int from, int to) throws IOException {
    StringBuilder requests = new StringBuilder();
    for (int i = from; i < to; i++) requests.append("GET many ").append(key(i)).append("\r\n");
    client.send(requests.toString());
    for (int i = from; i < to; i++) {
      if (!client.line().equals(value(i) + "\r\n")) assertThat(key(i)).isEqualTo("there");
      client.line();
    }
  }

  private void fill() throws Exception {
    try (NodeProcess node = start()) {
      int port = node.clientPort();
      try (TestClient client = new TestClient(port)) {
        assertThat(client.ask("CREATE many")).isEqualTo("OK");
      }
      all(port, ManyEntriesTest::put);
      node.kill();
    }
  }

  /** How much a node that accepts clients has recovered; 100 once it has all. */
  private static int percent(TestClient client) throws IOException {
    String answer = client.get("many", key(0));
    if (answer.equals(value(0))) return 100;
    assertThat(answer).matches("ERROR loading: \\d\\d?%");
    return Integer.parseInt(answer.replaceAll("\\D", ""));
  }

  /** Kills a node that recovers, earlier or later. */
  private void killWhileItRecovers(int times) throws Exception {
    try (NodeProcess node = start()) {
      awaitFolderTaken(node);
      if (Form.IS_LONG)
        try (TestClient client = new TestClient(node.clientPort())) {
          int goal = 100 * times / (KILLS + 1);
          int reached = percent(client);
          while (reached < goal) reached = percent(client);
          assertThat(reached).isLessThan(100);
        }
      node.kill();
    }
  }

  /** With few entries, it has recovered before it accepts clients: this is when it begins. */
  private void awaitFolderTaken(NodeProcess node) throws Exception {
    String pid = Long.toString(node.pid());
    assertThat(Patience.until(PATIENCE, () -> holder().contains(pid) ? null : "it is not begun"))
        .isNull();
  }

  private String holder() throws IOException {
    try {
      return Files.readString(folder.resolve("kv").resolve("lock"), ISO_8859_1);
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  private static long millisSince(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  /** The milliseconds until a node that has nothing to recover answers. */
  private static long startOfAnEmptyNode() throws Exception {
    long start = System.nanoTime();
    try (NodeProcess node = start("storage.folder=none");
        TestClient client = new TestClient(node.clientPort())) {
      assertThat(client.ask("PING")).isEqualTo("PONG");
      return millisSince(start);
    }
  }

  @Test
  void allAreThereAfterKillsWhileItRecovers() throws Exception {
    long empty = startOfAnEmptyNode();
    fill();
    for (int i = 0; i < KILLS; i++) killWhileItRecovers(i);
    long start = System.nanoTime();
    try (NodeProcess node = start()) {
      int port = node.clientPort();
      final long accepts = millisSince(start);
      try (TestClient client = new TestClient(port)) {
        assertThat(client.ask("PING")).isEqualTo("PONG");
        final long answers = millisSince(start);
        if (Form.IS_LONG) assertLoading(client);
        assertThat(Patience.until(PATIENCE, () -> percent(client) == 100 ? null : "it loads"))
            .isNull();
        long recovered = millisSince(start);
        assertThat(client.ask("SIZE many")).isEqualTo(Integer.toString(ENTRIES));
        assertThat(client.line()).isEqualTo("OK\r\n");
        all(port, ManyEntriesTest::check);
        System.out.println(
            String.format(
                Locale.ROOT,
                "drill 10, %d entries: killed %d times while recovering, all there; from the start"
                    + " of the process: port open after %d ms, PONG after %d ms (%d ms with"
                    + " nothing to recover), all recovered after %d ms",
                ENTRIES,
                KILLS,
                accepts,
                answers,
                empty,
                recovered));
      }
      if (Form.IS_LONG) measureSnapshot(port);
    }
  }

  private static void assertLoading(TestClient client) throws IOException {
    assertThat(client.ask("GET many " + key(0))).matches("ERROR loading: \\d\\d?%");
    assertThat(client.ask("PUT many " + key(0) + " 1")).matches("ERROR loading: \\d\\d?%");
    assertThat(client.ask("CREATE other")).matches("ERROR loading: \\d\\d?%");
    assertThat(Resp.ask(client, "GET", "many", key(0))).matches("-LOADING .*\\d\\d?%\r\n");
    assertThat(client.ask("PING")).isEqualTo("PONG");
    assertThat(client.listing("INFO")).contains("storage_state loading");
  }

  /** What was carried out in some time, and how long the slowest batch of it took. */
  private static final class Figures {
    private final LongAdder done = new LongAdder();
    private final AtomicLong slowestNanos = new AtomicLong();
    private long nanos;
    private int samples;

    long rate() {
      return done.sum() * TimeUnit.SECONDS.toNanos(1) / nanos;
    }

    long slowestMillis() {
      return TimeUnit.NANOSECONDS.toMillis(slowestNanos.get());
    }
  }

  private volatile Figures figures = new Figures();

  private void write(int port, int number) throws Exception {
    try (TestClient client = new TestClient(port)) {
      int at = number * BATCH;
      while (!drill.isOver()) {
        long start = System.nanoTime();
        put(client, at, at + PIPELINE);
        long took = System.nanoTime() - start;
        Figures now = figures;
        now.done.add(PIPELINE);
        now.slowestNanos.accumulateAndGet(took, Math::max);
        at = (at + WRITERS * PIPELINE) % (ENTRIES - PIPELINE);
      }
    }
  }

  private boolean isSnapshotWritten() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("kv"))) {
      return files.anyMatch(file -> file.toString().matches(".*/snapshot-.*\\.tmp"));
    }
  }

  /** The figures of the time in which a snapshot is, or is not, written. */
  private Figures sample(boolean isWritten) throws Exception {
    Figures sampled = new Figures();
    figures = sampled;
    long start = System.nanoTime();
    while (isSnapshotWritten() == isWritten && !drill.isTroubledWithin(SAMPLE)) sampled.samples++;
    sampled.nanos = System.nanoTime() - start;
    return sampled;
  }

  private void measureSnapshot(int port) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    List<Future<?>> writing = new ArrayList<>();
    try {
      for (int i = 0; i < WRITERS; i++) {
        int number = i;
        writing.add(
            threads.submit(
                () -> {
                  write(port, number);
                  return null;
                }));
      }
      Figures before = new Figures();
      Figures beside = new Figures();
      while (before.samples < LEAST_SAMPLES && !drill.isOver()) {
        before = sample(false);
        beside = sample(true);
      }
      drill.end();
      for (Future<?> one : writing) one.get();
      System.out.println(
          String.format(
              Locale.ROOT,
              "drill 10, snapshot of %d entries under load: %d writes/s beside it, %.2f of %d/s"
                  + " before; it took %d ms; the slowest %d writes took %d ms, %d ms before",
              ENTRIES,
              beside.rate(),
              (double) beside.rate() / before.rate(),
              before.rate(),
              TimeUnit.NANOSECONDS.toMillis(beside.nanos),
              PIPELINE,
              beside.slowestMillis(),
              before.slowestMillis()));
    } finally {
      drill.end();
      threads.shutdown();
    }
  }
}
