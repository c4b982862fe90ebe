package kv.event;

import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Does not come back from its removal until it is let go or, unless it ignores that, killed. */
final class HangsOnTerminate extends Recorder {
  private final CountDownLatch hanging = new CountDownLatch(1);
  private final CountDownLatch free = new CountDownLatch(1);
  private final boolean ignoresInterrupt;

  HangsOnTerminate(List<String> log, boolean ignoresInterrupt) {
    super("hangs", log);
    this.ignoresInterrupt = ignoresInterrupt;
  }

  void awaitHanging() throws InterruptedException {
    hanging.await();
  }

  void letGo() {
    free.countDown();
  }

  @Override
  public Object terminate(Removal cause) throws Exception {
    super.terminate(cause);
    hanging.countDown();
    while (true) {
      try {
        free.await();
        return null;
      } catch (InterruptedException e) {
        if (!ignoresInterrupt) throw e;
      }
    }
  }
}
