package kv.otp;

import static kv.otp.ExitReason.NORMAL;
import static kv.otp.Restart.TEMPORARY;
import static kv.otp.Strategy.ONE_FOR_ALL;
import static kv.otp.Strategy.ONE_FOR_ONE;
import static kv.otp.Strategy.SIMPLE_ONE_FOR_ONE;
import static kv.otp.TestChild.FAILURE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SupervisorStartTest {
  private final Tree tree = new Tree();

  @AfterEach
  void stop() {
    tree.close();
  }

  @Nested
  class Order {
    @Test
    void startsTheChildrenInTheOrderOfTheListAndReturnsWhenAllAreUp() throws Exception {
      tree.start(tree.flags(ONE_FOR_ONE), tree.specs("b", "c", "a"));
      assertThat(tree.written()).containsExactly("start b", "start c", "start a");
    }

    @Test
    void startsAChildOnlyWhenTheStartOfTheOneBeforeItIsOver() throws Exception {
      tree.start(tree.flags(ONE_FOR_ONE), slow("a"), slow("b"));
      assertThat(tree.written()).containsExactly("a begins", "a is up", "b begins", "b is up");
    }

    @Test
    void runsEveryStartFunctionOnTheSupervisorsOwnThread(LogCapture log) throws Exception {
      List<Thread> threads = new ArrayList<>();
      tree.child("a").duringStart(1, () -> threads.add(Thread.currentThread()));
      tree.child("b").duringStart(1, () -> threads.add(Thread.currentThread()));
      tree.child("b").duringStart(2, () -> threads.add(Thread.currentThread()));
      tree.start(tree.flags(ONE_FOR_ONE), tree.specs("a", "b"));
      log.allow("event=child_terminated ");
      tree.crash("b");
      tree.settle();
      assertThat(threads)
          .containsOnly(threads.get(0)).hasSize(3).doesNotContain(Thread.currentThread())
          .first().extracting(Thread::getName).isEqualTo("tree");
    }

    @Test
    void givesNoArgumentsToAChildWithASpecOfItsOwn() throws Exception {
      List<Object> given = new ArrayList<>();
      tree.start(tree.flags(ONE_FOR_ONE), ChildSpec.worker("a", args -> {
        given.add(args);
        return StartResult.ignore();
      }));
      assertThat(given).containsExactly(List.of());
    }

    @Test
    void startsNothingUnderSimpleOneForOne() throws Exception {
      tree.start(tree.flags(SIMPLE_ONE_FOR_ONE), tree.spec("a"));
      assertThat(tree.history()).isEmpty();
      assertThat(tree.supervisor().countChildren()).isEqualTo(new ChildCount(1, 0, 0, 0));
    }

    @Test
    void goesOnAfterAStartFunctionThatLeavesItsThreadInterrupted() throws Exception {
      ChildSpec interrupted =
          ChildSpec.worker(
              "interrupted",
              () -> {
                Thread.currentThread().interrupt();
                return StartResult.ok(Proc.passive("interrupted"));
              });
      tree.start(tree.flags(ONE_FOR_ONE), interrupted, tree.spec("b"));
      assertThat(tree.states()).containsExactly("interrupted running", "b running");
    }

    @Test
    void aSupervisorMayHaveNoChildren() throws Exception {
      tree.start(tree.flags(ONE_FOR_ALL));
      assertThat(tree.states()).isEmpty();
    }

    @Test
    void whoeverStartsASupervisorAsAChildIsItsParent() throws Exception {
      Flags flags = tree.flags(ONE_FOR_ONE);
      tree.given(flags, ChildSpec.supervisor("sub", () ->
          Supervisor.start("sub", flags, tree.specs("a", "b"))));
      tree.supervisor().stop();
      assertThat(tree.written()).containsExactly("stop b", "stop a");
    }

    private ChildSpec slow(String id) {
      Callable<StartResult> start = () -> {
        tree.write(id + " begins");
        Proc proc = Proc.passive(id);
        tree.write(id + " is up");
        return StartResult.ok(proc);
      };
      return ChildSpec.worker(id, start);
    }
  }

  @Nested
  class Refusal {
    @Test
    void invalidFlagsStartNoChild() {
      assertRefused(tree.flags(ONE_FOR_ONE, -1), tree.specs("a", "b"));
    }

    @Test
    void anInvalidSpecStartsNoChildNotEvenOneBeforeIt() {
      assertRefused(tree.flags(ONE_FOR_ONE), tree.spec("a"), tree.spec("b").restart(null));
    }

    @Test
    void aMissingSpecStartsNoChild() {
      StartException e = assertRefused(tree.flags(ONE_FOR_ONE), tree.spec("a"), null);
      assertThat(e.reason()).isEqualTo(ExitReason.crash("missing child spec"));
    }

    @Test
    void aDuplicateIdStartsNoChildNotEvenTheFirst() {
      assertRefused(tree.flags(ONE_FOR_ONE), tree.specs("a", "b", "a"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3})
    void simpleOneForOneTakesExactlyOneSpec(int specs) {
      StartException e =
          assertRefused(
              tree.flags(SIMPLE_ONE_FOR_ONE),
              Stream.of("a", "b", "c").limit(specs).map(tree::spec).toArray(ChildSpec[]::new));
      assertThat(e.reason())
          .isEqualTo(
              ExitReason.crash("simple_one_for_one takes exactly one child spec, not " + specs));
    }

    private StartException assertRefused(Flags flags, ChildSpec... specs) {
      StartException e =
          catchThrowableOfType(StartException.class, () -> tree.start(flags, specs));
      assertThat(e.reason()).isInstanceOf(ExitReason.Crash.class);
      assertThat(tree.written()).isEmpty();
      return e;
    }
  }

  @Nested
  class AChildThatDoesNotStart {
    static Stream<Arguments> failures() {
      Throwable exception = new IOException("no disk");
      Throwable error = new StackOverflowError();
      Throwable memory = new OutOfMemoryError("by hand");
      return Stream.of(
          arguments((Callable<StartResult>) () -> StartResult.error(FAILURE), FAILURE),
          arguments((Callable<StartResult>) () -> StartResult.error(NORMAL), NORMAL),
          arguments(throwing(exception), ExitReason.crash(exception)),
          arguments(throwing(error), ExitReason.crash(error)),
          arguments(throwing(memory), ExitReason.crash(memory)),
          arguments(throwing(new Exit(FAILURE)), FAILURE),
          arguments(throwing(new StartException("sub", FAILURE)), FAILURE),
          arguments((Callable<StartResult>) () -> null,
              ExitReason.crash("the start function of b gave null")));
    }

    @Test
    void takesDownThoseBeforeItInReverseAndThoseAfterItAreNeverStarted() {
      tree.child("c").failsAtStart(1);
      startFailing("a", "b", "c", "d");
      assertThat(tree.written())
          .containsExactly("start a", "start b", "fail c", "stop b", "stop a");
    }

    @Test
    void isNotTriedAgainWhateverTheIntensity() {
      tree.child("a").failsAtStart(1);
      startFailing("a", "b");
      assertThat(tree.written()).containsExactly("fail a");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SIMPLE_ONE_FOR_ONE")
    void endsTheSupervisorWithAShutdownThatNamesTheChildAndItsReason(Strategy strategy) {
      tree.child("b").failsAtStart(1);
      StartException e =
          catchThrowableOfType(
              StartException.class,
              () -> tree.start(tree.flags(strategy), tree.specs("a", "b", "c")));
      assertThat(e.reason())
          .isEqualTo(ExitReason.shutdown(new ExitReason.FailedToStartChild("b", FAILURE)));
    }

    @Test
    void endsTheSupervisorWithACleanReason() {
      tree.child("a").failsAtStart(1);
      assertThat(startFailing("a").reason().isClean()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("failures")
    void isToldWithTheReasonThatItsStartFunctionGaveOrThrew(
        Callable<StartResult> start, ExitReason reason) {
      assertThatThrownBy(
          () -> tree.start(tree.flags(ONE_FOR_ONE), ChildSpec.worker("b", start)))
          .isInstanceOfSatisfying(
              StartException.class,
              e -> assertThat(e.reason())
                  .isEqualTo(
                      ExitReason.shutdown(new ExitReason.FailedToStartChild("b", reason))));
    }

    @Test
    void passesItsReasonThroughTheSupervisorsAbove() {
      tree.child("a").failsAtStart(1);
      Flags flags = tree.flags(ONE_FOR_ONE);
      ChildSpec sub =
          ChildSpec.supervisor("sub", () -> Supervisor.start("sub", flags, tree.spec("a")));
      StartException e =
          catchThrowableOfType(StartException.class, () -> tree.start(flags, sub));
      assertThat(e.reason())
          .hasToString("shutdown(failed_to_start_child(sub,"
              + " shutdown(failed_to_start_child(a, crash(it cannot start)))))");
    }

    @Test
    void takesDownThoseBeforeItAsTheirOwnShutdownSays(LogCapture log) throws Exception {
      log.allow("child=a event=shutdown_error ");
      tree.child("a").ignoresStop();
      tree.child("c").failsAtStart(1).duringStart(1, () -> advanceWhenWaitedFor(5));
      ChildSpec b = tree.spec("b").shutdown(Shutdown.BRUTAL_KILL);
      assertThatThrownBy(
          () -> tree.start(tree.flags(ONE_FOR_ONE), tree.spec("a"), b, tree.spec("c")))
          .isInstanceOf(StartException.class);
      assertThat(tree.written())
          .containsExactly("start a", "start b", "fail c", "kill b", "stop a", "kill a");
    }

    @Test
    void whoseNameIsTakenIsToldWithTheNameAndItsHolder() {
      Name<String> name = new Name<>("store");
      name.register(Proc.passive("old store"), "old");
      ChildSpec spec = ChildSpec.worker("a", args -> {
        Proc proc = Proc.passive("new store");
        return StartResult.ok(proc, name.register(proc, "new"));
      });
      assertThatThrownBy(() -> tree.start(tree.flags(ONE_FOR_ONE), spec))
          .hasMessageContaining("failed_to_start_child(a, ")
          .hasRootCauseMessage("the name store is taken by old store");
    }

    private StartException startFailing(String... ids) {
      return catchThrowableOfType(
          StartException.class, () -> tree.start(tree.flags(ONE_FOR_ONE), tree.specs(ids)));
    }

    private void advanceWhenWaitedFor(int seconds) {
      new Thread(
          () -> {
            try {
              tree.clock.awaitParked();
              tree.clock.advance(Duration.ofSeconds(seconds));
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          })
          .start();
    }

    private static Callable<StartResult> throwing(Throwable thrown) {
      return () -> {
        if (thrown instanceof Error error) throw error;
        throw (Exception) thrown;
      };
    }
  }

  @Nested
  class AChildThatHasNothingToStart {
    @Test
    void isASuccessWithoutALifeAndItsSpecIsKept() throws Exception {
      tree.child("b").ignoresStart(1);
      tree.start(tree.flags(ONE_FOR_ONE), tree.specs("a", "b", "c"));
      assertThat(tree.states()).containsExactly("a running", "b undefined", "c running");
    }

    @Test
    void isForgottenIfItIsTemporary() throws Exception {
      tree.child("b").ignoresStart(1);
      tree.start(
          tree.flags(ONE_FOR_ONE),
          tree.spec("a"), tree.spec("b").restart(TEMPORARY), tree.spec("c"));
      assertThat(tree.states()).containsExactly("a running", "c running");
    }

    @Test
    void isNotStoppedWhenALaterChildDoesNotStart() {
      tree.child("b").ignoresStart(1);
      tree.child("c").failsAtStart(1);
      assertThatThrownBy(
          () -> tree.start(tree.flags(ONE_FOR_ONE), tree.specs("a", "b", "c")))
          .isInstanceOf(StartException.class);
      assertThat(tree.written()).containsExactly("start a", "ignore b", "fail c", "stop a");
    }
  }

  @Nested
  class AnAbandonedStart {
    @Test
    void leavesNoChildAliveAndStartsNoFurther() throws Exception {
      Thread caller = Thread.currentThread();
      List<Thread> supervisor = new ArrayList<>();
      CountDownLatch stopped = new CountDownLatch(1);
      tree.child("b").beforeStop(stopped::countDown).duringStart(1, () -> {
        supervisor.add(Thread.currentThread());
        caller.interrupt();
        awaitInterrupt();
      });
      assertThatThrownBy(() -> tree.start(tree.flags(ONE_FOR_ONE), tree.specs("a", "b", "c")))
          .isInstanceOf(InterruptedException.class);
      stopped.await();
      supervisor.get(0).join();
      assertThat(tree.written())
          .containsExactly("start a", "stop a killed", "start b", "stop b killed");
    }

    private void awaitInterrupt() {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        // the supervisor was killed
      }
    }
  }
}
