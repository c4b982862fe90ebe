package kv.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The load of a drill on one node: shoppers that work side by side until it is over. */
final class Crew implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int PROGRESS = 100;

  private final Drill drill;
  private final Door door;
  private final List<Shopper> shoppers = new ArrayList<>();
  private final List<Future<Void>> running = new ArrayList<>();
  private final ExecutorService threads;

  /** As many that do nothing yet, all through one door. */
  Crew(int count, Drill drill, List<Shelf> shelves, Door door) {
    this.drill = drill;
    this.door = door;
    for (int i = 0; i < count; i++) shoppers.add(new Shopper(i, drill, shelves, door));
    threads = Executors.newFixedThreadPool(count);
  }

  /** Each begins once it has been served. */
  void work() throws IOException, InterruptedException {
    for (Shopper shopper : shoppers) shopper.awaitService(PATIENCE);
    for (Shopper shopper : shoppers) running.add(threads.submit(shopper));
  }

  /** Waits until the node has carried out more of what they ask for. */
  void awaitProgress() throws IOException, InterruptedException {
    long goal = drill.done() + PROGRESS;
    assertThat(
            Patience.until(
                PATIENCE,
                () -> drill.isOver() || drill.done() >= goal ? null : "nothing is carried out"))
        .isNull();
    assertThat(drill.findings()).isEmpty();
  }

  /** Ends the work. */
  void rest() throws Exception {
    drill.end();
    for (Future<Void> one : running) one.get();
    assertThat(drill.findings()).isEmpty();
  }

  /** Once they rest: all that they were told is done is there. */
  void assertNothingIsLost() throws IOException, InterruptedException {
    for (Shopper shopper : shoppers) shopper.checkAll(List.of(door), PATIENCE);
    assertThat(drill.findings()).isEmpty();
    assertThat(drill.confirmed()).isPositive();
  }

  @Override
  public void close() {
    drill.end();
    threads.shutdown();
  }
}
