package kv.store;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import kv.event.EventHandler;
import kv.event.EventManager;

/** The guide's forwarder: hands every event on to the test, which waits for it. */
final class Forwarder implements EventHandler<BucketEvent> {
  private final BlockingQueue<BucketEvent> events = new LinkedBlockingQueue<>();

  static Forwarder addTo(EventManager<BucketEvent> manager) throws InterruptedException {
    Forwarder forwarder = new Forwarder();
    manager.add(forwarder, forwarder);
    return forwarder;
  }

  @Override
  public void handle(BucketEvent event) {
    events.add(event);
  }

  /** The next event, waited for. */
  BucketEvent take() throws InterruptedException {
    return events.take();
  }

  /** Whether there is no event that has not been taken. */
  boolean isEmpty() {
    return events.isEmpty();
  }
}
