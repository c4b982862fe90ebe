package kv.store;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import kv.otp.ChildSpec;
import kv.otp.StartResult;

/** Starts buckets, but holds the one called "slow" back, and with it the registry, until let go. */
final class StartsWhenLetGo implements ChildSpec.Start {
  private final CountDownLatch starting = new CountDownLatch(1);
  private final CountDownLatch free = new CountDownLatch(1);

  @Override
  public StartResult start(List<?> args) throws Exception {
    if (args.get(0).equals(Bytes.of("slow"))) {
      starting.countDown();
      free.await();
    }
    return RegistryParts.startBucket(args);
  }

  void awaitStarting() throws InterruptedException {
    starting.await();
  }

  void letGo() {
    free.countDown();
  }
}
