package kv.otp;

import static java.time.Duration.ofSeconds;
import static java.util.Locale.ROOT;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import kv.testing.LogCapture;
import kv.testing.ManualClock;

/**
 * A supervisor whose turns a test takes itself: what it does in one turn, no exit comes between.
 * Allows two restarts.
 */
final class Turns {
  static final ExitReason BOOM = ExitReason.crash("boom");

  final Lives lives = new Lives();
  final ManualClock clock = new ManualClock();
  final SupervisorServer rules;

  Turns(Strategy strategy) {
    Flags flags = Flags.of(strategy).intensity(2, ofSeconds(5)).clock(clock);
    rules = new SupervisorServer("sup", flags);
  }

  /** Starts the first children. */
  void init(ChildSpec... specs) throws InterruptedException {
    in(
        () -> {
          rules.init(List.of(specs));
          return rules;
        });
  }

  <T> T in(Callable<T> turn) throws InterruptedException {
    return rules.server().call(turn);
  }

  /** As in "id running", newest first. */
  List<String> states() throws InterruptedException {
    return in(rules::whichChildren).stream().map(Turns::state).toList();
  }

  static String state(ChildInfo child) {
    return child.id().orElse("-") + " " + child.state().name().toLowerCase(ROOT);
  }

  /** What {@code request} answers between a failed restart of "restarting" and its retry. */
  <T> T whileRestarting(LogCapture log, Callable<T> request) throws Exception {
    CompletableFuture<T> answer = new CompletableFuture<>();
    ChildSpec restarting = failsToRestartOnce(log, () -> answer.complete(request.call()));
    in(() -> rules.startChild(restarting));
    lives.of("restarting").end(BOOM);
    return answer.get();
  }

  /** The child "restarting", whose first restart fails; {@code next} comes before the retry. */
  ChildSpec failsToRestartOnce(LogCapture log, GenServer.Message next) {
    log.allow("child=restarting event=(child_terminated|start_error)");
    AtomicInteger starts = new AtomicInteger();
    return ChildSpec.worker(
        "restarting",
        () -> {
          if (starts.incrementAndGet() != 2)
            return StartResult.ok(lives.start("restarting", (self, r, who) -> self.end(r)));
          rules.server().cast(next);
          return StartResult.error(BOOM);
        });
  }

  void stop() throws InterruptedException {
    rules.server().proc().stop();
  }
}
