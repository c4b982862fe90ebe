package kv.store;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import kv.log.LogFigures;
import kv.log.LogSettings;
import kv.log.disk.Disk;
import kv.log.disk.FolderException;
import kv.otp.ChildSpec;
import kv.otp.Clock;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.Flags;
import kv.otp.GenServer;
import kv.otp.Name;
import kv.otp.Proc;
import kv.otp.Shutdown;
import kv.otp.StartResult;
import kv.otp.Supervisor;
import kv.otp.Task;

/**
 * What of a storage has to do with its log: the lives that it has, one after another, and the
 * children that open, force and compact it. Safe for use by any thread.
 */
final class LogTree implements Durability {
  private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

  private final Disk disk;
  private final LogSettings settings;
  private final Common common;
  private final Name<Supervisor> buckets;
  private final Name<Registry> registry;
  private volatile Consumer<FolderException> onFailure = failure -> {};

  /** Null until the storage is started. */
  private volatile LogLife life;

  /** The life that was open last, and may be over; null if none was. */
  private volatile LogLife lastOpen;

  private volatile FolderException failure;

  LogTree(
      Disk disk,
      LogSettings settings,
      Common common,
      Name<Supervisor> buckets,
      Name<Registry> registry) {
    this.disk = disk;
    this.settings = settings;
    this.common = common;
    this.buckets = buckets;
    this.registry = registry;
  }

  Path folder() {
    return disk.folder();
  }

  void onFailure(Consumer<FolderException> action) {
    onFailure = action;
  }

  /** The present life; null if there was none yet. */
  LogLife present() {
    return life;
  }

  /** The present life of a storage that was started. */
  LogLife started() {
    LogLife present = life;
    if (present == null) throw new ExitedException("storage", ExitReason.NO_PROC);
    return present;
  }

  @Override
  public void ensureLoaded() {
    started().table();
  }

  /**
   * Begins a life; the one before is closed, as far as it can be.
   *
   * @throws FolderException if the folder cannot be used
   */
  LogLife begin() {
    LogLife former = life;
    if (former != null) {
      former.close();
      former.forget();
    }
    try {
      boolean isFirst = former == null;
      return life =
          new LogLife(
              disk, settings, common, buckets, registry, isFirst, open -> lastOpen = open);
    } catch (FolderException e) {
      if (former != null) fail(e); // else there is somebody who starts it, and hears
      throw e;
    }
  }

  private void fail(FolderException e) {
    failure = e;
    onFailure.accept(e);
  }

  Optional<FolderException> failure() {
    return Optional.ofNullable(failure);
  }

  @Override
  public Life life() {
    return lastOpen;
  }

  Optional<LogFigures> figures() {
    return Optional.ofNullable(lastOpen).map(last -> last.log().figures());
  }

  /** The children of the storage that come first, and so end last. */
  List<ChildSpec> specs(LogLife life, Flags flags) {
    Duration time = settings.syncTimeout().plus(ChildSpec.DEFAULT_SHUTDOWN);
    return List.of(
        ChildSpec.worker("folder", () -> startFolder(life)).shutdown(Shutdown.after(time)),
        ChildSpec.supervisor("log", () -> startLog(life, flags)));
  }

  /**
   * Closes the log when it is asked to end, which is when all others have ended, or when their
   * supervisor has been killed. Does not know of it when it is killed itself.
   */
  private static StartResult startFolder(LogLife life) {
    return StartResult.ok(GenServer.startTrapping("folder", reason -> life.close()).proc());
  }

  private Supervisor startLog(LogLife life, Flags flags) throws InterruptedException {
    return Supervisor.start(
        "log",
        flags,
        worker("keeper", self -> keep(life, self)),
        worker("syncer", self -> sync(life, self)),
        worker("compactor", self -> compact(life, self)));
  }

  private static ChildSpec worker(String id, Task.Work work) {
    return ChildSpec.worker(id, () -> StartResult.ok(Task.start(id, work)));
  }

  private void keep(LogLife life, Proc self) throws InterruptedException {
    try {
      while (!life.recover(self)) awaitSecond(self);
    } catch (FolderException e) { // is told, and no restart would change it
      fail(e);
    }
    life.awaitOpen();
    while (true) {
      awaitSecond(self);
      life.log().tend();
    }
  }

  private static void sync(LogLife life, Proc self) throws InterruptedException {
    life.awaitOpen();
    while (true) {
      life.log().awaitSyncTime();
      self.ensureAlive();
      life.log().sync();
    }
  }

  private void compact(LogLife life, Proc self) throws InterruptedException {
    life.awaitOpen();
    while (true) {
      awaitSecond(self);
      DurableTable table = life.tableOrNull();
      if (table != null && table.log().wantsSnapshot()) table.log().writeSnapshot(table.content());
    }
  }

  private void awaitSecond(Proc self) throws InterruptedException {
    Clock clock = settings.clock();
    clock.await(clock.nanoTime() + SECOND_NANOS);
    self.ensureAlive();
  }
}
