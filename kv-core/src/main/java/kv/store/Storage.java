package kv.store;

import static java.util.Objects.requireNonNull;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import kv.event.EventManager;
import kv.log.LoadingException;
import kv.log.LogException;
import kv.log.LogFigures;
import kv.log.LogSettings;
import kv.log.disk.Disk;
import kv.log.disk.FolderException;
import kv.log.disk.FolderLock;
import kv.memory.Memory;
import kv.memory.MemoryFullException;
import kv.otp.AutoShutdown;
import kv.otp.ChildSpec;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.Flags;
import kv.otp.Name;
import kv.otp.Restart;
import kv.otp.StartResult;
import kv.otp.Strategy;
import kv.otp.Supervisor;
import kv.otp.Task;

/**
 * Named buckets under supervision: the whole of the storage as one thing to start, use and stop. It
 * stays the same while its parts crash and are restarted. Safe for use by any thread.
 *
 * <p>One in memory only loses a bucket that crashes, and all when its supervisor does. A durable
 * one has a log in a folder: a bucket that crashes is restarted with what it held, and what the
 * storage holds is recovered from the log when it is started or restarted.
 */
public final class Storage implements AutoCloseable {
  /** What is recovered in that time is there before anybody can ask for it. */
  private static final Duration SHORT_RECOVERY = Duration.ofMillis(300);

  private static final Bytes NOTHING = Bytes.of("nothing");

  private static final System.Logger LOG = System.getLogger(Storage.class.getName());

  private final Flags flags;
  private final Common common;
  private final Durability durability;

  /** Of a storage in memory only. */
  private final BucketTable table = new BucketTable();

  /** How many buckets went with their supervisor, and people have not been told. */
  private volatile int gone;

  private final Name<EventManager<BucketEvent>> events = new Name<>("events");
  private final Name<Supervisor> buckets = new Name<>("buckets");
  private final Name<Registry> registry = new Name<>("registry");

  /** Null in memory only. */
  private final LogTree logTree;

  /** What keeps others out of a folder that this has taken itself; else null. */
  private FolderLock lock;

  private volatile Supervisor tree;

  /**
   * A storage that is not running yet, for a tree of one's own: its part is {@link #spec}. It may
   * hold as much as the heap does.
   *
   * @param flags what those of its supervisors are derived from: restart intensity, clock, and who
   *     hears reports; the strategies are the storage's own
   */
  public Storage(Flags flags) {
    this(flags, Memory.unlimited());
  }

  /**
   * As {@link #Storage(Flags)}, but what it holds is bounded.
   *
   * @param memory the bound, and the account of what is held; for no other storage
   */
  public Storage(Flags flags, Memory memory) {
    this(flags, memory, Durability.NONE);
  }

  /** As above, and what is changed is as safe as {@code durability} makes it. */
  Storage(Flags flags, Memory memory, Durability durability) {
    this.flags = requireNonNull(flags, "flags");
    common = new Common(requireNonNull(memory, "memory"), flags.clock());
    this.durability = requireNonNull(durability, "durability");
    logTree = null;
  }

  /**
   * As {@link #Storage(Flags, Memory)}, but durable. What was acknowledged is recovered also where
   * it is more than {@code memory} has room for.
   *
   * @param disk the folder of its log; nobody else may have it, which {@link FolderLock} sees to
   * @param settings how the log is kept
   */
  public Storage(Flags flags, Memory memory, Disk disk, LogSettings settings) {
    this.flags = requireNonNull(flags, "flags");
    common = new Common(requireNonNull(memory, "memory"), flags.clock());
    requireNonNull(disk, "disk");
    requireNonNull(settings, "settings");
    logTree = new LogTree(disk, settings, common, buckets, registry);
    durability = logTree;
  }

  /**
   * Starts a storage of its own, with 3 restarts in 5 s, that may hold as much as the heap does.
   * When its supervisor gives up, it is gone, with what it held: {@link #supervisor} tells.
   */
  public static Storage start() throws InterruptedException {
    Storage storage = new Storage(Flags.of(Strategy.ONE_FOR_ONE));
    storage.startTree();
    return storage;
  }

