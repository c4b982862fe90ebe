package kv.event;

import java.util.List;

/** Cannot be added. */
final class FailsOnInit extends Recorder {
  private final Throwable failure;

  FailsOnInit(Throwable failure, List<String> log) {
    super("fails", log);
    this.failure = failure;
  }

  @Override
  public void init() throws Exception {
    FailsOnEvent.fail(failure);
  }
}
