package kv.event;

import java.util.concurrent.atomic.AtomicBoolean;
import kv.otp.Proc;
import kv.otp.Task;

/** Sends the numbers from 0 on; once there is a stream, each waits until it was consumed. */
final class Feeder {
  private final AtomicBoolean enough = new AtomicBoolean();
  private final Proc proc;

  private Feeder(EventManager<String> manager) {
    proc =
        Task.start(
            "feeder",
            self -> {
              for (int i = 0; !enough.get(); i++) manager.syncNotify(String.valueOf(i));
            });
  }

  static Feeder of(EventManager<String> manager) {
    return new Feeder(manager);
  }

  /** Returns when nothing keeps it waiting any more. */
  void stop() throws InterruptedException {
    enough.set(true);
    proc.awaitExit();
  }
}
