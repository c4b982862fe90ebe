package kv.otp;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import kv.testing.LogCapture;
import kv.testing.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a supervisor that gives up means to the supervisors above it. */
class EscalationTest {
  private final ManualClock clock = new ManualClock();
  private final Lives lives = new Lives();
  private Supervisor top;

  @BeforeEach
  void allowRestarts(LogCapture log) {
    log.allow("event=(child_terminated|reached_max_restart_intensity|start_error)");
  }

  @AfterEach
  void stopTop() {
    if (top != null) top.close();
  }

  @Test
  void theParentSeesShutdownAndNotTheCrash(LogCapture log) throws Exception {
    top = Supervisor.start("top", flags(1), sub(0, lives.polite("a")));
    crash("a");

    assertThat(log.messages(Level.WARNING))
        .filteredOn(message -> message.contains("supervisor=top"))
        .containsExactly(
            "supervisor=top child=sub event=child_terminated reason=shutdown restarts=0 of 1 in"
                + " 5000 ms");
  }

  @Test
  void aPermanentSubSupervisorIsRestarted() throws Exception {
    top = Supervisor.start("top", flags(1), sub(0, lives.polite("a")));
    lives.forget();
    crash("a");

    assertThat(child("sub").state()).isEqualTo(ChildInfo.State.RUNNING);
    assertThat(lives.history()).containsExactly("-a crash(boom)", "-sub shutdown", "+sub", "+a");
  }

  @Test
  void aPermanentSubSupervisorCountsInTheParentsOwnIntensity() throws Exception {
    top = Supervisor.start("top", flags(1), sub(0, lives.polite("a")));
    crash("a");
    crash("a");

    assertThat(top.proc().awaitExit()).isEqualTo(ExitReason.SHUTDOWN);
  }

  @Test
  void restartsWithinASubSupervisorDoNotCountAbove() throws Exception {
    top = Supervisor.start("top", flags(0), sub(3, lives.polite("a")));
    Proc sub = lives.of("sub");
    for (int i = 0; i < 3; i++) {
      lives.of("a").end(ExitReason.crash("boom"));
      sub().countChildren();
    }

    assertThat(child("sub").proc()).contains(sub);
  }

  @Test
  void aTransientSubSupervisorStaysDown() throws Exception {
    top = Supervisor.start("top", flags(1), sub(0, lives.polite("a")).restart(Restart.TRANSIENT));
    crash("a");

    assertThat(child("sub").state()).isEqualTo(ChildInfo.State.UNDEFINED);
    assertThat(lives.history())
        .containsExactly("+sub", "+a", "-a crash(boom)", "-sub shutdown");
  }

  @Test
  void aTemporarySubSupervisorIsForgotten() throws Exception {
    top = Supervisor.start("top", flags(1), sub(0, lives.polite("a")).restart(Restart.TEMPORARY));
    crash("a");

    assertThat(top.whichChildren()).isEmpty();
  }

