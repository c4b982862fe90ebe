package kv.store;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import kv.event.EventManager;
import kv.log.LoadingException;
import kv.log.LogException;
import kv.otp.ChildSpec;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.Flags;
import kv.otp.Name;
import kv.otp.Restart;
import kv.otp.StartResult;
import kv.otp.Strategy;
import kv.otp.Supervisor;

/**
 * Named buckets under supervision: the whole of the storage as one thing to start, use and stop. It
 * stays the same while its parts crash and are restarted. Safe for use by any thread.
 */
public final class Storage implements AutoCloseable {
  private final Flags flags;
  private final Memory memory;
  private final Durability durability;
  private final BucketTable table = new BucketTable();
  private final Name<EventManager<BucketEvent>> events = new Name<>("events");
  private final Name<Supervisor> buckets = new Name<>("buckets");
  private final Name<Registry> registry = new Name<>("registry");
  private volatile Supervisor tree;

  /**
   * A storage that is not running yet, for a tree of one's own: its part is {@link #spec}. It may
   * hold as much as the heap does.
   *
   * @param flags the restart intensity of its supervisors; the strategy is the storage's own
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
    this.memory = requireNonNull(memory, "memory");
    this.durability = requireNonNull(durability, "durability");
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

  /** This storage as a child of another supervisor, of one at a time. */
  public ChildSpec spec() {
    return ChildSpec.supervisor("storage", this::startTree);
  }

  /** The tree, in start order: the registry comes last, for it depends on the others. */
  private Supervisor startTree() throws InterruptedException {
    registry.free();
    buckets.free();
    events.free();
    Supervisor started =
        Supervisor.start(
            "storage",
            flags(Strategy.ONE_FOR_ONE),
            ChildSpec.worker("events", this::startEvents),
            ChildSpec.supervisor("buckets", this::startBuckets),
            ChildSpec.worker("registry", this::startRegistry));
    started.proc().owns(table::clear);
    return tree = started;
  }

  private StartResult startEvents() {
    EventManager<BucketEvent> manager = EventManager.start("events");
    return StartResult.ok(manager.proc(), events.register(manager.proc(), manager));
  }

  private Supervisor startBuckets() throws InterruptedException {
    Supervisor supervisor =
        Supervisor.start(
            "buckets",
            flags(Strategy.SIMPLE_ONE_FOR_ONE),
            ChildSpec.worker("bucket", args -> startBucket((Bytes) args.get(0)))
                .restart(Restart.TEMPORARY));
    return buckets.register(supervisor.proc(), supervisor);
  }

  private StartResult startBucket(Bytes name) {
    Bucket bucket = Bucket.start(name, memory);
    return StartResult.ok(bucket.proc(), bucket);
  }

  private StartResult startRegistry() throws InterruptedException {
    Registry started = Registry.start(table, buckets, events, memory);
    return StartResult.ok(started.proc(), registry.register(started.proc(), started));
  }

  private Flags flags(Strategy strategy) {
    return Flags.of(strategy).intensity(flags.intensity(), flags.period()).clock(flags.clock());
  }

  /**
   * The live bucket under {@code name}, created if there is none.
   *
   * @throws IllegalArgumentException if the name is empty or longer than {@link
   *     Bucket#MAX_NAME_BYTES}
   * @throws MemoryFullException if there is none, and no room for one
   * @throws LoadingException if it is not known yet which buckets there are
   * @throws LogException if there is none, and the log refuses to take it
   * @throws ExitedException if a part that this needs is being restarted, or the storage has ended
   * @throws TimeoutException if the registry does not answer within {@link Registry#CALL_TIMEOUT};
   *     the bucket may be created all the same
   */
  public Bucket create(Bytes name) throws InterruptedException, TimeoutException {
    durability.ensureLoaded();
    return registry.get().create(name);
  }

  /**
   * The bucket under {@code name}; it may have just exited. Waits for nobody.
   *
   * @throws LoadingException if it is not known yet which buckets there are
   */
  public Optional<Bucket> lookup(Bytes name) {
    Bucket found = table.get(name);
    if (found == null) durability.ensureLoaded();
    return Optional.ofNullable(found);
  }

  /**
   * Does nothing once it is known which buckets there are.
   *
   * @throws LoadingException if that is still being read from the log
   */
  public void ensureLoaded() {
    durability.ensureLoaded();
  }

  /** All live buckets, in no order; none while they are loaded. Waits for nobody. */
  public List<Bucket> all() {
    return table.all().stream().filter(bucket -> bucket.proc().isAlive()).toList();
  }

  /** Where the log ends: what has been read or written before now is no later. 0 without a log. */
  public long end() {
    return durability.end();
  }

  /**
   * Waits until what is in the log before {@code end} is as safe as the policy of the log asks, so
   * that replies may tell of it. Does nothing without a log.
   *
   * @param hasWritten whether replies are to tell of a change; those that only tell what there is
   *     do not wait for a disk that fails
   * @throws LogException if it is not safe; what was written may have been carried out
   */
  public void commit(long end, boolean hasWritten) {
    durability.commit(end, hasWritten);
  }

  /** How much is held, and may be. */
  public Memory memory() {
    return memory;
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
   * Stops a storage that was started by {@link #start}, in order, and drops what it holds; waits
   * until that is done, also if the thread is interrupted, which is still set afterwards. One that
   * is a child is stopped by its supervisor: this would only have it restarted.
   *
   * @throws ExitedException if it was never started
   */
  @Override
  public void close() {
    supervisor().close();
  }
}
