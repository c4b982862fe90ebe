package kv.router.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import kv.otp.ExitReason;
import kv.otp.Proc;
import org.junit.jupiter.api.Test;

/** How long an orderly stop waits for the calls that run. */
class CallsInFlightTest {
  private final CallsInFlight calls = new CallsInFlight(() -> {}, 30_000);
  private final Proc self = Proc.passive("peers");

  @Test
  void isAsLongAsACallRuns() {
    calls.enter();
    calls.shutdown(Thread.currentThread(), ExitReason.SHUTDOWN);
    Thread.currentThread().interrupt(); // who waits is thrown out
    assertThatThrownBy(() -> calls.run(self)).isInstanceOf(InterruptedException.class);
  }

  @Test
  void isOverOnceNoCallRunsAndNoneIsLetInAnyMore() throws Exception {
    calls.enter();
    calls.shutdown(Thread.currentThread(), ExitReason.SHUTDOWN);
    calls.leave();
    calls.run(self);
    assertThat(calls.enter()).isFalse();
  }
}
