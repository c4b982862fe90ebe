package kv.observer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kv.otp.ChildSpec;
import kv.otp.ExitReason;
import kv.otp.Flags;
import kv.otp.Proc;
import kv.otp.Restart;
import kv.otp.StartResult;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.testing.LogCapture;
import kv.testing.ManualClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is kept of the reports of real supervisors. */
class HappeningsTest {
  private final ManualClock clock = new ManualClock();
  private final Happenings happenings = new Happenings(clock);
  private boolean fails;

  @BeforeEach
  void allowReports(LogCapture log) {
    log.allow("supervisor=top .*");
  }

  private ChildSpec child(String id) {
    return ChildSpec.worker(
        id,
        () -> {
          if (fails) throw new IllegalStateException("not now");
          return StartResult.ok(Proc.passive(id));
        });
  }

  private Supervisor start(Strategy strategy, ChildSpec... specs) throws InterruptedException {
    return Supervisor.start("top", Flags.of(strategy).reports(happenings), specs);
  }

  private static Proc proc(Supervisor supervisor, String id) throws InterruptedException {
    return supervisor.whichChildren().stream()
        .filter(one -> one.id().orElseThrow().equals(id))
        .findFirst()
        .orElseThrow()
        .proc()
        .orElseThrow();
  }

  private Happening newest() {
    return happenings.since(0).get(0);
  }

  @Test
  void aCrashEndsWithTheRestart() throws InterruptedException {
    try (Supervisor top = start(Strategy.ONE_FOR_ONE, child("a"))) {
      proc(top, "a").exit(ExitReason.crash("lost count"));
      top.countChildren();
      assertThat(happenings.since(0)).hasSize(1);
      assertThat(newest().supervisor()).isEqualTo("top");
      assertThat(newest().child()).isEqualTo("a");
      assertThat(newest().event()).hasToString("child_terminated");
      assertThat(newest().reason()).isEqualTo("crash(lost count)");
      assertThat(newest().outcome()).isEqualTo("restarted");
      assertThat(newest().atMillis()).isEqualTo(clock.systemMillis());
      assertThat(newest().restarts()).isEqualTo(1);
    }
  }

  @Test
  void aGroupThatWasTakenAlongIsNamed() throws InterruptedException {
    try (Supervisor top =
        start(Strategy.REST_FOR_ONE, child("a"), child("b"), child("c"), child("d"))) {
      proc(top, "b").kill();
      top.countChildren();
      assertThat(newest().outcome()).isEqualTo("restarted with c, d");
      assertThat(newest().group()).containsExactly("c", "d");
    }
  }

  @Test
  void aCrashEndsWithARestartThatSomeOfItsGroupHaveDelayed() throws InterruptedException {
    int[] starts = {0};
    ChildSpec slow =
        ChildSpec.worker(
            "b",
            () -> {
              if (++starts[0] == 2) throw new IllegalStateException("not now");
              return StartResult.ok(Proc.passive("b"));
            });
    try (Supervisor top = start(Strategy.REST_FOR_ONE, child("a"), slow)) {
      proc(top, "a").kill();
      top.countChildren();
      top.countChildren(); // behind the retry
      assertThat(happenings.since(0))
          .extracting(one -> one.child() + " " + one.event() + ": " + one.outcome())
          .containsExactly(
              "b start_error: restarted with a", "a child_terminated: restarted with b");
    }
  }

  @Test
  void aSupervisorThatGivesUpSaysSo() throws InterruptedException {
    Flags flags = Flags.of(Strategy.ONE_FOR_ONE).intensity(1, Flags.DEFAULT_PERIOD);
    Supervisor top = Supervisor.start("top", flags.reports(happenings), child("a"));
    proc(top, "a").kill();
    top.countChildren();
    proc(top, "a").kill();
    top.proc().awaitExit();
    assertThat(happenings.since(0))
        .extracting(one -> one.event() + ": " + one.outcome())
        .containsExactly(
            "reached_max_restart_intensity: the supervisor gave up",
            "child_terminated: gave up",
            "child_terminated: restarted");
  }

  @Test
  void aCrashEndsAlsoWhenOthersOfItsGroupAreWhyTheSupervisorGivesUp() throws InterruptedException {
    int[] starts = {0};
    ChildSpec once =
        ChildSpec.worker(
            "b",
            () -> {
              if (++starts[0] > 1) throw new IllegalStateException("never again");
              return StartResult.ok(Proc.passive("b"));
            });
    Supervisor top = start(Strategy.REST_FOR_ONE, child("a"), once);
    proc(top, "a").kill();
    top.proc().awaitExit();
    assertThat(happenings.of("top", "a")).extracting(Happening::outcome).containsExactly("gave up");
  }

  @Test
  void aStartThatFailsIsTriedAgainUntilItIsUp() throws InterruptedException {
    Supervisor top = start(Strategy.ONE_FOR_ONE, child("a"));
    Proc a = proc(top, "a");
    fails = true;
    a.kill();
    top.proc().awaitExit();
    assertThat(happenings.since(0))
        .extracting(Happening::outcome)
        .containsExactly(
            "the supervisor gave up",
            "gave up",
            "start failed; tried again",
            "start failed; tried again",
            "start failed; tried again");
  }

  @Test
  void whatIsNotRestartedIsSaidToBe() throws InterruptedException {
    try (Supervisor top =
        start(Strategy.ONE_FOR_ONE, child("a").restart(Restart.TEMPORARY), child("b"))) {
      proc(top, "a").kill();
      top.countChildren();
      assertThat(newest().outcome()).isEqualTo("not restarted");
    }
  }

  @Test
  void onlyTheLastThousandAreKept() throws InterruptedException {
    Flags flags = Flags.of(Strategy.ONE_FOR_ONE).intensity(2000, Flags.DEFAULT_PERIOD);
    try (Supervisor top = Supervisor.start("top", flags.reports(happenings), child("a"))) {
      for (int i = 0; i < 1001; i++) {
        proc(top, "a").kill();
        top.countChildren();
      }
      List<Happening> kept = happenings.since(0);
      assertThat(kept).hasSize(1000).extracting(Happening::id).startsWith(1001L).endsWith(2L);
      assertThat(kept).extracting(Happening::outcome).containsOnly("restarted");
    }
  }

  @Test
  void whoKnowsSomeIsToldWhatIsNewOrHasChanged() throws InterruptedException {
    try (Supervisor top = start(Strategy.ONE_FOR_ONE, child("a"), child("b"))) {
      proc(top, "a").kill();
      top.countChildren();
      long known = happenings.changes();
      assertThat(happenings.since(known)).isEmpty();
      proc(top, "b").kill();
      top.countChildren();
      assertThat(happenings.since(known)).extracting(Happening::child).containsExactly("b");
      assertThat(happenings.of("top", "a")).hasSize(1);
      assertThat(happenings.of("other", "a")).isEmpty();
    }
  }

  @Test
  void aLongReasonIsCut() throws InterruptedException {
    try (Supervisor top = start(Strategy.ONE_FOR_ONE, child("a"))) {
      proc(top, "a").exit(ExitReason.crash("x".repeat(5000)));
      top.countChildren();
      assertThat(newest().reason()).hasSize(Happening.MAX_TEXT + 1).endsWith("x…");
    }
  }
}
