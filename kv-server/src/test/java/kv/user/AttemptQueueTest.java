package kv.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import kv.user.Logins.Outcome;
import kv.user.Logins.Refused;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Who waits, and who is sent away. The test has the first turn; three may wait for the next. */
class AttemptQueueTest {
  private static final BooleanSupplier STAYS = () -> false;

  private final AttemptQueue queue = new AttemptQueue(3);
  private final BlockingQueue<String> sentAway = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> served = new LinkedBlockingQueue<>();
  private final Map<Thread, String> waiting = new ConcurrentHashMap<>();
  private final Semaphore end = new Semaphore(0);
  private volatile boolean hasEnded;
  private final CountDownLatch begun = new CountDownLatch(1);
  private final FutureTask<Outcome> turn =
      new FutureTask<>(() -> queue.await("the test", "its turn", this::hold, STAYS));

  @BeforeEach
  void takeATurn() throws Exception {
    new Thread(turn, "the test's turn").start();
    begun.await();
  }

  @AfterEach
  void endTheTurn() throws Exception {
    end.release();
    turn.get();
  }

  private Outcome hold() {
    begun.countDown();
    end.acquireUninterruptibly();
    end.release();
    hasEnded = true;
    return Refused.WRONG;
  }

  private static Outcome unexpected() {
    throw new AssertionError("it has a turn");
  }

  /** Somebody from {@code origin} comes, and has a short turn if it gets one. */
  private void come(String origin) {
    Thread one = new Thread(() -> await(origin), origin);
    waiting.put(one, origin);
    one.start();
  }

