package kv.otp;

import static kv.otp.AutoShutdown.ANY_SIGNIFICANT;
import static kv.otp.ExitReason.KILLED;
import static kv.otp.ExitReason.NORMAL;
import static kv.otp.ExitReason.NO_CONNECTION;
import static kv.otp.ExitReason.NO_PROC;
import static kv.otp.ExitReason.SHUTDOWN;
import static kv.otp.Restart.PERMANENT;
import static kv.otp.Restart.TEMPORARY;
import static kv.otp.Restart.TRANSIENT;
import static kv.otp.RestartTypesTest.Fate.DROPPED;
import static kv.otp.RestartTypesTest.Fate.RESTARTED;
import static kv.otp.RestartTypesTest.Fate.STOPPED;
import static kv.otp.Strategy.ONE_FOR_ALL;
import static kv.otp.Strategy.ONE_FOR_ONE;
import static kv.otp.Strategy.REST_FOR_ONE;
import static kv.otp.Strategy.SIMPLE_ONE_FOR_ONE;
import static kv.otp.Tree.CRASH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RestartTypesTest {
  /** What becomes of a child that has ended of itself. */
  enum Fate {
    RESTARTED,
    /** It stays down, its spec is kept. */
    STOPPED,
    /** It is forgotten. */
    DROPPED
  }

  private static final List<ExitReason> REASONS =
      List.of(
          NORMAL, SHUTDOWN, ExitReason.shutdown("done"), CRASH, KILLED, NO_PROC, NO_CONNECTION);

  private final Tree tree = new Tree();

  @BeforeEach
  void allowReports(LogCapture log) {
    log.allow("event=(child_terminated|child_terminated_for_good|reached_max_restart_intensity) ");
  }

  @AfterEach
  void stop() {
    tree.close();
  }

  /** One column per reason, in their order. */
  static Stream<Arguments> table() {
    return Stream.of(
            row(PERMANENT,
                RESTARTED, RESTARTED, RESTARTED, RESTARTED, RESTARTED, RESTARTED, RESTARTED),
            row(TRANSIENT, STOPPED, STOPPED, STOPPED, RESTARTED, RESTARTED, RESTARTED, RESTARTED),
            row(TEMPORARY, DROPPED, DROPPED, DROPPED, DROPPED, DROPPED, DROPPED, DROPPED))
        .flatMap(row -> row);
  }

  private static Stream<Arguments> row(Restart restart, Fate... fates) {
    return IntStream.range(0, fates.length)
        .mapToObj(i -> arguments(restart, REASONS.get(i), fates[i]));
  }

  static Stream<Arguments> tableForEveryStrategy() {
    return Stream.of(ONE_FOR_ONE, ONE_FOR_ALL, REST_FOR_ONE, SIMPLE_ONE_FOR_ONE)
        .flatMap(strategy -> table().map(row -> {
          Object[] cells = row.get();
          return arguments(strategy, cells[0], cells[1], cells[2]);
        }));
  }

  static Stream<Arguments> tableForEveryStrategyWithIds() {
    return tableForEveryStrategy().filter(row -> row.get()[0] != SIMPLE_ONE_FOR_ONE);
  }

  static Stream<Arguments> tableWithoutPermanent() {
    return table().filter(row -> row.get()[0] != PERMANENT);
  }

  @Nested
  class TheTable {
    @ParameterizedTest(name = "{0}: a {1} child that ends with {2} is {3}")
    @MethodSource("kv.otp.RestartTypesTest#tableForEveryStrategyWithIds")
    void decidesWhetherTheChildRunsAndWhetherItsSpecIsKept(
        Strategy strategy, Restart restart, ExitReason reason, Fate fate) throws Exception {
      tree.given(tree.flags(strategy), tree.spec("a"), tree.spec("b").restart(restart));
      tree.exit("b", reason);
      assertThat(tree.states()).containsExactlyElementsOf(switch (fate) {
        case RESTARTED -> List.of("a running", "b running");
        case STOPPED -> List.of("a running", "b undefined");
        case DROPPED -> List.of("a running");
      });
    }

    @ParameterizedTest(name = "{0}: {1}, {2}: {3}")
    @MethodSource("kv.otp.RestartTypesTest#tableForEveryStrategyWithIds")
    void letsTheSiblingsBeWhateverTheStrategyUnlessTheChildIsRestarted(
        Strategy strategy, Restart restart, ExitReason reason, Fate fate) throws Exception {
      tree.given(
          tree.flags(strategy), tree.spec("a"), tree.spec("b").restart(restart), tree.spec("c"));
      tree.exit("b", reason);
      List<String> restarted =
          switch (strategy) {
            case ONE_FOR_ALL -> List.of("stop c", "stop a", "start a", "start b", "start c");
            case REST_FOR_ONE -> List.of("stop c", "start b", "start c");
            default -> List.of("start b");
          };
      assertThat(tree.history()).isEqualTo(fate == RESTARTED ? restarted : List.of());
    }

    @ParameterizedTest(name = "a {0} child that ends with {1} is {2}")
    @MethodSource("kv.otp.RestartTypesTest#table")
    void holdsUnderSimpleOneForOneButAChildThatStaysDownIsForgotten(
        Restart restart, ExitReason reason, Fate fate) throws Exception {
      tree.given(tree.flags(SIMPLE_ONE_FOR_ONE), tree.spec("b").restart(restart));
      tree.supervisor().startChild(List.of(1));
      tree.supervisor().startChild(List.of(2));
      tree.history();
      tree.exit("b[1]", reason);
      int left = fate == RESTARTED ? 2 : 1;
      assertThat(tree.history()).isEqualTo(fate == RESTARTED ? List.of("start b[1]") : List.of());
      assertThat(tree.supervisor().countChildren()).isEqualTo(new ChildCount(1, left, 0, left));
    }

    @ParameterizedTest(name = "{0}: a {1} child that ends with {2} is {3}")
    @MethodSource("kv.otp.RestartTypesTest#tableForEveryStrategy")
    void countsEveryRestartAndNothingElse(
        Strategy strategy, Restart restart, ExitReason reason, Fate fate) throws Exception {
      boolean simple = strategy == SIMPLE_ONE_FOR_ONE;
      tree.given(tree.flags(strategy, 0), tree.spec("b").restart(restart));
      if (simple) tree.supervisor().startChild(List.of(1));
      tree.exit(simple ? "b[1]" : "b", reason);
      assertThat(tree.hasEnded()).isEqualTo(fate == RESTARTED);
    }

    @ParameterizedTest(name = "a {0} child that ends with {1} is {2}")
    @MethodSource("kv.otp.RestartTypesTest#tableWithoutPermanent")
    void leadsToTheAutoShutdownCheckUnlessTheChildIsRestarted(
        Restart restart, ExitReason reason, Fate fate) throws Exception {
      tree.given(
          tree.flags(ONE_FOR_ONE).autoShutdown(ANY_SIGNIFICANT),
          tree.spec("a"), tree.spec("b").restart(restart).asSignificant(), tree.spec("c"));
      tree.exit("b", reason);
      assertThat(tree.history())
          .isEqualTo(fate == RESTARTED ? List.of("start b") : List.of("stop c", "stop a"));
      assertThat(tree.hasEnded()).isEqualTo(fate != RESTARTED);
    }

    @ParameterizedTest(name = "a {0} child that ends with {1} is {2}")
    @MethodSource("kv.otp.RestartTypesTest#table")
    void leadsToNoAutoShutdownIfTheChildIsNotSignificant(
        Restart restart, ExitReason reason, Fate fate) throws Exception {
      tree.given(
          tree.flags(ONE_FOR_ONE).autoShutdown(ANY_SIGNIFICANT),
          tree.spec("a").restart(TRANSIENT).asSignificant(), tree.spec("b").restart(restart));
      tree.exit("b", reason);
      assertThat(tree.history())
          .isEqualTo(fate == RESTARTED ? List.of("start b") : List.of());
      assertThat(tree.hasEnded()).isFalse();
    }
  }

  @Nested
  class AThread {
    @Test
    void thatReturnsIsRestartedIfItIsPermanentAndCounted() throws Exception {
      Supervisor supervisor =
          Supervisor.start(
              "tree",
              tree.flags(ONE_FOR_ONE, 0),
              ChildSpec.worker("a", () -> StartResult.ok(Task.start("a", self -> {}))));
      assertThat(supervisor.proc().awaitExit()).isEqualTo(SHUTDOWN);
    }

    @Test
    void thatIsKilledAtWorkIsRestartedEvenIfItIsTransient() throws Exception {
      CountDownLatch never = new CountDownLatch(1);
      tree.start(
          tree.flags(ONE_FOR_ONE),
          ChildSpec.worker("a", () -> StartResult.ok(Task.start("a", self -> never.await())))
              .restart(TRANSIENT));
      Proc first = tree.supervisor().whichChildren().get(0).proc().orElseThrow();
      first.kill();
      assertThat(tree.supervisor().whichChildren().get(0).proc()).isPresent()
          .get().isNotSameAs(first);
    }
  }

  @Nested
  class TheExitOfALifeThatIsOver {
    @Test
    void isIgnoredWhenTheSupervisorEndedIt() throws Exception {
      tree.given(tree.flags(ONE_FOR_ONE, 0), tree.specs("a", "b"));
      tree.supervisor().terminateChild("b");
      assertThat(tree.states()).containsExactly("a running", "b undefined");
      assertThat(tree.hasEnded()).isFalse();
    }

    @Test
    void isIgnoredWhenTheSupervisorEndedTheInstance() throws Exception {
      ChildSpec b = tree.spec("b").shutdown(Shutdown.BRUTAL_KILL);
      tree.given(tree.flags(SIMPLE_ONE_FOR_ONE, 0), b);
      tree.supervisor().startChild(List.of(1));
      tree.supervisor().startChild(List.of(2));
      tree.supervisor().terminateChild(tree.proc("b[1]"));
      assertThat(tree.states()).containsExactly("b[2] running");
      assertThat(tree.hasEnded()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"ONE_FOR_ALL", "REST_FOR_ONE"})
    void isIgnoredWhenAnotherLifeBearsItsId(Strategy strategy) throws Exception {
      tree.given(tree.flags(strategy, 1), tree.specs("a", "b"));
      Proc old = tree.proc("b");
      tree.crash("a");
      assertThat(tree.history()).containsExactly("stop b", "start a", "start b");
      assertThat(old.exitReason()).contains(SHUTDOWN);
      assertThat(tree.states()).containsExactly("a running", "b running");
    }

    @Test
    void isHeededWhenItEndedBeforeItsStartWasOver() throws Exception {
      List<Proc> lives = new ArrayList<>();
      Callable<StartResult> start = () -> {
        Proc proc = Proc.passive("a");
        if (lives.isEmpty()) proc.exit(CRASH);
        lives.add(proc);
        return StartResult.ok(proc);
      };
      tree.start(tree.flags(ONE_FOR_ONE), ChildSpec.worker("a", start));
      assertThat(tree.supervisor().whichChildren()).singleElement()
          .satisfies(info -> assertThat(info.proc()).contains(lives.get(1)));
    }
  }
}
