package kv.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import kv.testing.Form;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code kill -9} under load, again and again: what was answered with OK is there. */
@Tag("distributed")
class KilledNodesTest {
  private static final int CLIENTS = Form.of(20, 50);
  private static final int KILLS = Form.of(2, 10);

  /** A node that comes back is found by the other after a while. */
  private static final int KILLS_OF_PEERS = Form.of(1, 10);

  private static final Duration LOAD = Form.of(Duration.ofMillis(300), Duration.ofSeconds(3));
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @TempDir Path folder;
  private final Drill drill = new Drill();
  private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);

  @AfterEach
  void stop() {
    threads.shutdown();
  }

  private interface Kill {
    void strike() throws Exception;
  }

  private void loseNothing(Door door, List<Shelf> shelves, int kills, Kill kill)
      throws Exception {
    List<Shopper> shoppers = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) shoppers.add(new Shopper(i, drill, shelves, door));
    for (Shopper shopper : shoppers) shopper.awaitService(PATIENCE);
    List<Future<Void>> running = shoppers.stream().map(threads::submit).toList();
    try {
      for (int i = 0; i < kills && !drill.isTroubledWithin(LOAD); i++) {
        kill.strike();
        drill.faulted();
      }
      drill.isTroubledWithin(LOAD);
    } finally {
      drill.end();
      for (Future<Void> one : running) one.get();
    }
    for (Shopper shopper : shoppers) shopper.checkAll(List.of(door), PATIENCE);
    assertThat(drill.findings()).isEmpty();
    assertThat(drill.confirmed()).isPositive();
  }

  private void print(String where) {
    System.out.println(
        String.format(
            Locale.ROOT,
            "drill 6, %s: killed %d times, requests %d, acknowledged writes checked %d, lost: 0",
            where,
            drill.faults(),
            drill.done(),
            drill.confirmed()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"no", "everysec", "always"})
  @Timeout(value = 300, unit = TimeUnit.SECONDS)
  void loseNothingThatTheyHaveAcknowledged(String policy) throws Exception {
    List<String> arguments = List.of("server.port=0", "storage.sync=" + policy);
    try (DrillNode node = new DrillNode("alone", List.of(), "127.0.0.1", "128m", arguments)) {
      node.start();
      loseNothing(
          () -> new DrillClient(node.clients(), true),
          Stream.of("apple", "zebra").map(Shelf::durable).toList(),
          KILLS,
          () -> {
            node.crash();
            node.start();
          });
    }
    print("storage.sync=" + policy);
  }

  @Test
  @Timeout(value = 300, unit = TimeUnit.SECONDS)
  void loseNothingThatAnotherNodeHasAcknowledgedForThem() throws Exception {
    try (Network network = new BridgedNetwork();
        Pair pair = new Pair(network, folder)) {
      loseNothing(
          () -> new DrillClient(pair.foo().clients(), true),
          List.of(Shelf.durable("zebra")),
          KILLS_OF_PEERS,
          () -> pair.restart(pair.bar()));
    }
    print("the node of the bucket, through another");
  }
}
