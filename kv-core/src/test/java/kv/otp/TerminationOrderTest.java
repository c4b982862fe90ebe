package kv.otp;

import static java.time.Duration.ofMillis;
import static kv.otp.Proc.Asker.PARENT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.logging.Level;
import java.util.stream.Stream;
import kv.testing.LogCapture;
import kv.testing.ManualClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a supervisor ends several children, and what it hears meanwhile. */
class TerminationOrderTest {
  private static final Shutdown IN_300_MS = Shutdown.after(ofMillis(300));

  private final ManualClock clock = new ManualClock();
  private final Lives lives = new Lives();
  private Supervisor supervisor;

  @BeforeEach
  void allowKills(LogCapture log) {
    log.allow("event=shutdown_error reason=killed");
  }

  @Nested
  class OneAfterAnother {
    @Test
    void fiveStubbornChildrenTakeFiveTimesTheTimeout() throws Exception {
      start(stubborn("a"), stubborn("b"), stubborn("c"), stubborn("d"), stubborn("e"));
      lives.forget();
      FutureTask<?> stop = stopInBackground();
      List<String> expected = new ArrayList<>();
      for (String next : List.of("e", "d", "c", "b", "a")) {
        clock.awaitParked();
        expected.add("?" + next + " shutdown");
        assertThat(lives.history()).isEqualTo(expected);
        clock.advance(ofMillis(300));
        expected.add("-" + next + " killed");
      }
      stop.get();

      assertThat(lives.history()).isEqualTo(expected);
    }

    @Test
    void eachHasItsOwnWayToStop() throws Exception {
      start(
          stubborn("a"),
          lives.ignoresStop("b").shutdown(Shutdown.BRUTAL_KILL),
          lives.polite("c").shutdown(Shutdown.INFINITY));
      lives.forget();
      FutureTask<?> stop = stopInBackground();
      clock.awaitParked();
      clock.advance(ofMillis(300));
      stop.get();

      assertThat(lives.history())
          .containsExactly("-c shutdown", "-b killed", "?a shutdown", "-a killed");
    }
  }

  @Nested
  class AllTogether {
    @Test
    void fiveStubbornInstancesShareOneTimeout() throws Exception {
      startInstances(IN_300_MS, "a", "b", "c", "d", "e");
      FutureTask<?> stop = stopInBackground();
      clock.awaitParked();
      assertThat(lives.history()).containsExactlyInAnyOrder(each("?", " shutdown"));
      lives.forget();
      clock.advance(ofMillis(300));
      stop.get();

      assertThat(lives.history()).containsExactlyInAnyOrder(each("-", " killed"));
    }

    @Test
    void thoseThatAreKilledAreLoggedTogether(LogCapture log) throws Exception {
      startInstances(IN_300_MS, "a", "b", "polite", "c");
      FutureTask<?> stop = stopInBackground();
      clock.awaitParked();
      clock.advance(ofMillis(300));
      stop.get();

      assertThat(log.messages(Level.WARNING))
          .singleElement().asString()
          .contains("child=a and 2 more event=shutdown_error reason=killed ");
    }

    @Test
    void oneThatIsKilledIsLoggedAlone(LogCapture log) throws Exception {
      startInstances(IN_300_MS, "a", "polite");
      FutureTask<?> stop = stopInBackground();
      clock.awaitParked();
      clock.advance(ofMillis(300));
      stop.get();

      assertThat(log.messages(Level.WARNING))
          .singleElement().asString()
          .contains("child=a event=shutdown_error reason=killed ");
    }

    @Test
    void thoseThatStopInTimeAreNotKilled() throws Exception {
      startInstances(IN_300_MS, "a", "polite", "b");
      FutureTask<?> stop = stopInBackground();
      clock.awaitParked();
      clock.advance(ofMillis(300));
      stop.get();

      assertThat(lives.history())
          .contains("-polite shutdown", "-a killed", "-b killed")
          .doesNotContain("-polite killed");
    }

    @Test
    void aBrutalKillAsksNobody() throws Exception {
      startInstances(Shutdown.BRUTAL_KILL, "a", "b", "c", "d", "e");
      supervisor.stop();

      assertThat(lives.history()).containsExactlyInAnyOrder(each("-", " killed"));
    }

    @Test
    void withoutALimitAllAreAskedBeforeAnyIsWaitedFor() throws Exception {
      startInstances(Shutdown.INFINITY, "a", "when all are asked");
      supervisor.stop();

      assertThat(lives.history())
          .containsSubsequence("?a shutdown", "-a shutdown")
          .contains("-when all are asked shutdown");
    }

    @ParameterizedTest
    @EnumSource(Shutdown.Unbounded.class)
    void withoutALimitGoesByNoClock(Shutdown.Unbounded shutdown) throws Exception {
      Doubles.NoClock clock = new Doubles.NoClock();
      supervisor =
          Supervisor.start(
              "sup",
              Flags.of(Strategy.SIMPLE_ONE_FOR_ONE).clock(clock),
              lives.polite("template").shutdown(shutdown));
      supervisor.startChild(List.of());
      clock.remove();

      assertThat(supervisor.proc().stop()).isEqualTo(ExitReason.NORMAL);
    }

    @Test
    void whatTheyDiedOfIsLoggedIfItIsNotWhatTheyWereAsked(LogCapture log) throws Exception {
      log.allow("child=template event=shutdown_error reason=crash\\(otherwise\\)");
      supervisor =
          Supervisor.start(
              "sup",
              Flags.of(Strategy.SIMPLE_ONE_FOR_ONE),
              lives
                  .endsOtherwise("template", ExitReason.crash("otherwise"))
                  .shutdown(Shutdown.INFINITY));
      supervisor.startChild(List.of());
      supervisor.startChild(List.of());
      supervisor.stop();

      assertThat(log.records()).hasSize(2);
    }

