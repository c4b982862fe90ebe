package kv.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a client of drills finds out, with doubles of nodes that do what they must not. */
class ShopperTest {
  private static final int REQUESTS = 3000;
  private static final int NOW_AND_THEN = 97;

  private final Drill drill = new Drill();
  private final MemoryStore store = new MemoryStore();
  private final AtomicInteger life = new AtomicInteger();
  private final Shelf shelf = new Shelf("apple", life::get);
  private int asked;

  /** What becomes of a request now and then; null for the usual. */
  private interface Fate {
    Answer of(Request request) throws IOException;
  }

  /** Lets a shopper work against a store that treats one write in many as {@code fate} says. */
  private List<String> findings(Fate fate) throws Exception {
    Store flawed =
        request -> {
          if (++asked == REQUESTS) drill.end();
          boolean isStruck = asked % NOW_AND_THEN == 0 && request.verb() != Verb.CREATE;
          return isStruck && !drill.isOver() ? fate.of(request) : store.run(request);
        };
    Shopper shopper = new Shopper(1, drill, List.of(shelf), () -> flawed);
    shopper.call();
    if (drill.findings().isEmpty()) shopper.checkAll(List.of(() -> flawed), Duration.ZERO);
    return drill.findings();
  }

  private Answer refused() {
    return Answer.ofError("node bar@127.0.0.1:1 is unreachable");
  }

  @Nested
  class Accepts {
    @Test
    void aNodeThatDoesAsItShould() throws Exception {
      assertThat(findings(store::run)).isEmpty();
      assertThat(drill.done()).isGreaterThanOrEqualTo(REQUESTS);
      assertThat(drill.confirmed()).isPositive();
    }

    @Test
    void requestsThatAreRefusedAndNotCarriedOut() throws Exception {
      assertThat(findings(request -> refused())).isEmpty();
    }

    @Test
    void requestsThatGetNoAnswerAndAreCarriedOut() throws Exception {
      assertThat(
              findings(
                  request -> {
                    store.run(request);
                    throw new IOException("the connection ended");
                  }))
          .isEmpty();
    }

    @Test
    void requestsThatGetNoAnswerAndAreCarriedOutLater() throws Exception {
      Deque<Request> later = new ArrayDeque<>();
      assertThat(
              findings(
                  request -> {
                    if (!later.isEmpty()) store.run(later.remove());
                    later.add(request);
                    throw new IOException("the connection ended");
                  }))
          .isEmpty();
    }

    @Test
    void thatAReadMustBeAskedForAgain() throws Exception {
      Store busy = request -> ++asked % 3 == 0 ? refused() : store.run(request);
      Shopper shopper = new Shopper(1, drill, List.of(shelf), () -> busy);
      shopper.checkAll(List.of(() -> busy), Duration.ofSeconds(10));
      assertThat(drill.findings()).isEmpty();
    }

    @Test
    void thatWhatANodeHeldIsGoneWithItsLife() throws Exception {
      assertThat(
              findings(
                  request -> {
                    store.drop("apple");
                    life.addAndGet(2);
                    return store.run(request);
                  }))
          .isEmpty();
    }
  }

  @Nested
  class FindsOut {
    @Test
    void thatAnAcknowledgedWriteIsLost() throws Exception {
      assertThat(findings(request -> request.verb().isWrite() ? Answer.OK : store.run(request)))
          .anyMatch(finding -> finding.contains("was read from"));
    }

    @Test
    void thatARefusedWriteWasCarriedOut() throws Exception {
      assertThat(
              findings(
                  request -> {
                    store.run(request);
                    return refused();
                  }))
          .anyMatch(finding -> finding.contains("was read from"));
    }

    @Test
    void thatAReplyBelongsToAnotherRequest() throws Exception {
      assertThat(
              findings(
                  request ->
                      store.run(
                          Request.get("apple", request.key().equals("c1-k0") ? "c1-k1" : "c1-k0"))))
          .anyMatch(finding -> finding.contains("was read from"));
    }

    @Test
    void thatAWriteThatGotNoAnswerComesTwice() throws Exception {
      Deque<Request> again = new ArrayDeque<>();
      assertThat(
              findings(
                  request -> {
                    if (again.size() > 1) store.run(again.remove());
                    if (!request.verb().isWrite()) return store.run(request);
                    again.add(request);
                    return store.run(request);
                  }))
          .anyMatch(finding -> finding.contains("was read from"));
    }

    @Test
    void thatABucketIsGoneWhileItsNodeLives() throws Exception {
      assertThat(
              findings(
                  request -> {
                    store.drop("apple");
                    return store.run(request);
                  }))
          .anyMatch(finding -> finding.contains("the bucket is gone"));
    }

    @Test
    void thatAWriteOutlivesTheNodeThatHeldIt() throws Exception {
      assertThat(
              findings(
                  request -> {
                    life.addAndGet(2);
                    return store.run(request);
                  }))
          .anyMatch(finding -> finding.contains("was read from"));
    }

    @Test
    void thatServiceIsNotWholeAgain() throws Exception {
      Shopper shopper = new Shopper(1, drill, List.of(shelf), () -> store);
      shopper.checkAll(List.of(() -> request -> refused()), Duration.ofMillis(30));
      assertThat(drill.findings()).singleElement().asString().contains("no service for apple");
    }

    @Test
    void thatRequestsAreRefusedWithoutAFault() throws Exception {
      Store late = request -> ++asked >= 6 ? refused() : store.run(request);
      Shopper shopper = new Shopper(1, drill, List.of(shelf), () -> late);
      shopper.checkAll(List.of(() -> late), Duration.ofMillis(200));
      assertThat(drill.findings()).singleElement().asString().contains("without any fault");
    }
  }
}
