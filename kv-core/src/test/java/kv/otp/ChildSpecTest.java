package kv.otp;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static kv.otp.AutoShutdown.ALL_SIGNIFICANT;
import static kv.otp.AutoShutdown.ANY_SIGNIFICANT;
import static kv.otp.AutoShutdown.NEVER;
import static kv.otp.ChildType.SUPERVISOR;
import static kv.otp.ChildType.WORKER;
import static kv.otp.Restart.PERMANENT;
import static kv.otp.Restart.TEMPORARY;
import static kv.otp.Restart.TRANSIENT;
import static kv.otp.Strategy.ONE_FOR_ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ChildSpecTest {
  private static final ChildSpec.Start START = args -> StartResult.ok(Proc.passive("a"));
  private static final Shutdown FIVE_SECONDS = Shutdown.after(ofSeconds(5));
  private static final Shutdown MINUS_ONE = Shutdown.after(Duration.ofNanos(-1));

  private final Tree tree = new Tree();

  @AfterEach
  void stop() {
    tree.close();
  }

  @Test
  void theTypeDecidesOnlyWhatAChildIsCountedAs(LogCapture log) throws Exception {
    ChildSpec worker = tree.spec("b");
    ChildSpec supervisor =
        new ChildSpec("b", worker.start(), PERMANENT, worker.shutdown(), SUPERVISOR, false);
    tree.given(tree.flags(ONE_FOR_ONE), tree.spec("a"), supervisor);
    log.allow("event=child_terminated ");
    tree.crash("b");
    assertThat(tree.supervisor().countChildren()).isEqualTo(new ChildCount(2, 2, 1, 1));
    tree.supervisor().terminateChild("b");
    assertThat(tree.history()).containsExactly("start b", "stop b");
  }

  @Nested
  class Defaults {
    @Test
    void aWorkerIsPermanentAndHasFiveSecondsToStop() {
      assertThat(ChildSpec.worker("a", START))
          .isEqualTo(new ChildSpec("a", START, PERMANENT, FIVE_SECONDS, WORKER, false));
    }

    @Test
    void aSupervisorIsPermanentAndHasAllTheTimeToStop() {
      ChildSpec spec = ChildSpec.supervisor("a", () -> null);
      assertThat(spec)
          .isEqualTo(
              new ChildSpec("a", spec.start(), PERMANENT, Shutdown.INFINITY, SUPERVISOR, false));
    }

    @Test
    void aWorkerThatIsStartedWithoutArgumentsIsAWorkerLikeAnyOther() {
      ChildSpec spec = ChildSpec.worker("a", StartResult::ignore);
      assertThat(spec)
          .isEqualTo(new ChildSpec("a", spec.start(), PERMANENT, FIVE_SECONDS, WORKER, false));
    }

    @Test
    void theStartOfASupervisorTellsTheSupervisorBesidesItsLife() throws Exception {
      tree.start(tree.flags(ONE_FOR_ONE));
      ChildSpec spec = ChildSpec.supervisor("a", tree::supervisor);
      assertThat(spec.start().start(List.of()))
          .isEqualTo(StartResult.ok(tree.supervisor().proc(), tree.supervisor()));
    }
  }

  @Nested
  class Changes {
    private final ChildSpec spec =
        new ChildSpec("a", START, TRANSIENT, Shutdown.BRUTAL_KILL, SUPERVISOR, true);

    @Test
    void anotherRestartChangesNothingElse() {
      assertThat(spec.restart(TEMPORARY))
          .isEqualTo(
              new ChildSpec("a", START, TEMPORARY, Shutdown.BRUTAL_KILL, SUPERVISOR, true));
    }

    @Test
    void anotherShutdownChangesNothingElse() {
      assertThat(spec.shutdown(FIVE_SECONDS))
          .isEqualTo(new ChildSpec("a", START, TRANSIENT, FIVE_SECONDS, SUPERVISOR, true));
    }

    @Test
    void significanceChangesNothingElse() {
      ChildSpec plain = ChildSpec.worker("a", START).restart(TEMPORARY);
      assertThat(plain.asSignificant())
          .isEqualTo(new ChildSpec("a", START, TEMPORARY, FIVE_SECONDS, WORKER, true));
    }
  }

  @Nested
  class Validation {
    static Stream<Arguments> faults() {
      return Stream.of(
          arguments("missing id",
              ANY_SIGNIFICANT, new ChildSpec(null, START, PERMANENT, FIVE_SECONDS, WORKER, false)),
          arguments("missing start of a",
              ANY_SIGNIFICANT, new ChildSpec("a", null, PERMANENT, FIVE_SECONDS, WORKER, false)),
          arguments("invalid restart of a: null",
              ANY_SIGNIFICANT, new ChildSpec("a", START, null, FIVE_SECONDS, WORKER, false)),
          arguments("invalid significant of a: a permanent child never ends by itself",
              ANY_SIGNIFICANT, new ChildSpec("a", START, PERMANENT, FIVE_SECONDS, WORKER, true)),
          arguments("invalid significant of a: a permanent child never ends by itself",
              ALL_SIGNIFICANT, new ChildSpec("a", START, PERMANENT, FIVE_SECONDS, WORKER, true)),
          arguments("invalid significant of a: its supervisor's auto shutdown is never",
              NEVER, new ChildSpec("a", START, TRANSIENT, FIVE_SECONDS, WORKER, true)),
          arguments("invalid significant of a: its supervisor's auto shutdown is never",
              NEVER, new ChildSpec("a", START, TEMPORARY, FIVE_SECONDS, WORKER, true)),
          arguments("invalid type of a: null",
              ANY_SIGNIFICANT, new ChildSpec("a", START, PERMANENT, FIVE_SECONDS, null, false)),
          arguments("invalid shutdown of a: null",
              ANY_SIGNIFICANT, new ChildSpec("a", START, PERMANENT, null, WORKER, false)),
          arguments("invalid shutdown of a: PT-0.000000001S is less than zero",
              ANY_SIGNIFICANT, new ChildSpec("a", START, PERMANENT, MINUS_ONE, WORKER, false)));
    }

    /** Every row has one fault less than the row before. */
    static Stream<Arguments> manyFaults() {
      return Stream.of(
          arguments("missing id", new ChildSpec(null, null, null, null, null, true)),
          arguments("missing start of a", new ChildSpec("a", null, null, null, null, true)),
          arguments("invalid restart of a: null",
              new ChildSpec("a", START, null, null, null, true)),
          arguments("invalid significant of a: a permanent child never ends by itself",
              new ChildSpec("a", START, PERMANENT, null, null, true)),
          arguments("invalid significant of a: its supervisor's auto shutdown is never",
              new ChildSpec("a", START, TEMPORARY, null, null, true)),
          arguments("invalid type of a: null",
              new ChildSpec("a", START, TEMPORARY, null, null, false)),
          arguments("invalid shutdown of a: null",
              new ChildSpec("a", START, TEMPORARY, null, WORKER, false)));
    }

    static Stream<ChildSpec> faultless() {
      ChildSpec spec = ChildSpec.worker("a", START);
      return Stream.of(
          spec,
          spec.shutdown(Shutdown.after(ZERO)),
          spec.shutdown(Shutdown.after(ofSeconds(Long.MAX_VALUE))),
          spec.shutdown(Shutdown.INFINITY),
          spec.shutdown(Shutdown.BRUTAL_KILL),
          spec.restart(TRANSIENT).asSignificant(),
          spec.restart(TEMPORARY).asSignificant());
    }

    @ParameterizedTest(name = "{0}, auto shutdown {1}")
    @MethodSource("faults")
    void startRefusesAnInvalidSpec(String fault, AutoShutdown autoShutdown, ChildSpec spec) {
      assertThatThrownBy(() -> tree.start(tree.flags(ONE_FOR_ONE).autoShutdown(autoShutdown), spec))
          .isInstanceOfSatisfying(
              StartException.class,
              e -> assertThat(e.reason()).isEqualTo(ExitReason.crash(fault)));
    }

    @ParameterizedTest(name = "{0}, auto shutdown {1}")
    @MethodSource("faults")
    void startChildRefusesAnInvalidSpecAndTheSupervisorGoesOn(
        String fault, AutoShutdown autoShutdown, ChildSpec spec) throws Exception {
      tree.start(tree.flags(ONE_FOR_ONE).autoShutdown(autoShutdown), tree.spec("b"));
      assertThat(tree.supervisor().startChild(spec)).isEqualTo(new ChildResult.Invalid(fault));
      assertThat(tree.states()).containsExactly("b running");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("manyFaults")
    void theFirstFaultInTheOrderOfTheSpecIsTold(String fault, ChildSpec spec) {
      assertThat(spec.fault(tree.flags(ONE_FOR_ONE))).isEqualTo(fault);
    }

    @ParameterizedTest
    @MethodSource("faultless")
    void acceptsASpecWithoutAFault(ChildSpec spec) throws Exception {
      tree.start(tree.flags(ONE_FOR_ONE).autoShutdown(ANY_SIGNIFICANT), spec);
      assertThat(tree.states()).containsExactly("a running");
    }

    @ParameterizedTest
    @EnumSource(names = {"ANY_SIGNIFICANT", "ALL_SIGNIFICANT"})
    void acceptsASignificantChildWhereverThereIsAnAutoShutdown(AutoShutdown autoShutdown) {
      ChildSpec spec = ChildSpec.worker("a", START).restart(TRANSIENT).asSignificant();
      assertThat(spec.fault(tree.flags(ONE_FOR_ONE).autoShutdown(autoShutdown))).isNull();
    }

    @Test
    void aMissingCallableIsAMissingStart() {
      Callable<StartResult> noWorker = null;
      Callable<Supervisor> noSupervisor = null;
      Flags flags = tree.flags(ONE_FOR_ONE);
      assertThat(ChildSpec.worker("a", noWorker).fault(flags)).isEqualTo("missing start of a");
      assertThat(ChildSpec.supervisor("a", noSupervisor).fault(flags))
          .isEqualTo("missing start of a");
    }

    @Test
    void aListThatChangesMeanwhileIsTheListThatWasGiven() throws Exception {
      List<ChildSpec> specs = new ArrayList<>();
      specs.add(
          ChildSpec.worker(
              "a",
              () -> {
                specs.add(null);
                return StartResult.ignore();
              }));
      specs.add(tree.spec("b"));
      try (Supervisor supervisor = Supervisor.start("sup", tree.flags(ONE_FOR_ONE), specs)) {
        assertThat(supervisor.countChildren().specs()).isEqualTo(2);
      }
    }

    @Test
    void aShutdownAfterNullIsRefusedWhereItIsWritten() {
      assertThatThrownBy(() -> Shutdown.after(null)).isInstanceOf(NullPointerException.class);
    }
  }

  @Nested
  class Ids {
    @Test
    void anyValueIsAnId() throws Exception {
      tree.start(
          tree.flags(ONE_FOR_ONE),
          ChildSpec.worker("1", START),
          ChildSpec.worker(1, START),
          ChildSpec.worker(List.of(1), START),
          ChildSpec.worker(PERMANENT, START));
      assertThat(tree.states())
          .containsExactly("1 running", "1 running", "[1] running", "PERMANENT running");
    }

    @Test
    void twoSpecsWithEqualIdsAreRefused() {
      ChildSpec[] specs = {
          ChildSpec.worker(List.of("a"), START),
          ChildSpec.worker("a", START),
          ChildSpec.worker(List.of("a"), START)};
      assertThatThrownBy(() -> tree.start(tree.flags(ONE_FOR_ONE), specs))
          .isInstanceOfSatisfying(
              StartException.class,
              e -> assertThat(e.reason())
                  .isEqualTo(ExitReason.crash("duplicate child id: [a]")));
    }
  }
}
