package kv.otp;

import static java.time.Duration.ofSeconds;
import static kv.otp.Strategy.ONE_FOR_ALL;
import static kv.otp.Strategy.ONE_FOR_ONE;
import static kv.otp.Strategy.REST_FOR_ONE;
import static kv.otp.Strategy.SIMPLE_ONE_FOR_ONE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a supervisor tells those who hear it. */
class ReportsTest {
  private final Tree tree = new Tree();
  private final List<Report> heard = Collections.synchronizedList(new ArrayList<>());
  private LogCapture log;

  @BeforeEach
  void allowReports(LogCapture log) {
    this.log = log.allow("^supervisor=tree child=");
  }

  @AfterEach
  void stop() {
    tree.close();
  }

  /** Puts what is heard among what is done to the children. */
  private void hear(Report report) {
    heard.add(report);
    String group = report.group().isEmpty() ? "" : " with " + report.group();
    tree.write(report.event() + " " + report.child() + group);
  }

  private void given(Strategy strategy, ChildSpec... specs) throws InterruptedException {
    tree.given(tree.flags(strategy).reports(this::hear), specs);
  }

  private Report only(Report.Event event) throws InterruptedException {
    tree.settle();
    List<Report> found = heard.stream().filter(report -> report.event() == event).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  @Nested
  class OfARestart {
    @Test
    void areHeardBeforeItBeginsAndWhenItIsDone() throws Exception {
      given(ONE_FOR_ONE, tree.specs("a", "b"));
      tree.crash("b");

      assertThat(tree.history()).containsExactly("child_terminated b", "start b", "restarted b");
    }

    @Test
    void nameThoseWhoHaveComeBackWithTheChild() throws Exception {
      given(ONE_FOR_ALL, tree.specs("a", "b", "c"));
      tree.crash("b");

      assertThat(tree.history())
          .containsExactly(
              "child_terminated b",
              "stop c",
              "stop a",
              "start a",
              "start b",
              "start c",
              "restarted b with [a, c]");
    }

    @Test
    void nameNobodyWhoWasLeftAlone() throws Exception {
      given(REST_FOR_ONE, tree.specs("a", "b", "c"));
      tree.crash("b");

      assertThat(tree.history()).endsWith("restarted b with [c]");
    }

    @Test
    void nameNobodyWhoHasNotComeBack() throws Exception {
      tree.child("c").ignoresStart(2);
      given(
          ONE_FOR_ALL,
          tree.spec("a"),
          tree.spec("b").restart(Restart.TEMPORARY),
          tree.spec("c"),
          tree.spec("d"));
      tree.crash("a");

      assertThat(tree.history()).endsWith("ignore c", "start d", "restarted a with [d]");
    }

    @Test
    void tellOfEachStartThatFails() throws Exception {
      tree.child("a").failsAtStart(2).failsAtStart(3);
      given(ONE_FOR_ONE, tree.specs("a"));
      tree.crash("a");
      tree.settle(2);

      assertThat(tree.history())
          .containsExactly(
              "child_terminated a",
              "fail a",
              "start_error a",
              "fail a",
              "start_error a",
              "start a",
              "restarted a");
    }

    @Test
    void nameThoseWhoHadComeBackBeforeAStartFailed() throws Exception {
      tree.child("b").failsAtStart(2);
      given(REST_FOR_ONE, tree.specs("a", "b", "c"));
      tree.crash("a");
      tree.settle(1);

      assertThat(tree.history())
          .endsWith(
              "start a",
              "fail b",
              "start_error b",
              "start b",
              "start c",
              "restarted b with [a, c]");
    }

    @Test
    void nameNobodyWhoHadComeBackAndDoesNotTheNextTime() throws Exception {
      tree.child("a").ignoresStart(3);
      tree.child("b").failsAtStart(2);
      given(ONE_FOR_ALL, tree.specs("a", "b", "c"));
      tree.crash("c");
      tree.settle(1);

      assertThat(tree.history())
          .endsWith(
              "start a",
              "fail b",
              "start_error b",
              "stop a",
              "ignore a",
              "start b",
              "start c",
              "restarted b with [c]");
    }

    @Test
    void areNotHeardOfARetryThatIsVoid() throws Exception {
      tree.child("c").failsAtStart(2);
      given(REST_FOR_ONE, tree.specs("a", "b", "c"));
      tree.child("c").duringStart(2, () -> tree.crash("b")); // heard of before the retry
      tree.crash("a");
      tree.settle(2);

      assertThat(tree.history())
          .endsWith(
              "start_error c", "child_terminated b", "start b", "start c", "restarted b with [c]");
    }

    @Test
    void haveNoLifeWhereThereWasNothingToStart() throws Exception {
      tree.child("a").ignoresStart(2);
      given(ONE_FOR_ONE, tree.specs("a"));
      tree.crash("a");

      assertThat(only(Report.Event.RESTARTED).childProc()).isEmpty();
    }

    @Test
    void haveNoLifeWhereThereWasNothingToStartForAnInstance() throws Exception {
      tree.child("a").ignoresStart(2);
      given(SIMPLE_ONE_FOR_ONE, tree.specs("a"));
      tree.supervisor().startChild(List.of(1));
      tree.crash("a[1]");

      assertThat(only(Report.Event.RESTARTED).child()).isEqualTo("a[1]");
      assertThat(only(Report.Event.RESTARTED).childProc()).isEmpty();
    }

    @Test
    void endWithTheOneThatIsTooMany() throws Exception {
      tree.given(tree.flags(ONE_FOR_ONE, 0).reports(ReportsTest.this::hear), tree.specs("a"));
      tree.crash("a");

      assertThat(tree.hasEnded()).isTrue();
      assertThat(tree.written())
          .containsExactly("child_terminated a", "reached_max_restart_intensity a");
      assertThat(only(Report.Event.REACHED_MAX_RESTART_INTENSITY).restarts()).isEqualTo(1);
    }
  }

  @Nested
  class HaveAllFields {
    @Test
    void ofTheChildThatHasEnded() throws Exception {
      given(ONE_FOR_ONE, tree.specs("a"));
      Proc dead = tree.crash("a");

      assertThat(only(Report.Event.CHILD_TERMINATED))
          .isEqualTo(
              new Report(
                  tree.supervisor().proc(),
                  "a",
                  Optional.of(dead),
                  Report.Event.CHILD_TERMINATED,
                  Optional.of(Tree.CRASH),
                  List.of(),
                  0,
                  3,
                  ofSeconds(5)));
    }

    @Test
    void ofTheChildThatIsUpAgain() throws Exception {
      given(ONE_FOR_ONE, tree.specs("a"));
      tree.crash("a");

      assertThat(only(Report.Event.RESTARTED))
          .isEqualTo(
              new Report(
                  tree.supervisor().proc(),
                  "a",
                  Optional.of(tree.proc("a")),
                  Report.Event.RESTARTED,
                  Optional.empty(),
                  List.of(),
                  1,
                  3,
                  ofSeconds(5)));
    }

    @Test
    void ofAnInstanceWhichIsCalledWhatItsProcIs() throws Exception {
      given(SIMPLE_ONE_FOR_ONE, tree.specs("a"));
      tree.supervisor().startChild(List.of(1));
      tree.crash("a[1]");

      assertThat(tree.history())
          .containsExactly("start a[1]", "child_terminated a[1]", "start a[1]", "restarted a[1]");
    }

    @Test
    void ofSeveralThatWereKilledAtOnce() throws Exception {
      given(
          SIMPLE_ONE_FOR_ONE,
          tree.child("a").ignoresStop().spec().shutdown(Shutdown.after(ofSeconds(0))));
      for (int i = 0; i < 3; i++) tree.supervisor().startChild(List.of(i));
      tree.supervisor().stop();

      Report report = only(Report.Event.SHUTDOWN_ERROR);
      assertThat(report.child()).matches("a\\[\\d] and 2 more");
      assertThat(report.reason()).contains(ExitReason.KILLED);
    }

    @Test
    void ofACrashThatBringsNoRestart() throws Exception {
      given(ONE_FOR_ONE, tree.spec("a").restart(Restart.TEMPORARY));
      Proc dead = tree.crash("a");

      Report report = only(Report.Event.CHILD_TERMINATED_FOR_GOOD);
      assertThat(report.childProc()).contains(dead);
      assertThat(report.reason()).contains(Tree.CRASH);
    }

    @Test
    void ofAnAutoShutdown() throws Exception {
      tree.given(
          tree.flags(ONE_FOR_ONE)
              .autoShutdown(AutoShutdown.ANY_SIGNIFICANT)
              .reports(ReportsTest.this::hear),
          tree.spec("a").restart(Restart.TRANSIENT).asSignificant());
      tree.exit("a", ExitReason.NORMAL);

      assertThat(only(Report.Event.AUTO_SHUTDOWN).reason()).contains(ExitReason.NORMAL);
    }
  }

  @Nested
  class WhoHears {
    static Stream<Throwable> throwables() {
      return Stream.of(
          new IllegalStateException("deaf"), new StackOverflowError(), new Exit(ExitReason.NORMAL));
    }

    @ParameterizedTest
    @MethodSource("throwables")
    void mayThrowWhatTheLogIsTold(Throwable thrown) throws Exception {
      log.allow("a report of tree was not heard");
      tree.given(
          tree.flags(ONE_FOR_ONE).reports(report -> Doubles.<RuntimeException>sneak(thrown)),
          tree.specs("a"));
      tree.crash("a");

      assertThat(tree.history()).containsExactly("start a");
      assertThat(log.messages(Level.SEVERE))
          .containsExactly(
              "a report of tree was not heard: child_terminated",
              "a report of tree was not heard: restarted");
      assertThat(log.records().get(1).getThrown()).isSameAs(thrown);
    }

    @Test
    void mayNotAskTheSupervisorWhichHearsNothingMeanwhile() throws Exception {
      log.allow("a report of tree was not heard");
      tree.given(tree.flags(ONE_FOR_ONE).reports(report -> askTree()), tree.specs("a"));
      tree.crash("a");

      assertThat(tree.history()).containsExactly("start a");
      assertThat(log.records().get(1).getThrown()).hasMessageContaining("from its own thread");
    }

    private void askTree() {
      try {
        tree.supervisor().countChildren();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Test
    void hearsOfRestartsThatAreDoneAndTheLogDoesNot() throws Exception {
      given(ONE_FOR_ONE, tree.specs("a"));
      tree.crash("a");

      assertThat(tree.history()).contains("restarted a");
      assertThat(log.messages(Level.ALL)).hasSize(1);
    }

    @Test
    void hearsTheWholeTreeWhoseFlagsAreDerived() throws Exception {
      Flags flags = tree.flags(ONE_FOR_ONE).reports(ReportsTest.this::hear);
      log.allow("^supervisor=below child=");
      given(
          ONE_FOR_ALL,
          ChildSpec.supervisor(
              "below",
              () -> Supervisor.start("below", flags.strategy(REST_FOR_ONE), tree.specs("a"))));
      tree.crash("a");
      Supervisor below =
          (Supervisor) tree.supervisor().whichChildren().get(0).info().orElseThrow();
      below.countChildren();

      assertThat(heard).extracting(Report::supervisor).containsOnly(below.proc());
      assertThat(below.flags().strategy()).isEqualTo(REST_FOR_ONE);
    }
  }
}