  private void await(String origin) {
    try {
      queue.await(
          origin,
          new Object(),
          () -> {
            waiting.remove(Thread.currentThread());
            served.add(origin);
            return Refused.WRONG;
          },
          STAYS);
      if (waiting.remove(Thread.currentThread()) != null) sentAway.add(origin);
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
    end.release();
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
    end.release();
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
    end.release();
    assertThat(served(3)).containsExactly("a", "b", "c");
  }

  @Test
  void anInterruptGivesAPlaceBack() throws Exception {
    flood();
    Thread first = waiting.keySet().iterator().next();
    first.interrupt();
    first.join();
    come("b");
    end.release();
    assertThat(served(3)).containsExactlyInAnyOrder("a", "a", "b");
    assertThat(sentAway).isEmpty();
  }

  /** Those of one origin who attempt the same. */
  @Nested
  class APlaceOfMany {
    private final BlockingQueue<String> turns = new LinkedBlockingQueue<>();

    /** One that says so if its turn comes, and then waits for the end, as the test does. */
    private final class Sharer extends FutureTask<Outcome> {
      private final Thread thread = new Thread(this);

      /** Starts it, and waits until it waits. */
      private Sharer(String name, String origin, String attempt, BooleanSupplier isGone) {
        super(
            () ->
                queue.await(
                    origin,
                    attempt,
                    () -> {
                      turns.add(name);
                      return hold();
                    },
                    isGone));
        thread.start();
        while (!isDone() && !thread.getState().name().endsWith("WAITING")) Thread.onSpinWait();
      }

      private Sharer(String name, String origin) {
        this(name, origin, "login", STAYS);
      }

      private void interrupt() throws InterruptedException {
        thread.interrupt();
        thread.join();
        assertThatThrownBy(this::get).hasCauseInstanceOf(InterruptedException.class);
      }
    }

    private List<Sharer> sharers(int count) {
      List<Sharer> all = new ArrayList<>();
      for (int i = 0; i < count; i++) all.add(new Sharer("sharer " + i, "a"));
      return all;
    }

    @Test
    void hasOneTurnWhoseOutcomeIsThatOfAll() throws Exception {
      List<Sharer> all = sharers(50);
      end.release();
      for (Sharer one : all) assertThat(one.get()).isEqualTo(Refused.WRONG);
      assertThat(turns).containsExactly("sharer 0");
    }

    @Test
    void mayBeJoinedDuringItsTurn() throws Exception {
      Sharer late = new Sharer("late", "the test", "its turn", STAYS);
      end.release();
      assertThat(late.get()).isEqualTo(Refused.WRONG);
      assertThat(turns).isEmpty();
    }

    @Test
    void isNotThatOfAnotherOriginNorOfAnotherAttempt() throws Exception {
      Sharer one = new Sharer("one", "a");
      Sharer elsewhere = new Sharer("elsewhere", "b");
      Sharer other = new Sharer("other", "a", "another", STAYS);
      end.release();
      for (Sharer each : List.of(one, elsewhere, other)) each.get();
      assertThat(turns).containsExactly("one", "elsewhere", "other");
    }

    @Test
    void isSentAwayAsOneAndTakesAlongNobodyElse() throws Exception {
      Sharer elsewhere = new Sharer("elsewhere", "b");
      Sharer first = new Sharer("first", "a", "another", STAYS);
      List<Sharer> all = sharers(5);
      come("c");
      for (Sharer one : all) assertThat(one.get()).isEqualTo(Refused.BUSY);
      end.release();
      assertThat(elsewhere.get()).isEqualTo(Refused.WRONG);
      assertThat(first.get()).isEqualTo(Refused.WRONG);
      assertThat(served(1)).containsExactly("c");
    }

    @Test
    void isLedByAnotherIfWhoLedItWasInterrupted() throws Exception {
      List<Sharer> all = sharers(4);
      all.get(0).interrupt();
      all.get(2).interrupt();
      Sharer behind = new Sharer("behind", "b");
      end.release();
      assertThat(all.get(1).get()).isEqualTo(Refused.WRONG);
      assertThat(all.get(3).get()).isEqualTo(Refused.WRONG);
      behind.get();
      assertThat(turns).containsExactly("sharer 1", "behind");
    }

    @Test
    void isLedByAnotherIfWhoLedItHasHungUp() throws Exception {
      Sharer gone = new Sharer("gone", "a", "login", () -> true);
      assertThat(gone.get()).isEqualTo(Refused.GONE);
      CountDownLatch hangUp = new CountDownLatch(1);
      Sharer first = new Sharer("first", "a", "login", () -> hangUp.getCount() == 0);
      Sharer second = new Sharer("second", "a");
      hangUp.countDown();
      assertThat(first.get()).isEqualTo(Refused.GONE);
      end.release();
      assertThat(second.get()).isEqualTo(Refused.WRONG);
      assertThat(turns).containsExactly("second");
    }

    @Test
    void isGivenBackWhenNobodyIsLeft() throws Exception {
      flood();
      for (Thread one : List.copyOf(waiting.keySet())) {
        one.interrupt();
        one.join();
      }
      for (Sharer one : sharers(3)) one.interrupt();
      for (String origin : List.of("b", "c", "d")) come(origin);
      end.release();
      assertThat(served(3)).containsExactlyInAnyOrder("b", "c", "d");
      assertThat(sentAway).isEmpty();
    }
  }

  @Nested
  class WhoHasHungUp {
    private final List<Thread> asked = new ArrayList<>();

    private boolean isGone() {
      asked.add(Thread.currentThread());
      return true;
    }

    @Test
    void givesItsPlaceBackWhileItWaits() throws Exception {
      assertThat(queue.await("a", "login", () -> null, this::isGone)).isEqualTo(Refused.GONE);
      assertThat(asked).containsExactly(Thread.currentThread());
      for (String origin : List.of("b", "c", "d")) come(origin);
      end.release();
      assertThat(served(3)).containsExactlyInAnyOrder("b", "c", "d");
    }

    @Test
    void isNotLookedAfterIfItsTurnComesAtOnce() throws Exception {
      end.release();
      turn.get();
      Outcome outcome = queue.await("a", "login", () -> Refused.WRONG, this::isGone);
      assertThat(outcome).isEqualTo(Refused.WRONG);
      assertThat(asked).isEmpty();
    }

    @Test
    void isLookedAfterOnceMoreWhenItsTurnHasCome() throws Exception {
      assertThat(queue.await("a", "login", AttemptQueueTest::unexpected, this::isGoneAtTheEnd))
          .isEqualTo(Refused.GONE);
    }

    /** The first look is the last one before its turn. */
    private boolean isGoneAtTheEnd() {
      boolean isGone = hasEnded;
      end.release();
      return isGone;
    }
  }
}
