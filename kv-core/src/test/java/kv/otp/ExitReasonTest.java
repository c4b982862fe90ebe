package kv.otp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Why something ended, and the exceptions that carry it. */
class ExitReasonTest {
  private static final Throwable BOOM = new IllegalStateException("boom");
  private static final ExitReason FAILED =
      ExitReason.shutdown(new ExitReason.FailedToStartChild("id", ExitReason.crash(BOOM)));

  /** A reason, its text, whether it is clean, and the throwable behind it. */
  static Stream<Arguments> reasons() {
    ExitReason nested =
        ExitReason.shutdown(new ExitReason.FailedToStartChild("outer", FAILED));
    return Stream.of(
        Arguments.of(ExitReason.NORMAL, "normal", true, null),
        Arguments.of(ExitReason.SHUTDOWN, "shutdown", true, null),
        Arguments.of(ExitReason.shutdown("idle"), "shutdown(idle)", true, null),
        Arguments.of(ExitReason.shutdown(BOOM), "shutdown(" + BOOM + ")", true, null),
        Arguments.of(
            FAILED, "shutdown(failed_to_start_child(id, crash(" + BOOM + ")))", true, BOOM),
        Arguments.of(
            nested,
            "shutdown(failed_to_start_child(outer, " + FAILED + "))",
            true,
            BOOM),
        Arguments.of(ExitReason.KILLED, "killed", false, null),
        Arguments.of(ExitReason.NO_PROC, "noproc", false, null),
        Arguments.of(ExitReason.NO_CONNECTION, "noconnection", false, null),
        Arguments.of(ExitReason.crash("term"), "crash(term)", false, null),
        Arguments.of(ExitReason.crash(BOOM), "crash(" + BOOM + ")", false, BOOM));
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void isCleanOnlyIfNormalOrAShutdown(ExitReason reason, String text, boolean clean) {
    assertThat(reason.isClean()).isEqualTo(clean);
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void isWrittenAsErlangWritesIt(ExitReason reason, String text) {
    assertThat(reason).hasToString(text);
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void knowsTheThrowableBehindIt(
      ExitReason reason, String text, boolean clean, Throwable cause) {
    assertThat(reason.cause()).isSameAs(cause);
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void isCarriedByAnExitWithItsThrowableAsCause(
      ExitReason reason, String text, boolean clean, Throwable cause) {
    Exit exit = new Exit(reason);

    assertThat(exit.reason()).isEqualTo(reason);
    assertThat(exit).hasMessage(text);
    assertThat(exit.getCause()).isSameAs(cause);
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void isCarriedByAnExitedExceptionWithItsThrowableAsCause(
      ExitReason reason, String text, boolean clean, Throwable cause) {
    ExitedException exited = new ExitedException("server", reason);

    assertThat(exited.reason()).isEqualTo(reason);
    assertThat(exited).hasMessage("server is not running: " + text);
    assertThat(exited.getCause()).isSameAs(cause);
  }

  @Test
  void thatIsEqualCarriesAnEqualTerm() {
    assertThat(ExitReason.crash("a")).isEqualTo(ExitReason.crash("a"));
    assertThat(ExitReason.crash("a")).isNotEqualTo(ExitReason.crash("b"));
    assertThat(ExitReason.crash("a")).isNotEqualTo(ExitReason.shutdown("a"));
    assertThat(ExitReason.crash(ExitReason.KILLED)).isNotEqualTo(ExitReason.KILLED);
  }

  @Nested
  class WhatIsThrown {
    @Test
    void isTheReasonIfItIsAnExit() {
      assertThat(Exit.reasonOf(new Exit(ExitReason.SHUTDOWN))).isEqualTo(ExitReason.SHUTDOWN);
    }

    @Test
    void isACrashIfItIsAnythingElse() {
      assertThat(Exit.reasonOf(BOOM)).isEqualTo(ExitReason.crash(BOOM));
      assertThat(Exit.reasonOf(new ExitedException("a", ExitReason.NORMAL)).isClean()).isFalse();
    }
  }

  @Nested
  class Refused {
    @Test
    void isAShutdownWithoutAWord() {
      assertThatThrownBy(() -> ExitReason.shutdown(null))
          .isInstanceOf(NullPointerException.class);
    }

    @Test
    void isACrashWithoutACause() {
      assertThatThrownBy(() -> ExitReason.crash(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void isAnExitWithoutAReason() {
      assertThatThrownBy(() -> new Exit(null))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("reason");
    }
  }

  @Test
  void isToldEvenIfItsTermCannotDescribeItself() {
    Object indescribable =
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("no words");
          }
        };

    assertThat(ExitReason.crash(indescribable))
        .hasToString(
            "crash(" + indescribable.getClass().getName() + ", which cannot describe itself)");
  }
}
