package kv.event;

import java.util.List;

/** Writes every event down and then throws. */
final class FailsOnEvent extends Recorder {
  private final Throwable failure;

  FailsOnEvent(Throwable failure, List<String> log) {
    super("fails", log);
    this.failure = failure;
  }

  @Override
  public void handle(String event) throws Exception {
    super.handle(event);
    fail(failure);
  }

  static void fail(Throwable failure) throws Exception {
    if (failure instanceof Error error) throw error;
    throw (Exception) failure;
  }
}
