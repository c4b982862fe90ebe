package kv.store;

import java.nio.file.Path;
import kv.log.LogSettings;
import kv.log.disk.Disk;
import kv.memory.Memory;
import kv.otp.ChildInfo;
import kv.otp.Flags;
import kv.otp.Proc;
import kv.otp.Strategy;
import kv.otp.Supervisor;

/** A durable storage under a supervisor that restarts it, and what a test does to it. */
final class DurableParts implements AutoCloseable {
  static final LogSettings SETTINGS = LogSettings.DEFAULT.minFree(0);

  /** No crash is one too many. */
  private static final int RESTARTS = 1_000_000;

  final Memory memory;
  final Storage storage;
  private final Supervisor top;

  DurableParts(Path folder) throws InterruptedException {
    this(Disk.of(folder), Memory.unlimited());
    storage.awaitRecovered();
  }

  /** Does not wait until it is recovered. */
  DurableParts(Disk disk, Memory memory) throws InterruptedException {
    this(disk, memory, SETTINGS);
  }

  /** As above, with a log that is kept in another way. */
  DurableParts(Disk disk, Memory memory, LogSettings settings) throws InterruptedException {
    this.memory = memory;
    Flags flags = Flags.of(Strategy.ONE_FOR_ONE);
    Flags patient = flags.intensity(RESTARTS, flags.period());
    storage = new Storage(patient, memory, disk, settings);
    top = Supervisor.start("top", patient, storage.spec());
  }

  Bucket lookup(String name) {
    return storage.lookup(Bytes.of(name)).orElseThrow();
  }

  /** Kills a part and waits until it is back. */
  void kill(String path) throws InterruptedException {
    find(path).kill();
    settle(path);
  }

  /** Kills the whole storage and waits until it is recovered. */
  void killStorage() throws InterruptedException {
    killStorageOnly();
    storage.awaitRecovered();
  }

  /** The same, but waits only until it has been started again. */
  void killStorageOnly() throws InterruptedException {
    storage.supervisor().proc().kill();
    top.countChildren();
  }

  private Proc find(String path) throws InterruptedException {
    Supervisor above = above(path);
    return child(above, path.substring(path.lastIndexOf('/') + 1)).proc().orElseThrow();
  }

  private void settle(String path) throws InterruptedException {
    above(path).countChildren();
  }

  private Supervisor above(String path) throws InterruptedException {
    Supervisor storages = storage.supervisor();
    if (!path.startsWith("log/")) return storages;
    return (Supervisor) child(storages, "log").info().orElseThrow();
  }

  private static ChildInfo child(Supervisor above, String id) throws InterruptedException {
    return above.whichChildren().stream()
        .filter(child -> child.id().orElseThrow().equals(id))
        .findAny()
        .orElseThrow();
  }

  /** Returns when each bucket that has crashed is there again. */
  void settleBuckets() throws InterruptedException {
    storage.buckets().await().countChildren();
  }

  @Override
  public void close() {
    top.close();
  }
}
