package kv.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kv.server.testing.TestClient;
import kv.testing.Form;
import kv.testing.SmallDisk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node on a real disk that is full, or cannot be written, while clients write: it stays, reads go
 * on, clients hear why writes do not, and nothing is lost that it has acknowledged.
 */
@Tag("distributed")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class BadDisksTest {
  private static final int CLIENTS = Form.of(10, 50);
  private static final int TIMES = Form.of(1, 5);
  private static final Duration LOAD = Form.of(Duration.ofMillis(100), Duration.ofSeconds(1));
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final int KEYS = 100;
  private static final int MEBIBYTE = 1024 * 1024;

  private static final int SMALL_MEBIBYTES = Form.of(24, 128);

  private static final int LARGE_MEBIBYTES = 96;
  private static final int BALLAST_MEBIBYTES = 40;

  /** More than is written before the node looks again how much is free. */
  private static final int MIN_FREE_MEBIBYTES = 32;

  private static final String DOUBT = "; the command may have been carried out";
  private static final String LATER = "; writes go on by themselves when that is over";

  @TempDir Path temp;
  private final Drill drill = new Drill();
  private SmallDisk disk;
  private DrillNode node;
  private Crew crew;
  private TestClient client;
  private String folder;
  private long slowestNanos;

  @AfterEach
  void stop() throws Exception {
    if (crew != null) crew.close();
    if (client != null) client.close();
    if (node != null) node.close();
    if (disk != null) disk.unmount();
  }

  private void mount(int mebibytes) throws Exception {
    disk = SmallDisk.mount(temp, mebibytes);
    folder = Pattern.quote(disk.folder().resolve("alone").toString());
  }

  private void start(int minFreeMebibytes, String policy) throws Exception {
    List<String> arguments =
        List.of(
            "server.port=0",
            "storage.folder=" + disk.folder(),
            "storage.min-free=" + minFreeMebibytes + "MiB",
            "storage.sync=" + policy);
    node = new DrillNode("alone", List.of(), "127.0.0.1", "256m", arguments);
    node.start();
    client = new TestClient(node.clients().getPort());
    while (client.ask("SIZE spare").startsWith("ERROR loading")) Thread.yield(); // on a busy disk
    assertThat(client.ask("CREATE spare")).isEqualTo("OK");
    assertThat(client.ask("CREATE mine")).isEqualTo("OK");
    assertThat(client.ask("PUT mine milk 1")).isEqualTo("OK");
    crew =
        new Crew(
            CLIENTS,
            drill,
            Stream.of("apple", "zebra").map(Shelf::durable).toList(),
            () -> new DrillClient(node.clients(), true));
    crew.work();
    work();
  }

  /** Lets them all work for a while. */
  private void work() throws Exception {
    drill.isTroubledWithin(LOAD);
    crew.awaitProgress();
  }

  private void assertReadsGoOn() throws Exception {
    assertThat(client.get("mine", "milk")).isEqualTo("1");
    crew.awaitProgress();
  }

  private void assertRefused(String why) throws Exception {
    assertThat(client.ask("PUT mine milk 2")).matches("ERROR " + why);
    assertThat(client.ask("CREATE yours")).matches("ERROR " + why);
  }

  /** Tries, as a client does, until the node takes a write. */
  private void awaitDone(String request) throws Exception {
    assertThat(
            Patience.until(
                PATIENCE,
                () -> {
                  String answer = client.ask(request);
                  return answer.equals("OK") ? null : answer;
                }))
        .isNull();
  }

  private void awaitWrites() throws Exception {
    long start = System.nanoTime();
    awaitDone("PUT mine milk 1");
    slowestNanos = Math.max(slowestNanos, System.nanoTime() - start);
    assertThat(client.listing("INFO")).contains("storage_state open", "storage_error none");
    drill.faulted();
    work();
  }

  private void awaitRefusal(String request) throws Exception {
    assertThat(
            Patience.until(
                PATIENCE,
                () -> client.ask(request).startsWith("ERROR ") ? null : "it is carried out"))
        .isNull();
  }

  private void assertNoPartHasCrashed() throws Exception {
    assertThat(client.listing("INFO")).contains("restarts 0");
  }

  private void assertNothingIsLost() throws Exception {
    assertNoPartHasCrashed();
    crew.rest();
    node.crash();
    client.close();
    node.start();
    client = new TestClient(node.clients().getPort());
    crew.assertNothingIsLost();
    assertThat(client.get("mine", "milk")).isEqualTo("1");
  }

  private void print(int number, String what) {
    System.out.println(
        String.format(
            Locale.ROOT,
            "drill %d, %s: %d times, requests %d, acknowledged writes checked %d, lost: 0,"
                + " writes went on after %d ms at the most",
            number,
            what,
            drill.faults(),
            drill.done(),
            drill.confirmed(),
            TimeUnit.NANOSECONDS.toMillis(slowestNanos)));
  }

  @Nested
  class Full {
    private static final String BIG = "v".repeat(50_000);

    private final String full =
        "disk full: \\d+ bytes are free in %s, and "
            + MIN_FREE_MEBIBYTES * MEBIBYTE
            + " are kept free \\(storage\\.min-free\\)";

    private Path ballast;
    private int written;

    private void putBallast() throws Exception {
      ballast = disk.folder().resolve("ballast");
      SystemPrograms.run("fallocate", "-l", BALLAST_MEBIBYTES + "MiB", ballast.toString());
    }

    private String full() {
      return String.format(Locale.ROOT, full, folder);
    }

    /** Has the log take what is free above the reserve. */
    private void fillByWriting() throws Exception {
      String answer;
      do answer = client.ask("PUT mine big" + written++ % 10 + " " + BIG);
      while (answer.equals("OK"));
      assertThat(answer).matches("ERROR " + full() + LATER);
    }

    @Test
    void itRefusesWhatTakesRoomAndGoesOnWhenThereIsSome() throws Exception {
      mount(LARGE_MEBIBYTES);
      putBallast();
      start(MIN_FREE_MEBIBYTES, "everysec");
      fillByWriting();
      assertRefused(full() + LATER);
      assertReadsGoOn();
      assertThat(client.listing("INFO")).contains("storage_state full");
      assertThat(client.ask("DELETE mine big1")).isEqualTo("OK");
      assertThat(client.ask("DROP spare")).isEqualTo("OK");
      Files.delete(ballast);
      awaitWrites();
      assertThat(client.ask("CREATE spare")).isEqualTo("OK");
      assertNothingIsLost();
      for (int i = 2; i < 10; i++) assertThat(client.get("mine", "big" + i)).isEqualTo(BIG);
      assertThat(client.get("mine", "big1")).isEmpty();
      print(7, "a disk that is full");
    }

    /**
     * In the short form the log stays shorter than one that is written anew. While that is tried,
     * what it takes may be missing for a delete.
     */
    @Test
    void itTakesWritesAgainOnceEnoughIsDeletedAndTheLogIsWrittenAnew() throws Exception {
      assumeTrue(Form.IS_LONG, "part of the long form only: mvn test -Pdrills");
      mount(LARGE_MEBIBYTES);
      start(8, "everysec");
      int last = fillByNewKeys();
      assertReadsGoOn();
      for (int i = 0; i < last; i++) awaitDone("DELETE mine new" + i);
      assertThat(
              Patience.until(
                  PATIENCE,
                  () -> {
                    boolean isThere = !client.listing("INFO").contains("storage_snapshot_bytes 0");
                    return isThere ? null : "the log is not written anew";
                  }))
          .isNull();
      awaitWrites();
      assertNothingIsLost();
      assertThat(client.ask("GET mine new0")).isEmpty();
      assertThat(client.line()).isEqualTo("OK\r\n");
      print(7, "a disk that is full, and keys deleted");
    }

    private int fillByNewKeys() throws Exception {
      for (int i = 0; ; i++) {
        String answer = client.ask("PUT mine new" + i + " " + BIG);
        if (!answer.equals("OK")) return i;
      }
    }
  }

  /** What a client is told whose write comes when those before it could not be written. */
  private String failure(String reason) {
    String file = folder + "/log-[0-9a-f]{16}(\\.tmp)?";
    String what = "a write to " + folder + " failed: cannot write " + file + ": " + reason;
    return what + "(" + LATER + "|" + DOUBT + ")";
  }

  private interface Step {
    void take() throws Exception;
  }

  /** Until {@code end}, no byte can be written. */
  private void trouble(Step begin, String reason, Step end) throws Exception {
    begin.take();
    awaitRefusal("PUT mine doubt " + "v".repeat(5_000));
    assertRefused(failure(reason));
    assertThat(client.ask("DELETE mine milk")).matches("ERROR " + failure(reason));
    assertReadsGoOn();
    assertThat(client.listing("INFO")).contains("storage_state failed");
    end.take();
    awaitWrites();
  }

  /**
   * A disk that is mounted cannot be made read-only, and back, while files are open for writing; so
   * here it is the files that nobody may write to.
   */
  @Test
  void withoutAByteFreeAndWithFilesThatAreReadOnlyItTriesAgainUntilItCanWrite() throws Exception {
    mount(SMALL_MEBIBYTES);
    start(0, "everysec");
    for (int i = 0; i < TIMES; i++) {
      trouble(disk::forbidWrites, "Operation not permitted", disk::allowWrites);
      if (Form.IS_LONG) trouble(disk::fill, "No space left on device", disk::empty);
    }
    assertNothingIsLost();
    print(8, "a disk without a free byte, or read-only, for a while");
  }

  /**
   * Only what is forced is sure to be on a disk that fails. Of that, Linux may lose what it was
   * forcing in the very moment, and tell the node that it has not: so what was there before counts.
   */
  @Test
  void onceADiskIsReadOnlyForGoodItIsReadUntilTheNodeIsStartedOnOneThatIsNot() throws Exception {
    assumeTrue(Form.IS_LONG, "part of the long form only: mvn test -Pdrills");
    mount(SMALL_MEBIBYTES);
    start(0, "always");
    for (int i = 0; i < KEYS; i++)
      assertThat(client.ask("PUT mine k" + i + " " + i)).isEqualTo("OK");
    disk.fail();
    awaitRefusal("PUT mine doubt 1");
    assertRefused("(a write to|a force of) " + folder + " failed: cannot (write|force) .*");
    assertReadsGoOn();
    assertNoPartHasCrashed();
    crew.rest();
    node.crash();
    client.close();
    disk.remount();
    node.start();
    client = new TestClient(node.clients().getPort());
    assertThat(client.get("mine", "milk")).isEqualTo("1");
    for (int i = 0; i < KEYS; i++) assertThat(client.get("mine", "k" + i)).isEqualTo("" + i);
    assertThat(client.ask("PUT mine milk 2")).isEqualTo("OK");
  }
}