  /**
   * As {@link #start()}, but durable, with the log in {@code folder}, which is made if it is not
   * there; returns when all is recovered. Nobody else can use the folder until it is closed.
   *
   * @throws FolderException if the folder cannot be used, or is in use; nothing is left running
   */
  public static Storage start(Path folder) throws InterruptedException {
    Disk disk = Disk.of(folder);
    FolderLock lock = FolderLock.take(folder, "embedded");
    Storage storage =
        new Storage(
            Flags.of(Strategy.ONE_FOR_ONE), Memory.unlimited(), disk, LogSettings.DEFAULT);
    storage.lock = lock;
    boolean isRecovered = false;
    try {
      storage.startTree();
      storage.awaitRecovered();
      isRecovered = true;
    } finally {
      if (!isRecovered && storage.tree != null) storage.close();
      if (!isRecovered) lock.close();
    }
    return storage;
  }

  /** This storage as a child of another supervisor, of one at a time. */
  public ChildSpec spec() {
    return ChildSpec.supervisor("storage", this::startTree);
  }

  /** The tree, in start order: the registry comes behind what it depends on. */
  private Supervisor startTree() throws InterruptedException {
    registry.free();
    buckets.free();
    events.free();
    if (logTree != null) return startTree(logTree.begin());
    Supervisor started =
        Supervisor.start(
            "storage",
            flags(Strategy.ONE_FOR_ONE),
            ChildSpec.worker("events", this::startEvents),
            ChildSpec.supervisor("buckets", this::startBuckets),
            ChildSpec.worker("registry", this::startRegistry),
            sweeper(table::all));
    started.proc().owns(table::clear);
    started.proc().owns(this::countGone); // first
    return tree = started;
  }

  /**
   * The same on a log; what is left of a tree before this one has another, and does no harm to this
   * one.
   */
  private Supervisor startTree(LogLife life) throws InterruptedException {
    List<ChildSpec> specs = new ArrayList<>(logTree.specs(life, flags(Strategy.ONE_FOR_ONE)));
    specs.add(ChildSpec.worker("events", this::startEvents));
    specs.add(ChildSpec.supervisor("buckets", () -> startDurableBuckets(life)));
    specs.add(ChildSpec.worker("registry", () -> startDurableRegistry(life)));
    specs.add(sweeper(life::buckets));
    Supervisor started = null;
    boolean isReady = false;
    try {
      started = Supervisor.start("storage", flags(Strategy.ONE_FOR_ONE), specs);
      started.proc().owns(life::giveUp);
      life.awaitOpen(SHORT_RECOVERY);
      isReady = true;
    } finally {
      if (!isReady && started != null) started.proc().kill();
      if (!isReady) life.close();
    }
    return tree = started;
  }

  private StartResult startEvents() {
    EventManager<BucketEvent> manager = EventManager.start("events");
    return StartResult.ok(manager.proc(), events.register(manager.proc(), manager));
  }

  private Supervisor startBuckets() throws InterruptedException {
    tellGone();
    Supervisor supervisor =
        Supervisor.start(
            "buckets",
            flags(Strategy.SIMPLE_ONE_FOR_ONE),
            ChildSpec.worker("bucket", args -> startBucket((Bytes) args.get(0)))
                .restart(Restart.TEMPORARY));
    supervisor.proc().owns(this::countGone);
    return buckets.register(supervisor.proc(), supervisor);
  }

  /** Before the buckets are signalled; the table is empty if that of the storage came before. */
  private void countGone() {
    if (table.count() > 0) gone = table.count();
  }

  private void tellGone() {
    int count = gone;
    gone = 0;
    if (count > 0)
      LOG.log(
          Level.WARNING,
          () -> count + " buckets have gone with their supervisor: they were in memory only");
  }

