package kv.store;

import java.util.List;
import java.util.concurrent.TimeoutException;
import kv.event.EventManager;
import kv.memory.Memory;
import kv.otp.ChildSpec;
import kv.otp.Flags;
import kv.otp.Name;
import kv.otp.Restart;
import kv.otp.StartResult;
import kv.otp.Strategy;
import kv.otp.Supervisor;

/** A registry and what it needs, with nobody who restarts them: the test plays the supervisor. */
final class RegistryParts implements AutoCloseable {
  final BucketTable table = new BucketTable();
  final Name<EventManager<BucketEvent>> events = new Name<>("events");
  final Name<Supervisor> buckets = new Name<>("buckets");
  final Memory memory = Memory.unlimited();

  Registry registry;
  Forwarder forwarder;

  private final ChildSpec.Start startBucket;

  RegistryParts() throws InterruptedException {
    this(RegistryParts::startBucket);
  }

  RegistryParts(ChildSpec.Start startBucket) throws InterruptedException {
    this.startBucket = startBucket;
    startEvents();
    startBuckets();
    startRegistry();
  }

  static StartResult startBucket(List<?> args) {
    Bucket bucket = Bucket.start((Bytes) args.get(0));
    return StartResult.ok(bucket.proc(), bucket);
  }

  void startEvents() throws InterruptedException {
    EventManager<BucketEvent> manager = EventManager.start("events");
    events.register(manager.proc(), manager);
    forwarder = Forwarder.addTo(manager);
  }

  void startBuckets() throws InterruptedException {
    ChildSpec spec = ChildSpec.worker("bucket", startBucket).restart(Restart.TEMPORARY);
    Supervisor supervisor =
        Supervisor.start("buckets", Flags.of(Strategy.SIMPLE_ONE_FOR_ONE), spec);
    buckets.register(supervisor.proc(), supervisor);
  }

  void startRegistry() throws InterruptedException {
    registry = Registry.start(table, buckets, events, memory);
  }

  Bucket create(String name) throws InterruptedException, TimeoutException {
    return registry.create(Bytes.of(name));
  }

  /** Returns when the registry has done all that it knew of before, and the manager has heard. */
  void settle() throws InterruptedException, TimeoutException {
    create("barrier");
    if (events.whereis().isPresent()) events.get().handlers();
  }

  @Override
  public void close() {
    registry.proc().kill();
    buckets.whereis().ifPresent(Supervisor::close);
    events.whereis().ifPresent(manager -> manager.proc().kill());
  }
}
