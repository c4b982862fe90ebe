package kv.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import kv.testing.Form;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two thousand clients that send next to nothing, and read nothing, beside fifty busy ones. */
@Tag("distributed")
class SlowClientsTest {
  private static final int SLOW = 2_000;
  private static final int BUSY = 50;
  private static final int TURNS = Form.of(1, 5);
  private static final Duration TURN = Form.of(Duration.ofMillis(700), Duration.ofSeconds(5));
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int HEAP_MIB = 512;

  /** What the JVM takes besides its heap and its connections. */
  private static final int JVM_MIB = 150;

  /** The heap apart: the thread of a connection, with the stack that it has touched. */
  private static final int KIB_FOR_A_SLOW_ONE = 100;

  private static final String VALUE = "v".repeat(60_000);

  private final List<String> findings = new ArrayList<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(BUSY);
  private int clients;
  private long doneAlone;
  private long doneBeside;
  private long residentKib;

  @AfterEach
  void stop() {
    threads.shutdown();
  }

  @Test
  @Timeout(value = 300, unit = TimeUnit.SECONDS)
  void costLittleMemoryAndTheBusyOnesNothingButAShareOfTheTime() throws Exception {
    assumeTrue(ProcessUsage.isKnown(), "no /proc here: nothing can be said of memory");
    try (DrillNode node =
        new DrillNode(
            "alone", List.of(), "127.0.0.1", HEAP_MIB + "m", List.of("server.port=0"))) {
      node.start();
      putLargeValue(node);
      doneByBusyOnes(node); // what comes first finds cold code
      for (int turn = 0; turn < TURNS && findings.isEmpty(); turn++) {
        doneAlone += doneByBusyOnes(node);
        doneBeside += doneBesideSlowOnes(node);
      }
    }
    print();
    assertThat(findings).isEmpty();
    assertThat(residentKib / 1024)
        .isLessThan(HEAP_MIB + JVM_MIB + SLOW * KIB_FOR_A_SLOW_ONE / 1024);
    if (Form.IS_LONG) assertThat((double) doneBeside / doneAlone).isGreaterThanOrEqualTo(0.8);
  }

  private static void putLargeValue(DrillNode node) throws Exception {
    try (DrillClient client = new DrillClient(node.clients(), false)) {
      client.run(Request.create("large"));
      assertThat(client.run(Request.put("large", "key", VALUE))).isEqualTo(Answer.OK);
    }
  }

  private long doneBesideSlowOnes(DrillNode node) throws Exception {
    ProcessUsage before = ProcessUsage.of(node.pid());
    try (SlowCrowd crowd = new SlowCrowd(node.clients(), SLOW, "large", "key")) {
      assertThat(crowd).isNotNull();
      assertThat(Patience.until(PATIENCE, () -> missing(node, before))).isNull();
      long done = doneByBusyOnes(node);
      residentKib = Math.max(residentKib, ProcessUsage.of(node.pid()).residentKib());
      return done;
    }
  }

  /** How many of the slow ones are not in yet; former clients may be on their way out. */
  private static String missing(DrillNode node, ProcessUsage before) throws IOException {
    long missing = before.descriptors() + SLOW - ProcessUsage.of(node.pid()).descriptors();
    return missing <= BUSY ? null : missing + " slow ones wait before the door";
  }

  /** What the busy ones get done in a turn, which begins when all have been served once. */
  private long doneByBusyOnes(DrillNode node) throws Exception {
    Drill drill = new Drill();
    Shelf shelf = new Shelf("busy", node::life);
    List<Shopper> shoppers = new ArrayList<>();
    for (int i = 0; i < BUSY; i++) {
      boolean isResp = i % 2 == 0;
      Door door = () -> new DrillClient(node.clients(), isResp);
      shoppers.add(new Shopper(clients++, drill, List.of(shelf), door));
    }
    try {
      for (Shopper shopper : shoppers) shopper.awaitService(PATIENCE);
      return doneInATurn(drill, shoppers);
    } finally {
      shoppers.forEach(Shopper::leave);
    }
  }

  private long doneInATurn(Drill drill, List<Shopper> shoppers) throws Exception {
    long before = drill.done();
    List<Future<Void>> running = shoppers.stream().map(threads::submit).toList();
    drill.isTroubledWithin(TURN);
    long done = drill.done() - before;
    drill.end();
    for (Future<Void> one : running) one.get();
    findings.addAll(drill.findings());
    return done;
  }

  private void print() {
    System.out.println(
        String.format(
            Locale.ROOT,
            "drill 3: busy clients at %.2f of their speed beside %d slow ones (%d and %d requests),"
                + " %d MiB resident",
            (double) doneBeside / doneAlone,
            SLOW,
            doneBeside,
            doneAlone,
            residentKib / 1024));
  }
}
