package kv.otp;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import kv.testing.LogCapture;
import kv.testing.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a supervisor tells the log. */
class ReportTest {
  private final ManualClock clock = new ManualClock();
  private final Lives lives = new Lives();
  private LogCapture log;
  private Supervisor supervisor;

  @BeforeEach
  void allowReports(LogCapture log) {
    this.log = log.allow("^supervisor=sup child=");
  }

  @AfterEach
  void stop() {
    if (supervisor != null) supervisor.close();
  }

  @Test
  void aRestartIsAWarningWithAllFields() throws Exception {
    start(flags(3), lives.polite("a"));
    end("a", ExitReason.crash("boom"));

    assertThat(onlyRecord().getLevel()).isEqualTo(Level.WARNING);
    assertThat(onlyRecord().getMessage())
        .isEqualTo(
            "supervisor=sup child=a event=child_terminated reason=crash(boom) restarts=0 of 3 in"
                + " 5000 ms");
  }

  @Test
  void theFieldsAreTheSameInEachLocale() throws Exception {
    Locale own = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    try {
      start(flags(3), lives.polite("a"));
      end("a", ExitReason.KILLED);
    } finally {
      Locale.setDefault(own);
    }
    assertThat(onlyRecord().getMessage()).endsWith(" restarts=0 of 3 in 5000 ms");
  }

  @Test
  void theStackTraceIsThatOfTheCrash() throws Exception {
    RuntimeException boom = new RuntimeException("boom");
    start(flags(3), lives.polite("a"));
    end("a", ExitReason.crash(boom));

    assertThat(onlyRecord().getThrown()).isSameAs(boom);
    assertThat(onlyRecord().getMessage()).contains("reason=crash(" + boom + ")");
  }

  @Test
  void aReasonThatIsNoThrowableHasNoStackTrace() throws Exception {
    start(flags(3), lives.polite("a"));
    end("a", ExitReason.KILLED);

    assertThat(onlyRecord().getThrown()).isNull();
  }

  @Test
  void theLoggerIsTheSupervisors() throws Exception {
    start(flags(3), lives.polite("a"));
    end("a", ExitReason.KILLED);

    assertThat(onlyRecord().getLoggerName()).isEqualTo("kv.otp.Supervisor");
  }

  @Test
  void theRestartsBeforeThisOneAreCounted() throws Exception {
    start(flags(3), lives.polite("a"));
    for (int i = 0; i < 3; i++) end("a", ExitReason.KILLED);

    assertThat(log.messages(Level.ALL))
        .extracting(message -> message.replaceAll(".*(restarts=.*)", "$1"))
        .containsExactly(
            "restarts=0 of 3 in 5000 ms",
            "restarts=1 of 3 in 5000 ms",
            "restarts=2 of 3 in 5000 ms");
  }

  @Test
  void restartsThatHaveLeftTheWindowAreNotCounted() throws Exception {
    start(flags(3), lives.polite("a"));
    end("a", ExitReason.KILLED);
    clock.advance(ofSeconds(5).plusNanos(1));
    end("a", ExitReason.KILLED);

    assertThat(log.messages(Level.ALL).get(1)).contains("restarts=0 of 3");
  }

  @Test
  void aPeriodIsToldInMilliseconds() throws Exception {
    start(flags(3).intensity(2, ofMillis(1500)), lives.polite("a"));
    end("a", ExitReason.KILLED);

    assertThat(onlyRecord().getMessage()).endsWith(" of 2 in 1500 ms");
  }

  @Test
  void aPermanentChildThatEndsCleanlyIsReportedForItIsRestarted() throws Exception {
    start(flags(3), lives.polite("a"));
    end("a", ExitReason.NORMAL);

    assertThat(onlyRecord().getMessage()).contains("event=child_terminated reason=normal");
  }

  @ParameterizedTest
  @EnumSource(
      value = Restart.class,
      names = {"TRANSIENT", "TEMPORARY"})
  void aCleanExitWithoutARestartIsNotReported(Restart restart) throws Exception {
    start(
        flags(3),
        lives.polite("a").restart(restart),
        lives.polite("b").restart(restart),
        lives.polite("c").restart(restart));
    end("a", ExitReason.NORMAL);
    end("b", ExitReason.SHUTDOWN);
    end("c", ExitReason.shutdown("idle"));

    assertThat(log.records()).isEmpty();
  }

  @Test
  void aCrashWithoutARestartIsAWarning() throws Exception {
    RuntimeException boom = new RuntimeException("boom");
    start(flags(3), lives.polite("a").restart(Restart.TEMPORARY));
    end("a", ExitReason.crash(boom));

    assertThat(onlyRecord().getLevel()).isEqualTo(Level.WARNING);
    assertThat(onlyRecord().getMessage())
        .startsWith("supervisor=sup child=a event=child_terminated_for_good reason=crash(");
    assertThat(onlyRecord().getThrown()).isSameAs(boom);
  }

