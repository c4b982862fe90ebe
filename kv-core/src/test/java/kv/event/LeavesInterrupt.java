package kv.event;

import java.util.List;

/** Interrupts its thread whatever it is asked, and fails if somebody else has done so before. */
final class LeavesInterrupt extends Recorder {
  LeavesInterrupt(String name, List<String> log) {
    super(name, log);
  }

  private static void heedAndInterrupt() throws InterruptedException {
    if (Thread.interrupted()) throw new InterruptedException("left behind");
    Thread.currentThread().interrupt();
  }

  @Override
  public void init() throws Exception {
    heedAndInterrupt();
    super.init();
  }

  @Override
  public void handle(String event) throws Exception {
    heedAndInterrupt();
    super.handle(event);
  }

  @Override
  public Object call(Object request) throws Exception {
    heedAndInterrupt();
    throw new IllegalStateException("broken");
  }

  @Override
  public Object terminate(Removal cause) throws Exception {
    heedAndInterrupt();
    return super.terminate(cause);
  }
}
