package kv.event;

import java.util.List;

/** Handles events well, and throws when it is removed. */
final class FailsOnTerminate extends Recorder {
  private final Throwable failure;

  FailsOnTerminate(Throwable failure, List<String> log) {
    super("fails", log);
    this.failure = failure;
  }

  @Override
  public Object terminate(Removal cause) throws Exception {
    super.terminate(cause);
    FailsOnEvent.fail(failure);
    return null;
  }
}
