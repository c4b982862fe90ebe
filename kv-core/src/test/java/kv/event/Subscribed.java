package kv.event;

import java.time.Duration;
import kv.otp.Proc;

/** Streams that have been pulled once, and so get all that is sent from now on. */
final class Subscribed {
  private Subscribed() {}

  static EventStream<String> to(EventManager<String> manager) {
    return pulledOnce(new EventStream<>(manager, null, EventStream.FOREVER));
  }

  static EventStream<String> to(EventManager<String> manager, Proc consumer) {
    return pulledOnce(new EventStream<>(manager, consumer, EventStream.FOREVER));
  }

  static EventStream<String> to(EventManager<String> manager, Proc consumer, Duration timeout) {
    return pulledOnce(new EventStream<>(manager, consumer, timeout));
  }

  private static EventStream<String> pulledOnce(EventStream<String> stream) {
    stream.offer("primer");
    stream.tryAdvance(event -> {});
    return stream;
  }
}
