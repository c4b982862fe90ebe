package kv.otp;

import static kv.otp.Turns.BOOM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a supervisor tells of its children. */
class AdministrationQueriesTest {
  private final Turns turns = new Turns(Strategy.ONE_FOR_ONE);
  private final Lives lives = turns.lives;
  private final SupervisorServer rules = turns.rules;

  @AfterEach
  void stop() throws InterruptedException {
    turns.stop();
  }

  @Nested
  class WhichChildren {
    @Test
    void listsTheNewestFirst() throws Exception {
      turns.init(lives.polite("a"), lives.polite("b"));
      turns.in(() -> rules.startChild(lives.polite("c")));

      assertThat(turns.states()).containsExactly("c running", "b running", "a running");
    }

    @Test
    void keepsThePlaceOfAChildThatIsRestartedByHand() throws Exception {
      turns.init(lives.polite("a"), lives.polite("b"));
      turns.in(() -> rules.terminateChild("a"));
      turns.in(() -> rules.restartChild("a"));

      assertThat(turns.states()).containsExactly("b running", "a running");
    }

    @Test
    void movesAChildToTheEndThatIsDeletedAndStarted() throws Exception {
      turns.init(lives.polite("a"), lives.polite("b"));
      turns.in(() -> rules.terminateChild("a"));
      turns.in(() -> rules.deleteChild("a"));
      turns.in(() -> rules.startChild(lives.polite("a")));

      assertThat(turns.states()).containsExactly("a running", "b running");
    }

    @Test
    void showsTheLifeOfARunningChild() throws Exception {
      turns.init(lives.polite("a"));

      assertThat(turns.in(rules::whichChildren))
          .containsExactly(
              new ChildInfo(
                  Optional.of("a"),
                  ChildInfo.State.RUNNING,
                  Optional.of(lives.of("a")),
                  Optional.empty(),
                  ChildType.WORKER,
                  0,
                  Optional.of(Duration.ZERO)));
    }

    @Test
    void showsNoLifeOfAStoppedChild() throws Exception {
      turns.init(lives.polite("a"));
      turns.in(() -> rules.terminateChild("a"));

      assertThat(turns.in(rules::whichChildren))
          .containsExactly(
              new ChildInfo(
                  Optional.of("a"),
                  ChildInfo.State.UNDEFINED,
                  Optional.empty(),
                  Optional.empty(),
                  ChildType.WORKER,
                  0,
                  Optional.empty()));
    }

    @Test
    void showsNoLifeOfAChildThatIsRestarting(LogCapture log) throws Exception {
      assertThat(turns.whileRestarting(log, rules::whichChildren))
          .containsExactly(
              new ChildInfo(
                  Optional.of("restarting"),
                  ChildInfo.State.RESTARTING,
                  Optional.empty(),
                  Optional.empty(),
                  ChildType.WORKER,
                  0,
                  Optional.empty()));
    }

    @Test
    void showsTheSupervisorOfAChildThatIsOne() throws Exception {
      turns.init(lives.supervisor("sub", Flags.of(Strategy.ONE_FOR_ONE)));

      ChildInfo sub = turns.in(rules::whichChildren).get(0);
      assertThat(sub.info()).containsInstanceOf(Supervisor.class);
      assertThat(((Supervisor) sub.info().orElseThrow()).proc()).isSameAs(sub.proc().orElseThrow());
    }

    @Test
    void showsHowOftenAChildHasBeenRestarted(LogCapture log) throws Exception {
      log.allow("child=a event=child_terminated");
      turns.init(lives.polite("a"), lives.polite("b"));
      lives.of("a").kill();
      turns.in(rules::countChildren); // by then it is back
      lives.of("a").kill();
      turns.in(() -> rules.terminateChild("b"));
      turns.in(() -> rules.restartChild("b"));

      assertThat(turns.in(rules::whichChildren))
          .extracting(ChildInfo::id, ChildInfo::restarts)
          .containsExactly(tuple(Optional.of("b"), 0), tuple(Optional.of("a"), 2));
    }

    @Test
    void showsWhichChildrenAreSupervisors() throws Exception {
      turns.init(lives.supervisor("sub", Flags.of(Strategy.ONE_FOR_ONE)));

      assertThat(turns.in(rules::whichChildren))
          .extracting(ChildInfo::type)
          .containsExactly(ChildType.SUPERVISOR);
    }