  @Test
  void aStartThatFailsAtARestartIsAWarning() throws Exception {
    RuntimeException boom = new RuntimeException("boom");
    AtomicInteger starts = new AtomicInteger();
    start(
        flags(3),
        ChildSpec.worker(
            "a",
            () -> {
              if (starts.incrementAndGet() == 2) throw boom;
              return StartResult.ok(lives.start("a", (self, reason, who) -> self.end(reason)));
            }));
    end("a", ExitReason.KILLED);
    LogRecord record = log.records().get(1);

    assertThat(record.getLevel()).isEqualTo(Level.WARNING);
    assertThat(record.getMessage())
        .isEqualTo(
            "supervisor=sup child=a event=start_error reason=crash(%s) restarts=1 of 3 in 5000 ms",
            boom);
    assertThat(record.getThrown()).isSameAs(boom);
  }

  @Test
  void aStartThatFailsByApiIsAnAnswerAndNoReport() throws Exception {
    start(flags(3));
    supervisor.startChild(
        ChildSpec.worker("a", () -> StartResult.error(ExitReason.crash("boom"))));

    assertThat(log.records()).isEmpty();
  }

  @Test
  void givingUpIsAnErrorAfterTheWarning() throws Exception {
    RuntimeException boom = new RuntimeException("boom");
    start(flags(0), lives.polite("a"));
    lives.of("a").end(ExitReason.crash(boom));
    supervisor.proc().awaitExit();

    assertThat(log.records())
        .extracting(LogRecord::getLevel)
        .containsExactly(Level.WARNING, Level.SEVERE);
    assertThat(log.records().get(1).getMessage())
        .startsWith("supervisor=sup child=a event=reached_max_restart_intensity reason=crash(")
        .endsWith("restarts=1 of 0 in 5000 ms");
    assertThat(log.records().get(1).getThrown()).isSameAs(boom);
  }

  @Test
  void anAutoShutdownIsForInformation() throws Exception {
    start(
        flags(3).autoShutdown(AutoShutdown.ANY_SIGNIFICANT),
        lives.polite("a").restart(Restart.TRANSIENT).asSignificant());
    lives.of("a").end(ExitReason.NORMAL);
    supervisor.proc().awaitExit();

    assertThat(onlyRecord().getLevel()).isEqualTo(Level.INFO);
    assertThat(onlyRecord().getMessage()).contains("child=a event=auto_shutdown reason=normal");
  }

  @Test
  void anOrderlyStopIsNotReported() throws Exception {
    start(flags(3), lives.polite("a"), lives.polite("b").shutdown(Shutdown.BRUTAL_KILL));
    supervisor.stop();

    assertThat(log.records()).isEmpty();
  }

  @Test
  void aChildOfATemplateIsCalledWhatItsProcIs() throws Exception {
    supervisor =
        Supervisor.start(
            "sup",
            Flags.of(Strategy.SIMPLE_ONE_FOR_ONE).clock(clock),
            ChildSpec.worker(
                "template",
                args ->
                    StartResult.ok(
                        lives.start(args.get(0), (self, reason, who) -> self.end(reason)))));
    supervisor.startChild(List.of("one"));
    supervisor.startChild(List.of("other"));
    end("other", ExitReason.KILLED);

    assertThat(onlyRecord().getMessage()).startsWith("supervisor=sup child=other event=");
  }

  @Test
  void aReasonThatCannotBeDescribedIsReportedAllTheSame() throws Exception {
    RuntimeException indescribable =
        new RuntimeException() {
          private static final long serialVersionUID = 1;

          @Override
          public String toString() {
            throw new IllegalStateException("no words");
          }
        };
    start(flags(3), lives.polite("a"));
    end("a", ExitReason.crash(indescribable));

    assertThat(supervisor.countChildren().active()).isEqualTo(1);
    assertThat(onlyRecord().getMessage()).contains("which cannot describe itself");
  }

  private Flags flags(int intensity) {
    return Flags.of(Strategy.ONE_FOR_ONE).clock(clock).intensity(intensity, ofSeconds(5));
  }

  private void start(Flags flags, ChildSpec... specs) throws InterruptedException {
    supervisor = Supervisor.start("sup", flags, specs);
  }

  /** Ends a child and waits until its supervisor has dealt with it. */
  private void end(Object id, ExitReason reason) throws InterruptedException {
    lives.of(id).end(reason);
    supervisor.countChildren();
  }

  private LogRecord onlyRecord() {
    assertThat(log.records()).hasSize(1);
    return log.records().get(0);
  }
}
