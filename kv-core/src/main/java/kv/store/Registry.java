package kv.store;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import kv.event.EventManager;
import kv.log.LoadingException;
import kv.log.LogException;
import kv.memory.Footprint;
import kv.memory.Memory;
import kv.memory.MemoryFullException;
import kv.otp.ChildInfo;
import kv.otp.ChildResult;
import kv.otp.ExitReason;
import kv.otp.ExitedException;
import kv.otp.GenServer;
import kv.otp.Name;
import kv.otp.Proc;
import kv.otp.Supervisor;

/**
 * Gives names to buckets. Creates go through its mailbox, so that one name never has two live
 * buckets; lookups read the table and wait for nobody. It watches the buckets, and takes a name out
 * of the table when its bucket has exited, before it tells the event manager.
 *
 * <p>A new registry watches the buckets that it finds in the table, and stops those that are in no
 * table, which a kill in the middle of a create can leave. Safe for use by any thread.
 *
 * <p>In a durable storage a name is taken until its bucket is dropped, and only then is free: what
 * gives and takes it is a step of the {@link DurableTable}. There the registry has nothing to
 * watch: it makes buckets, tells of what has been made and dropped, and has those become children
 * that a kill in the middle of a create has left without a supervisor.
 */
public final class Registry {
  /** How long {@link #create} waits for an answer: the time that OTP gives a call. */
  public static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);

  private static final System.Logger LOG = System.getLogger(Registry.class.getName());

  /** Null in a durable storage, which has the other. */
  private final BucketTable table;

  private final LogLife life;
  private final Name<Supervisor> buckets;
  private final Name<EventManager<BucketEvent>> events;
  private final Memory memory;
  private GenServer server; // set by begin, before anybody has the registry

  private Registry(
      BucketTable table,
      LogLife life,
      Name<Supervisor> buckets,
      Name<EventManager<BucketEvent>> events,
      Memory memory) {
    this.table = table;
    this.life = life;
    this.buckets = buckets;
    this.events = events;
    this.memory = memory;
  }

  /**
   * Starts a registry; returns when it watches every bucket in the table.
   *
   * @param memory where the buckets are held
   */
  static Registry start(
      BucketTable table,
      Name<Supervisor> buckets,
      Name<EventManager<BucketEvent>> events,
      Memory memory)
      throws InterruptedException {
    Registry registry = new Registry(table, null, buckets, events, memory);
    table.claim(registry);
    return registry.begin(
        () -> {
          table.all().forEach(registry::watch);
          registry.stopNameless();
        });
  }

  /** Starts that of a durable storage; returns when every bucket that there is has its child. */
  static Registry start(
      LogLife life,
      Name<Supervisor> buckets,
      Name<EventManager<BucketEvent>> events,
      Memory memory)
      throws InterruptedException {
    Registry registry = new Registry(null, life, buckets, events, memory);
    return registry.begin(
        () -> {
          registry.tellDrops(); // later: it may have to wait for the event manager
          life.giveChildren();
        });
  }

  /** Traps exits: a create that has begun must not be left half done by an orderly stop. */
  private Registry begin(GenServer.Message first) throws InterruptedException {
    GenServer.startTrapping(
        "registry",
        self -> {
          server = self;
          first.handle();
        },
        reason -> {});
    return this;
  }

  /** Its life. */
  public Proc proc() {
    return server.proc();
  }

  /**
   * The live bucket under {@code name}, created if there is none. In a durable storage it may be
   * one that has crashed and is being restarted.
   *
   * @throws IllegalArgumentException if the name is empty or too long
   * @throws MemoryFullException if there is none, and no room for one
   * @throws LoadingException if it is not known yet whether there is one
   * @throws LogException if there is none, and the log refuses it
   * @throws ExitedException if the registry or the supervisor of buckets is not running: it is
   *     being restarted, or has ended with the storage; also if the bucket could not be started
   * @throws TimeoutException if the registry does not answer within {@link #CALL_TIMEOUT}; the
   *     bucket may be created all the same
   */
  public Bucket create(Bytes name) throws InterruptedException, TimeoutException {
    Bucket.checkName(name);
    Bucket present = life == null ? table.get(name) : life.table().get(name);
    if (present != null && (life != null || present.proc().isAlive())) return present;
    if (!memory.hasRoomFor(Footprint.bucket(name.length()))) throw memory.refuse();
    if (life != null) return createDurable(name);
    Bucket bucket = server.call(() -> createHere(name), CALL_TIMEOUT);
    if (bucket == null) throw new ExitedException(buckets, ExitReason.NO_PROC);
    return bucket;
  }

  /** The bucket under {@code name}; it may have just exited. See {@link Storage#lookup}. */
  public Optional<Bucket> lookup(Bytes name) {
    return Optional.ofNullable(life == null ? table.get(name) : life.table().get(name));
  }

  /** Stops the registry with reason normal; the buckets and their names stay. */
  public void stop() throws InterruptedException {
    proc().stop();
  }

  /** Null if there is no supervisor of buckets at the moment, or it could not start one. */
  private Bucket createHere(Bytes name) throws InterruptedException {
    Bucket present = table.get(name);
    if (present != null && present.proc().isAlive()) return present;
    if (present != null) exited(present); // its down message comes later, and finds nothing
    Bucket bucket = startBucket(name);
    if (bucket == null) return null;
    if (!table.add(this, bucket)) {
      bucket.proc().exit(ExitReason.SHUTDOWN); // nobody has seen it, and nobody is to blame
      throw new IllegalStateException("this registry has been replaced");
    }
    watch(bucket);
    tell(new BucketEvent.Create(name, bucket));
    return bucket;
  }

  /** What the log waits for, the caller waits for, and not the registry. */
  private Bucket createDurable(Bytes name) throws InterruptedException, TimeoutException {
    life.table().log().ensureWritable(true);
    return server.call(() -> answer(name), CALL_TIMEOUT).get();
  }

  /** What the creator is told: a refusal is for him, and no crash of the registry. */
  private Supplier<Bucket> answer(Bytes name) throws InterruptedException {
    try {
      Bucket bucket = createDurableHere(name);
      return () -> bucket;
    } catch (LoadingException | LogException e) {
      return () -> {
        throw e;
      };
    }
  }

  /** In the table it lives already; if nobody makes it a child now, another one does. */
  private Bucket createDurableHere(Bytes name) throws InterruptedException {
    DurableTable names = life.table();
    Bucket present = names.get(name);
    if (present != null) return present;
    Bucket bucket = names.create(name, proc()::ensureAlive);
    startChild(bucket.content());
    tell(new BucketEvent.Create(name, bucket));
    return bucket;
  }

  private void startChild(DurableContent content) throws InterruptedException {
    try {
      if (buckets.whereis().isPresent()) buckets.get().startChild(List.of(content));
    } catch (ExitedException e) { // the next one has all become its children
      LOG.log(Level.DEBUG, "the supervisor of buckets ended before it was asked", e);
    }
  }

  /** To be called when a bucket of a durable storage has been dropped. */
  void tellDrops() {
    server.cast(this::tellDropsHere);
  }

  private void tellDropsHere() {
    DurableTable names = life.tableOrNull();
    if (names == null) return;
    while (true) {
      proc().ensureAlive();
      BucketEvent event = names.nextUntold();
      if (event == null) return;
      if (!tell(event)) {
        names.stillUntold(event);
        return;
      }
    }
  }

  private Bucket startBucket(Bytes name) throws InterruptedException {
    try {
      ChildResult result = buckets.get().startChild(List.of(name));
      return result instanceof ChildResult.Started started ? (Bucket) started.info() : null;
    } catch (ExitedException e) {
      return null;
    }
  }

  /**
   * Stops what a registry that was killed in the middle of a create has left: nobody can find it.
   */
  private void stopNameless() throws InterruptedException {
    Set<Proc> named = table.all().stream().map(Bucket::proc).collect(Collectors.toSet());
    Optional<Supervisor> supervisor = buckets.whereis();
    if (supervisor.isEmpty()) return;
    try {
      for (ChildInfo child : supervisor.get().whichChildren())
        if (child.proc().isPresent() && !named.contains(child.proc().get()))
          supervisor.get().terminateChild(child.proc().get());
    } catch (ExitedException e) { // and all buckets with it
      LOG.log(Level.DEBUG, "the supervisor of buckets ended before it was asked", e);
    }
  }

  private void watch(Bucket bucket) {
    server.monitor(bucket.proc(), down -> exited(bucket));
  }

  private void exited(Bucket bucket) {
    if (!table.remove(this, bucket)) return;
    ExitReason reason = bucket.proc().exitReason().orElse(ExitReason.NO_PROC);
    tell(new BucketEvent.Exit(bucket.name(), bucket, reason));
  }

  /**
   * Without a manager there is nobody to tell: the table is right all the same.
   *
   * @return false if a kill came first
   */
  private boolean tell(BucketEvent event) {
    Optional<EventManager<BucketEvent>> manager = events.whereis();
    if (manager.isEmpty()) return true;
    try {
      manager.get().notify(event);
      return true;
    } catch (InterruptedException e) { // this thread's next wait ends it
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
