package kv.event;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Requests to a manager that is held: they stand in its mailbox, and the caller goes on. */
final class Unanswered {
  private Unanswered() {}

  /** Sends what {@code call} asks, and gives up the wait for the answer. */
  static void send(ThrowingCallable call) {
    Thread.currentThread().interrupt();
    assertThatThrownBy(call).isInstanceOf(InterruptedException.class);
  }
}
