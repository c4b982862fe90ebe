package kv.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who waits, and who is sent away. The test has the first turn; three may wait for the next. */
class AttemptQueueTest {
  private final AttemptQueue queue = new AttemptQueue(3);
  private final BlockingQueue<String> sentAway = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> served = new LinkedBlockingQueue<>();
  private final Map<Thread, String> waiting = new ConcurrentHashMap<>();

  @BeforeEach
  void takeATurn() throws Exception {
    assertThat(queue.await("the test")).isTrue();
  }

  /** Somebody from {@code origin} comes, and has a short turn if it gets one. */
  private void come(String origin) {
    Thread one = new Thread(() -> await(origin), origin);
    waiting.put(one, origin);
    one.start();
  }

  private void await(String origin) {
    try {
      boolean isServed = queue.await(origin);
      waiting.remove(Thread.currentThread());
      (isServed ? served : sentAway).add(origin);
      if (isServed) queue.end();
    } catch (InterruptedException e) {
      waiting.remove(Thread.currentThread());
    }
  }

  private List<String> served(int count) throws InterruptedException {
    List<String> taken = new ArrayList<>();
    while (taken.size() < count) taken.add(served.take());
    return taken;
  }

  /** Three from {@code a} wait, and others from there have been sent away. */
  private void flood() throws InterruptedException {
    for (int i = 0; i < 8; i++) come("a");
    for (int i = 0; i < 5; i++) assertThat(sentAway.take()).isEqualTo("a");
  }

  @Test
  void whoeverIsFromElsewhereTakesAPlaceOfAFlood() throws Exception {
    flood();
    come("b");
    assertThat(sentAway.take()).isEqualTo("a");
    come("c");
    assertThat(sentAway.take()).isEqualTo("a");
    queue.end();
    assertThat(served(3)).containsExactly("a", "b", "c");
  }

  @Test
  void whoeverHasMostPlacesLosesThoseAndNobodyElse() throws Exception {
    flood();
    come("b");
    assertThat(sentAway.take()).isEqualTo("a");
    come("b");
    assertThat(sentAway.take()).isEqualTo("b");
    come("a");
    assertThat(sentAway.take()).isEqualTo("a");
    queue.end();
    assertThat(served(3)).containsExactly("a", "a", "b");
  }

  @Test
  void theLastIsSentAwayIfAllAreFromElsewhere() throws Exception {
    flood();
    for (String origin : List.of("b", "c")) {
      come(origin);
      assertThat(sentAway.take()).isEqualTo("a");
    }
    come("d");
    assertThat(sentAway.take()).isEqualTo("d");
    queue.end();
    assertThat(served(3)).containsExactly("a", "b", "c");
  }

  @Test
  void anInterruptGivesAPlaceBack() throws Exception {
    flood();
    Thread first = waiting.keySet().iterator().next();
    first.interrupt();
    first.join();
    come("b");
    queue.end();
    assertThat(served(3)).containsExactlyInAnyOrder("a", "a", "b");
    assertThat(sentAway).isEmpty();
  }
}
