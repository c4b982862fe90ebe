package kv.event;

import java.util.List;

/** Kills its manager with the first event, and then throws. */
final class KillsManager extends Recorder {
  private final EventManager<String> manager;
  private final Throwable failure;

  KillsManager(EventManager<String> manager, Throwable failure, List<String> log) {
    super("kills", log);
    this.manager = manager;
    this.failure = failure;
  }

  @Override
  public void handle(String event) throws Exception {
    super.handle(event);
    manager.proc().kill();
    FailsOnEvent.fail(failure);
  }
}