  /**
   * Never gives up for crashes of buckets: to restart one reads nothing and asks nobody, so there
   * is nothing that a restart of more than this bucket could mend.
   */
  private Supervisor startDurableBuckets(LogLife life) throws InterruptedException {
    Object parent = new Object();
    Supervisor supervisor =
        Supervisor.start(
            "buckets",
            flags(Strategy.SIMPLE_ONE_FOR_ONE).intensity(Integer.MAX_VALUE, flags.period()),
            ChildSpec.worker(
                "bucket", args -> startBucket(life, parent, (DurableContent) args.get(0))));
    life.claim(parent);
    buckets.register(supervisor.proc(), supervisor);
    boolean isDone = false;
    try {
      life.giveChildren();
      isDone = true;
    } finally {
      if (!isDone) supervisor.proc().kill();
    }
    return supervisor;
  }

  private static StartResult startBucket(LogLife life, Object parent, DurableContent content) {
    DurableTable names = life.tableOrNull();
    Bucket bucket = names == null ? null : names.adopt(parent, content);
    return bucket == null ? StartResult.ignore() : StartResult.ok(bucket.proc(), bucket);
  }

  private StartResult startBucket(Bytes name) {
    Bucket bucket = Bucket.start(name, common);
    return StartResult.ok(bucket.proc(), bucket);
  }

  private StartResult startRegistry() throws InterruptedException {
    Registry started = Registry.start(table, buckets, events, memory());
    return StartResult.ok(started.proc(), registry.register(started.proc(), started));
  }

  private StartResult startDurableRegistry(LogLife life) throws InterruptedException {
    Registry started = Registry.start(life, buckets, events, memory());
    return StartResult.ok(started.proc(), registry.register(started.proc(), started));
  }

  private ChildSpec sweeper(Supplier<Collection<Bucket>> all) {
    return ChildSpec.worker(
        "sweeper",
        () -> StartResult.ok(Task.start("sweeper", new Sweeper(all, flags.clock()))));
  }

  private Flags flags(Strategy strategy) {
    return flags.strategy(strategy).autoShutdown(AutoShutdown.NEVER); // none here is significant
  }

  /** Whether it has a log. */
  public boolean isDurable() {
    return logTree != null;
  }

  /** The folder of its log; empty without one. */
  public Optional<Path> folder() {
    return Optional.ofNullable(logTree).map(LogTree::folder);
  }

  /**
   * Waits until all is recovered from the log; returns at once without one.
   *
   * @throws FolderException if it cannot be recovered
   * @throws ExitedException if it was not started, or ends before that
   */
  public void awaitRecovered() throws InterruptedException {
    if (logTree != null) logTree.started().awaitRecovered();
  }

  /**
   * Why it cannot be recovered from its log: it stays as it is, and answers that it is loading.
   * Empty if nothing is known against it, and without a log.
   */
  public Optional<FolderException> failure() {
    return logTree == null ? Optional.empty() : logTree.failure();
  }

  /**
   * Has {@code action} hear of {@link #failure}, on a thread that it must not keep, perhaps more
   * than once. To be called before the storage is started. What keeps the first start from being
   * made is thrown there, and not told here.
   */
  public void onFailure(Consumer<FolderException> action) {
    if (logTree != null) logTree.onFailure(requireNonNull(action, "action"));
  }

  /** How the log is; empty without one, and before it is recovered for the first time. */
  public Optional<LogFigures> logFigures() {
    return logTree == null ? Optional.empty() : logTree.figures();
  }

  /**
   * Does nothing once it is known which buckets there are.
   *
   * @throws LoadingException if that is still being read from the log
   */
  public void ensureLoaded() {
    durability.ensureLoaded();
  }

