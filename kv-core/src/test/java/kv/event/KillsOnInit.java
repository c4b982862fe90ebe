package kv.event;

/** Kills the manager that is about to add it. */
final class KillsOnInit implements EventHandler<String> {
  private final EventManager<String> manager;

  KillsOnInit(EventManager<String> manager) {
    this.manager = manager;
  }

  @Override
  public void init() {
    manager.proc().kill();
  }

  @Override
  public void handle(String event) {}
}