    @Test
    void showsHowLongThePresentLifeOfAChildHasLasted(LogCapture log) throws Exception {
      log.allow("child=a event=child_terminated");
      turns.init(lives.polite("a"), lives.polite("b"));
      turns.clock.advance(Duration.ofSeconds(7));
      lives.of("a").end(BOOM);
      turns.in(rules::countChildren);
      turns.clock.advance(Duration.ofNanos(1));

      assertThat(turns.in(rules::whichChildren))
          .extracting(ChildInfo::age)
          .containsExactly(
              Optional.of(Duration.ofSeconds(7).plusNanos(1)), Optional.of(Duration.ofNanos(1)));
    }

    @Test
    void isACopyOfItsMoment() throws Exception {
      turns.init(lives.polite("a"));
      List<ChildInfo> before = turns.in(rules::whichChildren);
      turns.in(() -> rules.startChild(lives.polite("b")));

      assertThat(before).hasSize(1);
    }
  }

  @Nested
  class CountChildren {
    @Test
    void isAllZeroesWithoutChildren() throws Exception {
      assertThat(turns.in(rules::countChildren)).isEqualTo(new ChildCount(0, 0, 0, 0));
    }

    @Test
    void countsSpecsWhetherTheyLiveOrNot() throws Exception {
      Flags flags = Flags.of(Strategy.ONE_FOR_ONE);
      turns.init(
          lives.polite("a"),
          lives.polite("b"),
          lives.polite("c"),
          lives.supervisor("s", flags),
          lives.supervisor("t", flags));
      turns.in(() -> rules.terminateChild("a"));
      turns.in(() -> rules.terminateChild("s"));

      assertThat(turns.in(rules::countChildren)).isEqualTo(new ChildCount(5, 3, 2, 3));
    }

    @Test
    void countsAsActiveOnlyWhatIsReallyAlive() throws Exception {
      turns.init(lives.polite("a"), lives.polite("b").restart(Restart.TEMPORARY));

      ChildCount count =
          turns.in(
              () -> { // in one turn: the supervisor has yet to hear of the exit
                lives.of("b").end(ExitReason.NORMAL);
                return rules.countChildren();
              });
      assertThat(count).isEqualTo(new ChildCount(2, 1, 0, 2));
    }

    @Test
    void countsARestartingChildAsASpecThatIsNotActive(LogCapture log) throws Exception {
      assertThat(turns.whileRestarting(log, rules::countChildren))
          .isEqualTo(new ChildCount(1, 0, 0, 1));
    }
  }

  @Nested
  class TheSpecOfAChild {
    @Test
    void isFoundByItsId() throws Exception {
      ChildSpec spec = lives.polite("a");
      turns.init(lives.polite("b"), spec);

      assertThat(turns.in(() -> rules.childSpec("a"))).containsSame(spec);
    }

    @Test
    void isFoundAlsoIfTheChildIsStopped() throws Exception {
      ChildSpec spec = lives.polite("a");
      turns.init(spec);
      turns.in(() -> rules.terminateChild("a"));

      assertThat(turns.in(() -> rules.childSpec("a"))).containsSame(spec);
    }

    @Test
    void isNotFoundByAnUnknownIdNorByItsProc() throws Exception {
      turns.init(lives.polite("a"));

      assertThat(turns.in(() -> rules.childSpec("b"))).isEmpty();
      assertThat(turns.in(() -> rules.childSpec(lives.of("a")))).isEmpty();
    }

    @Test
    void isFoundWithoutASearchAmongTheOthers() throws Exception {
      AtomicInteger compared = new AtomicInteger();
      record Id(int number, AtomicInteger compared) {
        @Override
        public boolean equals(Object other) {
          compared.incrementAndGet();
          return other instanceof Id id && id.number == number;
        }

        @Override
        public int hashCode() {
          return number;
        }
      }
      turns.init(
          IntStream.range(0, 1000)
              .mapToObj(number -> lives.polite(new Id(number, compared)))
              .toArray(ChildSpec[]::new));
      compared.set(0);

      assertThat(turns.in(() -> rules.childSpec(new Id(999, compared)))).isPresent();
      assertThat(compared).hasValueLessThan(10);
    }

    @Test
    void isGoneWithATemporaryChild(LogCapture log) throws Exception {
      log.allow("event=child_terminated_for_good");
      turns.init(lives.polite("a").restart(Restart.TEMPORARY));
      lives.of("a").end(BOOM);

      assertThat(turns.in(() -> rules.childSpec("a"))).isEmpty();
    }
  }
}
