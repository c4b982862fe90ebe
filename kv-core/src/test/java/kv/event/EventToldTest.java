package kv.event;

import static java.util.logging.Level.SEVERE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.ITERABLE;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.GenServer;
import kv.otp.Proc;
import kv.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an owner is told of its handler. */
class EventToldTest {
  private final List<String> log = Recorder.newLog();
  private final List<Removal> told = Collections.synchronizedList(new ArrayList<>());
  private final Proc owner = Proc.passive("owner");
  private final EventManager<String> manager = EventManager.start("events");

  @BeforeEach
  void allowTheReport(LogCapture logged) {
    logged.allow("events removes handler a");
  }

  @AfterEach
  void killManager() {
    manager.proc().kill();
  }

  /** A way to end the handler "a". */
  @FunctionalInterface
  interface Ending {
    void of(EventManager<String> manager) throws Exception;
  }

  static Arguments row(String how, EventHandler<String> handler, Ending ending, Removal told) {
    return arguments(how, handler, ending, told);
  }

  static Stream<Arguments> endings() {
    List<String> log = Recorder.newLog();
    Recorder quiet = new Recorder("quiet", log);
    RuntimeException failure = new IllegalStateException("broken");
    ExitReason crash = ExitReason.crash(failure);
    return Stream.of(
        row("removed", quiet, m -> m.remove("a", "bye"), new Removal.Asked("bye")),
        row(
            "swapped",
            quiet,
            m -> m.swap("a", "bye", "b", past -> new FailsOnInit(failure, log)),
            new Removal.Swapped("b", "bye")),
        row(
            "leaves with an event",
            new FailsOnEvent(new Leave(), log),
            m -> m.syncNotify("x"),
            Removal.LEFT),
        row(
            "leaves with a call",
            new FailsOnCall(new Leave(), log),
            m -> m.call("a", "ping"),
            Removal.LEFT),
        row(
            "fails on an event",
            new FailsOnEvent(failure, log),
            m -> m.syncNotify("x"),
            new Removal.Failed(failure)),
        row(
            "fails on a call",
            new FailsOnCall(failure, log),
            m -> m.call("a", "ping"),
            new Removal.Failed(failure)),
        row(
            "the manager is stopped",
            quiet,
            m -> m.proc().stop(),
            new Removal.Stopped(ExitReason.NORMAL)),
        row(
            "the manager is asked to exit",
            quiet,
            m -> {
              m.proc().exit(crash);
              m.proc().awaitExit();
            },
            new Removal.Stopped(crash)),
        row(
            "the manager is killed",
            quiet,
            m -> m.proc().kill(),
            new Removal.ManagerExited(ExitReason.KILLED)),
        row(
            "the manager crashes",
            quiet,
            m ->
                assertThatThrownBy(() -> m.remove(new FailsToCompare(failure), null))
                    .isInstanceOf(ExitedException.class),
            new Removal.ManagerExited(crash)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("endings")
  void hearsOfEveryEndOfItsHandlerFirst(
      String how, EventHandler<String> handler, Ending ending, Removal cause) throws Exception {
    manager.add("a", handler, owner, told::add);
    ending.of(manager);
    assertThat(told).startsWith(cause);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("endings")
  void hearsOfNoEndTwice(
      String how, EventHandler<String> handler, Ending ending, Removal cause) throws Exception {
    manager.add("a", handler, owner, told::add);
    ending.of(manager);
    manager.proc().kill();
    owner.kill();
    assertThat(told).filteredOn(cause::equals).hasSize(1);
    assertThat(told).hasSize(cause instanceof Removal.Swapped ? 2 : 1); // the successor failed
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("endings")
  void survivesEveryEndOfItsHandler(
      String how, EventHandler<String> handler, Ending ending, Removal cause) throws Exception {
    manager.add("a", handler, owner, told::add);
    ending.of(manager);
    assertThat(owner.isAlive()).isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("endings")
  void isNotWatchedAnyMoreAfterwards(
      String how, EventHandler<String> handler, Ending ending, Removal cause) throws Exception {
    manager.add("a", handler, owner, told::add);
    ending.of(manager);
    assertThat(owner).extracting("monitors").asInstanceOf(ITERABLE).isEmpty();
    assertThat(manager.proc()).extracting("monitors").asInstanceOf(ITERABLE).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("endings")
  void harmsNobodyByThrowingWhenItIsTold(
      String how,
      EventHandler<String> handler,
      Ending ending,
      Removal cause,
      LogCapture logged)
      throws Exception {
    logged.allow("owner failed to hear of a removal");
    AssertionError failure = new AssertionError("deaf");
    Consumer<Removal> deaf = removal -> {
      throw failure;
    };
    manager.add("a", handler, owner, deaf);
    manager.add("b b", new Recorder("b", log), Proc.passive("other"), told::add);
    ending.of(manager);
    manager.proc().kill();
    assertThat(logged.messages(SEVERE)).contains("owner failed to hear of a removal");
    assertThat(logged.records()).extracting("thrown").contains(failure);
    assertThat(told).hasSize(1);
  }

  @Nested
  class Hears {
    @Test
    void afterTheHandlerHasTerminated() throws Exception {
      manager.add("a", new Recorder("a", log), owner, removal -> log.add("told"));
      manager.remove("a", null);
      assertThat(log).containsExactly("a init", "a terminate", "told");
    }

    @Test
    void evenIfTheHandlersTerminateThrows(LogCapture logged) throws Exception {
      logged.allow("terminate of a failed");
      IOException failure = new IOException("broken");
      manager.add("a", new FailsOnTerminate(failure, log), owner, told::add);
      manager.remove("a", null);
      assertThat(told).containsExactly(new Removal.Asked(null));
    }

    @Test
    void handlerByHandler() throws Exception {
      manager.add("a", new Recorder("a", log), owner, removal -> log.add("told of a"));
      manager.add("b", new Recorder("b", log), owner, removal -> log.add("told of b"));
      log.clear();
      manager.proc().stop();
      assertThat(log)
          .containsExactly("a terminate", "told of a", "b terminate", "told of b");
    }

    @Test
    void ofAKillAtOnceThoughTheHandlerHangsInItsTerminate() throws Exception {
      HangsOnTerminate hangs = new HangsOnTerminate(log, true);
      manager.add("a", hangs, owner, told::add);
      Unanswered.send(() -> manager.remove("a", null));
      hangs.awaitHanging();
      Threads.killAndAwait(
          manager,
          () -> {
            assertThat(told).containsExactly(new Removal.ManagerExited(ExitReason.KILLED));
            hangs.letGo();
          });
      assertThat(told).hasSize(1);
    }

    @Test
    void onTheThreadThatEndsTheManager() throws Exception {
      List<Thread> threads = new ArrayList<>();
      manager.add("a", new Recorder("a", log), owner, r -> threads.add(Thread.currentThread()));
      manager.proc().kill();
      assertThat(threads).containsExactly(Thread.currentThread());
    }

    @Test
    void onTheManagersThreadOtherwise() throws Exception {
      List<Thread> threads = new ArrayList<>();
      manager.add("a", new Recorder("a", log), owner, r -> threads.add(Thread.currentThread()));
      manager.remove("a", null);
      assertThat(threads).containsExactly(Threads.of(manager));
    }
  }

  @Nested
  class HearsNothing {
    @Test
    void ofItsOwnEnd() throws Exception {
      manager.add("a", new Recorder("a", log), owner, told::add);
      owner.kill();
      assertThat(manager.handlers()).isEmpty();
      assertThat(told).isEmpty();
    }

    @Test
    void afterItsEndThoughTheManagerHasNotHeardOfThat() throws Exception {
      manager.add("a", new Recorder("a", log), owner, told::add);
      HoldsManager.hold(manager);
      owner.kill();
      manager.proc().kill();
      assertThat(told).isEmpty();
    }

    @Test
    void ofAHandlerThatCouldNotBeInitialised() throws Exception {
      manager.add("a", new FailsOnInit(new IOException("no"), log), owner, told::add);
      manager.proc().kill();
      assertThat(told).isEmpty();
    }

    @Test
    void ofAHandlerThatWasRefused() throws Exception {
      manager.add("a", new Recorder("a", log));
      manager.add("a", new Recorder("a", log), owner, told::add);
      manager.proc().stop();
      assertThat(told).isEmpty();
    }

    @Test
    void ofAHandlerThatTheManagerDidNotLiveToAdd() throws Exception {
      Thread thread = Threads.of(manager);
      assertThatThrownBy(() -> manager.add("a", new KillsOnInit(manager), owner, told::add))
          .isInstanceOf(ExitedException.class);
      thread.join();
      assertThat(told).isEmpty();
    }
  }

  @Test
  void hearsNoLastWordAfterTheLastThoughBothWereOnTheirWay() throws Exception {
    GenServer server = GenServer.start("server");
    Tie tie = server.call(() -> new Tie(server, owner, told::add, (self, reason) -> {}));
    server.proc().kill();
    tie.tell(new Removal.Asked(null));
    assertThat(told).containsExactly(new Removal.ManagerExited(ExitReason.KILLED));
  }

  @Test
  void isRefusedIfThereIsNobodyToTell() throws Exception {
    Recorder recorder = new Recorder("a", log);
    assertThatThrownBy(() -> manager.add("a", recorder, owner, null)).hasMessage("told");
    assertThatThrownBy(() -> manager.add("a", recorder, null, told::add)).hasMessage("owner");
    assertThat(manager.handlers()).isEmpty();
  }
}
