package kv.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import kv.testing.Form;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Eight clients at the same few keys: each key is as one that they use one after another. */
class RivalsTest {
  private static final int CLIENTS = 8;
  private static final int ROUNDS = Form.of(2, 20);

  /** One of so many surely has a key that is looked at behind its deadline. */
  private static final int MANY_ROUNDS = 50;

  private static final int ROUNDS_WITH_FAULTS = 100;
  private static final int REQUESTS_IN_A_ROUND = 1000;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long SEED = 4711;

  @TempDir Path folder;
  private final Drill drill = new Drill();
  private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
  private final List<Rival> rivals = new ArrayList<>();
  private int requests;

  @AfterEach
  void leave() throws Exception {
    threads.shutdown();
    for (Rival rival : rivals) rival.leave();
  }

  /** What clients do while they play a round. */
  private interface Meanwhile {
    void happens() throws IOException, InterruptedException;
  }

  /** Rounds with keys of their own, each looked at when it is over; answers the keys at fault. */
  private List<String> play(String bucket, int rounds, Meanwhile meanwhile) throws Exception {
    List<String> faulty = new ArrayList<>();
    for (int round = 0; round < rounds && faulty.isEmpty() && !drill.isOver(); round++) {
      History history = new History();
      String prefix = "r" + round;
      List<Future<?>> running = new ArrayList<>();
      for (Rival rival : rivals)
        running.add(
            threads.submit(
                () -> {
                  rival.play(bucket, prefix, REQUESTS_IN_A_ROUND, history);
                  return null;
                }));
      meanwhile.happens();
      for (Future<?> one : running) one.get();
      requests += history.size();
      faulty.addAll(history.notLinearizable());
    }
    return faulty;
  }

  private void enter(List<Door> doors) {
    for (int i = 0; i < CLIENTS; i++) rivals.add(new Rival(i, drill, doors.get(i % doors.size())));
  }

  private static Door door(DrillNode node) {
    return () -> new DrillClient(node.clients(), true);
  }

  /** The first call to another node may be late on a busy machine, and must be made again. */
  private void create(Door door, String... buckets) throws Exception {
    try (Store store = door.open()) {
      for (String bucket : buckets)
        assertThat(Patience.until(PATIENCE, () -> missing(store.run(Request.create(bucket)))))
            .isNull();
    }
  }

  private static String missing(Answer answer) {
    return answer.equals(Answer.OK) ? null : answer.text();
  }

  private void print(String where) {
    System.out.println(
        String.format(
            Locale.ROOT,
            "drill 2, %s: %d requests in linearizable order, %d faults",
            where,
            requests,
            drill.faults()));
  }

  @Test
  @Tag("distributed")
  void seeOneOrderOfThingsThroughOneNode() throws Exception {
    try (DrillNode node =
        new DrillNode("alone", List.of(), "127.0.0.1", "128m", List.of("server.port=0"))) {
      node.start();
      create(door(node), "apple");
      enter(List.of(door(node)));
      assertThat(play("apple", ROUNDS, () -> {})).isEmpty();
      assertThat(drill.findings()).isEmpty();
      print("one node");
    }
  }

  @Test
  @Tag("distributed")
  void seeOneOrderOfThingsThroughTwoNodes() throws Exception {
    try (Network network = new BridgedNetwork();
        Pair pair = new Pair(network, folder)) {
      enterBoth(pair);
      assertThat(play("apple", ROUNDS, () -> {})).isEmpty();
      assertThat(play("zebra", ROUNDS, () -> {})).isEmpty();
      assertThat(drill.findings()).isEmpty();
      print("two nodes");
    }
  }

  private void enterBoth(Pair pair) throws Exception {
    List<Door> doors = List.of(door(pair.foo()), door(pair.bar()));
    create(doors.get(0), "apple", "zebra");
    enter(doors);
  }

  @Test
  @Tag("distributed")
  @Timeout(value = 600, unit = TimeUnit.SECONDS)
  void seeOneOrderOfThingsWhateverElseFails() throws Exception {
    assumeTrue(Form.IS_LONG, "part of the long form only: mvn test -Pdrills");
    try (Network network = new BridgedNetwork();
        Pair pair = new Pair(network, folder)) {
      enterBoth(pair);
      Faults faults =
          new Faults(
              pair,
              drill,
              SEED,
              EnumSet.complementOf(EnumSet.of(Fault.CRASH, Fault.KILL_CONNECTION)),
              node -> List.of());
      assertThat(play("zebra", ROUNDS_WITH_FAULTS, faults::strike)).isEmpty();
      assertThat(drill.findings()).isEmpty();
      print("two nodes and faults");
    }
  }

  @Test
  void seeOneOrderOfThingsWithADoubleThatHasOne() throws Exception {
    MemoryStore store = new MemoryStore();
    store.run(Request.create("apple"));
    enter(List.of(() -> store));
    assertThat(play("apple", ROUNDS, () -> {})).isEmpty();
    assertThat(requests).isEqualTo(ROUNDS * CLIENTS * REQUESTS_IN_A_ROUND);
  }

  @Test
  void findOutThatADoubleSometimesAnswersWithWhatAKeyHadBefore() throws Exception {
    MemoryStore store = new MemoryStore();
    store.run(Request.create("apple"));
    ConcurrentHashMap<String, Optional<String>> former = new ConcurrentHashMap<>();
    AtomicInteger asked = new AtomicInteger();
    Store stale =
        request -> {
          Answer answer = store.run(request);
          if (request.verb() != Verb.GET) return answer;
          Optional<String> before = former.put(request.key(), answer.value());
          boolean isStruck = before != null && asked.incrementAndGet() % 100 == 0;
          return isStruck ? Answer.of(before) : answer;
        };
    enter(List.of(() -> stale));
    assertThat(play("apple", ROUNDS, () -> {})).isNotEmpty();
  }

  @Test
  void findOutThatADoubleForgetsADeadline() throws Exception {
    MemoryStore store = new MemoryStore();
    store.run(Request.create("apple"));
    Store forgetful =
        request -> {
          long time = System.nanoTime() + 100_000; // as a node needs, so that deadlines come
          while (System.nanoTime() < time) Thread.onSpinWait();
          Request longer = Request.expire(request.bucket(), request.key(), 60_000);
          return store.run(request.verb() == Verb.EXPIRE ? longer : request);
        };
    enter(List.of(() -> forgetful));
    assertThat(play("apple", MANY_ROUNDS, () -> {})).isNotEmpty();
  }

  @Test
  void findOutThatADoubleForgetsAWrite() throws Exception {
    MemoryStore store = new MemoryStore();
    store.run(Request.create("apple"));
    AtomicInteger asked = new AtomicInteger();
    Store forgetful =
        request -> asked.incrementAndGet() % 100 == 0 && request.verb().isWrite()
            ? Answer.OK
            : store.run(request);
    enter(List.of(() -> forgetful));
    assertThat(play("apple", ROUNDS, () -> {})).isNotEmpty();
  }
}
