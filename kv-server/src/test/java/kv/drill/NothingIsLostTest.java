package kv.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import kv.testing.Form;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fifty clients of two nodes, to which everything happens that may happen without a loss. For nodes
 * with a log, that is all but the loss of a disk. Nodes that keep their buckets in memory may lose
 * them with the process that held them, and nothing else.
 */
@Tag("distributed")
class NothingIsLostTest {
  private static final int CLIENTS = 50;
  private static final long SEED = 20_110_528;
  private static final Duration PAUSE = Form.of(Duration.ofMillis(100), Duration.ofSeconds(1));
  private static final Duration LONG_FORM = Duration.ofMinutes(5);
  private static final Duration WHOLE_AGAIN = Duration.ofSeconds(10);
  private static final int SLACK = 3;

  private static final String IN_MEMORY = "storage.folder=none";

  @TempDir Path folder;
  private final Drill drill = new Drill();
  private final List<Shopper> shoppers = new ArrayList<>();
  private Set<Fault> faults;

  @Test
  @Timeout(value = 600, unit = TimeUnit.SECONDS)
  void thatWasAcknowledgedOverABridgedNetwork() throws Exception {
    try (Network network = new BridgedNetwork();
        Pair pair = new Pair(network, folder)) {
      run(pair, true);
    }
  }

  @Test
  @Timeout(value = 600, unit = TimeUnit.SECONDS)
  void thatWasAcknowledgedByTheLifeThatHeldItInMemory() throws Exception {
    assumeTrue(Form.IS_LONG, "part of the long form only: mvn test -Pdrills");
    try (Network network = new BridgedNetwork();
        Pair pair = new Pair(network, folder, IN_MEMORY)) {
      run(pair, false);
    }
  }

  @Test
  @Timeout(value = 600, unit = TimeUnit.SECONDS)
  void thatWasAcknowledgedOverANetworkWhoseCableIsPulledOut() throws Exception {
    assumeTrue(Form.IS_LONG, "part of the long form only: mvn test -Pdrills");
    try (Network network = NamespaceNetwork.tryNew()) {
      assumeTrue(network != null, "network namespaces need root and iproute2");
      try (Pair pair = new Pair(network, folder)) {
        run(pair, true);
      }
    }
  }

  private void run(Pair pair, boolean isDurable) throws Exception {
    assumeTrue(
        ProcessUsage.isKnown(), "no /proc here: nothing can be said of threads and descriptors");
    List<Door> doors = List.of(door(pair.foo(), false), door(pair.bar(), true));
    List<Shelf> shelves = new ArrayList<>();
    for (String bucket : List.of("apple", "melon"))
      shelves.add(shelf(bucket, pair.foo(), isDurable));
    for (String bucket : List.of("navel", "zebra"))
      shelves.add(shelf(bucket, pair.bar(), isDurable));
    for (int i = 0; i < CLIENTS; i++)
      shoppers.add(new Shopper(i, drill, shelves, door(pair.nodes().get(i % 2), i / 2 % 2 == 0)));

    Shopper first = new Shopper(CLIENTS, drill, shelves, doors.get(0));
    first.checkAll(doors, WHOLE_AGAIN);
    List<ProcessUsage> before = List.of(pair.foo().usage(), pair.bar().usage());
    faults = isDurable ? EnumSet.allOf(Fault.class) : Fault.inMemory();
    long opsPerSecond = load(pair, doors);
    assertThat(drill.findings()).as(figures(opsPerSecond)).isEmpty();
    first.checkAll(doors, WHOLE_AGAIN);
    assertNothingLeaked(pair, before);
    System.out.println(figures(opsPerSecond) + ", lost: 0");
  }

  private static Shelf shelf(String bucket, DrillNode node, boolean isDurable) {
    return isDurable ? Shelf.durable(bucket) : new Shelf(bucket, node::life);
  }

  private static Door door(DrillNode node, boolean isResp) {
    return () -> new DrillClient(node.clients(), isResp);
  }

  /** Answers how many requests were carried out in a second. */
  private long load(Pair pair, List<Door> doors) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try {
      long start = System.nanoTime();
      List<Future<Void>> running = shoppers.stream().map(threads::submit).toList();
      strike(pair);
      drill.end();
      for (Future<Void> one : running) one.get();
      long rate = drill.done() * 1_000_000_000 / (System.nanoTime() - start);
      checkAll(threads, doors);
      return rate;
    } finally {
      drill.end();
      threads.shutdown();
    }
  }

  private void strike(Pair pair) throws Exception {
    Faults striker =
        new Faults(
            pair,
            drill,
            SEED,
            faults,
            node -> connections(pair.nodes().indexOf(node)));
    long end = System.nanoTime() + LONG_FORM.toNanos();
    for (int i = 0; Form.IS_LONG ? System.nanoTime() - end < 0 : i < faults.size(); i++) {
      if (drill.isTroubledWithin(PAUSE)) return;
      striker.strike();
    }
  }

  private void checkAll(ExecutorService threads, List<Door> doors) throws Exception {
    List<Future<?>> checks = new ArrayList<>();
    for (Shopper shopper : shoppers)
      checks.add(
          threads.submit(
              () -> {
                shopper.checkAll(doors, WHOLE_AGAIN);
                return null;
              }));
    for (Future<?> check : checks) check.get();
  }

  private List<String> connections(int node) {
    return IntStream.range(0, CLIENTS)
        .filter(i -> i % 2 == node)
        .mapToObj(i -> shoppers.get(i).store())
        .filter(Objects::nonNull)
        .map(store -> ((DrillClient) store).address())
        .toList();
  }

  private void assertNothingLeaked(Pair pair, List<ProcessUsage> before) throws Exception {
    for (int i = 0; i < before.size(); i++) {
      DrillNode node = pair.nodes().get(i);
      ProcessUsage allowed = before.get(i);
      assertThat(Patience.until(WHOLE_AGAIN, () -> node.usage().leaked(allowed, SLACK)))
          .as(node.name())
          .isNull();
    }
  }

  private String figures(long opsPerSecond) {
    return String.format(
        Locale.ROOT,
        "drill 1: load held %d requests/s, faults %d, acknowledged writes checked %d",
        opsPerSecond,
        drill.faults(),
        drill.confirmed());
  }
}
