package kv.event;

import static java.util.logging.Level.WARNING;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Logger;
import kv.otp.ExitReason;
import kv.otp.Proc;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Failures that cannot be logged. */
class EventLogTest {
  private static final IOException FAILURE = new IOException("broken");

  private final List<String> log = Recorder.newLog();
  private final List<Removal> told = new ArrayList<>();
  private final EventManager<String> manager = EventManager.start("events");

  @AfterEach
  void killManager() {
    manager.proc().kill();
  }

  @Nested
  class OfAHandlerWithoutAName {
    private final Object id = new FailsToDescribe();

    @Test
    void withAnEventTakeNobodyElseAlong(LogCapture logged) throws Exception {
      logged.allow("events removes a handler");
      manager.add(id, new FailsOnEvent(FAILURE, log), Proc.passive("owner"), told::add);
      manager.add("b", new Recorder("b", log));
      log.clear();
      manager.syncNotify("x");
      assertThat(log).containsExactly("fails x", "fails terminate", "b x");
      assertThat(told).containsExactly(new Removal.Failed(FAILURE));
      assertThat(manager.handlers()).containsExactly("b");
    }

    @Test
    void inItsTerminateTakeNobodyElseAlong(LogCapture logged) throws Exception {
      logged.allow("events: terminate of a handler failed");
      manager.add(id, new FailsOnTerminate(FAILURE, log));
      manager.add("b", new Recorder("b", log));
      log.clear();
      assertThat(manager.proc().stop()).isEqualTo(ExitReason.NORMAL);
      assertThat(log).containsExactly("fails terminate", "b terminate");
    }

    @Test
    void areLoggedAsThat(LogCapture logged) throws Exception {
      logged.allow("events removes a handler");
      manager.add(id, new FailsOnEvent(FAILURE, log));
      manager.syncNotify("x");
      assertThat(logged.messages(WARNING))
          .singleElement()
          .asString()
          .startsWith("events removes a handler")
          .contains("IllegalStateException");
    }
  }

  @Nested
  class InALogThatFails {
    private final Handler fails = new FailsToLog();

    @BeforeEach
    void addLog(LogCapture logged) {
      logged.allow("failed to hear");
      Logger.getLogger("kv").addHandler(fails);
    }

    @AfterEach
    void removeLog() {
      Logger.getLogger("kv").removeHandler(fails);
    }

    @Test
    void harmNobodyIfAnOwnerFailsToHear() throws Exception {
      EventHandler<String> leaves = new FailsOnEvent(new Leave(), log);
      manager.add("a", leaves, Proc.passive("owner"), removal -> {
        throw new AssertionError("deaf");
      });
      manager.add("b", new Recorder("b", log));
      log.clear();
      manager.syncNotify("x");
      assertThat(log).containsExactly("fails x", "fails terminate", "b x");
    }
  }
}
