package kv.event;

import java.util.List;

/** Writes every request down and then throws. */
final class FailsOnCall extends Recorder {
  private final Throwable failure;

  FailsOnCall(Throwable failure, List<String> log) {
    super("fails", log);
    this.failure = failure;
  }

  @Override
  public Object call(Object request) throws Exception {
    super.call(request);
    FailsOnEvent.fail(failure);
    return null;
  }
}
