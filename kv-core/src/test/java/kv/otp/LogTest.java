package kv.otp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import kv.testing.LogCapture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LogTest {
  private final Log log = new Log(LogTest.class);

  /** What it may meet in the texts of others. */
  static Stream<Throwable> failures() {
    return Stream.of(
        new IllegalStateException("no name"), new StackOverflowError(), new AssertionError());
  }

  /** Does what a handler does whose exception goes round for ever in its message. */
  private static final class PrintsNone extends Handler {
    @Override
    public void publish(LogRecord record) {
      if (record.getThrown() != null) throw new StackOverflowError();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private static Supplier<String> fails(Throwable failure) {
    return () -> {
      if (failure instanceof RuntimeException e) throw e;
      throw (Error) failure;
    };
  }

  @Nested
  class Logs {
    @Test
    void whatItIsTold(LogCapture capture) {
      capture.allow("a handler failed");
      Exception cause = new Exception("boom");
      log.log(Level.ERROR, "it failed", () -> "a handler failed", cause);

      assertThat(capture.records())
          .singleElement()
          .satisfies(
              record -> {
                assertThat(record.getMessage()).isEqualTo("a handler failed");
                assertThat(record.getThrown()).isSameAs(cause);
              });
    }

    @ParameterizedTest
    @MethodSource("kv.otp.LogTest#failures")
    void whatCanBeSaidIfTheTextFails(Throwable failure, LogCapture capture) {
      String left = "it failed not told: " + failure.getClass().getName();
      capture.allow(left);
      log.log(Level.ERROR, "it failed", fails(failure), null);

      assertThat(capture.records()).extracting(LogRecord::getMessage).containsExactly(left);
    }

    @Test
    void whatCanBeSaidIfAHandlerFailsToPrintTheException(LogCapture capture) {
      capture.allow("");
      Handler handler = new PrintsNone();
      Logger logger = Logger.getLogger(LogTest.class.getName());
      logger.addHandler(handler);
      try {
        log.log(Level.ERROR, "it failed", () -> "a handler failed", new Exception());
      } finally {
        logger.removeHandler(handler);
      }

      assertThat(capture.records())
          .extracting(LogRecord::getMessage)
          .contains("it failed not told: java.lang.StackOverflowError");
    }
  }

  /** The whole way of a death, with those on it who cannot describe what has happened. */
  @Nested
  class AProcThatCannotTell {
    private final List<String> told = new ArrayList<>();
    private final Proc proc = Proc.passive("p");

    @Test
    void whatItCouldNotCloseTellsOfItsEndAllTheSame(LogCapture capture) {
      capture.allow("p could not close what it owned not told");
      proc.monitor(down -> told.add("told"));
      proc.owns(
          new AutoCloseable() {
            @Override
            public void close() {
              throw new IllegalStateException("cannot close");
            }

            @Override
            public String toString() {
              throw new IllegalStateException("no name");
            }
          });
      proc.kill();

      assertThat(told).containsExactly("told");
      assertThat(proc.isAlive()).isFalse();
    }
  }
}