  /**
   * The live bucket under {@code name}, created if there is none.
   *
   * @throws IllegalArgumentException if the name is empty or longer than {@link
   *     Bucket#MAX_NAME_BYTES}
   * @throws MemoryFullException if there is none, and no room for one
   * @throws LoadingException if it is not known yet which buckets there are
   * @throws LogException if there is none, and the log refuses it
   * @throws ExitedException if a part that this needs is being restarted, or the storage has ended
   * @throws TimeoutException if the registry does not answer within {@link Registry#CALL_TIMEOUT};
   *     the bucket may be created all the same
   */
  public Bucket create(Bytes name) throws InterruptedException, TimeoutException {
    ensureLoaded();
    return registry.get().create(name);
  }

  /**
   * The bucket under {@code name}; it may have just exited. Waits for nobody.
   *
   * @throws LoadingException if it is not known yet which buckets there are
   */
  public Optional<Bucket> lookup(Bytes name) {
    if (logTree != null) return Optional.ofNullable(logTree.started().table().get(name));
    Bucket found = table.get(name);
    if (found == null) durability.ensureLoaded();
    return Optional.ofNullable(found);
  }

  /**
   * A bucket that stands for one that is not there: nobody else has it, it holds nothing and has no
   * room, so a change that would put something there throws {@link MemoryFullException}. In all
   * else it is as one of this storage's.
   */
  public Bucket nothing() {
    return Bucket.start(NOTHING, common.withoutRoom());
  }

  /**
   * All live buckets, in no order; with a log, also those that are being restarted, and none before
   * they are recovered. Waits for nobody.
   */
  public List<Bucket> all() {
    if (logTree == null)
      return table.all().stream().filter(bucket -> bucket.proc().isAlive()).toList();
    LogLife present = logTree.present();
    return present == null ? List.of() : List.copyOf(present.buckets());
  }

  /**
   * Waits until all that was changed before now is as safe as the policy of the log asks. Does
   * nothing without a log. It does not know of what was changed before the last restart of the
   * storage; a {@link Commit} does.
   *
   * @throws LogException if it is not safe; what was written may have been carried out
   */
  public void commit() {
    Durability.Life life = durability.life();
    if (life != null) life.commit(life.end(), true);
  }

  /** Where its log ends; 0 without one. */
  long end() {
    Durability.Life life = durability.life();
    return life == null ? 0 : life.end();
  }

  Durability durability() {
    return durability;
  }

  /** What it stands on at present; null in memory only. */
  LogLife life() {
    return logTree == null ? null : logTree.present();
  }

  /** How much is held, and may be. */
  public Memory memory() {
    return common.memory();
  }

  /**
   * Has no value be longer than {@code bytes}, 1 or more; what is recovered may be. To be called
   * before the storage is started.
   */
  public void setMaxValueBytes(int bytes) {
    if (bytes < 1) throw new IllegalArgumentException("not a length of values: " + bytes);
    common.setMaxValueBytes(bytes);
  }

  /** How many keys have been taken out as their deadline had come. */
  public long expiredKeys() {
    return common.expired();
  }

  /** The event manager that hears of buckets. A new one, after a crash, has no handlers. */
  public Name<EventManager<BucketEvent>> events() {
    return events;
  }

  /** The registry. */
  public Name<Registry> registry() {
    return registry;
  }

  /** The supervisor of all buckets. */
  public Name<Supervisor> buckets() {
    return buckets;
  }

  /**
   * The supervisor at the top of the storage.
   *
   * @throws ExitedException if it was never started
   */
  public Supervisor supervisor() {
    Supervisor started = tree;
    if (started == null) throw new ExitedException("storage", ExitReason.NO_PROC);
    return started;
  }

  /**
   * Stops a storage that was started by {@link #start}, in order, gives up what it holds, and
   * closes the log, if it has one, in which all stays; waits until that is done, also if the thread
   * is interrupted, which is still set afterwards. One that is a child its supervisor stops:
   * this would only have it restarted.
   *
   * @throws ExitedException if it was never started
   */
  @Override
  public void close() {
    supervisor().close();
    if (logTree != null) logTree.present().close(); // if its part was killed just then
    if (lock != null) lock.close();
  }
}