  @Test
  void siblingsOfASubSupervisorThatGivesUpAreLeftAlone() throws Exception {
    top = Supervisor.start("top", flags(1), lives.polite("b"), sub(0, lives.polite("a")));
    Proc sibling = lives.of("b");
    crash("a");

    assertThat(child("b").proc()).contains(sibling);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0, 1", "1, 0, 0, 2", "0, 0, 2, 3", "1, 1, 1, 8", "1, 2, 3, 24"})
  void triesOfThreeLevelsMultiply(int atTop, int inTheMiddle, int below, int tries)
      throws Exception {
    ChildSpec bottom = lives.supervisor("bottom", flags(below), lives.crashesAtOnce("a"));
    ChildSpec middle = lives.supervisor("middle", flags(inTheMiddle), bottom);
    top = Supervisor.start("top", flags(atTop), middle);

    assertThat(top.proc().awaitExit()).isEqualTo(ExitReason.SHUTDOWN);
    assertThat(lives.history().stream().filter("+a"::equals)).hasSize(tries);
    assertThat(lives.history().stream().filter("-middle shutdown"::equals)).hasSize(atTop + 1);
  }

  @Test
  void aRestartedSubSupervisorStartsAllItsSpecsAnew() throws Exception {
    top =
        Supervisor.start(
            "top",
            flags(1),
            sub(0, lives.polite("a"), lives.polite("b"), lives.polite("finished")));
    sub().terminateChild("finished");
    lives.forget();
    crash("a");

    assertThat(lives.history())
        .containsExactly(
            "-a crash(boom)", "-b shutdown", "-sub shutdown", "+sub", "+a", "+b", "+finished");
  }

  @Test
  void aRestartedSubSupervisorKnowsNothingOfItsDynamicChildren() throws Exception {
    top = Supervisor.start("top", flags(1), sub(0, lives.polite("a")));
    sub().startChild(lives.polite("dynamic"));
    crash("a");

    assertThat(sub().whichChildren())
        .extracting(ChildInfo::id)
        .containsExactly(Optional.of("a"));
    assertThat(lives.of("dynamic").exitReason()).contains(ExitReason.SHUTDOWN);
  }

  @Test
  void aRestartedSubSupervisorHasAFreshWindow() throws Exception {
    top = Supervisor.start("top", flags(1), sub(1, lives.polite("a")));
    lives.of("a").end(ExitReason.crash("within the intensity"));
    sub().countChildren();
    crash("a");
    lives.of("a").end(ExitReason.crash("within the new intensity"));

    assertThat(sub().countChildren().active()).isEqualTo(1);
    assertThat(top.proc().isAlive()).isTrue();
  }

  @Test
  void aSubSupervisorThatCannotStartAgainIsTriedAgainAndCounted() throws Exception {
    AtomicInteger starts = new AtomicInteger();
    ChildSpec startsOnce =
        ChildSpec.worker(
            "once",
            () ->
                starts.getAndIncrement() == 0
                    ? StartResult.ok(lives.start("once", (self, r, who) -> self.end(r)))
                    : StartResult.error(ExitReason.crash("only once")));
    top = Supervisor.start("top", flags(2), sub(0, startsOnce));
    crash("once");

    assertThat(top.proc().awaitExit()).isEqualTo(ExitReason.SHUTDOWN);
    assertThat(starts).hasValue(3);
  }

  @Test
  void theFailureOfANestedStartKeepsEveryLevelsName(LogCapture log) throws Exception {
    ChildSpec fails = ChildSpec.worker("x", () -> StartResult.error(ExitReason.crash("boom")));
    ChildSpec nested = sub(0, fails);
    top = Supervisor.start("top", flags(1));

    assertThat(top.startChild(nested))
        .isEqualTo(
            new ChildResult.Failed(
                ExitReason.shutdown(
                    new ExitReason.FailedToStartChild("x", ExitReason.crash("boom")))));
    assertThat(log.records()).isEmpty();
  }

  private Flags flags(int intensity) {
    return Flags.of(Strategy.ONE_FOR_ONE).clock(clock).intensity(intensity, ofSeconds(5));
  }

  private ChildSpec sub(int intensity, ChildSpec... specs) {
    return lives.supervisor("sub", flags(intensity), specs);
  }

  private Supervisor sub() {
    return lives.supervisorOf("sub");
  }

  /** Crashes a child of the sub-supervisor and waits until that has ended of it. */
  private void crash(Object id) throws InterruptedException {
    Proc sub = lives.of("sub");
    lives.of(id).end(ExitReason.crash("boom"));
    sub.awaitExit();
    try {
      top.countChildren(); // by now it has dealt with it
    } catch (ExitedException e) {
      assertThat(e.reason()).isIn(ExitReason.SHUTDOWN, ExitReason.NO_PROC);
    }
  }

  private ChildInfo child(Object id) throws InterruptedException {
    return top.whichChildren().stream()
        .filter(child -> child.id().equals(Optional.of(id)))
        .findAny()
        .orElseThrow();
  }
}
