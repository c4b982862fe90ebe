package kv.event;

import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Never comes back from its start, unless it is interrupted. */
final class HangsOnInit extends Recorder {
  private final CountDownLatch hanging = new CountDownLatch(1);

  HangsOnInit(List<String> log) {
    super("hangs", log);
  }

  void awaitHanging() throws InterruptedException {
    hanging.await();
  }

  @Override
  public void init() throws Exception {
    super.init();
    hanging.countDown();
    new CountDownLatch(1).await();
  }
}
