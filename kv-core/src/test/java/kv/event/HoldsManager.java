package kv.event;

import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Keeps the manager in its first event or request until it is let go: what is sent meanwhile waits
 * in the mailbox. May be told to ignore the interrupt that a kill brings.
 */
final class HoldsManager extends Recorder {
  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch free = new CountDownLatch(1);
  private final boolean ignoresInterrupt;

  HoldsManager(List<String> log, boolean ignoresInterrupt) {
    super("holds", log);
    this.ignoresInterrupt = ignoresInterrupt;
  }

  /** Adds one to {@code manager}; returns when it holds the manager. */
  static HoldsManager hold(EventManager<String> manager) throws InterruptedException {
    HoldsManager holds = new HoldsManager(newLog(), false);
    manager.add(holds, holds);
    manager.notify("hold");
    holds.awaitHeld();
    return holds;
  }

  void awaitHeld() throws InterruptedException {
    held.await();
  }

  void letGo() {
    free.countDown();
  }

  @Override
  public void handle(String event) throws Exception {
    super.handle(event);
    hold();
  }

  @Override
  public Object call(Object request) throws Exception {
    super.call(request);
    hold();
    return null;
  }

  private void hold() throws InterruptedException {
    held.countDown();
    while (true) {
      try {
        free.await();
        return;
      } catch (InterruptedException e) {
        if (!ignoresInterrupt) throw e;
      }
    }
  }
}