    @Test
    void oneThatIsRestartingIsNeitherAskedNorWaitedFor(LogCapture log) throws Exception {
      log.allow("event=(child_terminated|start_error)");
      ChildSpec.Start fails =
          args -> {
            if (lives.of("a") == null)
              return StartResult.ok(lives.start("a", (self, reason, who) -> self.end(reason)));
            supervisor.proc().ask(ExitReason.NORMAL, PARENT); // comes before the retry
            return StartResult.error(ExitReason.crash("not again"));
          };
      supervisor =
          Supervisor.start(
              "sup", Flags.of(Strategy.SIMPLE_ONE_FOR_ONE), ChildSpec.worker("template", fails));
      supervisor.startChild(List.of());
      lives.of("a").kill();

      assertThat(supervisor.proc().awaitExit()).isEqualTo(ExitReason.NORMAL);
      assertThat(log.messages(Level.ALL))
          .extracting(message -> message.replaceAll(".*event=(\\w+) .*", "$1"))
          .containsExactly("child_terminated", "start_error");
    }

    private String[] each(String before, String after) {
      return Stream.of("a", "b", "c", "d", "e")
          .map(id -> before + id + after)
          .toArray(String[]::new);
    }

    private void startInstances(Shutdown shutdown, String... ids) throws InterruptedException {
      ChildSpec.Start start = args -> StartResult.ok(lives.start(args.get(0), this::asked));
      supervisor =
          Supervisor.start(
              "sup",
              Flags.of(Strategy.SIMPLE_ONE_FOR_ONE).clock(clock),
              ChildSpec.worker("template", start).shutdown(shutdown));
      for (String id : ids) supervisor.startChild(List.of(id));
      lives.forget();
    }

    /** "when all are asked" ends "a", too, which is asked before or after it. */
    private void asked(Proc self, ExitReason reason, Proc.Asker who) {
      lives.add("?" + self.name() + " " + reason);
      if (self.name().equals("polite")) self.end(reason);
      List<String> asked = new ArrayList<>(lives.history());
      if (asked.contains("?a shutdown") && asked.contains("?when all are asked shutdown")) {
        lives.of("a").end(reason);
        lives.of("when all are asked").end(reason);
      }
    }
  }

  @Nested
  class MeanwhileTheSupervisorIsDeaf {
    @BeforeEach
    void allowCrash(LogCapture log) {
      log.allow("reason=crash\\(meanwhile\\)");
    }

    @Test
    void toTheCrashOfAChildThatIsStoppedNext() throws Exception {
      start(lives.polite("a"), stubborn("b"));
      FutureTask<?> stop = stopInBackground();
      clock.awaitParked();
      lives.of("a").end(ExitReason.crash("meanwhile"));
      clock.advance(ofMillis(300));
      stop.get();

      assertThat(lives.history())
          .containsExactly("+a", "+b", "?b shutdown", "-a crash(meanwhile)", "-b killed");
    }

    @Test
    void toTheCrashOfAnInstanceThatIsStoppedWithIt() throws Exception {
      ChildSpec.Start start =
          args -> StartResult.ok(lives.start(args.get(0), (self, reason, who) -> {}));
      supervisor =
          Supervisor.start(
              "sup",
              Flags.of(Strategy.SIMPLE_ONE_FOR_ONE).clock(clock),
              ChildSpec.worker("template", start).shutdown(IN_300_MS));
      supervisor.startChild(List.of("a"));
      supervisor.startChild(List.of("b"));
      FutureTask<?> stop = stopInBackground();
      clock.awaitParked();
      lives.of("a").end(ExitReason.crash("meanwhile"));
      clock.advance(ofMillis(300));
      stop.get();

      assertThat(lives.history()).containsExactly("+a", "+b", "-a crash(meanwhile)", "-b killed");
    }

    @Test
    void toTheCrashOfASiblingUntilTheOneChildIsStopped() throws Exception {
      start(lives.polite("a"), stubborn("b"));
      FutureTask<ChildResult> termination =
          Doubles.inBackground(() -> supervisor.terminateChild("b"));
      clock.awaitParked();
      lives.of("a").end(ExitReason.crash("meanwhile"));
      clock.advance(ofMillis(300));
      termination.get();
      supervisor.stop();

      assertThat(lives.history())
          .containsExactly(
              "+a", "+b", "?b shutdown", "-a crash(meanwhile)", "-b killed", "+a", "-a shutdown");
    }

    @Test
    void toACallThatIsAnsweredWhenTheChildIsStopped() throws Exception {
      start(stubborn("a"));
      FutureTask<ChildResult> termination =
          Doubles.inBackground(() -> supervisor.terminateChild("a"));
      clock.awaitParked();
      FutureTask<ChildCount> count = Doubles.inBackground(supervisor::countChildren);
      clock.advance(ofMillis(300));

      assertThat(count.get()).isEqualTo(new ChildCount(1, 0, 0, 1));
      termination.get();
      supervisor.stop();
    }
  }

  private ChildSpec stubborn(Object id) {
    return lives.ignoresStop(id).shutdown(IN_300_MS);
  }

  private void start(ChildSpec... specs) throws InterruptedException {
    supervisor = Supervisor.start("sup", Flags.of(Strategy.ONE_FOR_ONE).clock(clock), specs);
  }

  private FutureTask<?> stopInBackground() {
    return Doubles.inBackground(
        () -> {
          supervisor.stop();
          return null;
        });
  }
}
